"""PostgreSQL, for several replicas: rows that another one holds are passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from .connection import Connection, Row

try:
    import psycopg
    from psycopg.rows import dict_row
except ModuleNotFoundError:  # pragma: no cover  the extra is not installed
    FAILURES: tuple[type[Exception], ...] = ()
else:
    # InternalError: among others, a server that only reads after a failover.
    FAILURES = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)

MIGRATING = 0x636C6E62  # the advisory lock of those who migrate


class Postgres:
    """The database at a `postgresql://` address; it commits for many connections at once by itself."""

    failures = FAILURES
    threads = 8
    batch = 1

    def __init__(self, url: str) -> None:
        if not FAILURES:
            raise ValueError("PostgreSQL needs the extra: pip install 'cleanbill[postgres]'")
        self._url = url

    def connect(self) -> Connection:
        """Open a connection."""
        connection = psycopg.connect(self._url, autocommit=True, row_factory=dict_row, connect_timeout=5)
        return _PostgresConnection(connection)


class _PostgresConnection:
    skip_locked = "FOR UPDATE SKIP LOCKED"
    for_update = "FOR UPDATE"

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        cursor = self._connection.execute(_spelt(sql), parameters)
        return list[Row](cursor.fetchall()) if cursor.description else []

    def many(self, sql: str, parameters: Sequence[Mapping[str, object]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_spelt(sql), parameters)

    def begin(self, *, alone: bool = False) -> None:
        self._connection.execute("BEGIN")
        if alone:
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


@cache
def _spelt(sql: str) -> str:
    """Parameters as psycopg writes them: `:name` is `%(name)s`."""
    return re.sub(r":([a-z_]\w*)", r"%(\1)s", sql)
