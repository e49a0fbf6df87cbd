"""The policies in force: those of the policy file, read again when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from cleanbill import Policies

LOOK_EVERY = 1.0  # seconds from one look at the file to the next

Stamp = tuple[int, int, int]
T = TypeVar("T")


class LivePolicies(Generic[T]):
    """The policies in force, in `current`. It is replaced as a whole, so what a request has taken of it stays as it was.

    `prepare` is run on policies before they count, and may refuse them with a PolicyError; `prepared` is what it made of those in
    force. A file that cannot be used changes nothing; `refused` then says where it is wrong, None while the file is in force.
    Raises PolicyError where the first file cannot be used, and OSError where it cannot be read.
    """

    def __init__(self, file: Path | None, prepare: Callable[[Policies], T]) -> None:
        self._file = file
        self._prepare = prepare
        self._used = self._seen = self._stamp()
        self.current, self.prepared = self._read()
        self.refused: str | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after the file for the length of the block."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        while self._file:
            await asyncio.sleep(LOOK_EVERY)
            await asyncio.to_thread(self._look)

    def _look(self) -> None:
        """Use the file where it has changed since it was used, and not since the last look: it may be half written."""
        before, self._seen = self._seen, self._stamp()
        if self._seen == self._used or self._seen != before:
            return
        self._used = self._seen
        try:
            self.current, self.prepared = self._read()
        except Exception as error:  # noqa: BLE001  whatever it is, the policies in force stay
            line, kind = getattr(error, "line", None), type(error).__name__
            self.refused = f"line {line}" if line else f"the whole file ({kind})"
            told = {"line": line} if line else {"error": kind}
            structlog.get_logger().warning(
                "the policy file was changed and cannot be used; what held before still holds", **told
            )
            return
        self.refused = None
        structlog.get_logger().info("the policy file was changed and holds from now on")

    def _read(self) -> tuple[Policies, T]:
        policies = Policies.load(self._file) if self._file else Policies()
        return policies, self._prepare(policies)

    def _stamp(self) -> Stamp | None:
        """What differs between a file and the one that takes its place; None where there is none."""
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
