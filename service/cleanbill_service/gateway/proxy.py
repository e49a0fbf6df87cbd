"""Pass a request through to Zenskar and its answer back, streamed both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from cleanbill_service.problems import Problem
from cleanbill_service.upstream import NeverSent, OutcomeUnknown, PoolExhausted, Stream, Upstream
from cleanbill_service.upstream.headers import to_client, to_upstream
from cleanbill_service.upstream.problems import problem_of

PREFIX = "/zenskar"


def not_canonical() -> Problem:
    """What is said of a path that one reader would take for another than the next one does."""
    return Problem(400, "path-not-canonical", "Spell the path plainly: no dots, double slashes or needless escapes.")


def target_of(scope: Scope) -> str:
    """Path and query for Zenskar, in the client's own spelling. Raises Problem 400 where the gateway's own prefix is disguised."""
    path: bytes = scope["raw_path"]
    if not path.startswith(b"/zenskar/"):
        raise not_canonical()
    target = path[len(PREFIX) :].decode("latin-1")
    query: bytes = scope["query_string"]
    return f"{target}?{query.decode('latin-1')}" if query else target


class Upload:
    """A request's body on its way to Zenskar: what was read of it before, then its pieces as they come.

    `problem` says what the client did wrong where it broke off, `ended` whether all of it was read.
    """

    def __init__(self, pieces: AsyncIterator[bytes], read: bytes = b"") -> None:
        self._pieces = pieces
        self._read = read
        self.problem: Problem | None = None
        self.ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All of the body."""
        if self._read:
            yield self._read
        try:
            async for piece in self._pieces:
                if piece:
                    yield piece
            self.ended = True
        except Problem as problem:
            self.problem = problem
            raise
        except ClientDisconnect:
            self.problem = Problem(400, "body-incomplete", "The connection ended before the body did.")
            raise


class Client(NamedTuple):
    """The client's side of an exchange: its request, read in time, and its connection as it is."""

    request: Request
    receive: Receive
    send: Send


async def pass_through(
    client: Client,
    upstream: Upstream,
    target: str,
    body: Upload | None = None,
    *,
    verdict: str | None = None,
) -> None:
    """Forward any request unchanged and stream the answer back, with a verdict where one is given.

    `body` is given where some of it has been read. Raises Problem as long as nothing has been sent to the client.
    """
    request = client.request
    headers = to_upstream(request.scope)
    length = request.headers.get("content-length")
    if length is not None:
        headers.append(("content-length", length))
    if length is not None or "transfer-encoding" in request.headers:
        body = body or Upload(request.stream())
    try:
        pieces = aiter(body) if body else None
        async with await upstream.stream(request.method, target, headers, pieces) as answer:
            await _relay(answer, client.send, verdict, None if body and not body.ended else client.receive)
    except (NeverSent, OutcomeUnknown, PoolExhausted) as error:
        raise (body and body.problem) or problem_of(error) from None


async def _relay(answer: Stream, send: Send, verdict: str | None, receive: Receive | None) -> None:
    """Send the answer as it comes. Where `receive` is given, it is left off when the client has gone."""
    headers = to_client(answer.headers, answer.status)
    if verdict:
        headers.append((b"cleanbill-verdict", verdict.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if await _relay_piece(answer, send):
        return
    watching = asyncio.create_task(_leave_off(answer, receive)) if receive else None
    try:
        while not await _relay_piece(answer, send):
            pass
    finally:
        if watching:
            watching.cancel()


async def _relay_piece(answer: Stream, send: Send) -> bool:
    """Send what has come of the answer, and say whether it has ended.

    One that breaks off is left unfinished, upon which our server ends the connection.
    """
    try:
        piece, last = await answer.piece()
    except OutcomeUnknown:
        return True
    await send({"type": "http.response.body", "body": piece, "more_body": not last})
    return last


async def _leave_off(answer: Stream, receive: Receive) -> None:
    """End the answer once its client has gone: our server takes what is sent to nobody."""
    while (await receive())["type"] != "http.disconnect":
        pass
    answer.abandon()
