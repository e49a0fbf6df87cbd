"""What may or may not have been carried out is looked up; nobody is created twice."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

New = Callable[..., dict[str, Any]]
Count = Callable[[], int]
Disturb = Callable[..., None]

LOST_ANSWERS = [
    {"name": "hang", "seconds": 3},
    {"name": "reset"},
    {"name": "close"},
    {"name": "error", "status": 500, "body": "html"},
    {"name": "error", "status": 503, "body": "empty"},
    {"name": "error", "status": 408},
    {"name": "not-json"},
    {"name": "null"},
    {"name": "login"},
]
lost_answers = pytest.mark.parametrize(
    "lost", LOST_ANSWERS, ids=lambda lost: f"{lost['name']} {lost.get('status', '')}"
)


@lost_answers
@pytest.mark.parametrize("known", ["external_id", "email"])
def test_customer_that_was_made_is_found(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, lost: dict[str, Any], known: str, sandbox: Any
) -> None:
    body = customer()
    del body["email" if known == "external_id" else "external_id"]
    disturb(**lost, when="after")
    answer = zenskar.post("/customers", json=body)
    assert answer.status_code == 200
    assert answer.json()["customer_name"] == body["customer_name"]
    assert sandbox.state()["creates"] == 1


@lost_answers
def test_customer_that_was_not_made_is_made_once(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, lost: dict[str, Any], key: str, sandbox: Any, settled: Any
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    disturb(**lost, when="before")
    answer = zenskar.post("/customers", json=body, headers=headers)
    if answer.status_code == 504:
        done = settled(answer.headers["location"])
        assert done["state"] == "done"
        answer = zenskar.post("/customers", json=body, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["external_id"] == body["external_id"]
    assert sandbox.state()["creates"] == 1


@pytest.mark.parametrize("envelope", ["results", "data"])
def test_customer_that_shows_late_is_not_made_again(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, envelope: str, key: str, sandbox: Any, settled: Any
) -> None:
    httpx2.put(f"{sandbox.url}/__sandbox__/switches", json={"visibility_delay": 0.3, "envelope": envelope})
    disturb("reset", when="after")
    body, headers = customer(), {"Idempotency-Key": key}
    answer = zenskar.post("/customers", json=body, headers=headers)
    if answer.status_code == 504:
        settled(answer.headers["location"])
        answer = zenskar.post("/customers", json=body, headers=headers)
    assert answer.status_code == 200
    assert sandbox.state()["creates"] == 1


def test_uuid_as_external_id_is_found_as_the_id(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, sandbox: Any
) -> None:
    body = customer(external_id="0b0c7c4e-93a4-4c39-9a6e-7d5f6f1d2a10", email=None)
    disturb("reset", when="after")
    answer = zenskar.post("/customers", json=body)
    assert (answer.status_code, answer.json()["id"]) == (200, body["external_id"])
    assert sandbox.state()["creates"] == 1


def test_older_customer_of_that_external_id_is_named(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, sandbox: Any
) -> None:
    body = customer()
    older = zenskar.post("/customers", json=body).json()["id"]
    time.sleep(0.05)
    disturb("crash")  # the refusal of the duplicate comes as a bare 500
    answer = zenskar.post("/customers", json=body | {"customer_name": "Another"})
    assert answer.status_code == 409
    assert answer.json()["detail"][0]["type"] == "cleanbill.customer-exists"
    assert older in answer.json()["detail"][0]["msg"]
    assert sandbox.state()["creates"] == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_customer_that_cannot_be_looked_up_is_never_sent_twice(
    zenskar: httpx2.Client, disturb: Disturb, when: str, key: str, posts: Count
) -> None:
    body, headers = {"customer_name": "Nilgiri"}, {"Idempotency-Key": key}
    disturb("reset", when=when)
    for _ in range(2):
        answer = zenskar.post("/customers", json=body, headers=headers)
        assert answer.status_code == 504
        assert answer.json()["detail"][0]["type"] == "cleanbill.outcome-unknown"
    assert posts() == 1


def test_similar_e_mail_is_somebody_else(zenskar: httpx2.Client, customer: New, disturb: Disturb, sandbox: Any) -> None:
    zenskar.post("/customers", json=customer(email="a_b@nilgiri-analytics.in", external_id=None))
    zenskar.post("/customers", json=customer(email="axb@nilgiri-analytics.in", external_id=None))
    disturb("reset", when="after")
    answer = zenskar.post("/customers", json=customer(email="_b@nilgiri-analytics.in", external_id=None))
    assert (answer.status_code, answer.json()["email"]) == (200, "_b@nilgiri-analytics.in")
    assert sandbox.state()["creates"] == 3


def test_customer_of_that_e_mail_under_another_external_id_is_somebody_else(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, sandbox: Any
) -> None:
    """It is made while the create hangs that is lost then."""
    body = customer()
    disturb("hang", when="before", seconds=3)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(zenskar.post, "/customers", json=body)
        while not sandbox.requests():
            time.sleep(0.01)
        other = customer(email=body["email"])
        made = httpx2.post(f"{sandbox.url}/customers", json=other, headers=sandbox.credentials).json()["id"]
        answer = pending.result()
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (409, "cleanbill.customer-exists")
    assert made in answer.json()["detail"][0]["msg"]
    assert sandbox.state()["creates"] == 1


def test_customer_is_found_by_the_address_of_an_e_mail_with_a_name(
    serve_stored: Callable[..., AbstractContextManager[str]], sandbox: Any, customer: New, disturb: Disturb
) -> None:
    body = customer(external_id=None)
    disturb("close", when="after")
    with serve_stored(sandbox.url, mode="observe") as url:
        named = body | {"email": f"Asha Rao <{body['email']}>"}
        answer = httpx2.post(f"{url}/zenskar/customers", json=named, headers=sandbox.credentials, timeout=10)
    assert (answer.status_code, answer.json()["email"]) == (200, body["email"])
    assert sandbox.state()["creates"] == 1


def test_caller_who_hangs_up_does_not_stop_the_create(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, key: str, sandbox: Any
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    disturb("latency", seconds=0.2)
    with pytest.raises(httpx2.ReadTimeout):
        zenskar.post("/customers", json=body, headers=headers, timeout=0.1)
    time.sleep(0.5)
    again = zenskar.post("/customers", json=body, headers=headers)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert sandbox.state()["creates"] == 1


def test_unknown_is_settled_behind_the_caller(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, sandbox: Any, settled: Any
) -> None:
    disturb("hang", when="before", seconds=3)
    body = customer()
    answer = zenskar.post("/customers", json=body)
    assert answer.status_code == 504
    done = settled(answer.headers["location"])
    assert done["state"] == "done"
    found = zenskar.get(f"/customers/{done['customer_id']}").json()
    assert found["external_id"] == body["external_id"]
    assert sandbox.state()["creates"] == 1


def test_look_that_is_answered_late_counts_from_when_it_began(
    sandbox: Any, customer: New, disturb: Disturb, tmp_path: Path
) -> None:
    """The first look begins before the customer is there, and its answer, that nobody is, comes after the settling."""
    timeout, made, settled, answered = 1.0, 1.4, 1.6, 1.9  # seconds after the sending
    httpx2.put(f"{sandbox.url}/__sandbox__/switches", json={"duplicate_external_id": "allow"})
    disturb("latency", seconds=made)
    slow = [{"name": "drip", "seconds": answered - timeout, "method": "GET", "path": "/customers"}]
    httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=slow).raise_for_status()
    store = f"sqlite:///{tmp_path}/c.db"
    known = Settings(zenskar_url=sandbox.url, database_url=store, upstream_timeout=timeout, settle_after=settled)  # type: ignore[arg-type]
    with background(create_app(known)) as url, httpx2.Client(headers=sandbox.credentials, timeout=10) as client:
        answer = client.post(f"{url}/zenskar/customers", json=customer(email=None))
        assert answer.status_code in (200, 504)
        wait_until_settled(client, url)
    looks = [request["path"] for request in sandbox.requests() if request["fault"] == "drip"]
    assert (looks, sandbox.state()["creates"]) == (["/customers"], 1)


def wait_until_settled(client: httpx2.Client, url: str) -> None:
    end = time.monotonic() + 8
    while any(row["state"] != "done" for row in client.get(f"{url}/v1/deliveries").json()["results"]):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["not-json", "null"])
def test_success_that_names_no_customer_is_not_passed_on_as_one(
    sandbox: Any, customer: New, disturb: Disturb, name: str, tmp_path: Path
) -> None:
    disturb(name, when="before", repeat=None)
    store = f"sqlite:///{tmp_path}/c.db"
    known = Settings(zenskar_url=sandbox.url, database_url=store, upstream_timeout=1, settle_after=0.05)  # type: ignore[arg-type]
    with background(create_app(known)) as url:
        answer = httpx2.post(f"{url}/zenskar/customers", json=customer(), headers=sandbox.credentials, timeout=10)
        assert answer.status_code in (502, 504)  # as nobody is there for sure, or not yet
        httpx2.delete(f"{sandbox.url}/__sandbox__/faults")
    assert answer.json()["detail"][0]["type"] in ("cleanbill.upstream-failed", "cleanbill.outcome-unknown")


@pytest.mark.parametrize(
    "lost",
    [{"name": "null"}, {"name": "not-json", "when": "after"}, {"name": "error", "status": 500}, {"name": "truncate"}],
    ids=str,
)
def test_nobody_is_told_more_of_what_cannot_be_looked_up_than_is_known(
    zenskar: httpx2.Client, disturb: Disturb, lost: dict[str, Any], key: str, posts: Count
) -> None:
    disturb(**lost)
    for _ in range(2):
        answer = zenskar.post("/customers", json={"customer_name": "N"}, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["detail"][0]["type"]) == (504, "cleanbill.outcome-unknown")
        assert "location" not in answer.headers
    assert posts() == 1


@pytest.mark.parametrize("status", [500, 409])
def test_zenskar_that_fails_time_and_again_is_not_asked_for_ever(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, status: int, key: str, posts: Count, settled: Any
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    disturb("error", status=status, repeat=2)
    answer = zenskar.post("/customers", json=body, headers=headers)
    if answer.status_code == 504:
        assert settled(answer.headers["location"])["state"] == "done"
    else:
        assert answer.status_code == status  # as Zenskar said it, now that nobody is there for sure
        assert posts() == 2
        assert zenskar.post("/customers", json=body, headers=headers).status_code == 200
    assert posts() == 3
