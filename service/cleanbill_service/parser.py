"""httptools' parser of requests, but one that takes no upgrade.

What a client offers under `Upgrade` need not be taken (RFC 9110 section 7.8); some, such as Java's HttpClient, offer HTTP/2
with every first request. httptools takes such a request to end with its head, and loses its body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from .protocol import GuardedProtocol


class Parser:
    """Reads requests for a protocol.

    Where one offers an upgrade, a second parser reads its body, from a head of the same framing.
    """

    def __init__(self, protocol: GuardedProtocol) -> None:
        self._protocol = protocol
        self._parser = self._new()

    def _new(self) -> httptools.HttpRequestParser:
        parser = httptools.HttpRequestParser(self._protocol)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def feed_data(self, data: bytes) -> None:
        """Read on. Raises HttpParserError."""
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                self._parser = self._new()
                if framing := self._protocol.framing():
                    with self._protocol.repeating():
                        self._parser.feed_data(b"POST / HTTP/1.1\r\n%s\r\n\r\n" % framing)
            else:
                return

    def get_http_version(self) -> str:
        """The version of the request."""
        version: str = self._parser.get_http_version()
        return version

    def get_method(self) -> bytes:
        """The method of the request."""
        method: bytes = self._parser.get_method()
        return method

    def should_keep_alive(self) -> bool:
        """Whether the connection goes on after the request."""
        return bool(self._parser.should_keep_alive())

    def should_upgrade(self) -> bool:
        """Never."""
        return False

    @property
    def ends_early(self) -> bool:
        """Whether httptools takes the request to end with its head."""
        return bool(self._parser.should_upgrade())
