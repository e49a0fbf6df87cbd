"""A checked request: its body read within limits, judged, and as it goes on to Zenskar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request

from cleanbill import Report
from cleanbill.body import SentBody
from cleanbill_service.bodies import content_type_wrong, inflate, is_json, parse, read_ahead, too_large
from cleanbill_service.problems import Problem
from cleanbill_service.upstream.headers import tokens

from .interception import Judge
from .terms import Terms

_PACKED = ("gzip", "x-gzip", "deflate")


class Unreadable(Exception):
    """A body that cannot be judged: what has been read of it, and what is wrong."""

    def __init__(self, read: bytes, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.read = read
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Checked:
    """A request with its judgement. `raw` are the bytes that came, `sent` the same unpacked and parsed."""

    raw: bytes
    sent: SentBody
    report: Report

    def value(self, terms: Terms) -> object:
        """What goes on to Zenskar, as JSON."""
        return self.sent.value if terms.mode == "observe" else self.report.clean

    def body(self, terms: Terms) -> bytes:
        """What goes on to Zenskar: the caller's own bytes where nothing is to be corrected."""
        corrected = self.raw if terms.mode == "observe" else self.sent.corrected(self.report)
        return self.raw if corrected is self.sent.raw else corrected


async def check(request: Request, pieces: AsyncIterator[bytes], judge: Judge, terms: Terms, limit: int) -> Checked:
    """Read the body, which comes in `pieces`, and judge it. Raises Unreadable."""
    raw = await read_ahead(pieces, limit)
    try:
        sent = parse(_unpacked(request, raw, limit))
    except Problem as problem:
        raise Unreadable(raw, problem) from None
    return Checked(raw, sent, judge(sent, terms.policy))


def _unpacked(request: Request, raw: bytes, limit: int) -> bytes:
    """The body as text. One without a Content-Type counts as JSON, as it does to Zenskar."""
    if len(raw) > limit:
        raise too_large(limit)
    if not is_json(request.headers.get("content-type", "application/json")):
        raise content_type_wrong()
    codings = [coding for coding in tokens(request.scope["headers"], b"content-encoding") if coding != "identity"]
    if not codings:
        return raw
    if len(codings) > 1 or codings[0] not in _PACKED:
        detail = "Send the body uncompressed, or as gzip or deflate."
        raise Problem(415, "content-encoding-unknown", detail, {"Accept-Encoding": "gzip, deflate, identity"})
    return inflate(raw, limit)
