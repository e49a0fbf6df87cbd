"""Jobs on their way to the database: threads that own a connection each, and commit many jobs at once."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self, TypeAlias, TypeVar

from .connection import Connection, Database, StoreUnavailable
from .migrations import migrate

T = TypeVar("T")

Jobs: TypeAlias = "queue.SimpleQueue[_Job | None]"

PATIENCE = 10.0  # seconds for which a job waits for a database that went away


class _Job(NamedTuple):
    """What is to be done, and where whoever asked for it waits."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]

    def settle(self, result: object) -> None:
        """Give the result, or raise it where it is an exception, to the one who asked."""
        if self.future.done():
            return
        if isinstance(result, Exception):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


def _settle(jobs: Sequence[_Job], results: Sequence[object]) -> None:
    for job, result in zip(jobs, results, strict=True):
        job.settle(result)


class Store:
    """A database for use from asyncio. It is open inside `async with`, with its schema up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: Jobs = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._prepare)
        loop = asyncio.get_running_loop()
        for _ in range(self._database.threads):
            writer = _Writer(self._database, self._jobs, loop)
            thread = threading.Thread(target=writer.run, daemon=True, name="store")
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
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, future))
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


class _Raised(Exception):
    """A job's own error, which belongs to the one who asked for the job."""

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.error = error


class _Writer:
    """One thread: takes what is waiting, runs it, commits once."""

    def __init__(self, database: Database, jobs: Jobs, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._jobs = jobs
        self._loop = loop
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
        """Commit the jobs together; where one of them raises, each by itself."""
        try:
            self._settle(batch, self._persistently(lambda: self._together(batch)))
        except _Raised as raised:
            if len(batch) == 1:
                self._settle(batch, [raised.error])
                return
            for job in batch:
                self._commit([job])
        except StoreUnavailable as error:
            self._settle(batch, [error] * len(batch))

    def _persistently(self, attempt: Callable[[], list[object]]) -> list[object]:
        """The results of an attempt, made again and again while the database is away. Raises StoreUnavailable."""
        end, pause = time.monotonic() + PATIENCE, 0.05
        while True:
            try:
                return attempt()
            except _Raised:
                raise
            except Exception as error:  # noqa: BLE001  a broken database must not end the thread
                self._drop()
                if not isinstance(error, self._database.failures) or time.monotonic() > end:
                    raise StoreUnavailable(f"the database failed ({type(error).__name__})") from None
                time.sleep(pause)
                pause = min(pause * 2, 1)

    def _together(self, batch: list[_Job]) -> list[object]:
        """The results of these jobs in one transaction. Raises _Raised, with nothing changed, where one of them raises."""
        connection = self._open = self._open or self._database.connect()
        connection.begin()
        try:
            results: list[object] = [job.work(connection) for job in batch]
        except self._database.failures:
            raise
        except Exception as error:  # noqa: BLE001  it belongs to the one who asked for the job
            connection.rollback()
            raise _Raised(error) from None
        connection.commit()
        return results

    def _settle(self, batch: list[_Job], results: list[object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(_settle, batch, results)

    def _drop(self) -> None:
        if self._open:
            with contextlib.suppress(*self._database.failures):
                self._open.close()
        self._open = None
