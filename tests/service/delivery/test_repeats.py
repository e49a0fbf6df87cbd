"""No repeat of an Idempotency-Key undoes what was accepted, or decides what another credential began."""

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet

from cleanbill_service.delivery.breaker import FAILURES
from cleanbill_service.delivery.ledger import Ledger
from cleanbill_service.sandbox import create_app as create_sandbox
from cleanbill_service.server import background
from cleanbill_service.store import StoreUnavailable

New = Callable[..., dict[str, Any]]
Serve = Callable[..., AbstractContextManager[str]]
LATER = {"Prefer": "respond-async"}


async def away(*_: object) -> None:
    raise StoreUnavailable


@pytest.fixture
def revoked(sandbox: Any) -> dict[str, str]:
    """A credential of the same organisation that Zenskar refuses."""
    revoke(sandbox, "sandbox_revoked")
    return {"x-api-key": "sandbox_revoked"}


def test_repeat_while_zenskar_is_down_leaves_what_was_accepted(
    serve_stored: Serve, sandbox: Any, customer: New, key: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    body, headers = customer(), {"Idempotency-Key": key}
    with (
        serve_stored(f"http://127.0.0.1:{port}") as url,
        httpx2.Client(base_url=url, headers=sandbox.credentials, timeout=10) as client,
    ):

        def post(body: Any, **others: str) -> httpx2.Response:
            return client.post("/zenskar/customers", json=body, headers=others)

        for _ in range(FAILURES):
            post(customer())  # from now on the worker leaves alone what is due
        accepted = post(body, **headers, **LATER)
        stranger = post(body, **headers, **{"x-api-key": "sandbox_other"})
        end = time.monotonic() + 15
        while (again := post(body, **headers)).status_code == 409:  # the worker is at it
            assert time.monotonic() < end
            time.sleep(0.05)
        assert [answer.status_code for answer in (accepted, stranger, again)] == [202, 409, 202]
        location = accepted.headers["location"]
        assert again.headers["location"] == location
        assert client.get(location).json()["state"] == "ready"
        with background(create_sandbox(), port=port) as zenskar:
            while client.get(location).json()["state"] != "done":
                assert time.monotonic() < end
                time.sleep(0.05)
            assert httpx2.get(f"{zenskar}/__sandbox__/state").json()["creates"] == 1


@pytest.mark.parametrize(
    ("write", "left"),
    [(Ledger.write, ("dead", "credential-refused")), (away, ("sending", None))],
    ids=["written", "store away"],
)
def test_repeat_that_zenskar_refuses_deletes_nothing(
    serve_stored: Serve,
    sandbox: Any,
    customer: New,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
    write: Any,
    left: tuple[str, str | None],
) -> None:
    monkeypatch.setattr(Ledger, "write", write)
    body, headers = customer(), {**sandbox.credentials, "Idempotency-Key": key}
    alone = Fernet.generate_key().decode()  # no other worker takes it
    with serve_stored(sandbox.url, deliveries_per_second=0.2, encryption_key=alone) as url:
        for accepted in (
            customer(),
            body,
        ):  # the first one takes the lane, so that the second one waits, though it is due
            used = headers | LATER | ({} if accepted is body else {"Idempotency-Key": f"{key} 1"})
            location = url + httpx2.post(f"{url}/zenskar/customers", json=accepted, headers=used).headers["location"]
        while not sandbox.requests():
            time.sleep(0.01)
        revoke(sandbox, sandbox.credentials["x-api-key"])
        assert httpx2.post(f"{url}/zenskar/customers", json=body, headers=headers).status_code == 401
        kept = httpx2.get(location, headers=headers).raise_for_status().json()
    assert (kept["state"], kept["reason"]) == left


def test_what_another_credential_may_not_see_decides_nothing(
    serve_stored: Serve, sandbox: Any, customer: New, key: str, disturb: Callable[..., None], revoked: dict[str, str]
) -> None:
    body, headers = customer(), {**sandbox.credentials, "Idempotency-Key": key}
    disturb("hang", when="before", seconds=3)
    with serve_stored(sandbox.url, encryption_key=None, settle_after=5) as url:
        undecided = httpx2.post(f"{url}/zenskar/customers", json=body, headers=headers)
        assert undecided.status_code == 504
    with serve_stored(sandbox.url, encryption_key=None) as url:  # whose worker cannot open what the other one sealed
        end, wait = time.monotonic() + 8, 0
        while wait < 2:  # for as long as it is due
            assert time.monotonic() < end
            stranger = httpx2.post(f"{url}/zenskar/customers", json=body, headers=headers | revoked)
            assert (stranger.status_code, kind(stranger)) == (409, "cleanbill.idempotency-key-in-use")
            wait = int(stranger.headers["retry-after"])
        while (own := httpx2.post(f"{url}/zenskar/customers", json=body, headers=headers)).status_code in (409, 504):
            assert time.monotonic() < end
            time.sleep(0.1)
    assert (own.status_code, own.json()["external_id"]) == (200, body["external_id"])
    assert sandbox.state()["creates"] == 1


def test_id_of_an_older_customer_is_told_only_to_who_may_see_it(
    zenskar: httpx2.Client, customer: New, key: str, disturb: Callable[..., None], revoked: dict[str, str]
) -> None:
    body, headers = customer(external_id=None), {"Idempotency-Key": key}
    older = zenskar.post("/customers", json=body | {"customer_name": "Another"}).json()["id"]
    disturb("error", status=500)
    for credential in ({}, {}, {"x-api-key": "sandbox_other"}):
        told = zenskar.post("/customers", json=body, headers=headers | credential)
        assert (told.status_code, kind(told)) == (409, "cleanbill.customer-exists")
        assert older in told.text
    refused = zenskar.post("/customers", json=body, headers=headers | revoked)
    assert (refused.status_code, kind(refused)) == (409, "cleanbill.idempotency-key-taken")
    assert older not in refused.text + str(refused.headers)


def revoke(sandbox: Any, credential: str) -> None:
    seed = {"organisation": sandbox.credentials["organisation"], "revoked_keys": [credential]}
    httpx2.post(f"{sandbox.url}/__sandbox__/seed", json=seed).raise_for_status()


def kind(answer: httpx2.Response) -> str:
    """What the first error says it is, in Zenskar's words."""
    return str(answer.json()["detail"][0]["type"])
