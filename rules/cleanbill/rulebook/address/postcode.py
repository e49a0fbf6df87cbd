"""The postcode: its one spelling, what a mistyped one was, and whether it agrees with the state."""

from __future__ import annotations

from cleanbill.countries.country import Country, country
from cleanbill.countries.embedded import exact_subdivision
from cleanbill.countries.leading_zeros import is_known_to_exist
from cleanbill.countries.location import required_fields
from cleanbill.countries.postcodes import (
    countries_with_postcode_like,
    has_postcodes,
    postcode_example,
    read_postcode,
)
from cleanbill.countries.regions import is_approximate, is_mapped, lies_in, regions_of
from cleanbill.countries.repairs import lost_zeros
from cleanbill.countries.territories import find_territory
from cleanbill.parts import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on

from .subdivision import is_state_for_country

rule = rule_on(Address, unless="in_order")

PLACE = frozenset(("country", "country_code", "zipCode"))

# Countries whose mail is addressed under another country's postcodes by mistake.
_MAINLAND = {"HK": "CN", "MO": "CN"}


@rule(
    "address.postcode-not-used",
    at="/zipCode",
    level="info",
    fix="safe",
    reads={*PLACE, "state"},
    writes={"zipCode", "state"},
    message="{country} has no postcodes; leave the field out.",
    bad={"address": {"country_code": "HK", "zipCode": "852"}},
    good={"address": {"country_code": "HK"}},
    since="0.1",
)
def postcode_not_used(address: Address) -> Found:
    """A made-up code is looked up like a real one, and a tax engine refuses it or finds another place."""
    reading, land, text = address.postcode, address.country, address.text("zipCode")
    if reading is None or land is None or text is None or has_postcodes(land.code) or _elsewhere(land.code, text):
        return None
    if is_state_for_country(address):
        return None
    return Hit({"/zipCode": REMOVE}, words={"country": land.in_text})


@rule(
    "address.postcode-not-canonical",
    at="/zipCode",
    level="info",
    fix="safe",
    reads=PLACE,
    writes={"zipCode"},
    message="Spell the postcode the way {country} writes it.",
    bad={"address": {"country_code": "GB", "zipCode": "sw1a1aa"}},
    good={"address": {"country_code": "GB", "zipCode": "SW1A 1AA"}},
    since="0.1",
)
def postcode_not_canonical(address: Address) -> Found:
    """Tax rates are looked up by postcode, letter by letter, so one place must have one spelling."""
    reading, land = address.postcode, address.country
    if reading is None or land is None or reading.how != "spelling":
        return None
    return Hit({"/zipCode": reading.canonical}, words={"country": land.in_text})


@rule(
    "address.postcode-repaired",
    at="/zipCode",
    level="warn",
    fix="safe",
    reads={*PLACE, "state", "city"},
    writes={"zipCode", "state", "city"},
    message="The postcode lost a zero or has a letter for a digit; only one of {country} can be meant. Check it.",
    bad={"address": {"country_code": "US", "state": "MA", "zipCode": "2139"}},
    good={"address": {"country_code": "US", "state": "MA", "zipCode": "02139"}},
    since="0.1",
)
def postcode_repaired(address: Address) -> Found:
    """Spreadsheets drop leading zeros, and 2139 is no ZIP code while 02139 is one in Massachusetts."""
    reading, land, text = address.postcode, address.country, address.text("zipCode")
    if reading is None or land is None or text is None or reading.how != "repair":
        return None
    # State and city are read by their meaning, which the rules that make them canonical do not change.
    possible = [code for code in reading.repairs if _agrees(address, code) is not False]
    if len(possible) != 1:
        return None
    confirmed = _agrees(address, possible[0]) is True
    believable = _needs_no_state(land.code, text, possible[0]) and _in_city(address, land, possible[0]) is not False
    sure = confirmed or (believable and not _could_confirm(address))
    return Hit({"/zipCode": possible[0]}, fix="safe" if sure else "guess", words={"country": land.in_text})


