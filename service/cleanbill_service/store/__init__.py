"""Where the service keeps what must outlive a request: SQLite by default, PostgreSQL for several replicas.

    store = open_store("sqlite:///cleanbill.db")      # or "postgresql://user@host/name"
    async with store:
        rows = await store.run(lambda connection: connection.rows("SELECT 1 AS one"))

A job is a plain function of a connection. It runs in a transaction of its own and is committed when `run` returns; where the
store is away for a moment it may run more than once, so jobs bring their own ids. All SQL is written once, with `:name` for
parameters, in a form that both databases read.
"""

from cleanbill_service.store.connection import Connection, Database, Row, StoreUnavailable
from cleanbill_service.store.jobs import Store
from cleanbill_service.store.postgres import Postgres
from cleanbill_service.store.probe import Probe
from cleanbill_service.store.sqlite import Sqlite

__all__ = ["Connection", "Probe", "Row", "Store", "StoreUnavailable", "open_store"]


def open_store(url: str) -> Store:
    """The store at this address. Raises ValueError for an address of another kind."""
    return Store(database(url))


def database(url: str) -> Database:
    """The database that an address names."""
    if url.startswith("sqlite:///"):
        return Sqlite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        return Postgres(url)
    raise ValueError("CLEANBILL_DATABASE_URL starts with sqlite:/// or postgresql://")
