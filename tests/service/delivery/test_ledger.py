"""The table: leases, lanes, keys and their end."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from cleanbill_service.delivery.ledger import LeaseLost, Ledger, NotPossible
from cleanbill_service.delivery.state import Delivery, sending
from cleanbill_service.delivery.states import State
from cleanbill_service.store import open_store
from cleanbill_service.vault import new_id

T = TypeVar("T")
DAY = 24 * 3600.0
_zenskars = itertools.count()


def delivery(organisation: str = "org", key: str | None = None, **others: object) -> Delivery:
    known = Delivery(
        new_id(), "owner", "", organisation, key, 1000 + DAY if key else None, "print", deferred=True, state=State.READY,
        due=1000.0, accepted=1000.0, updated=1000.0, sealed=b"sealed", sealed_by="k",
    )  # fmt: skip
    return known._replace(**others)  # type: ignore[arg-type]


@pytest.fixture
def using(database_url: str) -> Callable[[Callable[[Ledger], Awaitable[T]]], T]:
    """Runs something with a ledger that nobody else shares."""

    def run(work: Callable[[Ledger], Awaitable[T]]) -> T:
        async def opened() -> T:
            async with open_store(database_url) as store:
                return await work(Ledger(store, f"zenskar {next(_zenskars)}"))

        return asyncio.run(opened())

    return run


Using = Callable[[Callable[[Ledger], Awaitable[None]]], None]


async def admit(ledger: Ledger, *new: Delivery) -> list[Delivery]:
    return [await ledger.admit(one._replace(upstream=ledger.upstream), 1000) for one in new]


async def claim(
    ledger: Ledger, now: float, *, limit: int = 10, rate: float = 1000, until: float = 10
) -> list[Delivery]:
    found = await ledger.claim(now, new_id(), now + until, ["k"], limit=limit, rate=rate)
    return found.taken


def test_what_is_claimed_is_in_one_hand_until_its_lease_ends(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, delivery("a1"))
        (taken,) = await claim(ledger, 1001)
        assert await claim(ledger, 1002) == []
        await ledger.begin(sending(taken, 1003, 1013), taken.lease or "", 1003)
        assert await claim(ledger, 1012) == []
        (after,) = await claim(ledger, 1014)
        assert (after.id, after.state, after.last_sent) == (taken.id, State.UNKNOWN, 1013)
        with pytest.raises(LeaseLost):
            await ledger.write(taken._replace(state=State.DONE), taken.lease or "")
        with pytest.raises(LeaseLost):
            await ledger.begin(sending(taken, 1015, 1025), taken.lease or "", 1015)

    using(work)


def test_job_that_runs_again_because_its_commit_was_not_heard_of_has_lost_no_lease(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, delivery("a3"))
        (taken,) = await claim(ledger, 1001)
        done = taken._replace(state=State.DONE, due=None, lease=None, updated=1002)
        for _ in range(2):
            await ledger.write(done, taken.lease or "")
        with pytest.raises(LeaseLost):
            await ledger.write(done._replace(state=State.DEAD), taken.lease or "")
        assert await ledger.get(taken.id, None) == done

    using(work)


def test_lease_that_has_ended_is_found_out_before_sending(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, delivery("a2"))
        (taken,) = await claim(ledger, 1001)
        with pytest.raises(LeaseLost):
            await ledger.begin(sending(taken, 1020, 1030), taken.lease or "", 1020)

    using(work)


def test_many_hands_never_hold_the_same(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, *(delivery(f"b{number % 4}") for number in range(40)))
        claims = await asyncio.gather(*(claim(ledger, 1001, limit=7) for _ in range(8)))
        taken = [one.id for found in claims for one in found]
        assert len(taken) == len(set(taken))
        while found := await claim(ledger, 1002):
            taken += [one.id for one in found]
        assert len(taken) == len(set(taken)) == 40

    using(work)


def test_noisy_organisation_does_not_hold_up_a_quiet_one(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, *(delivery("noisy") for _ in range(60)), delivery("quiet"))
        first = await claim(ledger, 1001, limit=8, rate=20)
        second = await claim(ledger, 1001, limit=8, rate=20)
        assert "quiet" in {one.organisation for one in (*first, *second)}

    using(work)


def test_organisation_has_a_rate(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, *(delivery("paced") for _ in range(60)))
        taken = 0
        for step in range(101):  # ten seconds
            taken += len(await claim(ledger, 1001 + step / 10, rate=4, limit=32, until=1000))
        assert 40 <= taken <= 46

    using(work)


def test_first_in_is_first_out(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        made = [delivery("fifo", due=1000 + number / 100) for number in range(20)]
        await admit(ledger, *reversed(made))
        taken = [one.id for _ in range(4) for one in await claim(ledger, 1001, limit=5)]
        assert taken == [one.id for one in made]

    using(work)


def test_key_is_free_after_its_day(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        first, again = delivery("c", "key"), delivery("c", "key")
        await admit(ledger, first._replace(state=State.DONE, due=None))
        held = await ledger.admit(again._replace(upstream=ledger.upstream), 1000 + DAY - 1)
        assert held.id == first.id
        held = await ledger.admit(again._replace(upstream=ledger.upstream), 1000 + DAY + 1)
        assert held.id == again.id

    using(work)


def test_undecided_key_is_not_free_after_its_day(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        first, again = delivery("d", "key", state=State.UNKNOWN), delivery("d", "key")
        await admit(ledger, first)
        assert (await ledger.admit(again._replace(upstream=ledger.upstream), 1000 + 2 * DAY)).id == first.id

    using(work)


def test_purge_deletes_what_was_decided_long_ago(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        old, dead, waiting = await admit(
            ledger,
            delivery("e", state=State.DONE, due=None, updated=1000),
            delivery("e", state=State.DEAD, due=None, updated=5000),
            delivery("e", due=9000),
        )
        await ledger.purge(6000, 2000, 10000)
        assert await ledger.get(old.id, None) is None
        assert await ledger.get(dead.id, None) == dead
        assert await ledger.get(waiting.id, None) == waiting

    using(work)


def test_what_waits_for_longer_than_decided_ones_are_kept_is_not_lost(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        waiting, left = await admit(ledger, delivery("h"), delivery("h", state=State.SENDING, attempts=1))
        await ledger.purge(6000, 2000, 10000)
        assert await ledger.get(waiting.id, None) == waiting
        await ledger.purge(11001, 2000, 10000)
        dead = await ledger.get(waiting.id, None)
        assert dead is not None
        assert (dead.state, dead.reason, dead.sealed) == (State.DEAD, "gave-up", b"sealed")
        assert (await ledger.replay(waiting.id, 11002)).state is State.READY
        assert (await ledger.replay(left.id, 11002)).state is State.UNKNOWN  # it may have arrived
        await ledger.purge(21003, 2000, 10000)
        await ledger.purge(23004, 2000, 10000)
        assert await ledger.get(waiting.id, None) is None

    using(work)


def test_what_is_done_keeps_no_request(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        (one,) = await admit(ledger, delivery("f"))
        await ledger.cancel(one.id, 1001)
        cancelled = await ledger.get(one.id, None)
        assert cancelled is not None
        assert (cancelled.state, cancelled.sealed, cancelled.due) == (State.CANCELLED, None, None)
        with pytest.raises(NotPossible):
            await ledger.cancel(one.id, 1002)
        with pytest.raises(NotPossible):
            await ledger.replay(one.id, 1002)

    using(work)


def test_request_sealed_by_another_key_is_left_alone(using: Using) -> None:
    async def work(ledger: Ledger) -> None:
        await admit(ledger, delivery("g", sealed_by="other"))
        assert await claim(ledger, 1001) == []

    using(work)
