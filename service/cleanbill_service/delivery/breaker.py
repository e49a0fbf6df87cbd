"""A circuit breaker: after a row of failures Zenskar is left alone for a while, then tried with one request."""

from __future__ import annotations

from time import monotonic

FAILURES = 5  # in a row
SHORTEST, LONGEST = 1.0, 30.0  # seconds for which Zenskar is left alone


class UpstreamDown(Exception):
    """Zenskar is left alone for now: nothing was sent."""


class Breaker:
    """Closed while Zenskar answers. Each failure of a probe doubles the pause."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = SHORTEST
        self._next = 0.0

    @property
    def is_open(self) -> bool:
        """Whether only a probe may go, now and then."""
        return self._failures >= FAILURES

    def wait(self) -> float:
        """Seconds until a request may go."""
        return max(0.0, self._next - monotonic()) if self.is_open else 0.0

    def enter(self) -> None:
        """Before a request. Raises UpstreamDown; lets one probe through where the pause is over."""
        if self.wait():
            raise UpstreamDown
        if self.is_open:
            self._next = monotonic() + self._pause

    def succeeded(self) -> None:
        """Zenskar has answered."""
        self._failures, self._pause = 0, SHORTEST

    def failed(self) -> None:
        """Zenskar was not reached, did not answer, or says that it is not there."""
        self._failures += 1
        if self.is_open:
            self._pause = min(self._pause * 2, LONGEST) if self._failures > FAILURES else SHORTEST
            self._next = monotonic() + self._pause
