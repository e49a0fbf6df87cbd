"""The address form of a country."""

import re

import pytest

from cleanbill.countries.country import codes, country
from cleanbill.countries.form import AddressForm, address_form


def form(code: str) -> AddressForm:
    land = country(code)
    assert land
    return address_form(land)


def labels(code: str) -> dict[str, str]:
    return {field.name: field.label for field in form(code).fields}


@pytest.mark.parametrize("code", codes())
def test_every_country_has_a_form(code: str) -> None:
    found = form(code)
    names = [field.name for field in found.fields]
    assert len(set(names)) == len(names)
    assert {"line1", "country"} <= set(names) <= {"line1", "line2", "city", "state", "zipCode", "country"}
    assert names[-1] == "country"
    assert ("zipCode" in names) <= (found.postcode_pattern is not None)
    assert bool(found.subdivisions) <= ("state" in names)
    assert all(field.label for field in found.fields)


@pytest.mark.parametrize("code", codes())
def test_postcode_example_has_the_shape_of_the_pattern(code: str) -> None:
    found = form(code)
    if found.postcode_pattern:
        assert re.fullmatch(found.postcode_pattern, found.postcode_example or "")


def test_fields_have_the_countrys_own_words() -> None:
    assert (labels("US")["state"], labels("US")["zipCode"]) == ("State", "ZIP code")
    assert (labels("IN")["zipCode"], labels("IE")["zipCode"]) == ("PIN code", "Eircode")
    assert (labels("CA")["state"], labels("JP")["state"]) == ("Province", "Prefecture")


def test_fields_stand_in_the_countrys_order() -> None:
    names = [field.name for field in form("DE").fields]
    assert names.index("zipCode") < names.index("city")
    names = [field.name for field in form("US").fields]
    assert names.index("city") < names.index("state") < names.index("zipCode")


@pytest.mark.parametrize("code", ["US", "CA", "IN", "BR"])
def test_state_is_required_where_tax_depends_on_it(code: str) -> None:
    assert next(field for field in form(code).fields if field.name == "state").required
    assert form(code).subdivisions


def test_country_without_postcodes_asks_for_none() -> None:
    assert "zipCode" not in labels("HK")
    assert form("HK").to_dict()["postcode"] is None


def test_form_as_json() -> None:
    found = form("AU").to_dict()
    assert found["country"] == "Australia"
    assert {"code": "NSW", "name": "New South Wales"} in found["subdivisions"]  # type: ignore[operator]
    assert {"name": "city", "label": "Suburb", "required": True} in found["fields"]  # type: ignore[operator]
