"""The gateway as a proxy keeps to RFC 9110 and RFC 9112, before an upstream that answers oddly."""

import threading
import time
from typing import Any

import pytest

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE", "PURGE"])
def test_every_method_passes_through(wire: Any, replay: Any, method: str) -> None:
    assert wire.ask(f"{method} /zenskar/usage?x=1")[0] == 200
    assert replay.heads[-1].startswith(f"{method} /usage?x=1 HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    "target",
    [
        "/a/%C3%A9?q=%ff&q=%20+&&=;",
        "/a/../b/./c//d",
        "//evil.example/x",
        "/a;p=1/@b:c?next=http://evil.example/",
        "/customers?search=email%3Da%40b.in&email__in=a,b",
        "/%2e%2e/%2F",
        "/x?a[]=1&b={}|\"'",
    ],
)
def test_target_survives_byte_for_byte(wire: Any, replay: Any, target: str) -> None:
    assert wire.ask(f"GET /zenskar{target}")[0] == 200
    assert replay.target() == target


def test_headers_of_one_connection_stay_behind(wire: Any, replay: Any) -> None:
    wire.ask(
        "GET /zenskar/x\nConnection: x-hop, X-Other\nX-Hop: 1\nX-Other: 2\nKeep-Alive: 5\nTE: trailers\nTrailer: x\n"
        "Proxy-Authorization: secret\nProxy-Connection: keep-alive\nUpgrade: h2c\nExpect: 100-continue"
    )
    names = replay.headers().keys()
    assert not names & {"x-hop", "x-other", "keep-alive", "te", "trailer", "upgrade", "expect", "connection"}
    assert not [name for name in names if name.startswith("proxy-")]


@pytest.mark.parametrize("path", ["x", "customers"])
def test_trailers_stay_behind(wire: Any, replay: Any, path: str) -> None:
    body = b'{"customer_name": "Nilgiri Analytics"}'
    chunks = b"%x\r\n%s\r\n0\r\nOrganisation: other\r\nX-Trailer: 1\r\n\r\n" % (len(body), body)
    wire.ask(f"POST /zenskar/{path}\nOrganisation: ours\nTransfer-Encoding: chunked", chunks)
    assert replay.headers()["organisation"] == ["ours"]
    assert "x-trailer" not in replay.headers()
    assert replay.bodies == [body]


def test_tunnel_is_refused(wire: Any, replay: Any) -> None:
    status, _, body = wire.ask("CONNECT /zenskar/customers")
    assert (status, b"cleanbill.method-unknown" in body) == (501, True)
    assert replay.heads == []


def test_all_other_headers_survive_byte_for_byte(wire: Any, replay: Any) -> None:
    wire.ask(
        "GET /zenskar/x\napiversion: 20240301\nX-Many: 1\nX-Many: 2\nX-Odd:  a,  b\nX-Utf8: \xc3\xa9\nCookie: a=1; b=2"
    )
    headers = replay.headers()
    assert headers["apiversion"] == ["20240301"]
    assert headers["x-many"] == ["1", "2"]
    assert headers["x-odd"] == ["a,  b"]
    assert headers["x-utf8"] == ["\xc3\xa9"]
    assert headers["cookie"] == ["a=1; b=2"]
    assert headers["host"] == [f"127.0.0.1:{replay.port}"]
    assert not headers.keys() & {"user-agent", "accept", "accept-encoding", "content-type", "content-length"}


def test_header_that_could_not_go_on_unchanged_is_refused(wire: Any, replay: Any) -> None:
    assert wire.ask("GET /zenskar/x\nX-Latin: \xe9")[0] == 400
    assert replay.heads == []


def test_proxy_says_that_it_is_there_and_for_whom(wire: Any, replay: Any) -> None:
    _, head, _ = wire.ask("GET /zenskar/x\nVia: 1.0 other\nForwarded: for=192.0.2.1")
    assert replay.headers()["via"] == ["1.0 other", "1.1 cleanbill"]
    assert replay.headers()["forwarded"] == ["for=192.0.2.1", "for=127.0.0.1;proto=http"]
    assert b"via: 1.1 cleanbill" in head


def test_expect_is_answered_here(wire: Any, replay: Any) -> None:
    with wire.connect() as client:
        client.sendall(b"POST /zenskar/x HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hi")
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    assert replay.bodies == [b"hi"]


