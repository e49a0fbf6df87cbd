"""What an operator may switch on: accept in an outage, look for duplicates first, external_id as a key."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from cleanbill_service.app import create_app
from cleanbill_service.sandbox import create_app as create_sandbox
from cleanbill_service.server import background
from cleanbill_service.settings import Settings, reason

New = Callable[..., dict[str, Any]]
Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def serve(tmp_path: Path, sandbox: Any) -> Serve:
    def start(zenskar_url: str = sandbox.url, **others: Any) -> AbstractContextManager[str]:
        settings = Settings(
            zenskar_url=zenskar_url,  # type: ignore[arg-type]
            database_url=f"sqlite:///{tmp_path}/cleanbill.db",  # type: ignore[arg-type]
            upstream_timeout=1,
            connect_timeout=0.5,
            **others,
        )
        return background(create_app(settings))

    return start


@pytest.fixture
def client(sandbox: Any) -> Iterator[httpx2.Client]:
    with httpx2.Client(headers=sandbox.credentials, timeout=10) as found:
        yield found


def test_what_an_outage_kept_back_is_delivered_when_it_is_over(
    serve: Serve, client: httpx2.Client, customer: New
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {"accept_on_outage": True, "encryption_key": Fernet.generate_key().decode()}
    with serve(f"http://127.0.0.1:{port}", **settings) as url:
        locations = []
        for headers in ({"Idempotency-Key": "k1"}, {}):
            accepted = client.post(f"{url}/zenskar/customers", json=customer(), headers=headers)
            assert accepted.status_code == 202
            locations.append(url + accepted.headers["location"])
        assert client.get(locations[0]).json()["state"] == "ready"
        with background(create_sandbox(), port=port):
            end = time.monotonic() + 10
            while [client.get(location).json()["state"] for location in locations] != ["done", "done"]:
                assert time.monotonic() < end
                time.sleep(0.05)


def test_outage_without_the_policy_frees_the_key(serve: Serve, client: httpx2.Client, customer: New) -> None:
    with serve("http://127.0.0.1:9") as url:
        for body in (customer(), customer()):
            answer = client.post(f"{url}/zenskar/customers", json=body, headers={"Idempotency-Key": "k1"})
            assert answer.status_code == 502
            assert answer.json()["detail"][0]["type"] == "cleanbill.upstream-unreachable"


def test_zenskar_that_is_down_is_left_alone(serve: Serve, client: httpx2.Client, customer: New) -> None:
    with serve("http://127.0.0.1:9") as url:
        answers = [client.post(f"{url}/zenskar/customers", json=customer()) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [502] * 5 + [503] * 3
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_duplicate_is_found_before_it_is_sent(serve: Serve, client: httpx2.Client, customer: New, sandbox: Any) -> None:
    with serve(duplicate_check=True) as url:
        first = customer()
        made = client.post(f"{url}/zenskar/customers", json=first).json()["id"]
        for twin in (customer(email=first["email"]), customer(external_id=first["external_id"])):
            answer = client.post(f"{url}/zenskar/customers", json=twin, headers={"Idempotency-Key": "k"})
            assert answer.status_code == 409
            assert made in answer.json()["detail"][0]["msg"]
    assert sandbox.state()["creates"] == 1


def test_duplicate_that_was_accepted_for_later_is_not_sent(
    serve: Serve, client: httpx2.Client, customer: New, sandbox: Any
) -> None:
    httpx2.put(f"{sandbox.url}/__sandbox__/switches", json={"duplicate_external_id": "allow"})
    with serve(duplicate_check=True, encryption_key=Fernet.generate_key().decode()) as url:
        body = customer(email=None)
        made = client.post(f"{url}/zenskar/customers", json=body).json()["id"]
        accepted = client.post(f"{url}/zenskar/customers", json=body, headers={"Prefer": "respond-async"})
        end = time.monotonic() + 5
        while (dead := client.get(url + accepted.headers["location"]).json())["state"] != "dead":
            assert time.monotonic() < end
            time.sleep(0.05)
    assert (dead["reason"], dead["customer_id"]) == ("customer-exists", made)
    assert sandbox.state()["creates"] == 1


def test_external_id_may_serve_as_the_key(serve: Serve, client: httpx2.Client, customer: New, sandbox: Any) -> None:
    with serve(external_id_is_key=True) as url:
        body = customer()
        first = client.post(f"{url}/zenskar/customers", json=body)
        again = client.post(f"{url}/zenskar/customers", json=body)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert sandbox.state()["creates"] == 1


def test_what_is_kept_holds_no_secret_and_no_value(
    serve: Serve, client: httpx2.Client, sandbox: Any, tmp_path: Path
) -> None:
    body = {"customer_name": "Zqxcanary", "email": "zqxcanary@nilgiri-analytics.in", "external_id": "zqxcanary"}
    headers = {"Idempotency-Key": "zqxcanary", "x-api-key": "zqxcanary"}
    with serve(encryption_key=Fernet.generate_key().decode()) as url:
        client.post(f"{url}/zenskar/customers", json=body, headers=headers)
        later = client.post(
            f"{url}/zenskar/customers",
            json=body | {"email": "zqxcanary2@nilgiri-analytics.in", "external_id": "zqxcanary2"},
            headers=headers | {"Idempotency-Key": "zqxcanary2", "Prefer": "respond-async"},
        )
        end = time.monotonic() + 5
        while client.get(url + later.headers["location"], headers=headers).json()["state"] != "done":
            assert time.monotonic() < end
            time.sleep(0.05)
        client.post(f"{url}/zenskar/customers", json=body | {"email": "zqxcanary"}, headers=headers)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(kept) > 1000
    assert b"zqxcanary" not in kept
    assert sandbox.state()["creates"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("database_url", "mysql://user:zqxcanary@host"),
        ("encryption_key", "zqxcanary"),
        ("settle_after", "0"),
        ("accept_on_outage", "true"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_value(field: str, value: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(**{field: value})  # type: ignore[arg-type]
    assert f"CLEANBILL_{field.upper()}" in reason(error.value)
    assert "zqxcanary" not in reason(error.value)
