"""An address that is plainly in order is not judged by the rules on its text: none of them would have anything to say."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill import RULES, Policy
from cleanbill.record import Customer

LANDMARKS = Path(__file__).parents[3] / "benchmarks" / "address_cases" / "landmarks.csv"
with LANDMARKS.open(encoding="utf-8", newline="") as text:
    ROWS = [
        {name: value for name, value in row.items() if name not in ("state_name", "source")}
        for row in csv.DictReader(text)
    ]

JUDGES = [rule for rule in RULES if rule.scope == "address" and rule.unless == "in_order"]
LINES = st.sampled_from(
    """PO Box 12|P.O.Box12|12 Box|BP 12|P.K. 12|PMB 12|Apdo 12|test|N/A|1 or 1=1|555-123-4567|(555) 123-4567|Tel 5551234567
Suite 400|1 Main St, Austin, TX 78701
10117 Berlin|Berlin|Germany|United States|1 union select 2|Casa 4|No. 5|12 Nowhere|Ｂ 1|1 🚀""".replace(
        "\n", "|"
    ).split("|")
)
CITIES = st.sampled_from(
    [
        "Test",
        "Unknown",
        "None",
        "NA",
        "Apo",
        "Apo Base",
        "Austin TX",
        "Austin, TX",
        "10117 Berlin",
        "berlin",
        "BERLIN",
        "O'Fallon",
    ]
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "line1": LINES,
        "line2": LINES,
        "line3": LINES,
        "city": CITIES | st.none(),
        "state": st.sampled_from(["CA", "BY", "N/A", "US-CA", "Bayern", None]),
        "zipCode": st.sampled_from(["94043", "10117", "SW1A 2AA", "00000", "9404", None]),
    },
)
POLICIES = [
    Policy(),
    Policy(state="iso"),
    Policy(country="alpha-2"),
    Policy(state_inferred_in=()),
    Policy(state_inferred_in=("DE",)),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line1"])
def test_ordinary_address_is_in_order(row: dict[str, str]) -> None:
    billing = Customer({"address": row}, Policy()).billing
    assert billing
    assert billing.in_order == any(char.isdigit() for char in row["line1"])


@settings(max_examples=600)
@given(st.sampled_from(ROWS), CHANGES, st.sampled_from(POLICIES))
def test_no_rule_speaks_of_what_is_in_order(
    row: dict[str, str], changes: dict[str, str | None], policy: Policy
) -> None:
    written = {"country": row["country_code"]} if policy.country == "alpha-2" else {}
    sent = {name: value for name, value in (row | written | changes).items() if value is not None}
    billing = Customer({"address": sent}, policy).billing
    assert billing
    if billing.in_order:
        assert [rule.id for rule in JUDGES if rule.check(billing)] == []
