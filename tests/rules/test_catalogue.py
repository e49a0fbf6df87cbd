"""The catalogue: the page of all rules is today's, and a rule that once had another id is found under it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cleanbill import RULES, Policy, check_customer
from cleanbill.catalogue import FAMILIES, REGENERATE, example_text, page
from cleanbill.plugins import find_rule
from cleanbill.renamed import RENAMED, current

PAGE = Path(__file__).parents[2] / "rules" / "RULES.md"
LIVE = {rule.id for rule in RULES}
A_TABLE = {"party.no-name": "party.name-missing"}


def test_page_is_todays() -> None:
    assert page() == PAGE.read_text("utf-8"), f"the rules have changed; write their page again: {REGENERATE}"


def test_every_family_is_described() -> None:
    assert {rule.family for rule in RULES} == FAMILIES.keys()


def test_every_rule_and_every_old_id_has_one_anchor() -> None:
    shown = page(A_TABLE)
    for rule_id in LIVE | A_TABLE.keys():
        assert shown.count(f'<a id="{rule_id}"></a>') == 1
    assert "party.no-name | [party.name-missing](#party.name-missing)" in shown


def test_example_shows_what_nobody_would_see_and_cuts_what_is_long() -> None:
    assert example_text({"city": "Bengaluru\u200b"}) == '{"city": "Bengaluru\\u200b"}'
    assert example_text({"email": "jane@nilgiri\u0430.co"}) == '{"email": "jane@nilgiri\\u0430.co"}'
    assert example_text({"city": "München"}) == '{"city": "München"}'
    assert len(example_text({"name": "x" * 5000, "items": [1] * 500})) < 150


def test_renamed_ids_lead_to_rules_of_today() -> None:
    assert not RENAMED.keys() & LIVE
    assert set(RENAMED.values()) <= LIVE


@pytest.mark.parametrize("table", [RENAMED, A_TABLE], ids=["real", "made"])
def test_rule_is_found_under_its_old_id(table: Mapping[str, str]) -> None:
    for old, new in table.items():
        found = find_rule(old, renamed=table)
        assert found
        assert found.id == new == getattr(find_rule(new, renamed=table), "id", None)
    assert find_rule("party.no-such", renamed=table) is None


def test_policy_takes_an_old_id_for_the_new_one() -> None:
    policy = Policy(levels={"party.address-missing": "error"})
    assert policy == Policy(levels={"location.address-missing": "error"})
    assert check_customer({"customer_name": "Nilgiri Analytics"}, policy=policy).verdict == "rejected"


def test_new_id_counts_where_a_policy_names_both() -> None:
    levels = {"party.name-missing": "off", "party.no-name": "error", "*": "warn"}
    assert current(levels, A_TABLE) == {"party.name-missing": "off", "*": "warn"}