@rule(
    "address.state-inferred",
    at="/state",
    level="warn",
    fix="safe",
    reads=PLACE,
    writes={"state"},
    message="There is no state; the postcode lies in {state}, so send that.",
    bad={"address": {"country_code": "IN", "zipCode": "560001"}},
    good={"address": {"country_code": "IN", "zipCode": "560001", "state": "KA"}},
    since="0.1",
)
def state_inferred(address: Address) -> Found:
    """Where tax depends on the state, a customer without one is billed at no rate or a default one."""
    land, canonical = address.country, address.postcode.canonical if address.postcode else None
    if land is None or canonical is None or land.code not in address.policy.state_inferred_in or address.text("state"):
        return None
    regions = regions_of(land.code, canonical)
    if len(regions) != 1 or is_approximate(land.code) or regions[0] not in land.subdivisions:
        return None
    return Hit({"/state": address.written_state(land, regions[0])}, words={"state": land.subdivisions[regions[0]]})


@rule(
    "address.postcode-malformed",
    at="/zipCode",
    reads={*PLACE, "state"},
    message="This is no postcode of {country}; write one like {example}.",
    bad={"address": {"country_code": "DE", "zipCode": "123456"}},
    good={"address": {"country_code": "DE", "zipCode": "10115"}},
    since="0.1",
)
def postcode_malformed(address: Address) -> Found:
    """A code of no possible shape finds no tax region, and the invoice is taxed at a default rate."""
    reading, land = address.postcode, address.country
    if reading is None or land is None or reading.canonical or not has_postcodes(land.code):
        return None
    if reading.how not in ("malformed", "repair", "placeholder"):
        return None
    words = {"country": land.in_text, "example": postcode_example(land.code) or ""}
    return Hit(words=words, candidates=reading.repairs)


@rule(
    "address.postcode-foreign",
    at="/zipCode",
    reads=PLACE,
    message="{country} has no postcodes, and this looks like one of {other}; check which country is meant.",
    bad={"address": {"country_code": "HK", "zipCode": "SW1A 1AA"}},
    good={"address": {"country_code": "GB", "zipCode": "SW1A 1AA"}},
    since="0.1",
)
def postcode_foreign(address: Address) -> Found:
    """An address in two countries is taxed in the wrong one of them."""
    reading, land, text = address.postcode, address.country, address.text("zipCode")
    if reading is None or land is None or text is None or has_postcodes(land.code):
        return None
    other = _elsewhere(land.code, text)
    return Hit(words={"country": land.in_text, "other": other}) if other else None


@rule(
    "address.postcode-state-mismatch",
    at="/zipCode",
    reads={*PLACE, "state"},
    message="The postcode lies in {found}; the state given is {given}. Correct the one that is wrong.",
    bad={"address": {"country_code": "US", "state": "NY", "zipCode": "94105"}},
    good={"address": {"country_code": "US", "state": "CA", "zipCode": "94105"}},
    since="0.1",
)
def postcode_state_mismatch(address: Address) -> Found:
    """State and postcode both choose the rate. Where they differ one is wrong, and only the customer knows which."""
    land = address.country
    return None if land is None or is_approximate(land.code) else _mismatch(address)


@rule(
    "address.postcode-state-doubtful",
    at="/zipCode",
    level="warn",
    reads={*PLACE, "state"},
    message="The postcode seems to lie in {found}; the state given is {given}. Check both.",
    bad={"address": {"country_code": "TW", "state": "KHH", "zipCode": "100"}},
    good={"address": {"country_code": "TW", "state": "TPE", "zipCode": "100"}},
    since="0.1",
)
def postcode_state_doubtful(address: Address) -> Found:
    """State and postcode both choose the rate; here the areas of postcodes are known too roughly to refuse an address."""
    land = address.country
    return _mismatch(address) if land and is_approximate(land.code) else None


@rule(
    "address.postcode-unassigned",
    at="/zipCode",
    level="warn",
    reads=PLACE,
    message="No postcode of {country} is known to begin like this one; check it.",
    bad={"address": {"country_code": "US", "state": "CA", "zipCode": "89900"}},
    good={"address": {"country_code": "US", "state": "CA", "zipCode": "94105"}},
    since="0.1",
)
def postcode_unassigned(address: Address) -> Found:
    """A code that belongs to no state finds no rate."""
    reading, land = address.postcode, address.country
    canonical = reading.canonical if reading else None
    if land is None or canonical is None or land.code not in _WHOLLY_MAPPED or regions_of(land.code, canonical):
        return None
    return None if find_territory(land.code, canonical, None, None) else Hit(words={"country": land.in_text})


