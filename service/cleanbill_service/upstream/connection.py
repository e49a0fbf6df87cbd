"""The connection to Zenskar. Its errors tell a request that was never sent from one that may have been carried out.

A request is sent once: nothing is repeated, no redirect followed, no proxy variable obeyed. Interim answers (1xx) are not passed
on, because ASGI has no place for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import Self

import aiohttp
from yarl import URL

from .answer import Answer
from .headers import Headers, are_sound
from .location import Location

IDLE = 4.0  # seconds that an unused connection is kept; servers close theirs after five or more
HEADER_LINE = 64 * 1024  # bytes; content security policies and cookies are long


class NeverSent(Exception):
    """No connection to Zenskar: the request has not left."""


class OutcomeUnknown(Exception):
    """The request left and no whole answer came: Zenskar may have carried it out. `timed_out` says whether time ran out."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "connection lost")
        self.timed_out = timed_out


class PoolExhausted(Exception):
    """All connections to Zenskar are taken, and none came free in time: the request has not left."""


class Stream:
    """Zenskar's answer while it comes in. An async context manager, whose end gives the connection back."""

    __slots__ = ("_free", "_response", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse, headers: Headers, free: asyncio.Semaphore) -> None:
        self.status = response.status
        self.headers = headers
        self._response = response
        self._free = free

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._response.release()
        self._free.release()

    def abandon(self) -> None:
        """End the answer where it is; its connection is of no more use."""
        self._response.close()

    async def piece(self) -> tuple[bytes, bool]:
        """The next bytes of the body as they arrive, and whether they are the last. Raises OutcomeUnknown where it breaks off."""
        try:
            piece = await self._response.content.readany()
            return piece, self._response.content.at_eof()
        except _ERRORS as error:
            raise _outcome(error) from None

    async def whole(self) -> Answer:
        """The answer with its whole body. Raises OutcomeUnknown where it breaks off."""
        try:
            return Answer(self.status, self.headers, await self._response.content.read())
        except _ERRORS as error:
            raise _outcome(error) from None


class Upstream:
    """One Zenskar, fixed by configuration, whose clients see it at the path `shown_at`.

    `timeout` is for a whole answer to `fetch`, and in `stream` for its beginning and each silence. `connect_timeout` is for
    reaching Zenskar and for a free connection. All in seconds.
    """

    def __init__(self, base: str, *, shown_at: str, timeout: float, connect_timeout: float, connections: int) -> None:
        self._base = base.rstrip("/")
        self._location = Location(self._base, shown_at)
        self._streaming = aiohttp.ClientTimeout(total=None, connect=connect_timeout, sock_read=timeout)
        self._fetching = aiohttp.ClientTimeout(total=timeout, connect=min(connect_timeout, timeout))
        self._wait = connect_timeout
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE),
            middlewares=(_once,),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            max_line_size=HEADER_LINE,
            max_field_size=HEADER_LINE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def fetch(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | AsyncIterable[bytes] | None
    ) -> Answer:
        """Send one request and read its whole answer. Raises as `stream` does."""
        async with await self._send(method, target, headers, body, self._fetching) as stream:
            return await stream.whole()

    async def ask(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | None = None, *, within: float
    ) -> Answer:
        """Send a request that changes nothing and read its whole answer; after `within` seconds it is given up.

        Raises as `stream` does.
        """
        try:
            async with (
                asyncio.timeout(within),
                await self._send(method, target, headers, body, self._fetching) as stream,
            ):
                return await stream.whole()
        except TimeoutError:
            raise OutcomeUnknown(timed_out=True) from None

    async def stream(
        self, method: str, target: str, headers: list[tuple[str, str]], body: AsyncIterator[bytes] | None
    ) -> Stream:
        """Send one request as its body comes in, and give the answer as it comes back, to be used in `async with`.

        `target` is path and query in the client's own spelling. Raises NeverSent, PoolExhausted or OutcomeUnknown.
        """
        return await self._send(method, target, headers, body, self._streaming)

    async def _send(
        self,
        method: str,
        target: str,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterable[bytes] | None,
        limits: aiohttp.ClientTimeout,
    ) -> Stream:
        if self._session is None:
            raise RuntimeError("the upstream is not open")
        url = URL(self._base + target, encoded=True)
        await self._take_a_connection()
        try:
            response = await self._session.request(
                method, url, headers=headers, data=body, allow_redirects=False, timeout=limits
            )
            stream = Stream(response, self._location.at_gateway(response.raw_headers), self._free)
            if not 200 <= stream.status <= 599 or not are_sound(stream.headers):
                response.close()
                raise OutcomeUnknown(timed_out=False)
        except _ERRORS as error:
            self._free.release()
            raise _outcome(error) from None
        except BaseException:
            self._free.release()
            raise
        return stream

    async def _take_a_connection(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(self._wait):
                await self._free.acquire()
        except TimeoutError:
            raise PoolExhausted from None


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Name the outcome where the connection is lost: the session would send some requests again on its own errors."""
    try:
        return await send(request)
    except _ERRORS as error:
        raise _outcome(error) from None


_ERRORS = (aiohttp.ClientError, TimeoutError, ConnectionError)


def _outcome(error: Exception) -> NeverSent | OutcomeUnknown:
    """What an error of the client library means."""
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return NeverSent()
    return OutcomeUnknown(timed_out=isinstance(error, TimeoutError))
