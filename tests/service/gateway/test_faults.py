"""What the upstream does wrong is told rightly, and nothing is ever sent a second time."""

import gc
import json
import threading
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from starlette.requests import Request

from cleanbill_service.app import create_app
from cleanbill_service.gateway import entry
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CUSTOMER = json.dumps({"customer_name": "Nilgiri Analytics"}).encode()
JSON = f"\nContent-Type: application/json\nContent-Length: {len(CUSTOMER)}"

REQUESTS = [
    ("GET /zenskar/customers", b""),
    ("HEAD /zenskar/customers", b""),
    ("PUT /zenskar/x\nContent-Length: 2", b"hi"),
    ("DELETE /zenskar/x", b""),
    ("POST /zenskar/usage\nContent-Length: 2", b"hi"),
    ("POST /zenskar/contacts" + JSON, CUSTOMER),  # what becomes of creates is told in ../delivery
    ("PATCH /zenskar/customers/42" + JSON, CUSTOMER),
]
requests = pytest.mark.parametrize(("head", "body"), REQUESTS, ids=[head.partition("\n")[0] for head, _ in REQUESTS])


@requests
@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"HTTP/1.1 200 O",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 700 Odd\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x01b\r\n\r\n",
    ],
    ids=["reset", "close", "half a head", "no HTTP", "no status", "no header"],
)
def test_no_answer_is_an_unknown_outcome_and_sent_once(
    wire: Any, replay: Any, head: str, body: bytes, answer: Any
) -> None:
    replay.answer, replay.keep = answer, False
    status, _, got = wire.ask(head, body)
    assert status == 502
    assert b"cleanbill.outcome-unknown" in got or head.startswith("HEAD")
    assert len(replay.heads) == 1


@requests
def test_lost_connection_that_was_used_before_is_not_tried_again(
    wire: Any, replay: Any, head: str, body: bytes
) -> None:
    assert wire.ask("GET /zenskar/first")[0] == 200  # its connection is kept, and used for the next request
    replay.answer = None
    assert wire.ask(head, body)[0] == 502
    assert len(replay.heads) == 2


@requests
def test_silence_is_a_time_out_and_sent_once(wire: Any, replay: Any, head: str, body: bytes) -> None:
    over = threading.Event()
    replay.after = lambda: over.wait(5)
    status, _, got = wire.ask(head, body)
    over.set()
    assert status == 504
    assert b"cleanbill.outcome-unknown" in got or head.startswith("HEAD")
    assert len(replay.heads) == 1


def test_checked_request_is_answered_in_time_however_the_answer_drips(wire: Any, replay: Any) -> None:
    replay.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
    started = time.monotonic()
    assert wire.ask("PATCH /zenskar/customers/42" + JSON, CUSTOMER)[0] == 504
    assert time.monotonic() - started < 4


def test_cut_off_answer_to_a_checked_request_is_an_unknown_outcome(wire: Any, replay: Any) -> None:
    replay.answer, replay.keep = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", False
    status, head, _ = wire.ask("PATCH /zenskar/customers/42" + JSON, CUSTOMER)
    assert status == 502
    assert b"cleanbill-verdict: accepted" in head


@requests
def test_full_pool_is_busy_and_says_when_to_come_again(wire: Any, replay: Any, head: str, body: bytes) -> None:
    over = threading.Event()
    replay.after = lambda: over.wait(5)
    holders = [threading.Thread(target=wire.ask, args=("GET /zenskar/slow",)) for _ in range(2)]
    for holder in holders:
        holder.start()
    while len(replay.heads) < 2:
        time.sleep(0.01)
    status, answer, _ = wire.ask(head, body)
    over.set()
    for holder in holders:
        holder.join()
    assert (status, b"retry-after: 1" in answer, len(replay.heads)) == (503, True, 2)


@requests
def test_upstream_that_is_not_there_is_not_reached(nowhere: str, head: str, body: bytes) -> None:
    line, *lines = head.split("\n")
    method, _, path = line.partition(" ")
    headers = dict(header.split(": ") for header in lines)
    answer = httpx2.request(method, nowhere + path, content=body, headers=headers)
    assert answer.status_code == 502
    assert b"cleanbill.upstream-unreachable" in answer.content or method == "HEAD"


