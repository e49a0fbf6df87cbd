"""The state machine alone: what must hold for every course that a create can take."""

from hypothesis import given
from hypothesis import strategies as st

from cleanbill_service.delivery.outcome import Outcome, Sighting, read_outcome, retry_after
from cleanbill_service.delivery.state import (
    Delivery,
    Timing,
    after_look,
    after_post,
    reopened,
    replayable,
    sending,
    taken_over,
)
from cleanbill_service.delivery.states import State
from cleanbill_service.upstream import Answer

TIMING = Timing(upstream_timeout=30, settle_after=60, give_up_after=1000)
NEW = Delivery(
    "id", "owner", "zenskar", "org", "key", 1e9, "print", deferred=True, state=State.READY, due=100, accepted=100
)

outcomes = st.sampled_from(["created", "refused", "denied", "later", "never-sent", "unclear"])
sightings = st.sampled_from(["ours", "theirs", "nobody", "denied", "unclear"])
answers = st.sampled_from([200, 400, 500]).map(lambda status: Answer(status, [], b""))
steps = st.lists(st.tuples(outcomes, sightings, st.floats(0, 40), answers), min_size=1, max_size=12)


@given(steps, st.booleans())
def test_every_course_is_safe(course: list, identifiable: bool) -> None:
    """No second POST before a look-up found nobody after the settling; what is final stays so; what is not is due."""
    delivery, now, doubtful = NEW, 100.0, False
    for outcome, sighting, passed, answer in course:
        now += passed
        if delivery.attempts and identifiable:
            before = delivery
            delivery = after_look(delivery, Sighting(sighting, "c1"), now=now, timing=TIMING, chance=0.5)
            if delivery.state is State.READY and before.state is State.UNKNOWN:
                assert sighting == "nobody"
                assert before.last_sent is not None
                assert before.unknown_since is not None
                assert now >= min(before.last_sent + 60, before.unknown_since + 30)
                doubtful = False
        if delivery.final:
            break
        if delivery.state is State.READY and (delivery.due or 0) <= now:
            assert not doubtful
            delivery = sending(delivery, now, now + TIMING.lease)
            delivery = after_post(
                delivery,
                Outcome(outcome, answer, "c1" if outcome == "created" else None),
                identifiable=identifiable,
                now=now,
                timing=TIMING,
                chance=0.5,
            )
            doubtful = outcome == "unclear"
        if delivery.final:
            break
        assert delivery.due is not None
        now = max(now, delivery.due)
    if delivery.state is State.DONE:
        assert delivery.customer_id == "c1"
        assert delivery.sealed is None
    if delivery.state is State.DEAD:
        assert delivery.reason
        assert delivery.due is None


def test_settling_counts_from_the_outcome_for_a_stopped_process_may_have_sent_it_just_then() -> None:
    begun = sending(NEW, 100, 195)
    after = after_post(begun, Outcome("unclear"), identifiable=True, now=110, timing=TIMING, chance=0.5)
    assert (after.state, after.last_sent) == (State.UNKNOWN, 110)
    looked = after_look(after, Sighting("nobody"), now=139, timing=TIMING, chance=0.5)
    assert looked.state is State.UNKNOWN
    assert after_look(after, Sighting("nobody"), now=140, timing=TIMING, chance=0.5).state is State.READY


def test_what_another_hand_left_in_sending_is_unknown_until_it_is_settled() -> None:
    left = sending(NEW, 100, 195)._replace(lease="a")
    taken = taken_over(left, 200, "b", 295)
    assert (taken.state, taken.lease, taken.due) == (State.UNKNOWN, "b", 295)
    assert taken.decisive_at(TIMING) == 230  # 30 s from now; the POST may have left until the lease ended at 195


def test_what_cannot_be_looked_up_is_not_replayed() -> None:
    lost = after_post(sending(NEW, 100, 195), Outcome("unclear"), identifiable=False, now=130, timing=TIMING, chance=0)
    assert (lost.state, lost.reason, replayable(lost)) == (State.DEAD, "outcome-unknown", False)


def test_replay_of_what_was_refused_is_ready_and_counts_as_sent() -> None:
    refused = after_post(
        sending(NEW, 100, 195), Outcome("refused", Answer(400, [], b"")), identifiable=True, now=101, timing=TIMING,
        chance=0,
    )  # fmt: skip
    assert (refused.state, refused.reason, refused.status) == (State.DEAD, "refused", 400)
    again = reopened(refused, 500)
    assert (again.state, again.reason, again.accepted, again.attempts) == (State.READY, None, 500, 1)


def test_replay_of_what_is_unknown_begins_with_a_look() -> None:
    looked = sending(NEW, 100, 195)._replace(state=State.UNKNOWN, unknown_since=130)
    given_up = after_look(looked, Sighting("denied"), now=131, timing=TIMING, chance=0)
    assert (given_up.state, given_up.reason) == (State.DEAD, "lookup-refused")
    assert reopened(given_up, 500).state is State.UNKNOWN


def test_gives_up_in_the_end() -> None:
    late = after_post(sending(NEW, 1200, 1300), Outcome("later"), identifiable=True, now=1201, timing=TIMING, chance=1)
    assert (late.state, late.reason) == (State.DEAD, "gave-up")
    unclear = sending(NEW, 1200, 1300)._replace(state=State.UNKNOWN, unknown_since=1201)
    looked = after_look(unclear, Sighting("unclear"), now=1202, timing=TIMING, chance=1)
    assert (looked.state, looked.reason, replayable(looked)) == (State.DEAD, "gave-up", True)


@given(st.integers(0, 60), st.floats(0, 1))
def test_back_off_has_full_jitter_under_a_cap(attempts: int, chance: float) -> None:
    assert 0 <= TIMING.pause(attempts, chance) <= chance * TIMING.longest_pause


@given(st.integers(200, 599), st.binary(max_size=40))
def test_every_answer_has_a_meaning(status: int, body: bytes) -> None:
    kind = read_outcome(Answer(status, [], body), 0).kind
    assert (kind == "refused") == (400 <= status < 500 and status not in (401, 403, 408, 409, 425, 429))
    assert kind == "unclear" if status >= 500 or status in (408, 409) else kind != "never-sent"


@given(st.text(max_size=40))
def test_retry_after_of_any_text_is_some_seconds(text: str) -> None:
    assert 0 <= retry_after(Answer(429, [(b"Retry-After", text.encode("latin-1", "replace"))], b""), 0) <= 3600


def test_retry_after_reads_seconds_and_dates() -> None:
    answers = [
        Answer(429, [(b"retry-after", text.encode())], b"") for text in ("7", "Thu, 01 Jan 1970 00:01:00 GMT", "soon")
    ]
    assert [retry_after(answer, 0) for answer in answers] == [7, 60, 0]


def test_look_before_a_repeat_does_not_put_it_off() -> None:
    """A create that fails again and again waits once after each time, and is then sent."""
    failed = sending(sending(NEW, 100, 200), 150, 250)._replace(state=State.UNKNOWN, unknown_since=151)
    waiting = after_look(failed, Sighting("nobody"), now=190, timing=TIMING, chance=1)
    assert (waiting.state, waiting.due) == (State.READY, 192)
    looked = after_look(waiting, Sighting("nobody"), now=192, timing=TIMING, chance=1)
    assert (looked.state, looked.due) == (State.READY, 192)
