"""The entrance: one create comes in, one answer goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic, time
from typing import NoReturn

import orjson
import structlog

from cleanbill_service.store import StoreUnavailable
from cleanbill_service.vault import Hashes, Sealed, Vault, new_id, unlock

from . import refusals
from .carrier import Carrier
from .create import Answered, Create
from .ledger import LeaseLost, Ledger
from .outcome import Outcome
from .state import Delivery, Timing, replayable, sending
from .states import State

KEY_KEPT = 24 * 3600.0  # seconds for which a repeat is known by its Idempotency-Key
LONGEST_KEY = 255


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
        self._under_way: set[asyncio.Task[Answered]] = set()

    async def send(self, create: Create) -> Answered:
        """Send a create and give its answer. A caller who leaves does not stop it. Raises Problem."""
        task = asyncio.create_task(self._send(create))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait for everything that is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _ended(self, task: asyncio.Task[Answered]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # its caller has it, if there is still one

    async def _send(self, create: Create) -> Answered:
        if create.key is not None and not (1 <= len(create.key) <= LONGEST_KEY and create.key.isprintable()):
            raise refusals.key_malformed()
        if create.key is None and create.options.external_id_is_key and create.external_id:
            create = replace(create, key=f"external_id {create.external_id}")
        try:
            if create.respond_async:
                return await self._accept(create)
            if create.key is None:
                return await self._first(self._new(create), create, kept=False)
            lease, begun = new_id(), time()
            delivery = replace(sending(self._new(create), begun, begun + self._timing.lease), lease=lease)
            held = await self._ledger.admit(delivery, begun)
        except StoreUnavailable:
            raise refusals.store_unavailable() from None
        except LeaseLost:
            raise refusals.under_way(1) from None
        if held.id != delivery.id:
            return await self._repeat(held, create)
        return await self._first(delivery, create, kept=True)

    async def _accept(self, create: Create) -> Answered:
        """Take a create for later."""
        if not self._vault.durable:
            raise refusals.async_refused()
        delivery = self._sealed(self._new(create), create)
        held = await self._ledger.admit(delivery, time())
        if held.id != delivery.id:
            return await self._repeat(held, create)
        return self._accepted(delivery)

    async def _first(self, delivery: Delivery, create: Create, *, kept: bool) -> Answered:
        """The first POST. What has no key is kept only where its outcome is not known."""
        deadline = monotonic() + self._timing.upstream_timeout
        if not kept:
            begun = time()
            delivery = replace(sending(delivery, begun, begun + self._timing.lease), lease=new_id())
        if create.options.duplicate_check and create.identifiable:
            await self._refuse_duplicate(delivery, create, kept=kept)
        try:
            after, outcome = await self._carrier.post(delivery, create)
        except LeaseLost:
            raise (refusals.under_way(1) if kept else refusals.never_sent(None)) from None
        if not kept:
            if after.state is not State.UNKNOWN:
                return await self._answer(after, create, outcome, kept=False)
            try:
                await self._ledger.admit(replace(after, lease=None), time())
            except StoreUnavailable:
                raise refusals.unknown(None) from None
        elif not _frees_key(after):
            await self._quietly(self._carrier.write(delivery, after))
        if after.state is State.UNKNOWN:
            return await self._settle(after, create, deadline, outcome)
        return await self._answer(replace(after, lease=delivery.lease), create, outcome, kept=kept)

    async def _refuse_duplicate(self, delivery: Delivery, create: Create, *, kept: bool) -> None:
        """Raise Problem 409 where Zenskar has a customer with this external_id or e-mail already."""
        if existing := await self._carrier.lookup.existing(create):
            if kept:
                await self._quietly(self._ledger.forget(delivery, delivery.lease or ""))
            raise refusals.customer_exists(existing)

    async def _settle(
        self, delivery: Delivery, create: Create, deadline: float, first: Outcome | None = None
    ) -> Answered:
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
                if not _frees_key(after):
                    await self._carrier.write(taken, after)
            except LeaseLost:
                raise refusals.under_way(1) from None
            except StoreUnavailable:
                raise refusals.unknown(delivery.id) from None
            if after.state is not State.UNKNOWN:
                return await self._answer(replace(after, lease=taken.lease), create, outcome or last, kept=True)
            delivery, looked, last = replace(after, lease=None), True, outcome or last

    async def _hand_over(self, delivery: Delivery, create: Create) -> NoReturn:
        """Leave the settling to the worker, and tell the caller where to look."""
        await self._quietly(self._ledger.hand_over(self._sealed(delivery, create)))
        self._nudge()
        raise refusals.unknown(delivery.id)

    async def _answer(self, delivery: Delivery, create: Create, outcome: Outcome | None, *, kept: bool) -> Answered:
        """What the caller gets, now that the fate is known."""
        answer = outcome.told if outcome else None
        if _frees_key(delivery):
            if outcome and outcome.kind == "never-sent" and create.options.accept_on_outage:
                return await self._accept_after_all(delivery, create, kept=kept)
            if kept:
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

    async def _accept_after_all(self, delivery: Delivery, create: Create, *, kept: bool) -> Answered:
        later = self._sealed(delivery, create)
        try:
            if kept:
                await self._carrier.write(delivery, later)
            else:
                await self._ledger.admit(replace(later, lease=None), time())
        except (LeaseLost, StoreUnavailable):
            raise refusals.store_unavailable() from None
        return self._accepted(later)

    async def _repeat(self, held: Delivery, create: Create) -> Answered:
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
        return (await self._settle(held, create, monotonic() + self._timing.upstream_timeout)).replayed()

    async def _decided(self, held: Delivery, create: Create) -> Answered:
        """The first final answer; for another credential than the first one's, what that one may see."""
        if held.answer and create.key is not None:
            try:
                return Answered.unpack(unlock(held.answer, create.caller, create.key, held.id))
            except Sealed:
                pass
        if held.reason == "outcome-unknown":
            raise refusals.unknown(None)
        if held.reason == "customer-exists" and held.customer_id:
            raise refusals.customer_exists(held.customer_id)
        found = await self._carrier.lookup.fetch(create, held.customer_id) if held.customer_id else None
        if found is None:
            raise refusals.key_taken()
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
        return replace(delivery, deferred=True, sealed=self._vault.seal(create.pack()), sealed_by=self._vault.name)

    def _accepted(self, delivery: Delivery) -> Answered:
        """202: it will be delivered."""
        self._nudge()
        body = orjson.dumps({"id": delivery.id, "state": delivery.state, "href": refusals.location(delivery.id)})
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Location", refusals.location(delivery.id)),
            ("Preference-Applied", "respond-async"),
        ]
        return Answered(202, headers, body)

    async def _quietly(self, work: Awaitable[object]) -> None:
        """Write down what the answer does not depend on: what stays unwritten is taken for unknown, and looked up."""
        try:
            await work
        except (StoreUnavailable, LeaseLost) as error:
            structlog.get_logger().warning("a create's outcome was not written down", error=type(error).__name__)


def _frees_key(delivery: Delivery) -> bool:
    """Whether it was not carried out, for a reason that is no verdict on the body: then its key is free again."""
    return delivery.state is State.READY or delivery.reason == "credential-refused"