@pytest.fixture(scope="module")
def nowhere() -> Any:
    with background(create_app(Settings(zenskar_url="http://127.0.0.1:9", connect_timeout=1))) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture(scope="module")
def settling(replaying: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The gateway where nobody found means very soon that nobody is there."""
    settings = Settings(
        zenskar_url=f"http://127.0.0.1:{replaying.port}",  # type: ignore[arg-type]
        database_url=f"sqlite:///{tmp_path_factory.mktemp('store')}/cleanbill.db",  # type: ignore[arg-type]
        upstream_timeout=3,
        settle_after=0.01,
    )
    with background(create_app(settings)) as url:
        yield url


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["", "key"])
@pytest.mark.parametrize(
    "success",
    [
        b"200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"201 Made\r\nContent-Length: 2\r\n\r\nhi",
        b"202 Later\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=lambda success: success[:3].decode(),
)
def test_success_without_a_customer_is_none_where_nobody_is_there(
    settling: str, replay: Any, success: bytes, headers: dict[str, str]
) -> None:
    nobody = b'200 OK\r\nContent-Length: 14\r\n\r\n{"results":[]}'

    def answer() -> None:
        replay.answer = b"HTTP/1.1 " + (success if replay.heads[-1].startswith(b"POST") else nobody)

    replay.after = answer
    who = {"organisation": str(uuid4()), "x-api-key": "sandbox_c0ffee", **headers}
    customer = {"customer_name": "Nilgiri Analytics", "external_id": "C-1"}
    got = httpx2.post(f"{settling}/zenskar/customers", json=customer, headers=who, timeout=10)
    assert (got.status_code, got.json()["detail"][0]["type"]) == (502, "cleanbill.upstream-failed")


def test_failure_of_our_own_is_told_in_zenskars_words(
    gateway_url: str, replay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: object) -> str:
        raise LookupError("zqxcanary")

    monkeypatch.setattr(entry, "target_of", failing)
    answer = httpx2.post(f"{gateway_url}/zenskar/customers", content=CUSTOMER)
    assert (answer.status_code, answer.headers["connection"]) == (500, "close")
    assert answer.json()["detail"][0]["type"] == "cleanbill.internal-error"
    assert "zqxcanary" not in answer.text
    assert replay.heads == []


def test_nothing_is_left_of_a_request_that_was_refused(wire: Any) -> None:
    for path in ("customers", "customers/"):
        head = f"POST /zenskar/{path}\nContent-Type: text/plain\nX-Secret: zqxcanary\nContent-Length: 2"
        assert wire.ask(head, b"hi")[0] in (400, 415)
    end = time.monotonic() + 5
    while remembered():
        assert time.monotonic() < end
        time.sleep(0.05)


def remembered() -> bool:
    """Whether a request with the secret is still in memory."""
    gc.collect()
    return any(type(found) is Request and "x-secret" in found.headers for found in gc.get_objects())


@requests
@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 429, 500, 502, 503, 504])
def test_upstreams_own_refusal_comes_back_as_it_is(wire: Any, replay: Any, head: str, body: bytes, status: int) -> None:
    said = b"" if head.startswith("HEAD") else b"<html>no</html>"
    replay.answer = b"HTTP/1.1 %d No\r\nRetry-After: 7\r\nContent-Length: %d\r\n\r\n%s" % (status, len(said), said)
    got, answer, content = wire.ask(head, body)
    assert (got, content, b"retry-after: 7" in answer) == (status, said, True)
    assert len(replay.heads) == 1


def test_early_answer_does_not_wait_for_the_upload(wire: Any, replay: Any) -> None:
    assert replay.answer == OK
    with wire.connect() as client:
        client.sendall(
            b"POST /zenskar/customers HTTP/1.1\r\nHost: g\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"
        )
        assert client.recv(1000).startswith(b"HTTP/1.1 415")
    assert replay.heads == []
