"""A tax location says where an address lies for tax, and whether that is enough."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.location import Sufficiency, TaxLocation, locate, required_fields
from cleanbill.countries.postcodes import read_postcode


def at(code, *, state=None, postcode=None, city=None, line1=None) -> TaxLocation:
    canonical = read_postcode(code, postcode).canonical if postcode else None
    return locate(code, state=state, postcode=canonical, city=city, line1=line1)


@pytest.mark.parametrize(
    ("location", "jurisdictions"),
    [
        (at("US", state="CA", postcode="94043"), ("US", "US-CA")),
        (at("US", postcode="96910"), ("US", "US-GU", "GU")),
        (at("GU", postcode="96910"), ("US", "US-GU", "GU")),
        (at("ES", postcode="35001"), ("ES", "ES-GC", "ES-CANARY")),
        (at("FR", postcode="97400"), ("FR", "FR-974", "RE")),
        (at("RE", postcode="97400"), ("FR", "FR-974", "RE")),
        (at("GB", postcode="BT1 5GS"), ("GB", "GB-NIR")),
        (at("GB", postcode="JE2 3AB"), ("GB", "JE")),
        (at("JE", postcode="JE2 3AB"), ("JE",)),
        (at("TW", state="TPE"), ("TW", "TW-TPE")),
        (at("US", state="AE", postcode="09012", city="APO"), ("US", "US-MIL")),
        (at("CA", state="ON"), ("CA", "CA-ON")),
        (at("IN", state="KA"), ("IN", "IN-KA")),
        (at("SG"), ("SG",)),
    ],
)
def test_jurisdictions_run_from_the_outermost_in(location: TaxLocation, jurisdictions: tuple[str, ...]) -> None:
    assert location.jurisdictions == jurisdictions


def test_postcode_tells_the_subdivision_everywhere() -> None:
    assert at("DE", postcode="80331").subdivision == "DE-BY"
    assert at("IN", postcode="560001").gst_state_code == "29"
    assert at("US", postcode="03579").subdivision is None  # it reaches into two states
    assert at("US", state="NY", postcode="94105").subdivision == "US-NY"  # what is given is kept


@pytest.mark.parametrize(
    ("location", "sufficient", "sufficiency"),
    [
        (at("US"), False, "country"),
        (at("US", state="CA"), False, "region"),
        (at("US", postcode="94043"), True, "postal"),
        (at("US", postcode="94043", city="Mountain View", line1="1600 Amphitheatre Parkway"), True, "street"),
        (at("US", postcode="9404"), False, "country"),
        (at("CA", state="ON"), True, "region"),
        (at("CA", postcode="M5V 2T6"), True, "postal"),
        (at("IN", city="Mumbai"), False, "country"),
        (at("BR", state="SP"), True, "region"),
        (at("IT", postcode="20121"), False, "postal"),
        (at("IT", postcode="20121", city="Milano"), True, "postal"),
        (at("CY", city="Nicosia"), True, "country"),
        (at("NL"), True, "country"),
        (at("HK", city="Kowloon", line1="1 Nathan Road"), True, "street"),
    ],
)
def test_sufficiency(location: TaxLocation, sufficient: bool, sufficiency: str) -> None:
    assert location.sufficient is sufficient
    assert location.sufficiency == sufficiency


def test_required_fields_are_alternatives() -> None:
    assert required_fields("CA") == (frozenset({"country", "state"}), frozenset({"country", "zipCode"}))
    assert required_fields("SG") == (frozenset({"country"}),)
    assert at("IT", postcode="20121").missing == (frozenset({"city"}),)


def test_json_form() -> None:
    form = at("ES", postcode="35001", city="Las Palmas").to_dict()
    assert json.loads(json.dumps(form)) == form
    assert form["required"] == [["country", "zipCode"]]
    assert form["territory"] == "ES-CANARY"


texts = st.none() | st.text(max_size=20)


@given(st.sampled_from(["US", "GB", "IN", "IT", "ES", "AE", "HK", "CY", "XX", ""]), texts, texts, texts, texts)
def test_any_address_has_a_location(code, state, postcode, city, line1) -> None:
    location = at(code, state=state, postcode=postcode, city=city, line1=line1)
    assert location.jurisdictions or not code
    assert location.sufficiency in get_args(Sufficiency)
    again = at(code, state=state, postcode=location.postcode, city=city, line1=line1)
    assert again.postcode == location.postcode
