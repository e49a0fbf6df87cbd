"""Takes the steps that are due, for every create that nobody waits for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time

import structlog

from cleanbill_service.store import StoreUnavailable
from cleanbill_service.vault import Sealed, Vault, new_id

from .breaker import Breaker
from .carrier import Carrier
from .create import Create
from .ledger import Claim, LeaseLost, Ledger
from .state import Delivery, Timing
from .states import State

AT_ONCE = 32  # steps under way
IDLE = (
    0.5  # seconds between two looks at the table where nothing is planned; another replica may have accepted something
)
PURGE_EVERY = 600.0  # seconds


class Worker:
    """One worker of this process; several processes share a table by leases. `rate` is steps a second and organisation."""

    def __init__(
        self,
        carrier: Carrier,
        ledger: Ledger,
        breaker: Breaker,
        *,
        vault: Vault,
        timing: Timing,
        rate: float,
        kept: float,
    ) -> None:
        self._carrier = carrier
        self._ledger = ledger
        self._breaker = breaker
        self._vault = vault
        self._timing = timing
        self._rate = rate
        self._kept = kept
        self._steps: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        """There is something to do."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work for the length of the block; at its end the steps under way are finished."""
        tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._tidy())]
        try:
            yield
        finally:
            self._stopping = True
            self.nudge()
            await tasks[0]
            tasks[1].cancel()
            await asyncio.gather(*tasks, *self._steps, return_exceptions=True)

    async def _work(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                claim = await self._claim()
            except Exception as error:  # noqa: BLE001  whatever it is, deliveries go on when it is over
                structlog.get_logger().warning("deliveries wait for the database", error=type(error).__name__)
                claim = Claim([], None)
            for delivery in claim.taken:
                step = asyncio.create_task(self._step(delivery))
                self._steps.add(step)
                step.add_done_callback(self._stepped)
            if not claim.taken:
                pause = IDLE if claim.next_due is None else min(max(claim.next_due - time(), 0.01), IDLE)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), max(pause, min(self._breaker.wait(), IDLE)))

    async def _claim(self) -> Claim:
        free = AT_ONCE - len(self._steps)
        if free <= 0 or self._breaker.wait():
            return Claim([], None)
        now = time()
        limit = 1 if self._breaker.is_open else free
        return await self._ledger.claim(
            now, new_id(), now + self._timing.lease, self._vault.names, limit=limit, rate=self._rate
        )

    def _stepped(self, step: asyncio.Task[None]) -> None:
        self._steps.discard(step)
        self.nudge()
        if not step.cancelled() and (error := step.exception()):
            structlog.get_logger().error("a delivery's step failed", error=type(error).__name__)

    async def _step(self, delivery: Delivery) -> None:
        with contextlib.suppress(LeaseLost, StoreUnavailable):  # whoever takes it over looks it up first
            try:
                create = Create.unpack(self._vault.open(delivery.sealed or b""))
            except Sealed:
                dead = delivery._replace(state=State.DEAD, reason="seal-broken", due=None, updated=time())
                await self._carrier.write(delivery, dead)
                return
            after, outcome = await self._carrier.step(delivery, create)
            await self._carrier.write(delivery, after)
            if outcome and outcome.kind == "later" and outcome.retry_after:
                await self._ledger.hold_up(delivery.organisation, time() + outcome.retry_after)

    async def _tidy(self) -> None:
        while True:
            try:
                await self._ledger.purge(time(), self._kept, self._timing.give_up_after)
            except Exception as error:  # noqa: BLE001  whatever it is, there is a next time
                structlog.get_logger().warning("old deliveries stay for now", error=type(error).__name__)
            await asyncio.sleep(PURGE_EVERY)
