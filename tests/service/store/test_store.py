"""The store alone: transactions, versions, many at once."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cleanbill_service.store import Connection, Store, StoreUnavailable, open_store
from cleanbill_service.store import jobs as jobs_module
from cleanbill_service.store.migrations import SchemaTooNew

T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


def using(url: str, work: Callable[[Store], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_store(url) as store:
            return await work(store)

    return asyncio.run(run())


def add(name: str) -> Callable[[Connection], None]:
    def job(connection: Connection) -> None:
        connection.rows("INSERT INTO lanes (organisation, free_at) VALUES (:name, 0)", {"name": name})

    return job


def names(connection: Connection) -> set[str]:
    return {row["organisation"] for row in connection.rows("SELECT organisation FROM lanes")}


def test_schema_is_made_once_and_kept(url: str) -> None:
    using(url, lambda store: store.run(add("kept")))
    assert "kept" in using(url, lambda store: store.run(names))


def test_many_may_open_an_empty_store_at_once(url: str) -> None:
    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(open_and_close())

    async def open_and_close() -> None:
        async with open_store(url) as store:
            await store.run(names)

    asyncio.run(run())


def test_job_that_fails_leaves_the_others_alone(url: str) -> None:
    def spoilt(connection: Connection) -> None:
        add("spoilt")(connection)
        raise LookupError

    async def work(store: Store) -> tuple[list[object], set[str]]:
        jobs = [store.run(spoilt if number == 5 else add(f"n{number}")) for number in range(10)]
        return await asyncio.gather(*jobs, return_exceptions=True), await store.run(names)

    results, found = using(url, work)
    assert [type(result) for result in results].count(LookupError) == 1
    assert found >= {f"n{number}" for number in range(10) if number != 5}
    assert "spoilt" not in found


def test_store_of_a_newer_cleanbill_is_left_alone(tmp_path: Path) -> None:
    path = f"{tmp_path}/newer.db"
    using(f"sqlite:///{path}", lambda store: store.run(names))
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO schema_version VALUES (9999)")
    connection.close()
    with pytest.raises(SchemaTooNew):
        using(f"sqlite:///{path}", lambda store: store.run(names))


def test_store_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        using(f"sqlite:///{tmp_path}/no/such/folder.db", lambda store: store.run(names))
    with pytest.raises(ValueError, match="sqlite:/// or postgresql://"):
        open_store("mysql://localhost")


def test_database_that_goes_away_for_good_is_said_to_be_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "PATIENCE", 0.1)

    def failing(_: Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(StoreUnavailable, match="OperationalError"):
        using(f"sqlite:///{tmp_path}/store.db", lambda store: store.run(failing))
