"""How a create passes from state to state. Nothing here reads a clock, sends or stores.

    ready ──▶ sending ──▶ done         Zenskar has the customer
      ▲          │  ├───▶ dead         refused, or given up; with the reason
      │          │  └───▶ ready        not carried out: again later
      │          ▼
      └─────  unknown ──▶ done | dead  looked up; ready again only when it is sure that nobody is there

`sending` is committed before the POST leaves. Whoever takes over a `sending` whose lease has ended takes it for `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .outcome import Outcome, Sighting
from .states import State

FINAL = frozenset((State.DONE, State.DEAD, State.CANCELLED))


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take, in seconds.

    `settle_after` is how long after the sending Zenskar may still make the customer and show it: before that, nobody found
    means nothing. It counts for no longer than `settle_within` after the outcome became unknown.
    """

    upstream_timeout: float = 30.0
    settle_after: float = 60.0
    settle_within: float = 30.0
    give_up_after: float = 3 * 24 * 3600.0
    first_pause: float = 0.5
    longest_pause: float = 3600.0
    margin: float = 2.0  # between the clocks of replicas, and for what is neither sending nor settling

    @property
    def lease(self) -> float:
        """For how long a create is in one hand: longer than one POST and its settling."""
        return self.upstream_timeout + self.settle_after + self.margin

    def pause(self, attempts: int, chance: float) -> float:
        """Back-off with full jitter: `chance`, from 0 to 1, of a span that doubles with each attempt."""
        return chance * min(self.longest_pause, self.first_pause * float(1 << min(max(attempts, 0), 20)))


class Delivery(NamedTuple):
    """One create as it is kept: the columns of the table, in its order. Times are seconds since 1970."""

    id: str
    owner: str
    upstream: str
    organisation: str
    key: str | None
    key_until: float | None
    fingerprint: str
    deferred: bool
    state: State
    reason: str | None = None
    attempts: int = 0
    looks: int = 0
    first_sent: float | None = None
    last_sent: float | None = None
    unknown_since: float | None = None
    due: float | None = None
    lease: str | None = None
    accepted: float = 0.0
    updated: float = 0.0
    status: int | None = None
    customer_id: str | None = None
    answer: bytes | None = None
    sealed: bytes | None = None
    sealed_by: str | None = None

    def __repr__(self) -> str:
        return f"Delivery({self.id}, {self.state})"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINAL

    def decisive_at(self, timing: Timing) -> float:
        """From when on a look-up that finds nobody means that nobody is there."""
        if self.unknown_since is None or self.last_sent is None:
            return 0.0
        return min(self.last_sent + timing.settle_after, self.unknown_since + timing.settle_within)


def taken_over(delivery: Delivery, now: float, lease: str, until: float) -> Delivery:
    """In the hand of `lease`. A POST whose outcome nobody wrote down may have left until the old lease ended."""
    if delivery.state is State.SENDING:
        delivery = delivery._replace(state=State.UNKNOWN, looks=0, last_sent=delivery.due, unknown_since=now)
    return delivery._replace(lease=lease, due=until)


def sending(delivery: Delivery, now: float, until: float) -> Delivery:
    """About to POST; committed before it leaves."""
    return delivery._replace(
        state=State.SENDING,
        attempts=delivery.attempts + 1,
        looks=0,
        first_sent=delivery.first_sent or now,
        last_sent=now,
        unknown_since=None,
        due=until,
        updated=now,
    )


def after_post(  # noqa: PLR0911  one exit an outcome
    delivery: Delivery, outcome: Outcome, *, identifiable: bool, now: float, timing: Timing, chance: float
) -> Delivery:
    """Where the POST's outcome leads."""
    delivery = delivery._replace(updated=now)
    status = outcome.answer.status if outcome.answer else None
    match outcome.kind:
        case "created":
            return _done(delivery._replace(status=status), outcome.customer_id)
        case "refused" if delivery.attempts > 1 and identifiable:
            # Perhaps because an earlier POST arrived late: then the customer is there, and it is ours.
            return _unknown(delivery._replace(status=status, reason="refused"), now)
        case "refused":
            return _dead(delivery._replace(status=status), "refused")
        case "denied":
            return _dead(delivery._replace(status=status, key=None), "credential-refused")
        case "never-sent":
            first = delivery.first_sent if delivery.attempts > 1 else None
            unsent = delivery._replace(attempts=delivery.attempts - 1, first_sent=first)
            pause = timing.pause(delivery.attempts, chance)
            return _again(unsent, max(pause, outcome.retry_after), now, timing)
        case "later":
            pause = timing.pause(delivery.attempts, chance)
            return _again(delivery, max(pause, outcome.retry_after), now, timing)
        case "unclear" if identifiable:
            return _unknown(delivery, now)
    return _dead(delivery, "outcome-unknown")


