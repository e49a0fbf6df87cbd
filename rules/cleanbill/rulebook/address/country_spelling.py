"""The country's one name and code, where it is certain which country is meant."""

from __future__ import annotations

from cleanbill.countries.country import Country, country
from cleanbill.countries.names import read_country
from cleanbill.countries.reading import Reading
from cleanbill.countries.subdivisions import read_subdivision
from cleanbill.countries.territories import find_territory
from cleanbill.parts import Address
from cleanbill.report import Fix
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Address, unless="in_order")

PLACE = frozenset(("country", "country_code"))


@rule(
    "address.country-name-unclear",
    at="/country",
    level="warn",
    fix="safe",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="The country's name is not clear by itself; the code says {country}, so send that.",
    bad={"address": {"city": "Praha", "country": "Czechoslovakia", "country_code": "CZ"}},
    good={"address": {"city": "Praha", "country": "Czechia", "country_code": "CZ"}},
    since="0.1",
)
def country_name_unclear(address: Address) -> Found:
    """The name stands on the invoice, and some tax engines read it before the code."""
    name = address.resolution.country
    if name is None or name.code or name.how == "typo":
        return None
    return replaced(address, fix="guess" if name.how == "unknown" else None)


@rule(
    "address.country-code-unclear",
    at="/country_code",
    level="warn",
    fix="safe",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="The country code is none of ISO 3166-1; send {code} for {country}, the country named.",
    bad={"address": {"country": "Deutschland", "country_code": "X1"}},
    good={"address": {"country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_code_unclear(address: Address) -> Found:
    """Tax rates are found by the code alone, and this one finds none."""
    found, land = address.resolution, address.country
    if land is None or found.how != "given" or found.country_code is None or found.country_code.code:
        return None
    state = state_in(address, land, address.text("country_code")) if found.country_code.how == "ambiguous" else {}
    return Hit({"/country_code": land.code} | state, words={"country": land.in_text, "code": land.code})


@rule(
    "address.country-constituent",
    at="/country",
    level="info",
    fix="safe",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="This names a part of a country; send the country itself, {country}.",
    bad={"address": {"city": "Edinburgh", "country": "Scotland", "country_code": "GB"}},
    good={"address": {"city": "Edinburgh", "country": "United Kingdom", "country_code": "GB"}},
    since="0.1",
)
def country_constituent(address: Address) -> Found:
    """Tax tables know the whole country: England has no rate of its own."""
    return _spelt(address, address.resolution.country, constituent=True)


@rule(
    "address.country-not-canonical",
    at="/country",
    level="info",
    fix="safe",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="Send the country as invoices name it: {country}.",
    bad={"address": {"country": "Deutschland", "country_code": "DE"}},
    good={"address": {"country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_not_canonical(address: Address) -> Found:
    """One country under three names is three countries in every report, and in a rate table that goes by the name."""
    return _spelt(address, address.resolution.country, constituent=False)


@rule(
    "address.country-name-missing",
    at="/country",
    level="info",
    fix="safe",
    reads=PLACE,
    writes=PLACE,
    message="The country's name is missing; the code says {country}, so send that.",
    bad={"address": {"country_code": "DE"}},
    good={"address": {"country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_name_missing(address: Address) -> Found:
    """The invoice shows the name, not the code."""
    land = address.country
    if land is None or address.text("country"):
        return None
    return Hit({"/country": address.written(land)}, words={"country": land.in_text})


@rule(
    "address.country-code-not-iso",
    at="/country_code",
    level="info",
    fix="safe",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="Send {code}, the code of {country} in ISO 3166-1.",
    bad={"address": {"country": "Hellas", "country_code": "EL"}},
    good={"address": {"country": "Greece", "country_code": "GR"}},
    since="0.1",
)
def country_code_not_iso(address: Address) -> Found:
    """Tax rates are found by the two capitals of ISO 3166-1: UK, EL and usa find none."""
    reading, given = address.resolution.country_code, address.text("country_code")
    land = country(reading.code) if reading and reading.code else None
    if reading is None or land is None or given == land.code or address.resolution.conflict:
        return None
    part = _taxed_part(address, land, given)
    return Hit({"/country_code": land.code} | part, words={"country": land.in_text, "code": land.code})


@rule(
    "address.country-code-missing",
    at="/country_code",
    level="info",
    fix="safe",
    reads=PLACE,
    writes=PLACE,
    message="The country code is missing; send {code} for {country}.",
    bad={"address": {"country": "Deutschland"}},
    good={"address": {"country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_code_missing(address: Address) -> Found:
    """Zenskar's own tax rates are found by the code; without it a customer has none."""
    land = address.country
    if land is None or address.text("country_code"):
        return None
    return Hit({"/country_code": land.code}, words={"country": land.in_text, "code": land.code})


def state_in(address: Address, land: Country, text: str | None) -> dict[str, object]:
    """The edit that keeps the state which `text`, given for the country, names; none where the address has a state."""
    state = read_subdivision(land, text).code if text and not address.text("state") else None
    if state is None:
        return {}
    return {"/state": address.written_state(land, state)}


def replaced(address: Address, fix: Fix | None = None) -> Hit | None:
    """A hit that puts the name of the country given by its code in the place of a name that says none."""
    land = address.country
    if land is None or address.resolution.how != "given" or address.text("country") == address.written(land):
        return None
    name = address.resolution.country
    state = state_in(address, land, address.text("country")) if name and name.how == "ambiguous" else {}
    return Hit({"/country": address.written(land)} | state, fix=fix, words={"country": land.in_text})


def _spelt(address: Address, reading: Reading | None, *, constituent: bool) -> Hit | None:
    """A hit that spells a name which means the country in the one way; a territory's name beside its country's stays.

    So does a code whose country's name is not clear by itself (GE, JE) where no code stands beside it.
    """
    land = country(reading.code) if reading and reading.code else None
    if reading is None or land is None or address.resolution.conflict or (reading.how == "constituent") != constituent:
        return None
    wanted = address.written(land)
    if address.text("country") == wanted or not (address.text("country_code") or read_country(wanted).code):
        return None
    part = _taxed_part(address, land, address.text("country"))
    return Hit({"/country": wanted} | part, words={"country": land.name})


def _taxed_part(address: Address, land: Country, text: str | None) -> dict[str, object]:
    """The edit that keeps in the state a part of the country which has a tax of its own: Canary Islands, Northern Ireland."""
    if text is None or address.text("state"):
        return {}
    suffix = read_subdivision(land, text).code
    place = find_territory(land.code, None, suffix, None) if suffix else None
    return {"/state": address.written_state(land, suffix)} if suffix and place and not place.ordinary else {}


RULES = (
    country_name_unclear,
    country_code_unclear,
    country_code_not_iso,
    country_code_missing,
    country_constituent,
    country_not_canonical,
    country_name_missing,
)
