"""Faults: what the caller sees, and whether the request took effect."""

from __future__ import annotations

import contextlib
import gzip
import socket
import time
from typing import Any

import httpx2
import pytest

ACME = {"customer_name": "Acme", "email": "jane@acme.io"}


def create(zenskar: httpx2.Client, fault: str, body: object = ACME) -> httpx2.Response:
    return zenskar.post("/customers", json=body, headers={"Sandbox-Fault": fault})


def creates(zenskar: httpx2.Client) -> int:
    count: int = zenskar.get("/__sandbox__/state").json()["creates"]
    return count


def script(zenskar: httpx2.Client, *faults: dict[str, Any]) -> None:
    zenskar.post("/__sandbox__/faults", json=list(faults)).raise_for_status()


def seconds_of(zenskar: httpx2.Client, fault: str) -> float:
    start = time.monotonic()
    assert zenskar.get("/customers", headers={"Sandbox-Fault": fault}).status_code == 200
    return time.monotonic() - start


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("fault", ["hang; seconds=0.1", "close", "reset"])
def test_no_answer_before_or_after_the_request_took_effect(
    zenskar: httpx2.Client, fault: str, when: str, count: int
) -> None:
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        create(zenskar, f"{fault}; when={when}")
    assert creates(zenskar) == count
    assert zenskar.get("/customers").json()["total_count"] == count


def test_a_hang_outlasts_the_client(zenskar: httpx2.Client) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        zenskar.post("/customers", json=ACME, headers={"Sandbox-Fault": "hang; when=after"}, timeout=0.2)
    assert creates(zenskar) == 1


def first_byte(zenskar: httpx2.Client, fault: str) -> bytes:
    """What a plain connection reads of the answer."""
    address = (zenskar.base_url.host, zenskar.base_url.port or 80)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(f"GET /customers HTTP/1.1\r\nHost: x\r\nSandbox-Fault: {fault}\r\n\r\n".encode())
        return connection.recv(1)


def test_reset_is_a_tcp_reset_and_close_is_not(zenskar: httpx2.Client) -> None:
    with pytest.raises(ConnectionResetError):
        first_byte(zenskar, "reset")
    assert first_byte(zenskar, "close") == b""


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504, 520])
@pytest.mark.parametrize(("body", "start"), [("json", '{"detail":'), ("html", "<html>"), ("empty", "")])
def test_an_error_of_any_status_and_body(zenskar: httpx2.Client, status: int, body: str, start: str) -> None:
    answer = create(zenskar, f"error; status={status}; body={body}")
    assert answer.status_code == status
    assert answer.text.startswith(start)
    assert bool(answer.text) == bool(start)
    assert creates(zenskar) == 0


def test_an_error_after_the_request_took_effect(zenskar: httpx2.Client) -> None:
    assert create(zenskar, "error; status=502; when=after").status_code == 502
    assert creates(zenskar) == 1


def test_too_many_requests_with_and_without_retry_after(zenskar: httpx2.Client) -> None:
    assert create(zenskar, "error; status=429; retry_after=7").headers["retry-after"] == "7"
    assert "retry-after" not in create(zenskar, "error; status=429").headers


def test_latency_is_fixed_or_random(zenskar: httpx2.Client) -> None:
    assert seconds_of(zenskar, "latency; seconds=0.2") >= 0.2
    assert seconds_of(zenskar, "latency; seconds=0.1; max_seconds=0.2") >= 0.1


def test_a_slow_body_is_whole_in_the_end(zenskar: httpx2.Client) -> None:
    customer = create(zenskar, "drip; seconds=0.2").json()
    start = time.monotonic()
    with zenskar.stream(
        "GET", f"/customers/{customer['id']}", headers={"Sandbox-Fault": "drip; seconds=0.2"}
    ) as answer:
        pieces = list(answer.iter_raw())
    assert time.monotonic() - start >= 0.1
    assert b"".join(pieces) == zenskar.get(f"/customers/{customer['id']}").content


def test_a_truncated_body_is_noticed(zenskar: httpx2.Client) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        create(zenskar, "truncate")
    assert creates(zenskar) == 1


