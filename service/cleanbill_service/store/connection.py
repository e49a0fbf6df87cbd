"""What the store wants of a database, and what a job may do with a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class StoreUnavailable(Exception):
    """The database cannot be reached or cannot write; whether the job was committed is not known."""


class Connection(Protocol):
    """An open database connection inside a transaction."""

    skip_locked: str  # the clause that passes over rows which another replica holds
    for_update: str  # the clause that waits for them

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement; gives the rows that it returns."""

    def many(self, sql: str, parameters: Sequence[Mapping[str, object]]) -> None:
        """Run one statement for each set of parameters."""

    def begin(self, *, alone: bool = False) -> None:
        """Start a transaction; `alone` keeps every other process out that starts one so."""

    def commit(self) -> None:
        """Make the transaction durable."""

    def rollback(self) -> None:
        """Undo the transaction."""

    def close(self) -> None:
        """End the connection."""


class Database(Protocol):
    """A kind of database: how to connect, and how its connections are best used."""

    failures: tuple[type[Exception], ...]  # what its driver raises where the database is away, full or too busy
    threads: int  # connections at once
    batch: int  # jobs that share one commit

    def connect(self) -> Connection:
        """Open a connection."""