def test_body_keeps_its_length_or_its_chunks(wire: Any, replay: Any) -> None:
    wire.ask("PUT /zenskar/x\nContent-Length: 5", b"hello")
    assert (replay.headers()["content-length"], replay.bodies[-1]) == (["5"], b"hello")
    wire.ask("PUT /zenskar/x\nTransfer-Encoding: chunked", b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
    assert (replay.headers()["transfer-encoding"], replay.bodies[-1]) == (["chunked"], b"hello")
    assert "content-length" not in replay.headers()
    wire.ask("POST /zenskar/x\nContent-Length: 0")
    assert (replay.headers()["content-length"], replay.bodies[-1]) == (["0"], b"")


def test_answers_headers_keep_their_order_and_duplicates(wire: Any, replay: Any) -> None:
    sent = [
        b"Set-Cookie: a=1",
        b"X-One: 1",
        b"Set-Cookie: b=2",
        b"Date: Mon, 23 Nov 2026 08:00:00 GMT",
        b"X-Odd: \xe9\xff",
    ]
    hop = [b"Connection: X-Hop", b"X-Hop: 1", b"Keep-Alive: timeout=5", b"Proxy-Authenticate: Basic", b"Upgrade: h2"]
    replay.answer = b"\r\n".join([b"HTTP/1.1 200 Fine", *sent, *hop, b"Content-Length: 2", b"", b"ok"])
    _, head, body = wire.ask("GET /zenskar/x")
    lines = head.split(b"\r\n")[1:]
    lowered = [line.partition(b":")[0].lower() + line[line.index(b":") :] for line in [*sent, b"Content-Length: 2"]]
    assert lines == [*lowered, b"via: 1.1 cleanbill", b"connection: close"]
    assert body == b"ok"


def test_compressed_bytes_are_kept(wire: Any, replay: Any) -> None:
    replay.answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x00"
    _, head, body = wire.ask("GET /zenskar/x\nAccept-Encoding: gzip, br")
    assert (b"content-encoding: gzip" in head, body) == (True, b"\x1f\x8b\x00")
    assert replay.headers()["accept-encoding"] == ["gzip, br"]


@pytest.mark.parametrize(
    ("asked", "sent"), [("br, gzip;q=0.5, zstd", "gzip;q=0.5"), ("br", "identity"), ("GZip,deflate", "GZip, deflate")]
)
def test_create_asks_only_for_codings_that_can_be_read(wire: Any, replay: Any, asked: str, sent: str) -> None:
    """The others' answers are passed on unread, in whatever coding their client knows."""
    body = b'{"customer_name": "Nilgiri Analytics"}'
    lines = f"Accept-Encoding: {asked}\nContent-Type: application/json\nContent-Length: {len(body)}"
    expected = {"POST /zenskar/customers": sent, "POST /zenskar/contacts": asked, "PUT /zenskar/customers": asked}
    for line, codings in expected.items():
        wire.ask(f"{line}\n{lines}", body)
        assert replay.headers()["accept-encoding"] == [codings]


@pytest.mark.parametrize(
    ("method", "answer", "length"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", b"content-length: 1234"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", None),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 5\r\n\r\n", None),
        ("DELETE", b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", b"content-length: 0"),
    ],
)
def test_answer_without_a_body_stays_without(
    wire: Any, replay: Any, method: str, answer: bytes, length: bytes | None
) -> None:
    replay.answer = answer
    status, head, body = wire.ask(f"{method} /zenskar/x")
    assert (status, body) == (int(answer.split(b" ")[1]), b"")
    assert b"transfer-encoding" not in head
    assert (length in head) if length else (b"content-length" not in head)


@pytest.mark.parametrize(
    ("answer", "keep", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True, b"3\r\nabc\r\n0\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", False, b"3\r\nabc\r\n0\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True, b"abc"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True, b"abc"),
    ],
)
def test_answer_is_framed_for_the_client(wire: Any, replay: Any, answer: bytes, keep: bool, body: bytes) -> None:
    replay.answer, replay.keep = answer, keep
    status, head, got = wire.ask("GET /zenskar/x")
    assert (status, got) == (200, body)
    assert (b"transfer-encoding: chunked" in head) is (b"0\r\n\r\n" in body)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(wire: Any, replay: Any, status: int) -> None:
    replay.answer = b"HTTP/1.1 %d Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" % status
    got, head, _ = wire.ask("GET /zenskar/x")
    assert (got, b"location: /zenskar/elsewhere" in head, len(replay.heads)) == (status, True, 1)


@pytest.mark.parametrize("path", ["customers", "usage"])
@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("http://127.0.0.1:{port}/customers/1?a=b#c", "/zenskar/customers/1?a=b#c"),
        ("HTTP://127.0.0.1:{port}", "/zenskar/"),
        ("//127.0.0.1:{port}?a=b", "/zenskar/?a=b"),
        ("/customers/%C3%A9//1", "/zenskar/customers/%C3%A9//1"),
        ("customers/1", "customers/1"),
        ("../x?next=/customers", "../x?next=/customers"),
        ("?page=2", "?page=2"),
        ("", ""),
        ("http://127.0.0.1:1/customers", "http://127.0.0.1:1/customers"),
        ("http://127.0.0.1/customers", "http://127.0.0.1/customers"),
        ("http://user@127.0.0.1:{port}/customers", "http://user@127.0.0.1:{port}/customers"),
        (
            "https://login.example/?next=http://127.0.0.1:{port}/x",
            "https://login.example/?next=http://127.0.0.1:{port}/x",
        ),
        ("//login.example/x", "//login.example/x"),
        ("mailto:help@login.example", "mailto:help@login.example"),
    ],
)
def test_answer_that_points_at_zenskar_points_at_the_gateway(
    wire: Any, replay: Any, path: str, sent: str, received: str
) -> None:
    """What a client that has changed its base URL alone follows leads it to the gateway again."""
    sent, received = sent.format(port=replay.port), received.format(port=replay.port)
    lines = f"Location: {sent}\r\nContent-Location: {sent}\r\nX-Location: {sent}"
    made = '{"id": "1"}'
    replay.answer = f"HTTP/1.1 201 Made\r\n{lines}\r\nContent-Length: {len(made)}\r\n\r\n{made}".encode()
    body = b'{"customer_name": "Nilgiri Analytics"}'
    _, head, _ = wire.ask(f"POST /zenskar/{path}\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    found = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert (found["location"], found["content-location"], found["x-location"]) == (received, received, sent)


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nde",
    ],
)
def test_answer_that_is_cut_off_never_looks_whole(wire: Any, replay: Any, cut: bytes) -> None:
    replay.answer, replay.keep = cut, False
    status, head, body = wire.ask("GET /zenskar/x")
    assert status == 200
    assert (b"content-length: 10" in head and len(body) < 10) or not body.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_upload_that_is_cut_off_never_looks_whole(wire: Any, replay: Any, framing: str) -> None:
    with wire.connect() as client:
        client.sendall(f"PUT /zenskar/x HTTP/1.1\r\nHost: g\r\n{framing}\r\n\r\n3\r\nabc\r\n".encode())
        time.sleep(0.1)
    wait_for(lambda: replay.broken)
    assert replay.bodies == []


