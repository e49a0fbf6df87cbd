"""What an address as a whole says of the tax is told: too little, or a special territory."""

import pytest

from cleanbill import check_address


def findings(**address):
    return {f.rule: f for f in check_address(address).findings if f.rule.startswith("location.")}


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ({"country_code": "US", "state": "CA"}, ["zipCode"]),
        ({"country_code": "IN", "city": "Mumbai"}, ["state", "zipCode"]),
        ({"country_code": "IT", "zipCode": "20121"}, ["city"]),
    ],
)
def test_insufficient_address_names_what_it_needs(address: dict[str, str], fields: list[str]) -> None:
    finding = findings(**address)["location.insufficient"]
    assert finding.level == "warn"
    assert all(field in finding.message for field in fields)


def test_sufficient_address_says_nothing() -> None:
    assert findings(country_code="US", state="CA", zipCode="94043", city="Mountain View") == {}
    assert findings(country_code="IN", state="KA") == {}
    assert findings(country_code="CA", state="ON") == {}
    assert findings(country_code="NL") == {}


def test_special_territory_is_told() -> None:
    assert set(findings(country_code="ES", zipCode="35001", city="Las Palmas")) == {"location.territory"}
    assert findings(country_code="GB", zipCode="BT1 5GS")["location.territory"].level == "info"


def test_unchecked_territory_is_a_warning_and_no_refusal() -> None:
    report = check_address({"country_code": "AE", "city": "Dubai", "line1": "JAFZA One"})
    assert {f.rule: f.level for f in report.findings}["location.territory-likely"] == "warn"
    assert report.verdict != "rejected"


def test_country_of_a_territory_stays_as_it_is_sent() -> None:
    for code, zip_code, other in (("US", "00901", "PR"), ("FR", "97400", "RE"), ("GB", "JE2 3AB", "JE")):
        report = check_address({"country_code": code, "zipCode": zip_code})
        finding = {f.rule: f for f in report.findings}["location.territory-own-code"]
        assert report.clean["country_code"] == code
        assert other in finding.message
    assert "location.territory-own-code" not in findings(country_code="RE", zipCode="97400")
