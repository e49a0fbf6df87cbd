"""Prefer: respond-async accepts a create durably and delivers it later."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

New = Callable[..., dict[str, Any]]
Disturb = Callable[..., None]
Settled = Callable[..., dict[str, Any]]
LATER = {"Prefer": "respond-async"}


def test_accepted_customer_is_delivered(
    zenskar: httpx2.Client, api: httpx2.Client, customer: New, settled: Settled
) -> None:
    body = customer(customer_name=" Nilgiri")
    answer = zenskar.post("/customers", json=body, headers=LATER)
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert answer.headers["cleanbill-verdict"] == "corrected"
    location = answer.headers["location"]
    assert answer.json() == {"id": location.rpartition("/")[2], "state": "ready", "href": location}
    done = settled(location)
    assert (done["state"], done["attempts"], done["reason"]) == ("done", 1, None)
    found = zenskar.get(f"/customers/{done['customer_id']}").json()
    assert (found["customer_name"], found["external_id"]) == ("Nilgiri", body["external_id"])
    listed = api.get("/v1/deliveries", params={"limit": 1}).json()["results"]
    assert listed == [done]


def test_rejected_customer_is_not_accepted(zenskar: httpx2.Client, customer: New) -> None:
    assert zenskar.post("/customers", json=customer(email="nobody"), headers=LATER).status_code == 422


def test_repeat_under_a_key_is_one_delivery(
    zenskar: httpx2.Client, customer: New, key: str, settled: Settled, sandbox: Any
) -> None:
    body, headers = customer(), {"Idempotency-Key": key, **LATER}
    first = zenskar.post("/customers", json=body, headers=headers)
    second = zenskar.post("/customers", json=body, headers=headers)
    settled(first.headers["location"])
    assert second.headers.get("location", first.headers["location"]) == first.headers["location"]
    final = zenskar.post("/customers", json=body, headers=headers)
    assert (final.status_code, final.headers["idempotent-replayed"]) == (200, "true")
    assert final.json()["external_id"] == body["external_id"]
    assert sandbox.state()["creates"] == 1


@pytest.mark.parametrize(
    "lost",
    [
        {"name": "reset", "when": "after"},
        {"name": "reset", "when": "before"},
        {"name": "error", "status": 500, "when": "after"},
        {"name": "hang", "when": "after", "seconds": 3},
        {"name": "truncate"},
        {"name": "error", "status": 429, "retry_after": "1"},
        {"name": "error", "status": 429},
    ],
    ids=str,
)
def test_faults_on_the_way_neither_lose_nor_double(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, settled: Settled, sandbox: Any, lost: dict[str, Any]
) -> None:
    disturb(**lost)
    started = time.monotonic()
    done = settled(zenskar.post("/customers", json=customer(), headers=LATER).headers["location"])
    assert done["state"] == "done"
    assert sandbox.state()["creates"] == 1
    assert time.monotonic() - started >= float(lost.get("retry_after", 0))


def test_second_post_that_is_refused_because_the_first_came_late_is_ours(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, settled: Settled, sandbox: Any
) -> None:
    # It shows later than settle_after, so it is sent again, and Zenskar refuses that.
    httpx2.put(f"{sandbox.url}/__sandbox__/switches", json={"visibility_delay": 0.9})
    disturb("reset", when="after")
    done = settled(zenskar.post("/customers", json=customer(), headers=LATER).headers["location"])
    assert (done["state"], done["attempts"], done["status"]) == ("done", 2, 200)
    assert sandbox.state()["creates"] == 1


def test_refusal_is_a_dead_letter_that_can_be_replayed(
    zenskar: httpx2.Client, api: httpx2.Client, customer: New, settled: Settled
) -> None:
    body = customer()
    taken = zenskar.post("/customers", json=body).json()["id"]
    location = zenskar.post("/customers", json=body, headers=LATER).headers["location"]
    dead = settled(location)
    assert (dead["state"], dead["reason"], dead["status"]) == ("dead", "refused", 400)
    assert zenskar.delete(f"/customers/{taken}").status_code == 204
    assert dead["id"] in [row["id"] for row in api.get("/v1/deliveries?state=dead").json()["results"]]
    assert api.post(f"{location}/replay").status_code == 202
    done = settled(location)
    assert done["state"] == "done"
    assert done["customer_id"] != taken
    assert api.post(f"{location}/replay").status_code == 409


@pytest.mark.parametrize("status", [401, 403])
def test_credential_that_is_refused_is_a_dead_letter(
    zenskar: httpx2.Client, customer: New, disturb: Disturb, settled: Settled, status: int
) -> None:
    disturb("error", status=status)
    dead = settled(zenskar.post("/customers", json=customer(), headers=LATER).headers["location"])
    assert (dead["state"], dead["reason"]) == ("dead", "credential-refused")


def test_unknown_outcome_that_cannot_be_looked_up_is_a_dead_letter(
    zenskar: httpx2.Client, api: httpx2.Client, disturb: Disturb, settled: Settled, posts: Callable[[], int]
) -> None:
    disturb("reset", when="after")
    location = zenskar.post("/customers", json={"customer_name": "N"}, headers=LATER).headers["location"]
    assert settled(location)["reason"] == "outcome-unknown"
    assert api.post(f"{location}/replay").status_code == 409
    assert posts() == 1


def test_waiting_delivery_can_be_cancelled(
    zenskar: httpx2.Client, api: httpx2.Client, customer: New, disturb: Disturb, settled: Settled, sandbox: Any
) -> None:
    disturb("error", status=429, retry_after="2")
    settled(zenskar.post("/customers", json=customer(), headers=LATER).headers["location"], "ready")
    time.sleep(0.3)  # now the whole organisation waits
    second = zenskar.post("/customers", json=customer(), headers=LATER).headers["location"]
    assert api.get(second).json()["state"] == "ready"
    assert api.post(f"{second}/cancel").json()["state"] == "cancelled"
    assert api.post(f"{second}/cancel").status_code == 409
    assert sandbox.state()["creates"] <= 1


@pytest.mark.parametrize(
    "other", [{"x-api-key": "sandbox_other"}, {"organisation": "b6f0a2f4-37c1-4f0e-9d5e-1f6c1f7c0a11"}]
)
def test_nobody_else_sees_a_delivery(
    zenskar: httpx2.Client, api: httpx2.Client, customer: New, settled: Settled, other: dict[str, str]
) -> None:
    location = zenskar.post("/customers", json=customer(), headers=LATER).headers["location"]
    settled(location)
    assert api.get(location, headers=other).status_code == 404
    assert api.post(f"{location}/replay", headers=other).status_code == 404
    assert api.post(f"{location}/cancel", headers=other).status_code == 404
    mine = location.rpartition("/")[2]
    assert mine not in [row["id"] for row in api.get("/v1/deliveries", headers=other).json()["results"]]
    assert httpx2.get(api.base_url.join("/v1/deliveries")).status_code == 401


def test_pages_follow_each_other(zenskar: httpx2.Client, api: httpx2.Client, customer: New) -> None:
    made = [zenskar.post("/customers", json=customer(), headers=LATER).json()["id"] for _ in range(5)]
    seen, cursor = list[str](), None
    while len(seen) < 5:
        page = api.get("/v1/deliveries", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
    assert seen[:5] == made[::-1]
    assert api.get("/v1/deliveries?cursor=nonsense").status_code == 400


@pytest.fixture
def without_key(sandbox_url: str, tmp_path: Any) -> Iterator[str]:
    with background(create_app(Settings(zenskar_url=sandbox_url, database_url=f"sqlite:///{tmp_path}/c.db"))) as url:
        yield url


def test_without_a_key_async_is_refused(without_key: str, sandbox: Any, customer: New) -> None:
    answer = httpx2.post(f"{without_key}/zenskar/customers", json=customer(), headers=LATER | sandbox.credentials)
    assert answer.status_code == 501
    assert answer.json()["detail"][0]["type"] == "cleanbill.async-not-configured"
    assert sandbox.requests() == []
