"""The state, province or county: its one code, and whether the country has it."""

from __future__ import annotations

from cleanbill.countries.country import Country, country
from cleanbill.countries.names import read_country
from cleanbill.countries.postcodes import read_postcode
from cleanbill.countries.regions import lies_in, regions_of
from cleanbill.countries.subdivisions import countries_with_subdivision, is_written_anyway
from cleanbill.parts import Address
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Address, unless="in_order")

PLACE = frozenset(("country", "country_code", "state"))

#: A text of so few characters may be a code of many countries, and says little about which.
SHORT = 3


@rule(
    "address.state-not-code",
    at="/state",
    level="info",
    fix="safe",
    reads=PLACE,
    writes={"state"},
    message="Send the state as its code: in {country} it is {code}.",
    bad={"address": {"country_code": "US", "state": "Calif."}},
    good={"address": {"country": "United States", "country_code": "US", "state": "CA"}},
    since="0.1",
)
def state_not_code(address: Address) -> Found:
    """Tax rates are found by the ISO 3166-2 code; a name in full is the same fact, spelt so that it finds none."""
    land, reading = address.country, address.subdivision
    if land is None or reading is None or reading.code is None:
        return None
    written = address.written_state(land, reading.code)
    if address.text("state") == written:
        return None
    return Hit({"/state": written}, words={"country": land.in_text, "code": reading.code})


@rule(
    "address.state-typo-confirmed",
    at="/state",
    level="warn",
    fix="safe",
    reads={*PLACE, "zipCode"},
    writes={"state"},
    message="The state is misspelt; send {state}, where the postcode lies.",
    bad={"address": {"country_code": "US", "state": "Californai", "zipCode": "94105"}},
    good={"address": {"country": "United States", "country_code": "US", "state": "CA", "zipCode": "94105"}},
    since="0.1",
)
def state_typo_confirmed(address: Address) -> Found:
    """A misspelt state finds no tax rate."""
    land, suffix = address.country, _typo_of(address)
    if land is None or suffix is None or not _is_confirmed(address, land, suffix):
        return None
    return Hit({"/state": address.written_state(land, suffix)}, words={"state": land.subdivisions[suffix]})


@rule(
    "address.state-typo",
    at="/state",
    fix="guess",
    reads={*PLACE, "zipCode"},
    writes={"state"},
    message="{country} has no such state; {state} is spelt almost so. Correct it.",
    bad={"address": {"country_code": "US", "state": "Californai"}},
    good={"address": {"country": "United States", "country_code": "US", "state": "CA"}},
    since="0.1",
)
def state_typo(address: Address) -> Found:
    """Where tax depends on the state a misspelt one finds no rate, and without a postcode nothing says which is meant."""
    land, suffix = address.country, _typo_of(address)
    if land is None or suffix is None or not land.tax_by_subdivision:
        return None
    return Hit(
        {"/state": address.written_state(land, suffix)},
        words={"country": land.in_text, "state": land.subdivisions[suffix]},
    )


@rule(
    "address.state-foreign",
    at="/state",
    reads={*PLACE, "zipCode"},
    message="The state lies in {other}; the country given is {country}. Correct the one that is wrong.",
    bad={"address": {"country_code": "US", "state": "Ontario"}},
    good={"address": {"country": "Canada", "country_code": "CA", "state": "ON"}},
    since="0.1",
)
def state_foreign(address: Address) -> Found:
    """A state of another country is a contradiction: the tax of one of the two would be charged wrongly."""
    land, other = address.country, _home(address)
    if land is None or other is None:
        return None
    return Hit(words={"other": other.in_text, "country": land.in_text})


@rule(
    "address.state-unknown",
    at="/state",
    reads=PLACE,
    message="{country} has no such state; give its code, such as {code} for {state}.",
    bad={"address": {"country_code": "US", "state": "Atlantis"}},
    good={"address": {"country": "United States", "country_code": "US", "state": "CA"}},
    since="0.1",
)
def state_unknown(address: Address) -> Found:
    """Where tax depends on the state, one that does not exist finds no rate."""
    land = address.country
    if land is None or not land.tax_by_subdivision or not _is_unknown(address) or _typo_of(address):
        return None
    code = land.level[-1]
    words = {"country": land.in_text, "code": code, "state": land.subdivisions[code]}
    return Hit(words=words, candidates=_candidates(address))


