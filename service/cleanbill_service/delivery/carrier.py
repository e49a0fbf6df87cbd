"""One step of one create: look it up, POST it, write down what came of it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from math import inf
from time import time

from cleanbill_service.upstream import Answer, NeverSent, OutcomeUnknown, PoolExhausted, Upstream
from cleanbill_service.vault import lock

from .breaker import Breaker, UpstreamDown
from .create import Create
from .ledger import LeaseLost, Ledger
from .lookup import Lookup
from .outcome import Outcome, Sighting, read_outcome
from .state import Delivery, Timing, after_look, after_post, left_unknown, sending
from .states import State

GONE = frozenset((502, 503, 504))  # answers of those who stand before a Zenskar that is down


class Carrier:
    """Carries creates to Zenskar. `delivery` is always one whose lease the caller holds."""

    def __init__(self, ledger: Ledger, upstream: Upstream, breaker: Breaker, timing: Timing) -> None:
        self._ledger = ledger
        self._upstream = upstream
        self._breaker = breaker
        self._timing = timing
        self.lookup = Lookup(upstream, min(timing.upstream_timeout, 5.0))

    async def step(self, delivery: Delivery, create: Create) -> tuple[Delivery, Outcome | None]:
        """Look up what may be there already; POST where it is sure that nobody is. Raises LeaseLost, StoreUnavailable."""
        outcome: Outcome | None = None
        if delivery.state is State.UNKNOWN and not create.identifiable:
            return left_unknown(delivery, time()), None
        if create.identifiable and (delivery.attempts or create.options.duplicate_check):
            delivery, sighting, outcome = await self._look(delivery, create)
            sure = sighting.kind == "nobody" and delivery.state is State.READY
            if not sure or (delivery.due or 0) > time():
                return delivery, outcome
        lease, now = delivery.lease or "", time()
        delivery = sending(delivery, now, now + self._timing.lease)
        await self._ledger.begin(delivery, lease, now)
        return await self.post(delivery, create)

    async def post(self, delivery: Delivery, create: Create) -> tuple[Delivery, Outcome]:
        """POST what has been begun. Raises LeaseLost where that comes too late."""
        outcome = await self.send(create, delivery.due or 0.0)
        return self.after(delivery, create, outcome), outcome

    def after(self, delivery: Delivery, create: Create, outcome: Outcome) -> Delivery:
        """Where a POST's outcome leads."""
        after = after_post(
            delivery,
            outcome,
            identifiable=create.identifiable,
            now=time(),
            timing=self._timing,
            chance=random.random(),  # noqa: S311  jitter
        )
        return _kept(after, create, outcome.told)

    async def write(self, before: Delivery, after: Delivery) -> None:
        """Write a step's result down and let go of the create. Raises LeaseLost, StoreUnavailable."""
        await self._ledger.write(after._replace(lease=None), before.lease or "")

    async def _look(self, delivery: Delivery, create: Create) -> tuple[Delivery, Sighting, Outcome | None]:
        began = time()  # an answer tells what was there when it was asked for, however late it comes
        sighting = await self.lookup.find(create, delivery.first_sent or inf)  # what was never sent is nobody's of ours
        answer = None
        if sighting.kind == "ours" and sighting.customer_id:
            answer = await self.lookup.fetch(create, sighting.customer_id)
            if answer is None:
                sighting = Sighting("unclear")
        after = after_look(delivery, sighting, now=began, timing=self._timing, chance=random.random())  # noqa: S311
        outcome = Outcome("created", answer, sighting.customer_id) if answer else None
        return _kept(after, create, answer), sighting, outcome

    async def send(self, create: Create, until: float) -> Outcome:
        """POST once. Raises LeaseLost where it would leave after `until`, in seconds since 1970: another hand may have it then."""
        body = _Body(create.body, until)
        headers = [*create.headers, ("content-length", str(len(create.body)))]
        try:
            self._breaker.enter()
            answer = await self._upstream.fetch("POST", create.target, headers, body)
        except UpstreamDown as error:
            return Outcome("never-sent", retry_after=self._breaker.wait(), error=error)
        except PoolExhausted as error:
            return Outcome("never-sent", error=error)
        except NeverSent as error:
            self._breaker.failed()
            return Outcome("never-sent", error=error)
        except OutcomeUnknown as error:
            if body.late:
                raise LeaseLost from None
            self._breaker.failed()
            return Outcome("unclear", error=error)
        if answer.status in GONE:
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return read_outcome(answer, time())


class _Body:
    """A body that does not leave after `until`: the process may have been stopped since it took the lease."""

    def __init__(self, content: bytes, until: float) -> None:
        self._content = content
        self._until = until
        self.late = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All of it at once."""
        if time() >= self._until:
            self.late = True
            raise LeaseLost
        yield self._content


def _kept(delivery: Delivery, create: Create, answer: Answer | None) -> Delivery:
    """With the answer locked away for a repeat, where it is final and there can be one."""
    if not delivery.final or delivery.key is None or create.key is None or answer is None:
        return delivery
    if delivery.reason == "outcome-unknown" and answer.status >= 500:
        return delivery  # the caller is told that it is not known
    return delivery._replace(answer=lock(answer.pack(), create.caller, create.key, delivery.id))
