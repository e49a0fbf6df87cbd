"""Everything that creating customers needs, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from cleanbill_service.kept_reports import KeptReports
from cleanbill_service.settings import Settings
from cleanbill_service.store import Probe, open_store
from cleanbill_service.under_way import UnderWay
from cleanbill_service.upstream import Upstream
from cleanbill_service.vault import Hashes, Vault, load_hashes

from .breaker import Breaker
from .carrier import Carrier
from .creates import Creates
from .ledger import Ledger
from .state import Timing
from .worker import Worker


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes use."""

    creates: Creates
    ledger: Ledger
    reports: KeptReports
    hashes: Hashes
    worker: Worker
    probe: Probe
    under_way: UnderWay


def timing_of(settings: Settings) -> Timing:
    """How long things take under these settings."""
    settle_after = settings.settle_after
    return Timing(
        upstream_timeout=settings.upstream_timeout,
        settle_after=2 * settings.upstream_timeout if settle_after is None else settle_after,
        give_up_after=settings.give_up_after,
    )


@asynccontextmanager
async def open_desk(settings: Settings, upstream: Upstream) -> AsyncIterator[Desk]:
    """Open the store and start the worker. Raises StoreUnavailable, and ValueError for settings that cannot be used."""
    vault = Vault(settings.encryption_keys())
    timing = timing_of(settings)
    async with open_store(settings.database_url.get_secret_value()) as store:
        hashes = await store.run(load_hashes)
        ledger = Ledger(store, str(settings.zenskar_url))
        breaker = Breaker()
        carrier = Carrier(ledger, upstream, breaker, timing)
        worker = Worker(
            carrier,
            ledger,
            breaker,
            vault=vault,
            timing=timing,
            rate=settings.deliveries_per_second,
            kept=settings.deliveries_kept,
        )
        creates = Creates(
            carrier,
            ledger,
            vault=vault,
            hashes=hashes,
            timing=timing,
            nudge=worker.nudge,
        )
        reports = KeptReports(store, hashes, settings.reports_kept)
        async with reports.running(), worker.running():
            under_way = UnderWay()
            yield Desk(creates, ledger, reports, hashes, worker, Probe(store), under_way)
            await under_way.drain()
