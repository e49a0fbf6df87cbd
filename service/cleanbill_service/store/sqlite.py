"""SQLite: one file, one writing thread, and a commit that is on the disk when it returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from .connection import Connection, Row


class Sqlite:
    """The database in one file, made where it is missing."""

    failures: tuple[type[Exception], ...] = (sqlite3.OperationalError,)
    threads = 1
    batch = 128

    def __init__(self, path: str) -> None:
        self._path = path

    def connect(self) -> Connection:
        """Open the file: write-ahead log, synchronous FULL."""
        return _SqliteConnection(self._path)


class _SqliteConnection:
    skip_locked = ""  # there is one writer at a time
    for_update = ""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        return [dict(row) for row in self._connection.execute(sql, dict(parameters or {}))]

    def many(self, sql: str, parameters: Sequence[Mapping[str, object]]) -> None:
        self._connection.executemany(sql, parameters)

    def begin(self, *, alone: bool = False) -> None:
        self._connection.execute("BEGIN EXCLUSIVE" if alone else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()
