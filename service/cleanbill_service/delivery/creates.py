"""The entrance: one create comes in, one answer goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, time
from typing import NoReturn

import orjson
import structlog

from cleanbill_service.problems import Problem
from cleanbill_service.store import StoreUnavailable
from cleanbill_service.upstream import Answer
from cleanbill_service.vault import Hashes, Sealed, Vault, new_id, unlock

from . import refusals
from .carrier import Carrier
from .create import Create
from .ledger import LeaseLost, Ledger
from .outcome import Outcome
from .state import Delivery, Timing, replayable, sending
from .states import State

KEY_KEPT = 24 * 3600.0  # seconds for which a repeat is known by its Idempotency-Key


class Creates:
    """Sends creates so that none is lost and none is doubled.

    `nudge` wakes the worker.
    """

    def __init__(
        self,
        carrier: Carrier,
        ledger: Ledger,
        *,
        vault: Vault,
        hashes: Hashes,
        timing: Timing,
        nudge: Callable[[], None],
    ) -> None:
        self._carrier = carrier
        self._ledger = ledger
        self._vault = vault
        self._hashes = hashes
        self._timing = timing
        self._nudge = nudge

    async def send(self, create: Create) -> Answer:
        """Send a create and give its answer. Raises Problem."""
        try:
            if create.respond_async:
                return await self._accept(create)
            if create.key is None:
                return await self._send(create)
            return await self._send_kept(create)
        except StoreUnavailable:
            raise refusals.store_unavailable() from None
        except LeaseLost:
            raise refusals.under_way(1) from None

    async def _send(self, create: Create) -> Answer:
        """Send what has no key: it is kept only where its outcome is not known."""
        deadline = monotonic() + self._timing.upstream_timeout
        if create.options.duplicate_check:
            await self._refuse_duplicate(create)
        begun = time()
        until = begun + self._timing.lease
        try:
            outcome = await self._carrier.send(create, until)
        except LeaseLost:
            raise refusals.never_sent(None) from None
        if outcome.decides and outcome.told:
            return outcome.told
        delivery = sending(self._new(create), begun, until)
        after = self._carrier.after(delivery, create, outcome)
        if after.state is not State.UNKNOWN:
            return await self._answer(after, create, outcome, kept=False)
        try:
            await self._ledger.admit(after._replace(lease=None), time())
        except StoreUnavailable:
            raise refusals.unknown(None) from None
        return await self._settle(after, create, deadline, outcome)

    async def _send_kept(self, create: Create) -> Answer:
        """Send what has a key, once that is written down."""
        begun, lease = time(), new_id()
        delivery = sending(self._new(create), begun, begun + self._timing.lease)._replace(lease=lease)
        held = await self._ledger.admit(delivery, begun)
        if held.id != delivery.id:
            return await self._repeat(held, create)
        deadline = monotonic() + self._timing.upstream_timeout
        if create.options.duplicate_check:
            try:
                await self._refuse_duplicate(create)
            except Problem:
                await self._quietly(self._ledger.forget(delivery, lease))
                raise
        after, outcome = await self._carrier.post(delivery, create)
        if not _frees_key(after):
            await self._quietly(self._carrier.write(delivery, after))
        if after.state is State.UNKNOWN:
            return await self._settle(after, create, deadline, outcome)
        return await self._answer(after._replace(lease=lease), create, outcome, kept=True)

    async def _accept(self, create: Create) -> Answer:
        """Take a create for later."""
        if not self._vault.durable:
            raise refusals.async_refused()
        delivery = self._sealed(self._new(create), create)
        try:
            held = await self._ledger.admit(delivery, time())
        except StoreUnavailable:
            if create.key is None:
                raise refusals.perhaps_accepted(delivery.id) from None
            raise
        if held.id != delivery.id:
            return await self._repeat(held, create)
        return self._accepted(delivery)

    async def _refuse_duplicate(self, create: Create) -> None:
        """Raise Problem 409 where Zenskar has a customer with this external_id or e-mail already."""
        if create.identifiable and (existing := await self._carrier.lookup.existing(create)):
            raise refusals.customer_exists(existing)

    async def _settle(
        self, delivery: Delivery, create: Create, deadline: float, first: Outcome | None = None
    ) -> Answer:
        """Step after step until it is decided; behind the caller's back where that takes longer than the caller waits."""
        looked, last = False, first
        while True:
            wait = max(0.0, (delivery.due or 0) - time())
            if looked and monotonic() + wait > deadline:
                await self._hand_over(delivery, create)
            await asyncio.sleep(wait)
            try:
                now = max(time(), delivery.due or 0)  # a sleep may end a little early
                taken = await self._ledger.take(delivery, now, new_id(), now + self._timing.lease)
                after, outcome = await self._carrier.step(taken, create)
                if after.final and (after.deferred or not _frees_key(after)):
                    await self._quietly(self._carrier.write(taken, after))
                elif after.deferred or after.state is State.UNKNOWN:
                    await self._carrier.write(taken, after)
            except LeaseLost:
                raise refusals.under_way(1) from None
            except StoreUnavailable:
                raise refusals.unknown(None) from None
            if after.state is not State.UNKNOWN:
                return await self._answer(after._replace(lease=taken.lease), create, outcome or last, kept=True)
            delivery, looked, last = after._replace(lease=None), True, outcome or last

    async def _hand_over(self, delivery: Delivery, create: Create) -> NoReturn:
        """Leave the settling to the worker, and tell the caller where to look."""
        try:
            await self._ledger.hand_over(self._sealed(delivery, create))
        except StoreUnavailable:
            raise refusals.unknown(None) from None
        self._nudge()
        raise refusals.unknown(delivery.id)

    async def _answer(self, delivery: Delivery, create: Create, outcome: Outcome | None, *, kept: bool) -> Answer:
        """What the caller gets, now that the fate is known."""
        answer = outcome.told if outcome else None
        if delivery.deferred and delivery.state is State.READY:
            return self._accepted(delivery)
        if _frees_key(delivery):
            if outcome and outcome.kind == "never-sent" and create.options.accept_on_outage:
                return await self._accept_after_all(delivery, create, kept=kept)
            if kept and not delivery.deferred:
                await self._quietly(self._ledger.forget(delivery, delivery.lease or ""))
            if answer is None:
                raise refusals.never_sent(outcome)
        if delivery.reason == "customer-exists":
            raise refusals.customer_exists(delivery.customer_id or "")
        unsettled = delivery.reason in ("outcome-unknown", "lookup-refused", "gave-up")
        if unsettled and (answer is None or answer.status >= 500):
            settled = kept and delivery.reason != "outcome-unknown"
            raise refusals.unknown(delivery.id if settled else None)
        if answer is None:
            raise refusals.refused()
        return answer

    async def _accept_after_all(self, delivery: Delivery, create: Create, *, kept: bool) -> Answer:
        later = self._sealed(delivery, create)
        try:
            if kept:
                await self._carrier.write(delivery, later)
            else:
                await self._ledger.admit(later._replace(lease=None), time())
        except (LeaseLost, StoreUnavailable):
            raise (refusals.store_unavailable() if kept else refusals.perhaps_accepted(later.id)) from None
        return self._accepted(later)

    async def _repeat(self, held: Delivery, create: Create) -> Answer:
        """An answer to a request whose Idempotency-Key has come before."""
        if held.fingerprint != self._hashes.of("fingerprint", create.fingerprint):
            raise refusals.key_reused()
        if held.answer or (held.final and not replayable(held)):
            return (await self._decided(held, create)).replayed()
        if create.respond_async and held.deferred:
            return self._accepted(held).replayed()
        now = time()
        if held.due is not None and held.due > now:
            raise refusals.under_way(held.due - now)
        if held.owner != self._hashes.owner(create.caller):
            raise refusals.under_way(refusals.LONGEST_PAUSE)  # what another credential sees decides nothing
        return (await self._settle(held, create, monotonic() + self._timing.upstream_timeout)).replayed()

    async def _decided(self, held: Delivery, create: Create) -> Answer:
        """The first final answer; for another credential than the first one's, what that one may see."""
        if held.answer and create.key is not None:
            try:
                return Answer.unpack(unlock(held.answer, create.caller, create.key, held.id))
            except Sealed:
                pass
        if held.reason == "outcome-unknown":
            raise refusals.unknown(None)
        exists = held.reason == "customer-exists"
        if exists and held.customer_id and held.owner == self._hashes.owner(create.caller):
            raise refusals.customer_exists(held.customer_id)
        found = await self._carrier.lookup.fetch(create, held.customer_id) if held.customer_id else None
        if found is None:
            raise refusals.key_taken()
        if exists:
            raise refusals.customer_exists(held.customer_id or "")
        return found

    def _new(self, create: Create) -> Delivery:
        now, caller = time(), create.caller
        return Delivery(
            id=new_id(),
            owner=self._hashes.owner(caller),
            upstream=self._ledger.upstream,
            organisation=caller.organisation,
            key=self._hashes.of("key", create.key) if create.key else None,
            key_until=now + KEY_KEPT if create.key else None,
            fingerprint=self._hashes.of("fingerprint", create.fingerprint),
            deferred=False,
            state=State.READY,
            due=now,
            accepted=now,
            updated=now,
        )

    def _sealed(self, delivery: Delivery, create: Create) -> Delivery:
        """In the worker's hands: the request is sealed beside it."""
        return delivery._replace(deferred=True, sealed=self._vault.seal(create.pack()), sealed_by=self._vault.name)

    def _accepted(self, delivery: Delivery) -> Answer:
        """202: it will be delivered."""
        self._nudge()
        body = orjson.dumps({"id": delivery.id, "state": delivery.state, "href": refusals.location(delivery.id)})
        headers = [
            (b"Content-Type", b"application/json"),
            (b"Content-Length", b"%d" % len(body)),
            (b"Location", refusals.location(delivery.id).encode()),
            (b"Preference-Applied", b"respond-async"),
        ]
        return Answer(202, headers, body)

    async def _quietly(self, work: Awaitable[object]) -> None:
        """Write down what the answer does not depend on: what stays unwritten is taken for unknown, and looked up."""
        try:
            await work
        except (StoreUnavailable, LeaseLost) as error:
            structlog.get_logger().warning("a create's outcome was not written down", error=type(error).__name__)


def _frees_key(delivery: Delivery) -> bool:
    """Whether it was not carried out, for a reason that is no verdict on the body: then its key is free again."""
    return delivery.state is State.READY or delivery.reason == "credential-refused"
