"""Jobs on their way to the database: threads that own a connection each, and commit many jobs at once."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from .connection import Connection, Database, StoreUnavailable
from .migrations import migrate

T = TypeVar("T")

PATIENCE = 10.0  # seconds for which a job waits for a database that went away


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]

    def settle(self, result: object) -> None:
        """Give the result, or raise it where it is an exception, in the thread that asked."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self.loop.call_soon_threadsafe(self._settle, result)

    def _settle(self, result: object) -> None:
        if self.future.done():
            return
        if isinstance(result, Exception):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


class Store:
    """A database for use from asyncio. It is open inside `async with`, with its schema up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._prepare)
        for _ in range(self._database.threads):
            thread = threading.Thread(target=_Writer(self._database, self._jobs).run, daemon=True, name="store")
            thread.start()
            self._threads.append(thread)
        return self

    async def __aexit__(self, *_: object) -> None:
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._threads.clear()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run a job in a transaction and wait until it is durable. Raises StoreUnavailable, and what the job raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, future))
        return await future

    def _prepare(self) -> None:
        try:
            connection = self._database.connect()
            try:
                migrate(connection)
            finally:
                connection.close()
        except self._database.failures as error:
            raise StoreUnavailable(f"the database cannot be opened ({type(error).__name__})") from None


class _Writer:
    """One thread: takes what is waiting, runs it, commits once."""

    def __init__(self, database: Database, jobs: queue.SimpleQueue[_Job | None]) -> None:
        self._database = database
        self._jobs = jobs
        self._open: Connection | None = None

    def run(self) -> None:
        """Work until the queue gives None."""
        last = False
        while not last:
            batch, last = self._next()
            if batch:
                self._commit(batch)
        if self._open:
            self._open.close()

    def _next(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == self._database.batch:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[_Job]) -> None:
        end, pause = time.monotonic() + PATIENCE, 0.05
        while True:
            try:
                results = self._attempt(batch)
            except self._database.failures as error:
                self._drop()
                if time.monotonic() > end:
                    reason = StoreUnavailable(f"the database failed ({type(error).__name__})")
                    for job in batch:
                        job.settle(reason)
                    return
                time.sleep(pause)
                pause = min(pause * 2, 1)
            except Exception as error:  # noqa: BLE001  a broken database must not end the thread
                self._drop()
                for job in batch:
                    job.settle(StoreUnavailable(f"the database failed ({type(error).__name__})"))
                return
            else:
                for job, result in zip(batch, results, strict=True):
                    job.settle(result)
                return

    def _attempt(self, batch: list[_Job]) -> list[object]:
        connection = self._open = self._open or self._database.connect()
        connection.begin()
        results = [self._run(connection, job, alone=len(batch) == 1) for job in batch]
        connection.commit()
        return results

    def _run(self, connection: Connection, job: _Job, *, alone: bool) -> object:
        """The job's result or its error; a job that raises leaves the others of its batch untouched."""
        if not alone:
            connection.rows("SAVEPOINT job")
        try:
            result: object = job.work(connection)
        except self._database.failures:
            raise
        except Exception as error:  # noqa: BLE001  it belongs to the one who asked for the job
            if alone:
                connection.rollback()
                connection.begin()
                return error
            connection.rows("ROLLBACK TO SAVEPOINT job")
            result = error
        if not alone:
            connection.rows("RELEASE SAVEPOINT job")
        return result

    def _drop(self) -> None:
        if self._open:
            with contextlib.suppress(*self._database.failures):
                self._open.close()
        self._open = None
