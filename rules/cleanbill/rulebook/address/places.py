"""Values in the wrong field of an address whose country is settled: a postcode in the city, city and state swapped.

What these rules read, the rules after them make canonical, which changes no meaning.
"""

from __future__ import annotations

from cleanbill.countries.country import Country
from cleanbill.countries.embedded import (
    exact_subdivision,
    take_country,
    take_postcode,
    take_subdivision,
)
from cleanbill.countries.names import read_country
from cleanbill.countries.postcodes import PostcodeReading
from cleanbill.countries.regions import is_approximate, lies_in, regions_of
from cleanbill.countries.subdivisions import is_written_anyway, read_subdivision
from cleanbill.parts import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on
from cleanbill.text import fold

from .subdivision import is_state_for_country

rule = rule_on(Address, unless="in_order")

PLACES = frozenset(("line1", "city", "state", "zipCode", "country", "country_code"))
INSIDE = frozenset(("city", "state", "zipCode"))

# Countries whose addresses name a state beside the city, so that one of the two is missed.
_WITH_STATE = frozenset(("US", "CA", "IN", "BR", "AU", "MX"))

# Countries whose states hardly share a name with a city in them, and those that do.
_STATES_APART = frozenset(("US", "CA", "IN", "BR", "AU"))
_NAMED_LIKE_THEIR_CITY = frozenset(("US-NY", "CA-QC", "IN-CH", "IN-DL", "IN-GA", "IN-PY", "BR-RJ", "BR-SP"))


@rule(
    "address.city-repeats-country",
    at="/city",
    level="info",
    fix="safe",
    reads={"city", "country", "country_code"},
    writes={"city"},
    message="The city ends with the country, which stands in its own field already; send the city alone.",
    bad={"address": {"city": "Berlin, Germany", "country_code": "DE"}},
    good={"address": {"city": "Berlin", "country_code": "DE"}},
    since="0.1",
)
def city_repeats_country(address: Address) -> Found:
    """No rate is kept for a city with a country behind it."""
    taken = take_country(address.text("city") or "")
    return Hit({"/city": taken[1]}) if taken and taken[0] is address.country else None


@rule(
    "address.postcode-in-city",
    at="/city",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The city holds the postcode too; send that in zipCode.",
    bad={"address": {"city": "10117 Berlin", "country_code": "DE"}},
    good={"address": {"city": "Berlin", "zipCode": "10117", "country_code": "DE"}},
    since="0.1",
)
def postcode_in_city(address: Address) -> Found:
    """Tax rates are looked up by city and by postcode, each in its own field."""
    land = address.country
    taken = take_postcode(land.code, address.text("city") or "") if land else None
    if land is None or taken is None or not any(char.isalpha() for char in taken[1]):
        return None
    postcode, city = taken
    if address.text("zipCode"):
        return Hit({"/city": city}) if _is_same(address.postcode, postcode) else None
    return Hit({"/city": city, "/zipCode": postcode}, fix="guess" if _contradicts(address, land, postcode) else "safe")


@rule(
    "address.city-in-postcode",
    at="/zipCode",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The postcode holds the city too; send that in city.",
    bad={"address": {"city": "Frankfurt", "zipCode": "60313 Frankfurt", "country_code": "DE"}},
    good={"address": {"city": "Frankfurt", "zipCode": "60313", "country_code": "DE"}},
    since="0.1",
)
def city_in_postcode(address: Address) -> Found:
    """A postcode with a city behind it is none to a rate table."""
    land, text, city = address.country, address.text("zipCode"), address.text("city")
    if land is None or text is None or address.postcode is None or address.postcode.how != "malformed":
        return None
    taken = take_postcode(land.code, text)
    if taken is None or not _is_name(taken[1]) or (city and fold(city) != fold(taken[1])):
        return None
    edits = {"/zipCode": taken[0]} if city else {"/zipCode": taken[0], "/city": taken[1]}
    return Hit(edits, fix="safe" if city else "guess")


@rule(
    "address.postcode-in-state",
    at="/state",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The state holds the postcode; send that in zipCode.",
    bad={"address": {"city": "San Francisco", "state": "CA 94105", "country_code": "US"}},
    good={
        "address": {
            "city": "San Francisco",
            "state": "CA",
            "zipCode": "94105",
            "country_code": "US",
        }
    },
    since="0.1",
)
def postcode_in_state(address: Address) -> Found:
    """A state with a code behind it is no state to a rate table, and the postcode is missed."""
    land, state, given = address.country, address.text("state"), address.text("zipCode")
    taken = take_postcode(land.code, state) if land and state else None
    if land is None or state is None or taken is None or (address.subdivision and address.subdivision.how == "code"):
        return None
    postcode, rest = taken
    edits: dict[str, object] = {"/state": rest or REMOVE}
    if given is None:
        edits["/zipCode"] = postcode
    elif not rest and exact_subdivision(land, given):
        edits = {"/state": given, "/zipCode": postcode}
    elif not _is_same(address.postcode, postcode):
        return None
    return Hit(edits)


