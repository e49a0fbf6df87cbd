"""The table of creates whose fate is kept: each method is one transaction."""

# ruff: noqa: S608  names of columns are put into the SQL, never a value

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cleanbill_service.store import Connection, Row, Store

from .state import Delivery, reopened, replayable, taken_over
from .states import State

COLUMNS = Delivery._fields
_NAMES = ", ".join(COLUMNS)
_INSERT = (
    f"INSERT INTO deliveries ({_NAMES}) VALUES ({', '.join(':' + name for name in COLUMNS)})"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_UPDATE = f"UPDATE deliveries SET {', '.join(f'{name} = :{name}' for name in COLUMNS[1:])} WHERE id = :id"
# Whether a job that runs again, because nobody heard of its commit, has done its work already.
_WRITTEN = "SELECT id FROM deliveries WHERE id = :id AND state = :state AND updated = :updated AND lease IS NULL"
_SELECT = f"SELECT {_NAMES} FROM deliveries "
_LANE = "INSERT INTO lanes (organisation, free_at) VALUES (:organisation, 0) ON CONFLICT (organisation) DO NOTHING"


class LeaseLost(Exception):
    """Another hand has taken this create over; leave it alone."""


class NotPossible(Exception):
    """The delivery is not in a state for that."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the worker may do now, and when to ask again: seconds since 1970, None where nothing is planned."""

    taken: list[Delivery]
    next_due: float | None


class Ledger:
    """The deliveries of one store. `upstream` names the Zenskar whose deliveries this process carries."""

    def __init__(self, store: Store, upstream: str) -> None:
        self._store = store
        self.upstream = upstream

    async def admit(self, delivery: Delivery, now: float) -> Delivery:
        """Keep a new create. Gives the one that has its Idempotency-Key already, where there is one."""

        def job(connection: Connection) -> Delivery:
            for _ in range(2):
                if delivery.deferred:
                    connection.rows(_LANE, {"organisation": delivery.organisation})
                if connection.rows(_INSERT, _row(delivery)):
                    return delivery
                found = connection.rows(
                    _SELECT + "WHERE id = :id OR (upstream = :upstream AND organisation = :organisation AND key = :key) "
                    + connection.for_update,
                    _some(delivery, "id", "upstream", "organisation", "key"),
                )  # fmt: skip
                if found and not _expired(first := _delivery(found[0]), now):
                    return first
                for row in found:
                    connection.rows("UPDATE deliveries SET key = NULL, answer = NULL WHERE id = :id", {"id": row["id"]})
            raise LeaseLost

        return await self._store.run(job)

    async def take(self, delivery: Delivery, now: float, lease: str, until: float) -> Delivery:
        """Take over a create whose time has come. Raises LeaseLost where another was quicker."""

        def job(connection: Connection) -> Delivery:
            found = connection.rows(_SELECT + "WHERE id = :id " + connection.for_update, {"id": delivery.id})
            if not found:
                raise LeaseLost
            current = _delivery(found[0])
            if current.lease == lease:
                return current
            if current.final and replayable(current) and current.key == delivery.key:
                current = reopened(current, now)
            if current.final or current.due is None or current.due > now:
                raise LeaseLost
            taken = taken_over(current, now, lease, until)
            connection.rows(_UPDATE, _row(taken))
            return taken

        return await self._store.run(job)

    async def write(self, delivery: Delivery, lease: str) -> None:
        """Write a new state down, in the name of the lease that is held. Raises LeaseLost where another hand has it now."""

        def job(connection: Connection) -> None:
            row = _row(delivery)
            written = connection.rows(_UPDATE + " AND lease = :held RETURNING id", {**row, "held": lease})
            if not written and not connection.rows(_WRITTEN, row):
                raise LeaseLost
            if delivery.deferred:
                connection.rows(_LANE, {"organisation": delivery.organisation})

        await self._store.run(job)

    async def begin(self, delivery: Delivery, lease: str, now: float) -> None:
        """Commit that it is being sent. Raises LeaseLost where the lease has ended."""

        def job(connection: Connection) -> None:
            held = {**_row(delivery), "held": lease, "now": now}
            if not connection.rows(_UPDATE + " AND lease = :held AND due > :now RETURNING id", held):
                raise LeaseLost

        await self._store.run(job)

    async def forget(self, delivery: Delivery, lease: str) -> None:
        """Delete a create that was not carried out, so that its key is free."""

        def job(connection: Connection) -> None:
            connection.rows(
                "DELETE FROM deliveries WHERE id = :id AND lease = :lease", {"id": delivery.id, "lease": lease}
            )

        await self._store.run(job)

    async def claim(
        self, now: float, lease: str, until: float, seals: Iterable[str], *, limit: int, rate: float
    ) -> Claim:
        """Take what is due: in the order in which it became so, from the organisations that waited longest.

        Each organisation has a lane of `rate` steps a second, so that a noisy one does not hold up a quiet one.
        """
        names = {f"seal{number}": name for number, name in enumerate(seals)}
        mine = f"upstream = :upstream AND sealed_by IN ({', '.join(':' + name for name in names)})"
        names["upstream"] = self.upstream
        share = max(1, min(limit, math.ceil(rate / 4)))

        def job(connection: Connection) -> Claim:
            lanes = connection.rows(
                "SELECT organisation, free_at FROM lanes WHERE free_at <= :now AND EXISTS (SELECT 1 FROM deliveries"
                f" WHERE deliveries.organisation = lanes.organisation AND due <= :now AND {mine})"
                f" ORDER BY free_at LIMIT :limit {connection.skip_locked}",
                {"now": now, "limit": limit, **names},
            )
            taken: list[Delivery] = []
            for lane in lanes:
                if len(taken) >= limit:
                    break
                wanted = {"organisation": lane["organisation"], "now": now, "limit": min(share, limit - len(taken))}
                rows = connection.rows(
                    _SELECT + f"WHERE organisation = :organisation AND due <= :now AND {mine}"
                    f" ORDER BY due, id LIMIT :limit {connection.skip_locked}",
                    wanted | names,
                )
                for row in rows:
                    taken.append(taken_over(_delivery(row), now, lease, until))
                    connection.rows(_UPDATE, _row(taken[-1]))
                free_at = max(float(lane["free_at"]), now - 1) + len(rows) / rate
                connection.rows(
                    "UPDATE lanes SET free_at = :free_at WHERE organisation = :organisation",
                    {"free_at": free_at, "organisation": lane["organisation"]},
                )
            return Claim(taken, None if taken else _next_due(connection, mine, names, now))

        return await self._store.run(job)

    async def hold_up(self, organisation: str, until: float) -> None:
        """Let an organisation's lane wait: Zenskar has asked for it."""

        def job(connection: Connection) -> None:
            connection.rows(
                "UPDATE lanes SET free_at = :until WHERE organisation = :organisation AND free_at < :until",
                {"organisation": organisation, "until": until},
            )

        await self._store.run(job)

    async def hand_over(self, delivery: Delivery) -> None:
        """Put what nobody holds into the worker's hands, its request sealed beside it."""

        def job(connection: Connection) -> None:
            connection.rows(
                "UPDATE deliveries SET deferred = 1, sealed = :sealed, sealed_by = :sealed_by"
                " WHERE id = :id AND lease IS NULL AND state = 'unknown'",
                _some(delivery, "id", "sealed", "sealed_by"),
            )
            connection.rows(_LANE, {"organisation": delivery.organisation})

        await self._store.run(job)

    async def get(self, delivery_id: str, owner: str | None) -> Delivery | None:
        """One delivery of this owner, or of anyone for None."""

        def job(connection: Connection) -> list[Row]:
            return connection.rows(_SELECT + "WHERE id = :id", {"id": delivery_id})

        rows = await self._store.run(job)
        found = _delivery(rows[0]) if rows else None
        return found if found and owner in (None, found.owner) else None

    async def page(
        self, owner: str | None, state: str | None, *, before: tuple[float, str] | None, limit: int
    ) -> list[Delivery]:
        """Deliveries that the worker has carried or carries, newest first, from a place in that order on."""
        where, wanted = ["deferred = 1"], dict[str, object](limit=limit)
        for name, value in (("owner", owner), ("state", state)):
            if value is not None:
                where.append(f"{name} = :{name}")
                wanted[name] = value
        if before is not None:
            where.append("(accepted < :accepted OR (accepted = :accepted AND id < :id))")
            wanted |= {"accepted": before[0], "id": before[1]}
        sql = _SELECT + f"WHERE {' AND '.join(where)} ORDER BY accepted DESC, id DESC LIMIT :limit"

        def job(connection: Connection) -> list[Row]:
            return connection.rows(sql, wanted)

        return [_delivery(row) for row in await self._store.run(job)]

    async def replay(self, delivery_id: str, now: float) -> Delivery:
        """Set a dead letter going again. Raises NotPossible for everything else, and where its request is gone."""

        def job(connection: Connection) -> Delivery:
            found = connection.rows(_SELECT + "WHERE id = :id " + connection.for_update, {"id": delivery_id})
            current = _delivery(found[0]) if found else None
            if current is None or not replayable(current) or current.sealed is None:
                raise NotPossible
            again = reopened(current, now)
            connection.rows(_UPDATE, _row(again))
            connection.rows(_LANE, {"organisation": again.organisation})
            return again

        return await self._store.run(job)

    async def cancel(self, delivery_id: str, now: float) -> None:
        """Cancel what was never sent. Raises NotPossible for everything else."""

        def job(connection: Connection) -> None:
            cancelled = connection.rows(
                "UPDATE deliveries SET state = 'cancelled', due = NULL, key = NULL, sealed = NULL, sealed_by = NULL,"
                " updated = :now WHERE id = :id AND state = 'ready' AND attempts = 0 AND lease IS NULL RETURNING id",
                {"id": delivery_id, "now": now},
            )
            if not cancelled:
                raise NotPossible

        await self._store.run(job)

    async def purge(self, now: float, kept: float, give_up_after: float) -> None:
        """Delete what was decided `kept` seconds ago; give keys back whose day is over, with the answers under them.

        What nobody has taken up for `give_up_after` seconds, because nobody can open its seal, is a dead letter.
        """

        def job(connection: Connection) -> None:
            connection.rows(
                "UPDATE deliveries SET state = 'dead', reason = 'gave-up', due = NULL, lease = NULL, updated = :now,"
                " unknown_since = CASE state WHEN 'sending' THEN due ELSE unknown_since END WHERE due < :before",
                {"now": now, "before": now - give_up_after},
            )
            connection.rows(
                "DELETE FROM deliveries WHERE state IN ('done', 'dead', 'cancelled') AND updated < :before",
                {"before": now - kept},
            )
            connection.rows(
                "UPDATE deliveries SET key = NULL, answer = NULL"
                " WHERE key_until < :now AND key IS NOT NULL AND state IN ('done', 'dead')",
                {"now": now},
            )
            connection.rows(
                "DELETE FROM deliveries WHERE deferred = 0 AND key IS NULL AND state IN ('done', 'dead')"
                " OR deferred = 0 AND key_until < :now AND due < :now",
                {"now": now},
            )

        await self._store.run(job)


def _next_due(connection: Connection, mine: str, names: Mapping[str, str], now: float) -> float | None:
    found = connection.rows(
        f"SELECT min(due) AS due FROM deliveries WHERE due > :now AND {mine}", {"now": now, **names}
    )
    due = found[0]["due"]
    return None if due is None else float(due)


def _expired(delivery: Delivery, now: float) -> bool:
    return delivery.final and delivery.key_until is not None and delivery.key_until < now


def _row(delivery: Delivery) -> dict[str, Any]:
    return delivery._asdict() | {"deferred": int(delivery.deferred), "state": str(delivery.state)}


def _some(delivery: Delivery, *names: str) -> dict[str, Any]:
    return {name: getattr(delivery, name) for name in names}


def _delivery(row: Row) -> Delivery:
    binary = {name: bytes(row[name]) for name in ("answer", "sealed") if row[name] is not None}
    return Delivery(**{**row, **binary, "deferred": bool(row["deferred"]), "state": State(row["state"])})
