"""Addresses as people write them: what was taken for another country or state, or warned of, though it is right."""

import pytest

from cleanbill import check_address


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Guam, USA", "GU"),
        ("Puerto Rico, U.S.A.", "PR"),
        ("Isle of Man (GB)", "IM"),
        ("La Réunion (France)", "RE"),
        ("Jersey (UK)", "JE"),
        ("Великобритания", "GB"),
        ("كوريا الجنوبية", "KR"),
        ("Hàn Quốc", "KR"),
        ("Förenta staterna", "US"),
        ("Weißrussland", "BY"),
        ("ဂျပန်", "JP"),
    ],
)
def test_country_is_read(written: str, code: str) -> None:
    assert check_address({"line1": "1 High Road", "country": written}).clean.get("country_code") == code


def test_a_slip_of_two_countries_is_neither() -> None:
    report = check_address({"line1": "1 High Road", "city": "Lagos", "country": "Nigera"})
    assert "country_code" not in report.clean


def test_a_city_before_the_country_needs_the_postcode_to_agree() -> None:
    address = {"line1": "1 High Road", "city": "London", "country": "London, UK"}
    assert "country_code" not in check_address(address).clean
    assert check_address(address | {"zipCode": "NW1 6XE"}).clean["country_code"] == "GB"


@pytest.mark.parametrize(
    ("country", "written", "code"),
    [
        ("IN", "தமிழ்நாடு", "TN"),
        ("IN", "ಕರ್ನಾಟಕ", "KA"),
        ("IN", "7", "DL"),
        ("NO", "Akershus", "32"),
        ("RU", "Московская обл.", "MOS"),
        ("PL", "woj. mazowieckie", "14"),
        ("US", "Commonwealth of Massachusetts", "MA"),
    ],
)
def test_state_is_read(country: str, written: str, code: str) -> None:
    assert check_address({"line1": "1 High Road", "country_code": country, "state": written}).clean["state"] == code


def test_a_foreign_name_of_the_country_names_no_part_of_it() -> None:
    report = check_address({"line1": "1 Avenue Foch", "city": "Brazzaville", "country": "Congo", "country_code": "CG"})
    assert "state" not in report.clean


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Aosta", "state": "AO", "zipCode": "11100", "country": "Italy", "country_code": "IT"},
        {"city": "Jervis Bay", "state": "JBT", "zipCode": "2540", "country": "Australia", "country_code": "AU"},
        {
            "city": "Manchester",
            "state": "Greater Manchester",
            "zipCode": "M17 1ED",
            "country": "United Kingdom",
            "country_code": "GB",
        },
        {
            "city": "Belfast",
            "state": "Co. Antrim",
            "zipCode": "BT1 5GS",
            "country": "United Kingdom",
            "country_code": "GB",
        },
        {"city": "București", "state": "Sector 1", "zipCode": "010061", "country": "Romania", "country_code": "RO"},
        {"city": "თბილისი", "zipCode": "0108", "country": "Georgia", "country_code": "GE"},
        {"city": "CABA", "state": "C", "zipCode": "C1043AAZ", "country": "Argentina", "country_code": "AR"},
        {"city": "Shipley", "zipCode": "BX9 1AS", "country": "United Kingdom", "country_code": "GB"},
    ],
)
def test_right_address_is_left_alone(address: dict[str, str]) -> None:
    report = check_address({"line1": "12 High Road"} | address)
    assert report.verdict == "accepted"
    assert not [finding.rule for finding in report.findings if finding.level != "info"]


@pytest.mark.parametrize(("state", "postcode"), [("GA", "30303"), ("DE", "19801"), ("IL", "60601"), ("MO", "63101")])
def test_state_of_the_us_given_for_the_country_is_refused(state: str, postcode: str) -> None:
    report = check_address({"line1": "1 Main St", "state": state, "zipCode": postcode, "country": state})
    assert report.verdict == "rejected"
    assert [finding.pointer for finding in report.findings if finding.level == "error"] == ["/state"]
    assert report.clean["zipCode"] == postcode


def test_country_is_taken_out_of_the_state() -> None:
    address = {"line1": "1 Main St", "city": "Miami", "state": "USA", "zipCode": "33139", "country_code": "US"}
    assert check_address(address).clean["state"] == "FL"


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ({"city": "Cantù (CO)", "zipCode": "22063", "country_code": "IT"}, {"city": "Cantù", "state": "CO"}),
        ({"city": "Santos/SP", "country_code": "BR"}, {"city": "Santos", "state": "SP"}),
        ({"city": "Lisboa", "zipCode": "1100-053 LISBOA", "country_code": "PT"}, {"zipCode": "1100-053"}),
        ({"line1": "221B Baker St, London, England, NW1 6XE", "country_code": "GB"}, {"city": "London"}),
    ],
)
def test_what_stands_in_the_wrong_field_moves(given: dict[str, str], clean: dict[str, str]) -> None:
    report = check_address({"line1": "1 High Road"} | given)
    assert clean.items() <= report.clean.items()
    assert check_address(report.clean).clean == report.clean
