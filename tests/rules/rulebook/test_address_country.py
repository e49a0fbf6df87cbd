"""Rules on the country: what is written into an address, and what is only said."""

from typing import Any

import pytest

from cleanbill import Finding, Policy, check_address


def clean(policy: Policy | None = None, **address: str) -> dict[str, Any]:
    found = check_address(address, policy=policy or Policy()).clean
    assert isinstance(found, dict)
    return found


def of_country(**address: str) -> list[Finding]:
    return [f for f in check_address(address).findings if f.rule.startswith("address.country-")]


def rules(**address: str) -> dict[str, bool]:
    """The rules on the country that spoke, and whether what they say was done."""
    return {f.rule.removeprefix("address.country-"): f.applied for f in of_country(**address)}


def pair(**address: str) -> tuple[str | None, str | None]:
    found = clean(**address)
    return found.get("country"), found.get("country_code")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"country": "USA"}, ("United States", "US")),
        ({"country": "United States of America"}, ("United States", "US")),
        ({"country_code": "usa"}, ("United States", "US")),
        ({"country": "Greece", "country_code": "EL"}, ("Greece", "GR")),
        ({"country": "UK", "country_code": "UK"}, ("United Kingdom", "GB")),
        ({"country": "England"}, ("United Kingdom", "GB")),
        ({"country": "Taiwan, Province of China"}, ("Taiwan", "TW")),
        ({"country": "Korea, Republic of"}, ("South Korea", "KR")),
        ({"country": "N/A", "country_code": "DE"}, ("Germany", "DE")),
        ({"country": "Georgia", "country_code": "GE"}, ("Georgia", "GE")),
    ],
)
def test_one_name_and_one_code(address: dict[str, str], expected: tuple[str, str]) -> None:
    assert pair(**address) == expected


def test_canonical_pair_is_silent() -> None:
    assert rules(country="Germany", country_code="DE") == {}


@pytest.mark.parametrize(("form", "written"), [("name", "Germany"), ("alpha-2", "DE"), ("alpha-3", "DEU")])
def test_policy_says_how_the_country_is_written(form: Any, written: str) -> None:
    found = clean(Policy(country=form), country="Deutschland")
    assert (found["country"], found["country_code"]) == (written, "DE")
    assert clean(Policy(country=form), **found) == found


def test_contradiction_is_an_error_that_offers_both() -> None:
    (finding,) = of_country(country="Germany", country_code="FR")
    assert (finding.rule, finding.level, finding.pointer) == ("address.country-mismatch", "error", "/country_code")
    assert finding.candidates == ("FR", "DE")
    assert pair(country="Germany", country_code="FR") == ("Germany", "FR")


def test_missing_country_is_suggested_and_not_filled_in() -> None:
    (finding,) = of_country(state="Florida", zipCode="33139")
    assert (finding.rule, finding.fix, finding.applied) == ("address.country-missing", "guess", False)
    assert finding.candidates == ("US",)
    assert pair(state="Florida", zipCode="33139") == (None, None)


def test_state_given_for_the_country_is_offered_with_the_state() -> None:
    assert rules(country="California", zipCode="94105") == {"ambiguous": False}
    offered = clean(Policy(fixes="all"), country="California", zipCode="94105")
    assert (offered["country_code"], offered["state"]) == ("US", "CA")


def test_georgia_is_settled_by_the_other_fields_or_not_at_all() -> None:
    assert rules(country="Georgia") == {"ambiguous": False}
    assert rules(country="Georgia", zipCode="30303") == {"ambiguous": False}
    assert pair(country="Georgia", zipCode="0108") == ("Georgia", "GE")
    assert clean(country="Georgia", country_code="US")["state"] == "GA"


def test_slip_is_corrected_only_where_the_address_agrees() -> None:
    assert pair(country="Germny", zipCode="10115") == ("Germany", "DE")
    assert pair(country="Germny", country_code="DE") == ("Germany", "DE")
    assert rules(country="Germny") == {"typo": False}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("USSR", "withdrawn"),
        ("Other", "placeholder"),
        ("Atlantis", "unknown"),
        ("Congo", "ambiguous"),
        ("Germny", "typo"),
    ],
)
@pytest.mark.parametrize("field", ["country", "country_code"])
def test_what_names_no_country_is_refused_with_its_reason(text: str, rule: str, field: str) -> None:
    report = check_address({field: text})
    (finding,) = (f for f in report.findings if f.rule == f"address.country-{rule}")
    assert finding.level == "error"
    assert report.verdict == "rejected"
    assert report.tax_location is None


def test_territory_keeps_the_name_on_its_envelope() -> None:
    assert pair(country="France", country_code="RE", zipCode="97400") == ("France", "RE")


@pytest.mark.parametrize("code", ["GE", "JE", "CG"])
@pytest.mark.parametrize("field", ["country", "country_code"])
def test_code_is_kept_where_the_name_alone_would_be_unclear(code: str, field: str) -> None:
    report = check_address({field: code, "city": "Town"})
    assert report.clean["country_code"] == code
    assert report.verdict == "corrected"


@pytest.mark.parametrize(
    ("sent", "state", "territory"),
    [
        ({"country": "Canary Islands"}, "CN", "ES-CANARY"),
        ({"country_code": "IC"}, "CN", "ES-CANARY"),
        ({"country": "Azores"}, "20", "PT-AZORES"),
        ({"country": "Northern Ireland"}, "NIR", "GB-NIR"),
        ({"country_code": "XI"}, "NIR", "GB-NIR"),
        ({"country": "England"}, None, None),
        ({"country": "Canary Islands", "state": "GC"}, "GC", "ES-CANARY"),
    ],
)
def test_part_of_a_country_with_a_tax_of_its_own_is_kept_as_the_state(sent, state, territory) -> None:
    report = check_address(sent)
    assert report.clean.get("state") == state
    assert report.tax_location.territory == territory
    assert check_address(report.clean).patch() == []