@rule(
    "address.city-state-swapped",
    at="/city",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="City and state are swapped, since {state} is a state; send each in its own field.",
    bad={
        "address": {
            "city": "CA",
            "state": "Mountain View",
            "zipCode": "94043",
            "country_code": "US",
        }
    },
    good={
        "address": {
            "city": "Mountain View",
            "state": "CA",
            "zipCode": "94043",
            "country_code": "US",
        }
    },
    since="0.1",
)
def city_state_swapped(address: Address) -> Found:
    """Swapped they match no rate, and the customer is billed at none."""
    land, city, state = address.country, address.text("city"), address.text("state")
    if land is None or not city or not state or not _is_no_subdivision(address) or not _is_name(state):
        return None
    if is_written_anyway(land, state):
        return None  # Leeds in West Yorkshire, and Leeds is a subdivision too
    meant = exact_subdivision(land, city)
    confirmed = meant is not None and _lies_in(address, land, meant) is True
    if meant is None or not (confirmed or land.code in _WITH_STATE):
        return None
    # A code in the city is no city; a name may be both, as Leeds, Berlin and New York are.
    no_city = land.code in _STATES_APART and f"{land.code}-{meant}" not in _NAMED_LIKE_THEIR_CITY
    sure = confirmed and (no_city or read_subdivision(land, city).how == "code")
    edits = {"/city": state, "/state": city}
    return Hit(edits, fix="safe" if sure else "guess", words={"state": land.subdivisions.get(meant, meant)})


@rule(
    "address.city-in-state",
    at="/state",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The state holds a city; send it in city, and as the state {state}, where the postcode lies.",
    bad={"address": {"state": "Mountain View", "zipCode": "94043", "country_code": "US"}},
    good={
        "address": {
            "city": "Mountain View",
            "state": "CA",
            "zipCode": "94043",
            "country_code": "US",
        }
    },
    since="0.1",
)
def city_in_state(address: Address) -> Found:
    """A state that is none stops the look-up of the rate, and the city is missed."""
    land, state = address.country, address.text("state")
    if land is None or state is None or address.text("city") or not _is_no_subdivision(address) or not _is_name(state):
        return None
    canonical = address.postcode.canonical if address.postcode else None
    regions = regions_of(land.code, canonical) if canonical else ()
    if len(regions) != 1 or is_approximate(land.code):
        return None
    edits = {"/city": state, "/state": regions[0] if land.code in _WITH_STATE else REMOVE}
    sure = land.code in _WITH_STATE  # elsewhere an old county or a district may stand there
    words = {"state": land.subdivisions.get(regions[0], regions[0])}
    return Hit(edits, fix="safe" if sure else "guess", words=words)


@rule(
    "address.state-in-city",
    at="/city",
    level="warn",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The city ends with the state {state}; send that in state.",
    bad={
        "address": {
            "city": "Mountain View, CA",
            "zipCode": "94043",
            "country_code": "US",
        }
    },
    good={
        "address": {
            "city": "Mountain View",
            "state": "CA",
            "zipCode": "94043",
            "country_code": "US",
        }
    },
    since="0.1",
)
def state_in_city(address: Address) -> Found:
    """No rate is kept for a city with a state behind it, and the state is missed."""
    land, city = address.country, address.text("city")
    named = land and city and (land.code in _WITH_STATE or "," in city or (land.code == "IT" and city.endswith(")")))
    taken = take_subdivision(land, city) if land and city and named else None
    if land is None or taken is None:
        return None
    suffix, rest = taken
    words = {"state": land.subdivisions.get(suffix, suffix)}
    if address.text("state"):
        same = address.subdivision is not None and address.subdivision.code == suffix
        return Hit({"/city": rest}, words=words) if same else None
    agrees = _lies_in(address, land, suffix)
    sure = agrees is True or (agrees is None and land.code in _WITH_STATE)
    return Hit({"/city": rest, "/state": suffix}, fix="safe" if sure else "guess", words=words)


@rule(
    "address.state-repeats-country",
    at="/state",
    level="info",
    fix="safe",
    reads={*INSIDE, "country", "country_code"},
    writes=INSIDE,
    message="The state repeats the country; leave it out, or give the state.",
    bad={"address": {"country": "United States", "country_code": "US", "state": "USA", "zipCode": "94105"}},
    good={"address": {"country": "United States", "country_code": "US", "state": "CA", "zipCode": "94105"}},
    since="0.1",
)
def state_repeats_country(address: Address) -> Found:
    """It is looked up as a state, and it hides that the postcode may tell the real one."""
    land, state = address.country, address.text("state")
    if land is None or not land.tax_by_subdivision or state is None or not _is_no_subdivision(address):
        return None
    if is_state_for_country(address) or read_country(state).code != land.code:
        return None
    return Hit({"/state": REMOVE})


def _is_same(reading: PostcodeReading | None, postcode: str) -> bool:
    return reading is not None and postcode in (reading.canonical, *reading.repairs)


def _contradicts(address: Address, land: Country, postcode: str) -> bool:
    state = address.subdivision.code if address.subdivision else None
    return state is not None and lies_in(land.code, postcode, state) is False


def _lies_in(address: Address, land: Country, suffix: str) -> bool | None:
    """Whether the postcode lies in the subdivision; None where there is no telling."""
    canonical = address.postcode.canonical if address.postcode else None
    return lies_in(land.code, canonical, suffix) if canonical else None


def _is_no_subdivision(address: Address) -> bool:
    reading = address.subdivision
    return reading is not None and reading.code is None and reading.how == "unknown"


def _is_name(text: str) -> bool:
    return len(text) > 2 and all(char.isalpha() or char in " .'-\u2019" for char in text)


RULES = (
    state_repeats_country,
    city_repeats_country,
    postcode_in_city,
    city_in_postcode,
    postcode_in_state,
    city_state_swapped,
    city_in_state,
    state_in_city,
)