@rule(
    "address.state-unlisted",
    at="/state",
    level="warn",
    reads=PLACE,
    message="ISO 3166-2 lists no such subdivision of {country}; check it, or leave it out.",
    bad={"address": {"country_code": "FR", "state": "Atlantis"}},
    good={"address": {"country": "France", "country_code": "FR", "state": "IDF"}},
    since="0.1",
)
def state_unlisted(address: Address) -> Found:
    """Tax does not depend on it here, but a rate table that has a state in each row finds no row for this one."""
    land = address.country
    if land is None or land.tax_by_subdivision or not land.subdivisions or not _is_unknown(address):
        return None
    state = address.text("state") or ""
    if read_country(state).code == land.code or is_written_anyway(land, state):
        return None
    return Hit(words={"country": land.in_text}, candidates=_candidates(address))


@rule(
    "address.state-missing",
    at="/state",
    level="warn",
    reads={*PLACE, "zipCode"},
    message="There is no state, and tax in {country} depends on it; give its code, such as {code} for {state}.",
    bad={"address": {"country_code": "IN", "city": "Mumbai"}},
    good={"address": {"country": "India", "country_code": "IN", "city": "Mumbai", "state": "MH"}},
    since="0.1",
)
def state_missing(address: Address) -> Found:
    """The place of supply cannot be told without a state, and the invoice is taxed at no rate or a default one."""
    land = address.country
    if land is None or not land.tax_by_subdivision or address.text("state") or _is_told_by_postcode(address, land):
        return None
    code = land.level[-1]
    return Hit(words={"country": land.in_text, "code": code, "state": land.subdivisions[code]})


def _typo_of(address: Address) -> str | None:
    """The one subdivision that is a slip of spelling away."""
    reading = address.subdivision
    if reading is None or reading.how != "typo" or len(reading.candidates) != 1 or _home(address):
        return None
    return reading.candidates[0]


def _is_confirmed(address: Address, land: Country, suffix: str) -> bool:
    """Whether the postcode lies in the subdivision."""
    postcode = address.postcode
    return bool(postcode and postcode.canonical and lies_in(land.code, postcode.canonical, suffix))


def _is_unknown(address: Address) -> bool:
    return address.subdivision is not None and address.subdivision.code is None and _home(address) is None


def is_state_for_country(address: Address) -> bool:
    """Whether the country is a state of the US that is given twice, with a ZIP code in it: GA, GA 30303 is not in Gabon."""
    land, text = address.country, address.text("zipCode")
    if land is None or text is None or (address.text("state") or "").upper() != land.code:
        return False
    canonical = read_postcode("US", text).canonical
    return canonical is not None and land.code in regions_of("US", canonical)


def _home(address: Address) -> Country | None:
    """The other country that has the state, where this one has not and the text is more than a short code."""
    land, reading, text = address.country, address.subdivision, address.text("state")
    if land is None or reading is None or reading.code or text is None:
        return None
    if is_state_for_country(address):
        return country("US")
    if not land.subdivisions:
        return None
    if len(text) <= SHORT and not land.tax_by_subdivision:
        return None
    others = [code for code in countries_with_subdivision(text) if code != land.code]
    return country(others[0]) if others else None


def _candidates(address: Address) -> tuple[str, ...]:
    reading, land = address.subdivision, address.country
    return tuple(address.written_state(land, suffix) for suffix in reading.candidates) if reading and land else ()


def _is_told_by_postcode(address: Address, land: Country) -> bool:
    postcode = address.postcode
    return (
        postcode is not None and postcode.canonical is not None and len(regions_of(land.code, postcode.canonical)) == 1
    )


#: In two steps: what makes the state a code, and, once the postcode has its one spelling, what is wrong with it.
SPELLING = (state_not_code,)
AGREEMENT = (state_typo_confirmed, state_typo, state_foreign, state_unknown, state_unlisted, state_missing)
