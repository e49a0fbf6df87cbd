"""Idempotency-Key: a repeat gets the first final answer, and Zenskar sees one create."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

New = Callable[..., dict[str, Any]]
Count = Callable[[], int]


def kind(answer: httpx2.Response) -> str:
    """What the first error says it is, in Zenskar's words."""
    return str(answer.json()["detail"][0]["type"])


def test_repeat_gets_the_first_answer_byte_for_byte(
    zenskar: httpx2.Client, customer: New, key: str, posts: Count
) -> None:
    body = customer()
    first = zenskar.post("/customers", json=body, headers={"Idempotency-Key": key})
    again = zenskar.post("/customers", json=body, headers={"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert posts() == 1


def test_same_body_may_be_written_otherwise(zenskar: httpx2.Client, key: str, posts: Count) -> None:
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    zenskar.post("/customers", content=b'{"customer_name": "N", "custom_data": {"a": 1, "b": 2}}', headers=headers)
    again = zenskar.post(
        "/customer", content=b'{"custom_data":{"b":2,"a":1},\n"customer_name":"\\u004e"}', headers=headers
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert posts() == 1


def test_another_body_under_the_key_is_refused(zenskar: httpx2.Client, customer: New, key: str, posts: Count) -> None:
    zenskar.post("/customers", json=customer(), headers={"Idempotency-Key": key})
    other = zenskar.post("/customers", json=customer(), headers={"Idempotency-Key": key})
    assert (other.status_code, kind(other)) == (422, "cleanbill.idempotency-key-reused")
    assert posts() == 1


def test_key_belongs_to_its_organisation(zenskar: httpx2.Client, customer: New, key: str) -> None:
    here = zenskar.post("/customers", json=customer(), headers={"Idempotency-Key": key})
    elsewhere = {"Idempotency-Key": key, "organisation": "b6f0a2f4-37c1-4f0e-9d5e-1f6c1f7c0a11"}
    there = zenskar.post("/customers", json=customer(), headers=elsewhere)
    assert (here.status_code, there.status_code) == (200, 200)
    assert here.json()["id"] != there.json()["id"]


def test_refusal_of_zenskar_is_final_too(zenskar: httpx2.Client, customer: New, key: str, posts: Count) -> None:
    zenskar.post("/customers", json=(body := customer()))
    first = zenskar.post("/customers", json=body, headers={"Idempotency-Key": key})
    again = zenskar.post("/customers", json=body, headers={"Idempotency-Key": key})
    assert (first.status_code, again.status_code) == (400, 400)
    assert again.content == first.content
    assert posts() == 2


@pytest.mark.parametrize("status", [401, 403, 425, 429])
def test_what_was_not_carried_out_frees_the_key(
    zenskar: httpx2.Client, customer: New, key: str, disturb: Callable[..., None], status: int, posts: Count
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    disturb("error", status=status, retry_after="7")
    first = zenskar.post("/customers", json=body, headers=headers)
    assert (first.status_code, first.headers["retry-after"]) == (status, "7")
    second = zenskar.post("/customers", json=body | {"customer_name": "Other"}, headers=headers)
    assert second.status_code == 200
    assert "idempotent-replayed" not in second.headers
    assert posts() == 2


def test_our_own_refusal_frees_the_key(zenskar: httpx2.Client, customer: New, key: str) -> None:
    headers = {"Idempotency-Key": key}
    assert zenskar.post("/customers", json=customer(email="nobody"), headers=headers).status_code == 422
    assert zenskar.post("/customers", json=customer(), headers=headers).status_code == 200


def test_repeat_while_the_first_is_under_way_is_told_to_wait(
    zenskar: httpx2.Client, customer: New, key: str, disturb: Callable[..., None], posts: Count
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    disturb("latency", seconds=0.3)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(zenskar.post, "/customers", json=body, headers=headers) for _ in range(4)]
        statuses = sorted(answer.result().status_code for answer in answers)
    assert statuses == [200, 409, 409, 409]
    waiting = next(answer.result() for answer in answers if answer.result().status_code == 409)
    assert kind(waiting) == "cleanbill.idempotency-key-in-use"
    assert 1 <= int(waiting.headers["retry-after"]) <= 5
    assert posts() == 1


def test_another_credential_gets_what_it_may_see_itself(
    zenskar: httpx2.Client, customer: New, key: str, sandbox: Any, posts: Count
) -> None:
    body, headers = customer(), {"Idempotency-Key": key}
    first = zenskar.post("/customers", json=body, headers=headers)
    fresh = zenskar.post("/customers", json=body, headers=headers | {"x-api-key": "sandbox_other"})
    assert fresh.json()["id"] == first.json()["id"]
    assert sandbox.requests()[-1]["method"] == "GET"
    assert sandbox.last_headers()["x-api-key"] == "sandbox_other"
    seed = {"organisation": sandbox.credentials["organisation"], "revoked_keys": ["revoked"]}
    httpx2.post(f"{sandbox.url}/__sandbox__/seed", json=seed).raise_for_status()
    refused = zenskar.post("/customers", json=body, headers=headers | {"x-api-key": "revoked"})
    assert (refused.status_code, kind(refused)) == (409, "cleanbill.idempotency-key-taken")
    assert posts() == 1


@pytest.mark.parametrize(
    "bad",
    [[b""], [b"x" * 256], [b"a", b"b"], [b"a", b"a"], ["caf\u00e9".encode()]],
    ids=["", "long", "two", "twice", "\u00e9"],
)
def test_key_that_is_none_is_refused(zenskar: httpx2.Client, customer: New, bad: list[bytes], posts: Count) -> None:
    answer = zenskar.post("/customers", json=customer(), headers=[(b"Idempotency-Key", value) for value in bad])
    assert (answer.status_code, kind(answer)) == (400, "cleanbill.idempotency-key-malformed")
    assert posts() == 0