@pytest.mark.parametrize(("fault", "text"), [("not-json", "OK"), ("null", "null")])
def test_a_success_whose_body_says_nothing(zenskar: httpx2.Client, fault: str, text: str) -> None:
    for when, count in (("before", 0), ("after", 1)):
        answer = create(zenskar, f"{fault}; when={when}")
        assert (answer.status_code, answer.text, creates(zenskar)) == (200, text, count)


def test_a_compressed_answer(zenskar: httpx2.Client) -> None:
    with zenskar.stream("GET", "/customers", headers={"Sandbox-Fault": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == zenskar.get("/customers").content


def test_an_answer_without_a_body_has_nothing_to_compress_or_to_drip(zenskar: httpx2.Client) -> None:
    for fault in ("gzip", "drip; seconds=0.01", "truncate"):
        customer = zenskar.post("/customers", json={"customer_name": "Acme"}).json()
        with contextlib.suppress(httpx2.RemoteProtocolError):
            answer = zenskar.delete(f"/customers/{customer['id']}", headers={"Sandbox-Fault": fault})
            assert (answer.status_code, answer.content) == (204, b"")


def test_a_redirect_to_a_login_page(zenskar: httpx2.Client) -> None:
    answer = create(zenskar, "login")
    assert (answer.status_code, answer.headers["location"]) == (302, "/login")
    page = zenskar.get("/customers", headers={"Sandbox-Fault": "login"}, follow_redirects=True)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert zenskar.get("/__sandbox__/state").json()["requests"][-1]["path"] == "/login"


def test_a_body_mistake_surfaces_as_500_and_a_good_body_does_not(zenskar: httpx2.Client) -> None:
    assert create(zenskar, "crash", {"customer_name": 7}).status_code == 500
    assert create(zenskar, "crash").status_code == 200
    assert create(zenskar, "crash").status_code == 500


def test_one_customer_can_be_invisible(zenskar: httpx2.Client) -> None:
    create(zenskar, "invisible; seconds=60")
    zenskar.post("/customers", json={"customer_name": "Seen"})
    assert [row["customer_name"] for row in zenskar.get("/customers").json()["results"]] == ["Seen"]


@pytest.mark.parametrize("header", ["explode", "error; status=200", "error; colour=red", "hang; seconds=x", ";"])
def test_a_fault_that_does_not_exist_is_refused_and_does_nothing(zenskar: httpx2.Client, header: str) -> None:
    answer = zenskar.post("/customers", json=ACME, headers=[("Sandbox-Fault", header)])
    assert answer.status_code == 400
    assert creates(zenskar) == 0


def test_a_script_is_used_up_in_order(zenskar: httpx2.Client) -> None:
    script(
        zenskar,
        {"name": "error", "status": 503, "method": "post", "path": "/customer*", "repeat": 2},
        {"name": "error", "status": 429, "method": "POST"},
        {"name": "error", "status": 504, "path": "/contacts"},
    )
    assert zenskar.get("/customers").status_code == 200
    assert [zenskar.post(path, json=ACME).status_code for path in ("/customers", "/customer", "/customers")] == [
        503,
        503,
        429,
    ]
    assert zenskar.post("/customers", json=ACME).status_code == 200
    assert [fault["status"] for fault in zenskar.get("/__sandbox__/state").json()["faults"]] == [504]
    assert [zenskar.get("/contacts").status_code for _ in "12"] == [504, 200]


def test_a_fault_can_last_until_it_is_deleted(zenskar: httpx2.Client) -> None:
    script(zenskar, {"name": "error", "status": 503, "repeat": None})
    assert {zenskar.get("/customers").status_code for _ in range(5)} == {503}
    assert zenskar.delete("/__sandbox__/faults").status_code == 204
    assert zenskar.get("/customers").status_code == 200


def test_the_header_leaves_the_script_alone(zenskar: httpx2.Client) -> None:
    script(zenskar, {"name": "error", "status": 503})
    assert create(zenskar, "error; status=504").status_code == 504
    assert zenskar.get("/customers").status_code == 503
