"""What may tell the country, before it is settled: fillers out of the way, military mail, a country in the wrong field.

What these rules read, the rules after them make canonical, which changes no meaning.
"""

from __future__ import annotations

import re

from cleanbill.countries.country import country
from cleanbill.countries.embedded import take_apart, take_country
from cleanbill.countries.fillers import is_filler
from cleanbill.countries.postcodes import is_no_postcode, read_postcode
from cleanbill.countries.regions import regions_of
from cleanbill.parts import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on

rule = rule_on(Address, unless="in_order")

PLACES = frozenset(("line1", "city", "state", "zipCode", "country", "country_code"))

_MILITARY_CITY = re.compile(r"\W*[AFD]\W?P\W?O\b", re.IGNORECASE)
_MILITARY_STATES = frozenset(("AA", "AE", "AP"))


@rule(
    "address.postcode-placeholder",
    at="/zipCode",
    level="warn",
    fix="safe",
    reads={"zipCode"},
    writes={"zipCode"},
    message="The postcode is a filler, not a code; leave the field out where there is none.",
    bad={"address": {"country_code": "DE", "zipCode": "N/A"}},
    good={"address": {"country_code": "DE"}},
    since="0.1",
)
def postcode_placeholder(address: Address) -> Found:
    """A filler that is sent on is looked up as a place, and a tax engine refuses it or finds another place."""
    text = address.text("zipCode")
    return Hit({"/zipCode": REMOVE}) if text is not None and is_no_postcode(text) else None


@rule(
    "address.state-placeholder",
    at="/state",
    level="warn",
    fix="safe",
    reads={"state"},
    writes={"state"},
    message="The state is a filler, not a name; leave the field out where there is none.",
    bad={"address": {"country_code": "DE", "state": "N/A"}},
    good={"address": {"country_code": "DE"}},
    since="0.1",
)
def state_placeholder(address: Address) -> Found:
    """A filler is looked up as a state, and it hides that the postcode may tell the real one."""
    state = address.text("state")
    return Hit({"/state": REMOVE}) if is_filler(state) and state != "NA" else None  # which is Naples


@rule(
    "address.military-mail",
    at="/country_code",
    level="warn",
    fix="safe",
    reads=PLACES,
    writes=PLACES,
    message="Military mail (APO, FPO, DPO) is United States mail wherever it goes; send the United States as the country.",
    bad={"address": {"city": "APO", "state": "AE", "zipCode": "09012", "country_code": "DE"}},
    good={
        "address": {"city": "APO", "state": "AE", "zipCode": "09012", "country": "United States", "country_code": "US"}
    },
    since="0.1",
)
def military_mail(address: Address) -> Found:
    """The post goes to a base by way of the United States, and no tax of the land around the base is due."""
    land, united_states = address.country, country("US")
    if united_states is None or (land and land.code == "US") or not _MILITARY_CITY.match(address.text("city") or ""):
        return None
    postcode = read_postcode("US", address.text("zipCode") or "").canonical
    if postcode is None or not _MILITARY_STATES.issuperset(regions_of("US", postcode) or ("",)):
        return None
    return Hit({"/country": united_states.name, "/country_code": "US"})


@rule(
    "address.all-in-line1",
    at="/line1",
    level="warn",
    fix="safe",
    reads=PLACES,
    writes=PLACES,
    message="The whole address stands in line1; send each part in its own field, and check how they were parted.",
    bad={"address": {"line1": "Plot 5, Whitefield, Bengaluru, Karnataka 560066, India"}},
    good={
        "address": {
            "line1": "Plot 5, Whitefield",
            "city": "Bengaluru",
            "state": "KA",
            "zipCode": "560066",
            "country": "India",
            "country_code": "IN",
        }
    },
    since="0.1",
)
def all_in_line1(address: Address) -> Found:
    """Tax is looked up by country, state, city and postcode; on one line they are found by nobody."""
    line = address.text("line1")
    if line is None or "," not in line or any(address.text(name) for name in ("city", "state", "zipCode")):
        return None
    found = take_apart(line, address.country)
    if found is None or (address.country is None and _names_country(address)):
        return None
    edits: dict[str, object] = {"/line1": found.line1, "/city": found.city}
    if found.state:
        edits["/state"] = found.state
    edits["/zipCode"] = found.postcode
    if address.country is None:
        edits |= {"/country": found.country.name, "/country_code": found.country.code}
    return Hit(edits, fix="safe" if found.certain else "guess")


@rule(
    "address.country-in-city",
    at="/city",
    level="warn",
    fix="safe",
    reads=PLACES,
    writes=PLACES,
    message="The city ends with {country}; send the country in its own field.",
    bad={"address": {"city": "Berlin, Germany"}},
    good={"address": {"city": "Berlin", "country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_in_city(address: Address) -> Found:
    """Without a country there is no tax at all, and no rate is kept for a city with a country behind it."""
    taken = take_country(address.text("city") or "")
    if taken is None or _names_country(address):
        return None
    land, rest = taken
    edits = {"/city": rest, "/country": land.name, "/country_code": land.code}
    return Hit(edits, words={"country": land.in_text})


def _names_country(address: Address) -> bool:
    return bool(address.text("country") or address.text("country_code"))


RULES = (postcode_placeholder, state_placeholder, military_mail, all_in_line1, country_in_city)
