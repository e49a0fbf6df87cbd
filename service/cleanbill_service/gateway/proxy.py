"""Pass a request through to Zenskar and its answer back, streamed both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cleanbill_service.problems import Problem

from .headers import Headers, to_client, to_upstream
from .upstream import Answer, NeverSent, OutcomeUnknown, PoolExhausted, Upstream

PREFIX = "/zenskar"


def target_of(request: Request) -> str:
    """Path and query for Zenskar, in the client's own spelling."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    target = path.decode("latin-1").partition("?")[0].removeprefix(PREFIX)
    return f"{target}?{query.decode('latin-1')}" if query else target


def headers_of(request: Request) -> Headers:
    """The client's headers as they go on to Zenskar."""
    headers = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in request.headers.raw]
    return to_upstream(headers, request.client.host if request.client else None)


def problem_of(error: NeverSent | OutcomeUnknown | PoolExhausted) -> Problem:
    """What the client is told: 502 and 503 where nothing was sent, 504 and 502 where Zenskar may have carried it out."""
    if isinstance(error, NeverSent):
        return Problem(
            502, "upstream-unreachable", "Zenskar could not be reached; nothing was sent, so it is safe to repeat."
        )
    if isinstance(error, PoolExhausted):
        detail = "All connections to Zenskar are taken; nothing was sent, so it is safe to repeat."
        return Problem(503, "upstream-busy", detail, {"Retry-After": "1"})
    detail = "Zenskar may or may not have carried this out; look before repeating it."
    if error.timed_out:
        return Problem(504, "outcome-unknown", f"Zenskar did not answer in time. {detail}")
    return Problem(502, "outcome-unknown", f"The connection to Zenskar was lost. {detail}")


class PassedThrough(Response):
    """Zenskar's answer on its way to the client: the bytes as they come, its headers in their order."""

    def __init__(self, answer: Answer, exits: AsyncExitStack) -> None:
        self.status_code = answer.status
        self.raw_headers = encode_headers(to_client(answer.headers))
        self.background = None
        self._answer = answer
        self._exits = exits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the answer, then give the connection to Zenskar back."""
        async with self._exits:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for chunk in self._answer.chunks():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def encode_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI wants them."""
    return [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers]


async def pass_through(request: Request, upstream: Upstream) -> Response:
    """Forward any request unchanged and stream the answer back."""
    body = _body_of(request)
    headers = headers_of(request)
    if body is not None and "content-length" in request.headers:
        headers.append(("Content-Length", request.headers["content-length"]))
    async with AsyncExitStack() as stack:
        try:
            answer = await stack.enter_async_context(upstream.send(request.method, target_of(request), headers, body))
        except (NeverSent, OutcomeUnknown, PoolExhausted) as error:
            return problem_of(error).to_zenskar()
        return PassedThrough(answer, stack.pop_all())


def _body_of(request: Request) -> AsyncIterator[bytes] | None:
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    return request.stream() if has_body else None
