"""Whether the store can be used right now."""

from __future__ import annotations

import asyncio
from time import time

from .connection import Connection
from .jobs import Store

WITHIN = 2.0  # seconds; orchestrators wait little longer


class Probe:
    """Tries the store by writing to it. Those who ask at the same time share one write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writing: asyncio.Task[bool] | None = None

    async def usable(self) -> bool:
        """Whether what is written now is durable within a moment."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        done, _ = await asyncio.wait([self._writing], timeout=WITHIN)
        return any(task.result() for task in done)

    async def _write(self) -> bool:
        try:
            await self._store.run(_beat)
        except Exception:  # noqa: BLE001  whatever it is, nothing was written
            return False
        return True


def _beat(connection: Connection) -> None:
    connection.rows(
        "INSERT INTO heartbeats (name, beat) VALUES ('probe', :now) ON CONFLICT (name) DO UPDATE SET beat = excluded.beat",
        {"now": time()},
    )
