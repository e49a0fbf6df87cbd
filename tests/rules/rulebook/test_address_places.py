"""A value in the wrong field moves where it is plain, is offered where it is not, and stays where it could be right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill import Policy, check_address

EVERYTHING = Policy(fixes="all")


def clean(**address):
    return check_address(address).clean


def rules(**address):
    return {finding.rule for finding in check_address(address).findings}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"city": "10117 Berlin", "country_code": "DE"}, {"city": "Berlin", "zipCode": "10117"}),
        ({"city": "London SW1A 2AA", "country_code": "GB"}, {"city": "London", "zipCode": "SW1A 2AA"}),
        (
            {"city": "Mountain View, CA 94043", "country_code": "US"},
            {"city": "Mountain View", "state": "CA", "zipCode": "94043"},
        ),
        ({"city": "Toronto, Ontario", "country_code": "CA"}, {"city": "Toronto", "state": "ON"}),
        ({"city": "Berlin, Germany"}, {"city": "Berlin", "country_code": "DE"}),
        ({"city": "Berlin, Germany", "country_code": "DE"}, {"city": "Berlin", "country_code": "DE"}),
        (
            {"city": "San Francisco", "state": "CA 94105", "country_code": "US"},
            {"city": "San Francisco", "state": "CA", "zipCode": "94105"},
        ),
        (
            {"city": "San Francisco", "state": "94105", "zipCode": "CA", "country_code": "US"},
            {"city": "San Francisco", "state": "CA", "zipCode": "94105"},
        ),
        (
            {"city": "CA", "state": "Mountain View", "zipCode": "94043", "country_code": "US"},
            {"city": "Mountain View", "state": "CA", "zipCode": "94043"},
        ),
        (
            {"city": "", "state": "Mountain View", "zipCode": "94043", "country_code": "US"},
            {"city": "Mountain View", "state": "CA", "zipCode": "94043"},
        ),
        (
            {"city": "APO", "state": "AE", "zipCode": "09012", "country": "Germany"},
            {"country": "United States", "country_code": "US", "zipCode": "09012", "state": "AE"},
        ),
        (
            {"line1": "Unter den Linden 1, 10117 Berlin, Germany"},
            {"line1": "Unter den Linden 1", "city": "Berlin", "zipCode": "10117", "country_code": "DE"},
        ),
        (
            {"line1": "1 George St, Sydney NSW 2000", "country_code": "AU"},
            {"line1": "1 George St", "city": "Sydney", "state": "NSW", "zipCode": "2000"},
        ),
    ],
)
def test_plain_move_is_made(address: dict[str, str], expected: dict[str, str]) -> None:
    result = clean(**address)
    assert {name: result.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Kansas City", "state": "MO", "zipCode": "64105", "country_code": "US"},
        {"city": "New York", "state": "NY", "zipCode": "10001", "country_code": "US"},
        {"city": "Washington", "state": "DC", "zipCode": "20500", "country_code": "US"},
        {"city": "Paris 8", "zipCode": "75008", "country_code": "FR"},
        {"city": "Singapore", "zipCode": "048616", "country_code": "SG"},
        {"line1": "Flat 2, 10 High Street, Ealing", "city": "London", "zipCode": "W5 5DB", "country_code": "GB"},
        {"city": "Mexico City", "state": "CMX", "zipCode": "06000", "country_code": "MX"},
    ],
)
def test_what_may_be_right_stays(address: dict[str, str]) -> None:
    result = clean(**address)
    assert {name: result[name] for name in address} == address


def test_doubtful_move_is_only_offered() -> None:
    address = {"line1": "1600 Amphitheatre Parkway, Mountain View, CA 94043"}
    report = check_address(address)
    assert report.clean["line1"] == address["line1"]
    (finding,) = [f for f in report.findings if f.rule == "address.all-in-line1"]
    assert finding.fix == "guess"
    assert not finding.applied
    assert check_address(address, policy=EVERYTHING).clean["zipCode"] == "94043"


def test_military_mail_needs_a_military_zip_code() -> None:
    assert "address.military-mail" not in rules(city="APO", zipCode="10115", country_code="DE")
    assert "address.military-mail" not in rules(city="Berlin", zipCode="09012", country_code="DE")


WORDS = st.sampled_from(
    "CA NY Mountain_View Mountain_View,_CA Califronia 94043 2139 94O43 CA_94043 10117_Berlin Berlin,_Germany Germany DE US GB UK "
    "Karnataka KA 560001 SW1A1AA SWIA_2AA N/A 00000 HK Hong_Kong APO AE 09012 Georgia 1_Main_St London_SW1A_1AA SAN_FRANCISCO "
    "BRAZIL SP 01310100 1310100 97400 RE M5V2T6 MSV_2T6 ON Toronto_ON PR 00901 Wales Singapore 1_Main_St,_Albany,_NY_12207,_USA "
    "Plot_5,_Bengaluru,_Karnataka_560066,_India".replace("_", "\xa0").split(" ")
).map(lambda words: words.replace("\xa0", " "))
ADDRESSES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("line1", "line2", "city", "state", "zipCode", "country", "country_code"), WORDS)
)
POLICIES = st.sampled_from([Policy(), EVERYTHING, Policy(state="iso"), Policy(country="alpha-2")])


@settings(max_examples=1_000)
@given(ADDRESSES, POLICIES)
def test_clean_address_needs_nothing_more(address: dict[str, str], policy: Policy) -> None:
    report = check_address(address, policy=policy)
    assert not [finding for finding in report.findings if "failed to run" in finding.message]
    assert check_address(report.clean, policy=policy).patch() == []


@pytest.mark.parametrize(
    ("address", "fix"),
    [
        ({"city": "California", "state": "San Francisco", "zipCode": "94105", "country_code": "US"}, "safe"),
        ({"city": "Karnataka", "state": "Bengaluru", "zipCode": "560001", "country_code": "IN"}, "safe"),
        ({"city": "BY", "state": "München", "zipCode": "80331", "country_code": "DE"}, "safe"),
        ({"city": "New York", "state": "Manhattan", "zipCode": "10001", "country_code": "US"}, "guess"),
        ({"city": "California", "state": "San Francisco", "country_code": "US"}, "guess"),
    ],
)
def test_city_and_state_are_swapped_only_where_the_postcode_agrees_and_no_city_is_called_so(address, fix: str) -> None:
    (finding,) = (f for f in check_address(address).findings if f.rule == "address.city-state-swapped")
    assert finding.fix == fix
