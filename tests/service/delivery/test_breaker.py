"""A Zenskar that is down is left alone, and tried again now and then."""

import pytest

from cleanbill_service.delivery import breaker as module
from cleanbill_service.delivery.breaker import FAILURES, Breaker, UpstreamDown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def test_opens_after_failures_in_a_row_only(clock: list[float]) -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    breaker.enter()
    assert not breaker.is_open
    assert clock == [0.0]


def test_lets_one_probe_through_after_each_pause(clock: list[float]) -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed()
    pauses = []
    for _ in range(8):
        with pytest.raises(UpstreamDown):
            breaker.enter()
        pauses.append(breaker.wait())
        clock[0] += breaker.wait()
        breaker.enter()  # the probe
        with pytest.raises(UpstreamDown):
            breaker.enter()
        breaker.failed()
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    clock[0] += breaker.wait()
    breaker.enter()
    breaker.succeeded()
    breaker.enter()
    assert breaker.wait() == 0