@rule(
    "address.postcode-missing",
    at="/zipCode",
    level="warn",
    reads={"country", "country_code", "zipCode"},
    message="There is no postcode, and tax in {country} cannot be told without one; send it in zipCode.",
    bad={"address": {"country_code": "ES", "city": "Las Palmas"}},
    good={"address": {"country_code": "ES", "city": "Las Palmas", "zipCode": "35001"}},
    since="0.1",
)
def postcode_missing(address: Address) -> Found:
    """In these countries an island, a state or an exclave with other taxes is known by its postcodes alone."""
    land = address.country
    if land is None or address.text("zipCode"):
        return None
    if not all("zipCode" in fields for fields in required_fields(land.code, address.policy.engine)):
        return None
    return Hit(words={"country": land.in_text})


# Countries whose postcodes all begin with two zeros, or those of the capital.
_BEGIN_WITH_00 = frozenset(("PR", "VI", "VA", "FI", "IT", "PL", "NO", "KE", "LK"))

# Countries where a lost digit is likelier than a lost zero, and not all codes with a zero are known.
_MOSTLY_WITHOUT_ZERO = frozenset(("US", "CN"))

# Countries whose assigned prefixes are all known.
_WHOLLY_MAPPED = frozenset(("US", "IN", "ES", "BR"))


def _agrees(address: Address, canonical: str) -> bool | None:
    """Whether a postcode lies in the state given, or in the one that it is a slip of; None where that is unknown."""
    reading = address.subdivision
    meant = [reading.code] if reading and reading.code else reading.candidates if reading else ()
    state = meant[0] if len(meant) == 1 else None
    return lies_in(address.country.code, canonical, state) if address.country and state else None


def _needs_no_state(country_code: str, text: str, canonical: str) -> bool:
    """Whether a repair may stand without a state: not one to a code that no place has, since the text lost another digit then."""
    lost = lost_zeros(text, canonical)
    if lost == 0:
        return True
    if country_code in _MOSTLY_WITHOUT_ZERO or is_known_to_exist(country_code, canonical) is False:
        return False
    return lost == 1 or country_code in _BEGIN_WITH_00


def _in_city(address: Address, land: Country, canonical: str) -> bool | None:
    """Whether the postcode lies in the subdivision called like the city, as Sevilla and Milano are; None where none is."""
    city = exact_subdivision(land, address.text("city") or "")
    return lies_in(land.code, canonical, city) if city else None


def _could_confirm(address: Address) -> bool:
    """Whether a state is given that should have confirmed the repair."""
    land = address.country
    return bool(land and address.text("state") and is_mapped(land.code) and not is_approximate(land.code))


def _mismatch(address: Address) -> Hit | None:
    land, reading = address.country, address.postcode
    state = address.subdivision.code if address.subdivision else None
    if land is None or reading is None or reading.canonical is None or state is None:
        return None
    if lies_in(land.code, reading.canonical, state) is not False:
        return None
    regions = regions_of(land.code, reading.canonical)
    found = " or ".join(land.subdivisions.get(region, region) for region in regions)
    return Hit(words={"found": found, "given": land.subdivisions.get(state, state)})


def _elsewhere(country_code: str, text: str) -> str | None:
    """The name of a country whose postcode `text` has the telling shape of."""
    mainland = _MAINLAND.get(country_code)
    codes: tuple[str, ...] = ()
    if mainland and (canonical := read_postcode(mainland, text).canonical) and regions_of(mainland, canonical):
        codes = (mainland,)
    other = next((land for code in codes or countries_with_postcode_like(text) if (land := country(code))), None)
    return other.name if other else None


#: What makes the code canonical and fills the state from it; then, the state being canonical too, what holds it against the rest.
SPELLING = (postcode_not_used, postcode_not_canonical, postcode_repaired, state_inferred)
AGREEMENT = (
    postcode_malformed,
    postcode_foreign,
    postcode_state_mismatch,
    postcode_state_doubtful,
    postcode_unassigned,
    postcode_missing,
)
