"""One whole exchange with Zenskar: the one place where delivery meets the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator

from cleanbill_service.upstream import Upstream

from .create import Answered, Headers


async def exchange(
    upstream: Upstream, method: str, target: str, headers: Headers, body: AsyncIterator[bytes] | None = None
) -> Answered:
    """Send one request and read its whole answer. Raises NeverSent, PoolExhausted or OutcomeUnknown."""
    answer = await upstream.fetch(method, target, headers, body)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    return Answered(answer.status, headers, answer.content)
