"""What one POST came to, and what one look-up came to."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from cleanbill_service.upstream import Answer

LONGEST_WAIT = 3600.0  # seconds; a longer Retry-After counts as this
LARGEST_ANSWER = 32 * 1024 * 1024  # bytes, once inflated


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one POST came to.

    created     Zenskar has the customer
    refused     a final 4xx: repeating it changes nothing
    denied      401 or 403: not carried out, and not with this credential
    later       425 or 429: not carried out, and worth repeating
    never-sent  the request has not left
    unclear     everything else: it may have been carried out
    """

    kind: Literal["created", "refused", "denied", "later", "never-sent", "unclear"]
    answer: Answer | None = None
    customer_id: str | None = None
    retry_after: float = 0.0
    error: Exception | None = None

    @property
    def decides(self) -> bool:
        """Whether the first POST's answer is the end of it, for a create that is not kept."""
        return self.kind not in ("never-sent", "unclear")

    @property
    def told(self) -> Answer | None:
        """The answer, but for a success that names no customer, such as the page of somebody on the way: it would be believed."""
        if self.kind == "unclear" and self.answer is not None and 200 <= self.answer.status < 300:
            return None
        return self.answer


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look-up came to: the customer that was sent, one like it that is older, nobody, or no clear answer."""

    kind: Literal["ours", "theirs", "nobody", "denied", "unclear"]
    customer_id: str | None = None
    retry_after: float = 0.0


def read_outcome(answer: Answer, now: float) -> Outcome:
    """What an answer to the POST means."""
    status, wait = answer.status, retry_after(answer, now)
    if 200 <= status < 300:
        customer = json_of(answer)
        customer_id = customer.get("id") if isinstance(customer, dict) else None
        if isinstance(customer_id, str):
            return Outcome("created", answer, customer_id)
        return Outcome("unclear", answer, retry_after=wait)
    if status in (401, 403):
        return Outcome("denied", answer)
    if status in (425, 429):
        return Outcome("later", answer, retry_after=wait)
    if 400 <= status < 500 and status not in (408, 409):
        return Outcome("refused", answer)
    return Outcome("unclear", answer, retry_after=wait)


def json_of(answer: Answer) -> Any:
    """The answer's JSON value, inflated where it is compressed; None where it is no JSON."""
    return read_json(answer.content, answer.header(b"content-encoding"))


def read_json(body: bytes, encoding: str) -> Any:
    """A body's JSON value, inflated where `encoding` says that it is compressed; None where it is no JSON."""
    try:
        return json.loads(_inflated(body, encoding.strip().lower()))
    except (ValueError, RecursionError, zlib.error):
        return None


def retry_after(answer: Answer, now: float) -> float:
    """Seconds that Zenskar asks us to wait; 0 where it asks for none."""
    text = answer.header(b"retry-after")
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.fromtimestamp(now, UTC)).total_seconds(), 0.0), LONGEST_WAIT)


def _inflated(body: bytes, encoding: str) -> bytes:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return body
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, LARGEST_ANSWER)
