"""Rules on the state: its code, and what is said where the country has no such state."""

from typing import Any

import pytest

from cleanbill import Finding, Policy, check_address


def findings(**address: str) -> list[Finding]:
    return [f for f in check_address(address).findings if f.rule.startswith("address.state-")]


def state(policy: Policy | None = None, **address: str) -> Any:
    found = check_address(address, policy=policy or Policy()).clean
    assert isinstance(found, dict)
    return found.get("state")


US = {"country": "United States", "country_code": "US"}


@pytest.mark.parametrize(
    ("code", "text", "suffix"),
    [
        ("US", "California", "CA"),
        ("US", "Calif.", "CA"),
        ("IN", "29-Karnataka", "KA"),
        ("FR", "Île-de-France", "IDF"),
        ("GB", "England", "ENG"),
    ],
)
def test_name_becomes_the_code(code: str, text: str, suffix: str) -> None:
    assert state(country_code=code, state=text) == suffix


def test_policy_says_how_the_state_is_written() -> None:
    policy = Policy(state="iso")
    assert state(policy, **US, state="California") == "US-CA"
    assert state(policy, **US, state="US-CA") == "US-CA"
    assert state(**US, state="US-CA") == "CA"


def test_code_is_silent() -> None:
    assert findings(**US, state="CA", zipCode="94105") == []


@pytest.mark.parametrize(
    ("country_code", "text", "rule", "level"),
    [
        ("US", "Ontario", "address.state-foreign", "error"),
        ("GB", "California", "address.state-foreign", "error"),
        ("US", "Atlantis", "address.state-unknown", "error"),
        ("IN", "ZZ", "address.state-unknown", "error"),
        ("FR", "Atlantis", "address.state-unlisted", "warn"),
        ("DE", "CA", "address.state-unlisted", "warn"),
    ],
)
def test_state_that_the_country_has_not(country_code: str, text: str, rule: str, level: str) -> None:
    (finding,) = findings(country_code=country_code, state=text)
    assert (finding.rule, finding.level, finding.pointer) == (rule, level, "/state")
    assert state(country_code=country_code, state=text) == text


@pytest.mark.parametrize(("country_code", "text"), [("HK", "Kowloon"), ("SG", "Singapore"), ("PR", "San Juan")])
def test_state_is_left_alone_where_the_country_has_none(country_code: str, text: str) -> None:
    assert findings(country_code=country_code, state=text) == []


def test_slip_is_corrected_only_where_the_postcode_agrees() -> None:
    assert state(**US, state="Californai", zipCode="94105") == "CA"
    (finding,) = findings(**US, state="Californai")
    assert (finding.rule, finding.level, finding.applied) == ("address.state-typo", "error", False)
    assert state(**US, state="Californai", zipCode="10001") == "Californai"


@pytest.mark.parametrize("country_code", ["US", "CA", "IN", "BR"])
def test_missing_state_is_said_where_tax_depends_on_it(country_code: str) -> None:
    (finding,) = findings(country_code=country_code)
    assert (finding.rule, finding.level) == ("address.state-missing", "warn")


def test_missing_state_is_not_said_elsewhere() -> None:
    assert findings(country_code="DE") == []
