"""The connection to Zenskar. Its errors tell a request that was never sent from one that may have been carried out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Self

import aiohttp
from yarl import URL

from .headers import Headers


class NeverSent(Exception):
    """No connection to Zenskar: the request has not left."""


class OutcomeUnknown(Exception):
    """The request left and no whole answer came: Zenskar may have carried it out. `timed_out` says whether time ran out."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "connection lost")
        self.timed_out = timed_out


class PoolExhausted(Exception):
    """All connections to Zenskar are taken, and none came free in time: the request has not left."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Zenskar's answer: its body is read through `chunks`, in the bytes that came."""

    status: int
    headers: Headers
    _response: aiohttp.ClientResponse

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Raises OutcomeUnknown where it breaks off."""
        with _outcomes():
            async for chunk in self._response.content.iter_any():
                yield chunk

    async def read(self) -> bytes:
        """The whole body. Raises OutcomeUnknown where it breaks off."""
        with _outcomes():
            return await self._response.content.read()


class Upstream:
    """One Zenskar, fixed by configuration. It follows no redirect and obeys no proxy variable.

    `timeout` is for a whole answer, `connect_timeout` for reaching Zenskar and for a free connection, both in seconds.
    """

    def __init__(self, base: str, *, timeout: float, connect_timeout: float, connections: int) -> None:
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=connect_timeout)
        self._wait = connect_timeout
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=self._timeout,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    @asynccontextmanager
    async def send(
        self, method: str, target: str, headers: Headers, body: bytes | AsyncIterator[bytes] | None
    ) -> AsyncIterator[Answer]:
        """Send one request. `target` is path and query in the client's own spelling.

        Raises NeverSent, PoolExhausted or OutcomeUnknown.
        """
        if self._session is None:
            raise RuntimeError("the upstream is not open")
        await self._take_a_connection()
        try:
            url = URL(self._base + target, encoded=True)
            with _outcomes():
                response = await self._session.request(method, url, headers=headers, data=body, allow_redirects=False)
            async with response:
                yield Answer(response.status, list(response.headers.items()), response)
        finally:
            self._free.release()

    async def _take_a_connection(self) -> None:
        try:
            async with asyncio.timeout(self._wait if self._free.locked() else None):
                await self._free.acquire()
        except TimeoutError:
            raise PoolExhausted from None


@contextmanager
def _outcomes() -> Iterator[None]:
    """Turn the client library's errors into ours."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise NeverSent from None
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise OutcomeUnknown(timed_out=isinstance(error, TimeoutError)) from None
