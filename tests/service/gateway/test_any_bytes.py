"""Whatever bytes a client sends, the gateway answers or ends the connection, and goes on serving."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanbill_service.gateway.interception import judge_of
from cleanbill_service.problems import Problem
from cleanbill_service.upstream.headers import end_to_end

METHODS = st.sampled_from([b"GET", b"POST", b"PATCH", b"HEAD", b"CONNECT", b"BREW", b"get", b""])
PATHS = st.one_of(
    st.binary(max_size=40),
    st.lists(
        st.sampled_from([b"/", b"customers", b"%2e", b"..", b"%", b"\\", b";", b"?", b"#", b"*", b"\xff", b"42"]),
        max_size=8,
    ).map(b"".join),
)
NAMES = st.sampled_from(
    [
        b"Host",
        b"Connection",
        b"Content-Length",
        b"Transfer-Encoding",
        b"Prefer",
        b"Content-Encoding",
        b"Content-Type",
        b"Expect",
        b"X-\xff",
        b"X",
    ]
)
VALUES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([b"chunked", b"0", b"-1", b"5", b"close", b"gzip", b"application/json", b"100-continue"]),
)
fuzzed = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@fuzzed
@given(METHODS, PATHS, st.lists(st.tuples(NAMES, VALUES), max_size=5), st.binary(max_size=30))
def test_any_request_is_answered(
    wire: Any, method: bytes, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    lines = [method + b" /zenskar/" + path + b" HTTP/1.1", b"Host: g", b"Connection: close"]
    lines += [name + b": " + value for name, value in headers]
    with wire.connect() as client:
        client.sendall(b"\r\n".join([*lines, b"", body]))
        client.shutdown(1)
        answer = client.recv(65536)
    assert not answer or (answer.startswith(b"HTTP/1.1 ") and not answer.startswith(b"HTTP/1.1 500"))
    assert wire.ask("GET /live")[0] == 200


@given(st.sampled_from(["GET", "POST", "PATCH"]), st.text())
def test_any_path_is_judged_or_refused(method: str, path: str) -> None:
    try:
        judge = judge_of(method, path)
    except Problem:
        return
    assert judge is None or path.startswith("/c")


def test_path_of_many_escapes_is_read_in_linear_time() -> None:
    assert judge_of("POST", "/" + "%25" * 20_000 + "25" * 20_000) is None


@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=12))))
def test_what_is_left_of_headers_is_in_order(headers: list[tuple[bytes, bytes]]) -> None:
    rest = iter(headers)
    assert all(header in rest for header in end_to_end(headers))
