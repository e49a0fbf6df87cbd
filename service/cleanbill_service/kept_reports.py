"""Reports of the gateway's checks, kept for a while: rules, pointers, levels, fixes and what was applied, never a value."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from time import time
from typing import NamedTuple

import structlog

from cleanbill import Finding, Report
from cleanbill.report import Verdict

from .answers import to_json
from .caller import Caller
from .store import Connection, Row, Store, StoreUnavailable
from .vault import Hashes, new_id

MOST_WAITING = 10_000  # reports that wait for a database that is away; further ones are not kept
GATHER = 0.05  # seconds for which reports are gathered for one commit
PURGE_EVERY = 600.0  # seconds


class _Made(NamedTuple):
    """A report that is not written yet."""

    id: str
    caller: Caller
    at: float
    verdict: Verdict
    findings: Sequence[Finding]

    def row(self, hashes: Hashes) -> Row:
        """What is kept of it."""
        body = to_json([_without_values(finding) for finding in self.findings]).decode()
        owner = hashes.owner(self.caller)
        return {"id": self.id, "owner": owner, "made": self.at, "verdict": self.verdict, "body": body}


class KeptReports:
    """Reports by id, readable with the organisation and the credential of the request that they were made for."""

    def __init__(self, store: Store, hashes: Hashes, kept: float) -> None:
        self._store = store
        self._hashes = hashes
        self._kept = kept
        self._waiting: dict[str, _Made] = {}
        self._come = asyncio.Event()
        self._stopping = False

    def keep(self, caller: Caller, report: Report) -> str:
        """Keep what a report found; gives its id at once. It is written behind the caller's back."""
        report_id = new_id()
        if len(self._waiting) < MOST_WAITING:
            self._waiting[report_id] = _Made(report_id, caller, time(), report.verdict, report.findings)
            self._come.set()
        return report_id

    async def get(self, caller: Caller, report_id: str) -> dict[str, object] | None:
        """A kept report; None where there is none for this caller."""

        def job(connection: Connection) -> list[Row]:
            return connection.rows("SELECT * FROM reports WHERE id = :id", {"id": report_id})

        made = self._waiting.get(report_id)
        row = made.row(self._hashes) if made else next(iter(await self._store.run(job)), None)
        if row is None or row["owner"] != self._hashes.owner(caller) or row["made"] < time() - self._kept:
            return None
        return {"id": row["id"], "verdict": row["verdict"], "findings": json.loads(row["body"])}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write what is kept for the length of the block; at its end all of it is written."""
        writing, tidying = asyncio.create_task(self._write()), asyncio.create_task(self._tidy())
        try:
            yield
        finally:
            self._stopping = True
            self._come.set()
            tidying.cancel()
            await asyncio.gather(writing, tidying, return_exceptions=True)

    async def _write(self) -> None:
        while not self._stopping or self._waiting:
            if not self._waiting:
                self._come.clear()
                await self._come.wait()
            taken = list(self._waiting.values())
            try:
                await self._store.run(lambda connection, taken=taken: self._insert(connection, taken))  # type: ignore[misc]
            except StoreUnavailable as error:
                structlog.get_logger().warning("reports are not kept for now", error=type(error).__name__)
                if self._stopping:
                    return
                await asyncio.sleep(1)
                continue
            except Exception as error:  # noqa: BLE001  these cannot be written, but the next ones can
                structlog.get_logger().error("reports are lost", error=type(error).__name__)
            for made in taken:
                del self._waiting[made.id]
            if not self._stopping:
                await asyncio.sleep(GATHER)

    def _insert(self, connection: Connection, taken: Iterable[_Made]) -> None:
        connection.many(
            "INSERT INTO reports (id, owner, made, verdict, body) VALUES (:id, :owner, :made, :verdict, :body)"
            " ON CONFLICT (id) DO NOTHING",
            [made.row(self._hashes) for made in taken],
        )

    async def _tidy(self) -> None:
        while True:
            before = {"before": time() - self._kept}
            try:
                await self._store.run(lambda c, b=before: c.rows("DELETE FROM reports WHERE made < :before", b))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001  whatever it is, there is a next time
                structlog.get_logger().warning("old reports stay for now", error=type(error).__name__)
            await asyncio.sleep(PURGE_EVERY)


def _without_values(finding: Finding) -> dict[str, object]:
    """What a finding says, and where, with none of the values."""
    return {
        "rule": finding.rule,
        "pointer": finding.pointer,
        "level": finding.level,
        "message": finding.message,
        "fix": finding.fix,
        "applied": finding.applied,
        "edits": [{"op": edit.op, "pointer": edit.pointer} for edit in finding.edits],
        "help": finding.help,
    }
