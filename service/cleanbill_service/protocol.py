"""uvicorn's HTTP/1.1 with what it lacks: limits on slow and large request heads and on silence, and exactly one Host."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .parser import Parser


class GuardedProtocol(HttpToolsProtocol):
    """One client's connection.

    `head_seconds` is how long a request's head may take, also the first one of a new connection, `silence_seconds` how long the
    next piece of its body may take, `head_bytes` how large target and headers may be together.
    """

    head_seconds = 10.0
    silence_seconds = 30.0
    head_bytes = 64 * 1024

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.parser: Any = Parser(self)
        self._repeating = False
        self._in_head = False
        self._in_body = False
        self._head_size = 0  # what the parser has handed over
        self._held = 0  # what it may be holding back: a header is handed over at its end
        self._hosts = 0
        self._refusal = HTTPStatus.BAD_REQUEST
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; wait for the rest of what is not whole yet."""
        self._held = self._held + len(data) if self._in_head else 0
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_body:
            self._wait(self.silence_seconds)
        elif not self._in_head:
            self._stop_waiting()
        elif self._held > self.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._timer is None:
            self._wait(self.head_seconds)

    def framing(self) -> bytes:
        """The headers that say how long the request's body is; empty where it has none."""
        lines = [
            b"%s: %s" % header for header in self.headers if header[0] in (b"content-length", b"transfer-encoding")
        ]
        return b"\r\n".join(lines)

    @contextmanager
    def repeating(self) -> Iterator[None]:
        """What the parser reads in this block is known."""
        self._repeating = True
        try:
            yield
        finally:
            self._repeating = False

    def on_message_begin(self) -> None:
        """A head begins."""
        if self._repeating:
            return
        self._in_head = True
        self._head_size = self._hosts = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the target."""
        if self._repeating:
            return
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count the header, and whether it is Host. One that comes behind the body is left out (RFC 9110 section 6.5.1)."""
        if self._repeating:
            return
        self._count(len(name) + len(value))
        if not self._in_head:
            return
        key = name.lower()
        if key == b"host":
            self._hosts += 1
        elif key == b"transfer-encoding" and value.strip().lower() != b"chunked":
            self._refusal = HTTPStatus.NOT_IMPLEMENTED
            raise ValueError("transfer coding")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Refuse a head without the one Host that RFC 9112 section 3.2 wants; HTTP/1.0 may be without."""
        if self._repeating:
            return
        if self._hosts > 1 or (not self._hosts and self.parser.get_http_version() == "1.1"):
            raise ValueError("Host")
        super().on_headers_complete()
        self._in_head, self._in_body = False, True

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self.parser.ends_early and self.framing():
            return
        self._in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse what cannot be read."""
        self._refuse(self._refusal)

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > self.head_bytes:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise ValueError("head too large")

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        """End a connection on which nothing more comes, unless it is we who are not reading."""
        if self.flow.read_paused:
            self._wait(self.silence_seconds)
        elif self._in_head or self._in_body:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """End the connection, with `status` where that cannot be taken for the answer to another request, or land in one."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering == self._in_body and not (answering and self.cycle.response_started):
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(head.encode())
        self.transport.close()
