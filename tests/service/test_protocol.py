"""The server's own side of HTTP/1.1: heads that are slow, large or without their Host, and dates."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cleanbill_service.protocol import GuardedProtocol
from cleanbill_service.server import background

OFFER = (  # what Java's HttpClient begins with
    b"POST / HTTP/1.1\r\nHost: g\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
)
HIDDEN = b"GET /dated HTTP/1.1\r\nHost: g\r\n\r\n"  # a body that would pass for a request


class Hasty(GuardedProtocol):
    head_seconds = 0.3
    silence_seconds = 0.3
    head_bytes = 4096


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    request = Request(scope, receive)
    body = await request.body()
    headers = {"date": "Mon, 23 Nov 2026 08:00:00 GMT"} if scope["path"] == "/dated" else {}
    headers["saw"] = ",".join(request.headers)
    await Response(body, headers=headers)(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with background(app, protocol=Hasty) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        yield client


def rest(client: socket.socket) -> bytes:
    got = b""
    try:
        while piece := client.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def test_connection_without_a_request_is_ended(client: Any) -> None:
    assert rest(client) == b""


def test_slow_head_is_ended_however_it_drips(client: Any) -> None:
    started = time.monotonic()
    client.sendall(b"GET / HTTP/1.1\r\nHost: g\r\n")
    for _ in range(2):
        time.sleep(0.1)
        client.sendall(b"X: 1\r\n")
    assert rest(client).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started < 2


def test_second_head_on_a_connection_is_waited_for_as_long(client: Any) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nHost: g\r\n\r\n")
    assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
    client.sendall(b"GET / HTTP/1.1\r\n")
    assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_body_that_stops_is_ended(client: Any) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 9\r\n\r\nabc")
    assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_body_that_goes_on_is_waited_for(client: Any) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: 4\r\n\r\n")
    for letter in b"abcd":
        time.sleep(0.15)
        client.sendall(bytes([letter]))
    assert rest(client).endswith(b"abcd")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 5000 + b"\r\n\r\n",
        b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: g\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: g\r\n" + b"X: xxxxxxxx\r\n" * 600 + b"\r\n",
    ],
)
def test_large_head_is_refused(client: Any, head: bytes) -> None:
    client.sendall(head)
    assert rest(client).startswith(b"HTTP/1.1 431 ")


def test_endless_header_is_refused_before_its_end(client: Any) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nHost: g\r\nX: ")
    for _ in range(6):
        time.sleep(0.02)
        client.sendall(b"x" * 1000)
    assert rest(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        OFFER + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        OFFER + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_request_that_two_servers_may_read_differently_is_refused(client: Any, request_: bytes) -> None:
    client.sendall(request_)
    assert rest(client).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("pause", [0, 0.1])
@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (b"Content-Length: %d" % len(HIDDEN), HIDDEN),
        (b"Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)),
        (b"Content-Length: 0", b""),
        (b"X: no body", b""),
    ],
    ids=["length", "chunked", "empty", "none"],
)
def test_upgrade_that_is_offered_is_not_taken(client: Any, framing: bytes, body: bytes, pause: float) -> None:
    head = OFFER + framing + b"\r\n\r\n"
    client.sendall(head if pause else head + body)
    time.sleep(pause)
    client.sendall((body if pause else b"") + b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 4\r\n\r\nnext")
    client.sendall(b"GET / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
    _, first, second, last = rest(client).split(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(b"\r\n\r\n" + (HIDDEN if body else b""))
    assert second.endswith(b"\r\n\r\nnext")
    assert last.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"gzip\r\nTransfer-Encoding: chunked"])
def test_body_in_a_transfer_coding_that_nobody_undoes_is_refused(client: Any, coding: bytes) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: " + coding + b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    assert rest(client).startswith(b"HTTP/1.1 501 ")


def test_trailer_is_no_header(client: Any) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: g\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    client.sendall(b"0\r\nHost: other\r\nOrganisation: other\r\n\r\n")
    answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nsaw: host,connection,transfer-encoding\r\n" in answer
    assert answer.endswith(b"\r\n\r\nabc")


def test_http_1_0_may_come_without_a_host(client: Any) -> None:
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    assert rest(client).startswith(b"HTTP/1.1 200 ")


def test_requests_in_a_row_are_answered_in_a_row(client: Any) -> None:
    for count in (b"1", b"2"):
        client.sendall(b"POST /dated HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\n\r\n" + count)
    client.sendall(b"GET / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
    answers = rest(client)
    assert answers.count(b"HTTP/1.1 200 ") == 3
    assert answers.index(b"\r\n\r\n1") < answers.index(b"\r\n\r\n2")


def test_answer_is_dated_once(client: Any) -> None:
    client.sendall(b"GET /dated HTTP/1.1\r\nHost: g\r\n\r\nGET / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
    answers = rest(client).lower()
    assert answers.count(b"\r\ndate: ") == 2
    assert answers.count(b"\r\ndate: mon, 23 nov 2026 08:00:00 gmt\r\n") == 1