def after_look(  # noqa: PLR0911  one exit a sighting
    delivery: Delivery, sighting: Sighting, *, now: float, timing: Timing, chance: float
) -> Delivery:
    """Where the look-up leads: to `ready` only when it is sure that nobody is there."""
    delivery = delivery._replace(looks=delivery.looks + 1, updated=now)
    refused = delivery.reason == "refused"
    match sighting.kind:
        case "ours":
            return _done(delivery._replace(status=200, reason=None), sighting.customer_id)
        case "theirs" if not refused:
            return _dead(delivery._replace(status=409, customer_id=sighting.customer_id), "customer-exists")
        case "theirs":
            return _dead(delivery._replace(customer_id=sighting.customer_id), "refused")
        case "nobody" if now >= delivery.decisive_at(timing):
            if refused:
                return _dead(delivery, "refused")
            failing = delivery.state is State.UNKNOWN and delivery.attempts > 1
            pause = timing.pause(delivery.attempts, chance) if failing else 0.0
            return delivery._replace(state=State.READY, unknown_since=None, due=now + pause)
        case "denied":
            return _dead(delivery, "lookup-refused")
    if now - delivery.accepted > timing.give_up_after:
        return _dead(delivery, "gave-up")
    due = now + max(_look_pause(delivery.looks), sighting.retry_after)
    decisive = delivery.decisive_at(timing)
    return delivery._replace(due=min(due, decisive) if decisive > now and not sighting.retry_after else due)


def left_unknown(delivery: Delivery, now: float) -> Delivery:
    """Where an unknown outcome leads that cannot be looked up: nobody will know it, so it is not sent again."""
    return _dead(delivery._replace(updated=now), "outcome-unknown")


def _look_pause(looks: int) -> float:
    """Seconds until the next look: soon at first, every minute where Zenskar has been silent for long."""
    return min(0.25 * float(1 << min(looks - 1, 10)), 5.0 if looks <= 20 else 60.0)


def _done(delivery: Delivery, customer_id: str | None) -> Delivery:
    return delivery._replace(
        state=State.DONE, customer_id=customer_id, due=None, lease=None, sealed=None, sealed_by=None
    )


def _dead(delivery: Delivery, reason: str) -> Delivery:
    dead = delivery._replace(state=State.DEAD, reason=reason, due=None, lease=None)
    return dead if replayable(dead) else dead._replace(sealed=None, sealed_by=None)


def _unknown(delivery: Delivery, now: float) -> Delivery:
    """Not decided. The request left at some time before `now`: a process that was stopped may have sent it just then."""
    return delivery._replace(state=State.UNKNOWN, looks=0, last_sent=now, unknown_since=now, due=now)


def _again(delivery: Delivery, pause: float, now: float, timing: Timing) -> Delivery:
    if now - delivery.accepted > timing.give_up_after:
        return _dead(delivery, "gave-up")
    return delivery._replace(state=State.READY, unknown_since=None, due=now + pause)


def reopened(delivery: Delivery, now: float) -> Delivery:
    """A dead create set going again. Whatever was sent once is looked up first, as long as it can be."""
    state = State.READY if delivery.unknown_since is None else State.UNKNOWN
    return delivery._replace(state=state, reason=None, status=None, customer_id=None, looks=0, accepted=now, due=now)


def replayable(delivery: Delivery) -> bool:
    """Whether setting it going again can double nobody: what cannot be looked up is never sent twice."""
    return delivery.state is State.DEAD and delivery.reason not in ("outcome-unknown", "customer-exists")
