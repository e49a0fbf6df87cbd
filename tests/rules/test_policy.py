"""Policies: which rules speak, how loudly, and which fixes are applied."""

import pytest

from cleanbill import Policy, PolicyError, check_customer
from cleanbill.checks import ENGINE

MISSPELT = {"customer_name": " Nilgiri Analytics"}


def test_safe_fixes_are_applied_by_default() -> None:
    assert check_customer(MISSPELT).clean == {"customer_name": "Nilgiri Analytics"}


def test_no_fix_is_applied_where_the_policy_wants_none() -> None:
    report = check_customer(MISSPELT, policy=Policy(fixes="none"))
    assert report.clean == MISSPELT
    assert report.findings[0].after == "Nilgiri Analytics"
    assert not report.findings[0].applied


def test_guess_is_applied_only_where_the_policy_wants_all() -> None:
    spaced = {"customer_name": "Nilgiri", "external_id": "C001 "}
    assert check_customer(spaced).clean["external_id"] == "C001 "
    assert check_customer(spaced, policy=Policy(fixes="all")).clean["external_id"] == "C001"


def test_most_specific_selector_wins() -> None:
    policy = Policy(levels={"*": "error", "party": "info", "location": "off", "party.name-missing": "warn"})
    report = check_customer({"external_id": "x" * 256}, policy=policy)
    levels = {f.rule: f.level for f in report.findings}
    assert levels == {"party.name-missing": "warn", "party.external-id-too-long": "info"}
    assert report.verdict == "accepted"


def test_unknown_selector_is_refused_with_a_hint() -> None:
    policy = Policy(levels={"party.name-mising": "off"})
    with pytest.raises(PolicyError, match="did you mean 'party.name-missing'"):
        check_customer({}, policy=policy)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fixes = 'some'", "fixes in the policy is one of none, safe, all"),
        ("state = 'short'", "state in the policy is one of code, iso"),
        ("country = 3", "country in the policy is one of name, alpha-2, alpha-3"),
        ("level = {}", "did you mean 'levels'"),
        ("levels = 1", "levels in the policy is a table"),
        ("[levels]\nparty = 'loud'", "levels.party in the policy is one of off, info, warn, error"),
        ("fixes = ", "not valid TOML"),
    ],
)
def test_mistake_in_a_policy_is_refused_with_what_to_change(text: str, reason: str) -> None:
    with pytest.raises(PolicyError, match=reason):
        Policy.from_toml(text)


def test_policy_reads_from_toml() -> None:
    policy = Policy.from_toml('fixes = "all"\nstate = "iso"\n[levels]\nparty = "warn"\n')
    assert policy == Policy(levels={"party": "warn"}, fixes="all", state="iso")
    assert hash(policy) == hash(Policy(levels={"party": "warn"}, fixes="all", state="iso"))


def test_equal_policies_share_one_compiled_plan() -> None:
    assert ENGINE.plan(Policy(levels={"party": "warn"})) is ENGINE.plan(Policy(levels={"party": "warn"}))
