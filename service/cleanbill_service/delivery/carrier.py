"""One step of one create: look it up, POST it, write down what came of it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from time import time

from cleanbill_service.upstream import NeverSent, OutcomeUnknown, PoolExhausted, Upstream
from cleanbill_service.vault import lock

from .breaker import Breaker, UpstreamDown
from .create import Answered, Create
from .exchange import answered
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
        if delivery.attempts and create.identifiable:
            delivery, outcome = await self._look(delivery, create)
            if delivery.state is not State.READY or (delivery.due or 0) > time():
                return delivery, outcome
        lease, now = delivery.lease or "", time()
        delivery = sending(delivery, now, now + self._timing.lease)
        await self._ledger.begin(delivery, lease, now)
        return await self.post(delivery, create)

    async def post(self, delivery: Delivery, create: Create) -> tuple[Delivery, Outcome]:
        """POST what has been begun. Raises LeaseLost where that comes too late."""
        outcome = await self._post(delivery, create)
        after = after_post(
            delivery,
            outcome,
            identifiable=create.identifiable,
            now=time(),
            timing=self._timing,
            chance=random.random(),  # noqa: S311  jitter
        )
        return _kept(after, create, outcome.told), outcome

    async def write(self, before: Delivery, after: Delivery) -> None:
        """Write a step's result down and let go of the create. Raises LeaseLost, StoreUnavailable."""
        await self._ledger.write(replace(after, lease=None), before.lease or "")

    async def _look(self, delivery: Delivery, create: Create) -> tuple[Delivery, Outcome | None]:
        began = time()  # an answer tells what was there when it was asked for, however late it comes
        sighting = await self.lookup.find(create, delivery.first_sent or delivery.accepted)
        answer = None
        if sighting.kind == "ours" and sighting.customer_id:
            answer = await self.lookup.fetch(create, sighting.customer_id)
            if answer is None:
                sighting = Sighting("unclear")
        after = after_look(delivery, sighting, now=began, timing=self._timing, chance=random.random())  # noqa: S311
        outcome = Outcome("created", answer, sighting.customer_id) if answer else None
        return _kept(after, create, answer), outcome

    async def _post(self, delivery: Delivery, create: Create) -> Outcome:
        late = False

        async def body() -> AsyncIterator[bytes]:
            nonlocal late
            if time() >= (delivery.due or 0):  # stopped for so long that another hand may have it
                late = True
                raise LeaseLost
            yield create.body

        headers = [*create.headers, ("Content-Length", str(len(create.body)))]
        try:
            self._breaker.enter()
            answer = answered(await self._upstream.fetch("POST", create.target, headers, body()))
        except UpstreamDown as error:
            return Outcome("never-sent", retry_after=self._breaker.wait(), error=error)
        except PoolExhausted as error:
            return Outcome("never-sent", error=error)
        except NeverSent as error:
            self._breaker.failed()
            return Outcome("never-sent", error=error)
        except OutcomeUnknown as error:
            if late:
                raise LeaseLost from None
            self._breaker.failed()
            return Outcome("unclear", error=error)
        if answer.status in GONE:
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return read_outcome(answer, time())


def _kept(delivery: Delivery, create: Create, answer: Answered | None) -> Delivery:
    """With the answer locked away for a repeat, where it is final and there can be one."""
    if not delivery.final or delivery.key is None or create.key is None or answer is None:
        return delivery
    if delivery.reason == "outcome-unknown" and answer.status >= 500:
        return delivery  # the caller is told that it is not known
    return replace(delivery, answer=lock(answer.pack(), create.caller, create.key, delivery.id))