def test_slow_upload_is_ended_and_does_not_look_whole(wire: Any, replay: Any) -> None:
    status, _, body = wire.ask("PUT /zenskar/x\nContent-Length: 10", b"abc")
    assert (status, b"cleanbill.body-too-slow" in body) == (408, True)
    wait_for(lambda: replay.broken)
    assert wire.ask("POST /zenskar/customers\nContent-Length: 10\nContent-Type: application/json", b"{")[0] == 408


def test_body_is_streamed_while_it_comes(wire: Any, replay: Any) -> None:
    with wire.connect() as client:
        client.sendall(b"PUT /zenskar/x HTTP/1.1\r\nHost: g\r\nContent-Length: 4\r\n\r\nab")
        wait_for(lambda: replay.heads)
        client.sendall(b"cd")
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    assert replay.bodies == [b"abcd"]


def test_answer_is_streamed_while_it_comes(wire: Any, replay: Any) -> None:
    replay.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"
    with wire.connect() as client:
        client.sendall(b"GET /zenskar/x HTTP/1.1\r\nHost: g\r\n\r\n")
        got = b""
        while b"\r\n\r\nab" not in got:
            got += client.recv(1000)


def test_client_that_leaves_a_download_frees_its_connection(wire: Any, replay: Any) -> None:
    replay.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"  # the rest never comes
    for _ in range(2):  # as many as there are connections
        with wire.connect() as client:
            client.sendall(b"GET /zenskar/x HTTP/1.1\r\nHost: g\r\n\r\n")
            while not client.recv(1000).endswith(b"ab"):
                pass
    replay.answer = OK
    assert wire.ask("GET /zenskar/x")[0] == 200


@pytest.mark.parametrize("path", ["customers", "x"])
def test_client_that_leaves_does_not_take_back_what_was_sent(wire: Any, replay: Any, path: str) -> None:
    arrived, go_on, answered = threading.Event(), threading.Event(), threading.Event()
    replay.after = lambda: (arrived.set(), go_on.wait(5), answered.set())
    body = b'{"customer_name": "Nilgiri Analytics"}'
    head = f"POST /zenskar/{path} HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with wire.connect() as client:
        client.sendall(head.encode() + body)
        assert arrived.wait(5)
    time.sleep(0.1)
    go_on.set()
    assert answered.wait(5)
    assert (replay.bodies, replay.broken) == ([body], 0)


def wait_for(happens: Any) -> None:
    for _ in range(300):
        if happens():
            return
        time.sleep(0.01)
    raise TimeoutError
