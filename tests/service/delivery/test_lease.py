"""The lease is looked at once more while the body is about to leave: whoever was stopped for too long sends nothing."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from cleanbill_service.caller import Caller
from cleanbill_service.delivery.breaker import Breaker
from cleanbill_service.delivery.carrier import Carrier
from cleanbill_service.delivery.create import Create
from cleanbill_service.delivery.ledger import LeaseLost, Ledger
from cleanbill_service.delivery.state import Delivery, Timing, sending
from cleanbill_service.delivery.states import State
from cleanbill_service.store import open_store
from cleanbill_service.upstream import Upstream


@pytest.mark.parametrize("left", [-0.1, 5])
def test_body_leaves_only_under_the_lease(sandbox: Any, tmp_path: Path, left: float) -> None:
    headers = [*sandbox.credentials.items(), ("content-type", "application/json")]
    create = Create(Caller.of(headers), "/customers", headers, b'{"customer_name": "N", "external_id": "C"}', "C")
    now = time.time()
    held = Delivery(
        "id", "o", "z", "org", None, None, "p", deferred=True, state=State.READY, accepted=now, lease="mine"
    )

    async def post() -> str:
        store = open_store(f"sqlite:///{tmp_path}/c.db")
        async with (
            store,
            Upstream(sandbox.url, shown_at="/zenskar", timeout=2, connect_timeout=1, connections=1) as upstream,
        ):
            carrier = Carrier(Ledger(store, "z"), upstream, Breaker(), Timing())
            after, _ = await carrier.post(sending(held, now, now + left), create)
            return after.state

    if left > 0:
        assert asyncio.run(post()) == "done"
        assert sandbox.state()["creates"] == 1
    else:
        with pytest.raises(LeaseLost):
            asyncio.run(post())
        time.sleep(0.1)
        assert sandbox.state()["creates"] == 0
        assert sandbox.requests() == []


def test_interrupted_post_of_a_customer_that_cannot_be_looked_up_is_not_repeated(sandbox: Any, tmp_path: Path) -> None:
    """Who takes over from a process that was killed in the middle of it cannot know whether it arrived."""
    headers = [*sandbox.credentials.items(), ("content-type", "application/json")]
    create = Create(Caller.of(headers), "/customers", headers, b'{"customer_name": "N"}')
    now = time.time()
    new = Delivery(
        "id", "o", "z", "org", None, None, "p", deferred=True, state=State.READY, due=now - 9, accepted=now - 9
    )

    async def take_over() -> Delivery:
        store = open_store(f"sqlite:///{tmp_path}/c.db")
        async with (
            store,
            Upstream(sandbox.url, shown_at="/zenskar", timeout=2, connect_timeout=1, connections=1) as upstream,
        ):
            ledger = Ledger(store, "z")
            left = await ledger.admit(sending(new, now - 9, now - 1)._replace(lease="of the dead"), now - 9)
            taken = await ledger.take(left, now, "mine", now + 9)
            after, _ = await Carrier(ledger, upstream, Breaker(), Timing()).step(taken, create)
            return after

    after = asyncio.run(take_over())
    assert (after.state, after.reason) == ("dead", "outcome-unknown")
    assert sandbox.requests() == []


def test_look_without_a_clear_answer_is_followed_by_no_post_however_long_it_took(
    sandbox: Any, disturb: Any, tmp_path: Path
) -> None:
    headers = [*sandbox.credentials.items(), ("content-type", "application/json")]
    create = Create(Caller.of(headers), "/customers", headers, b'{"customer_name": "N", "external_id": "C"}', "C")
    now, timing = time.time(), Timing(upstream_timeout=0.5)
    new = Delivery("id", "o", "z", "org", None, None, "p", deferred=True, state=State.READY, accepted=now - 9)
    sent = sending(new, now - 9, now - 5)._replace(state=State.READY, due=now - 1)
    disturb("hang", method="GET", path="/customers*", seconds=2)

    async def step() -> Delivery:
        store = open_store(f"sqlite:///{tmp_path}/c.db")
        async with (
            store,
            Upstream(sandbox.url, shown_at="/zenskar", timeout=2, connect_timeout=1, connections=1) as upstream,
        ):
            ledger = Ledger(store, "z")
            left = await ledger.admit(sent, now)
            taken = await ledger.take(left, now, "mine", now + 9)
            after, _ = await Carrier(ledger, upstream, Breaker(), timing).step(taken, create)
            return after

    after = asyncio.run(step())
    assert (after.state, after.attempts, after.looks) == (State.READY, 1, 1)
    assert [request["method"] for request in sandbox.requests()] == ["GET"]
