"""What a client is told where there is no answer of Zenskar's."""

from __future__ import annotations

from cleanbill_service.problems import Problem

from .connection import NeverSent, OutcomeUnknown, PoolExhausted


def problem_of(error: NeverSent | OutcomeUnknown | PoolExhausted) -> Problem:
    """502 and 503 where nothing was sent, 504 and 502 where Zenskar may have carried it out."""
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
