"""One whole exchange with Zenskar: the one place where delivery meets the gateway's connection."""

from __future__ import annotations

from collections.abc import AsyncIterator

from cleanbill_service.gateway.headers import to_client
from cleanbill_service.gateway.upstream import Upstream

from .create import Answered, Headers


async def exchange(
    upstream: Upstream, method: str, target: str, headers: Headers, body: AsyncIterator[bytes] | None = None
) -> Answered:
    """Send one request and read its whole answer. Raises NeverSent, PoolExhausted or OutcomeUnknown."""
    async with upstream.send(method, target, headers, body) as answer:
        content = await answer.read()
    return Answered(answer.status, to_client(answer.headers), content)
