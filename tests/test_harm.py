"""Customers in which nothing is to be corrected come back as they went in."""

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def benchmarks_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_no_clean_customer_is_changed_or_rejected() -> None:
    from clean_customers import clean_customers  # noqa: PLC0415 (benchmarks are no package)
    from harm import judge, lines  # noqa: PLC0415

    outcome = judge(clean_customers(2_000))
    assert outcome.harms == [], "\n".join(lines(outcome))
    assert outcome.verdicts == {"accepted": 2_000}


def test_what_is_changed_or_rejected_is_listed_with_rule_and_pointer() -> None:
    from clean_customers import clean_customers  # noqa: PLC0415
    from harm import judge, lines  # noqa: PLC0415

    (customer,) = clean_customers(1)
    spelt = customer | {"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "de 811128135"}]}
    wrong = customer | {"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128136"}]}
    outcome = judge([spelt, wrong])
    assert [(harm.row, harm.rule, harm.pointer, harm.applied) for harm in outcome.harms] == [
        (0, "tax_id.not-canonical", "/tax_info/0/tax_id", True),
        (1, "tax_id.check-digit", "/tax_info/0/tax_id", False),
    ]
    assert outcome.verdicts == {"corrected": 1, "rejected": 1}
    assert "row 1: tax_id.check-digit at /tax_info/0/tax_id: rejected" in list(lines(outcome))


def test_the_same_seed_makes_the_same_customers() -> None:
    from clean_customers import clean_customers  # noqa: PLC0415

    assert list(clean_customers(50, 7)) == list(clean_customers(50, 7))
    assert list(clean_customers(50, 7)) != list(clean_customers(50, 8))
