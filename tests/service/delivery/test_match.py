"""Which customer that was found is the one that was sent."""

from typing import Any

import pytest

from cleanbill_service.delivery.match import is_exact, judge, moment

SENT = {"customer_name": "N", "external_id": "C-1", "email": "ap@n.in", "address": {"state": "KA"}}
SINCE = 1_790_000_000.0


def found(**fields: Any) -> dict[str, Any]:
    return {"id": "1", **SENT, "phone_number": None, "address": {"state": "KA", "city": None}, **fields}


@pytest.mark.parametrize(
    ("customer", "kind"),
    [
        (found(created_at="2026-09-21T14:13:20.5"), "ours"),
        (found(created_at="2026-09-21 14:13:20.5"), "ours"),
        (found(created_at="2026-09-21T19:43:20.5+05:30"), "ours"),
        (found(created_at="2026-09-21T14:13:20.5", customer_name="changed since"), "ours"),
        (
            found(created_at="2026-09-21T14:13:10"),
            "ours",
        ),  # Zenskar's clock is a little behind, and all fields are equal
        (found(created_at="2026-09-21T14:13:10", customer_name="Other"), "theirs"),
        (found(created_at="2026-09-21T14:00:00"), "theirs"),
        (found(), "ours"),
        (found(customer_name="Other"), "theirs"),
        (found(created_at="2026-09-21T14:13:20.5", external_id="C-2"), "theirs"),
        (found(created_at="2026-09-21T14:13:20.5", external_id=None), "ours"),
        (found(created_at="yesterday"), "ours"),
        (found(created_at=None, address={"state": "TN"}), "theirs"),
    ],
)
def test_ours_is_what_was_made_after_the_sending(customer: dict[str, Any], kind: str) -> None:
    assert moment("2026-09-21T14:13:20") == SINCE
    assert judge([customer], SENT, SINCE).kind == kind


def test_ours_wins_over_an_older_one() -> None:
    older = found(id="0", created_at="2026-01-01T00:00:00")
    newer = found(id="2", created_at="2026-09-21T14:13:21")
    assert judge([older, newer], SENT, SINCE).customer_id == "2"
    assert judge([], SENT, SINCE).kind == "nobody"


@pytest.mark.parametrize(
    ("external_id", "email", "exact"),
    [
        ("C-1", None, True),
        ("c-1", None, False),
        ("C-11", None, False),
        (None, "AP@n.in", True),
        (None, "p@n.in", False),
        (None, None, False),
    ],
)
def test_a_filter_that_matched_more_is_found_out(external_id: str | None, email: str | None, exact: bool) -> None:
    assert is_exact(found(), external_id, email) is exact


def test_uuid_is_the_id_in_any_spelling() -> None:
    customer = {"id": "0b0c7c4e-93a4-4c39-9a6e-7d5f6f1d2a10", "external_id": None}
    assert is_exact(customer, "0B0C7C4E93A44C399A6E7D5F6F1D2A10", None)
