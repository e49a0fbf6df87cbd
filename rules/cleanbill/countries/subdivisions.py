"""Subdivisions by name: any spelling of a state, province or county to its ISO 3166-2 suffix, inside one country."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from cleanbill.data_files import read_data

from .country import Country, country, pack, subdivision_index
from .reading import LONGEST, UNKNOWN, Reading, bare_key, key, near, parts

#: Federations whose states people know by name: a state of theirs in another country's address is a contradiction.
FEDERATIONS = ("US", "CA", "AU", "IN", "BR", "MX")


def read_subdivision(country: Country, text: str) -> Reading:
    """Which subdivision of `country` the text means; `code` is the ISO 3166-2 suffix ("CA", "KA", "ENG", "09").

    Known are codes, with the country's before them too, names in the local script, in English and other languages, with and
    without the kind of area ("Co. Dublin"), abbreviations, withdrawn ISO codes, and India's GST state numbers.
    """
    return _read(country, text) if len(text) <= LONGEST else UNKNOWN


def is_written_anyway(country: Country, text: str) -> bool:
    """Whether the text names an area that addresses of the country carry, though it is no subdivision in ISO 3166-2: Merseyside."""
    return len(text) <= LONGEST and bare_key(text) in _written_anyway(country.code)


def countries_with_subdivision(text: str) -> tuple[str, ...]:
    """The federations (FEDERATIONS) that have a subdivision so called; a number calls none."""
    if len(text) > LONGEST or text.strip().isdecimal():
        return ()
    lands = filter(None, map(country, FEDERATIONS))
    return tuple(land.code for land in lands if (reading := _found(land, text)) and reading.code)


def gst_state_code(subdivision: str) -> str | None:
    """The number of an Indian state (ISO 3166-2 suffix) in a GSTIN: "29" for KA."""
    return _gst_numbers().get(subdivision)


def gst_state(number: str) -> str | None:
    """The ISO 3166-2 suffix of a GST state number: KA for "29"; None for 96, 97, 99 and what is no such number."""
    return _gst_states().get(number)


@cache
def _written_anyway(code: str) -> frozenset[str]:
    return frozenset(map(bare_key, pack(code).get("written_anyway", ())))


@cache
def _gst_numbers() -> Mapping[str, str]:
    """The number in use of each state: of two the later, as for the merged Daman and Diu."""
    return MappingProxyType({code: number for number, code in _gst_states().items()})


@cache
def _gst_states() -> Mapping[str, str]:
    text = read_data(__package__, "data/in_gst_states.csv")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType({row["number"]: row["subdivision"] for row in rows})


@lru_cache(maxsize=8192)
def _read(country: Country, text: str) -> Reading:
    return _found(country, text) or _of_typo(country, key(text))


def _found(country: Country, text: str) -> Reading | None:
    return _exact(country, text) or _of_parts(country, text)


def _exact(country: Country, text: str) -> Reading | None:
    wanted = key(text)
    for code in (text.strip().upper(), wanted.upper()):
        if code in country.subdivisions:
            return Reading(code, "code")
    known = _known(country)
    return (
        known.get(wanted)
        or known.get(bare_key(text, federation=country.code in FEDERATIONS))
        or _of_padded(country, wanted)
    )


def _of_padded(country: Country, code: str) -> Reading | None:
    """A numeric code that lost its leading zero."""
    padded = code.zfill(2)
    return Reading(padded, "alias") if code.isdecimal() and padded in country.subdivisions else None


def _of_parts(country: Country, text: str) -> Reading | None:
    """The one subdivision that each part names, beside the country itself: "US-CA", "29-Karnataka", "Ontario, Canada"."""
    prefix, _, rest = text.strip().partition("-" if "-" in text else " ")
    some = [rest] if rest and prefix.upper() in (country.code, country.alpha3) else list(parts(text))
    if len(some) > 1:
        own = {key(country.code), key(country.alpha3), key(country.name)}
        some = [part for part in some if key(part) not in own]
    elif not rest:
        return None
    meant = {reading.code if (reading := _exact(country, part)) else None for part in some}
    code = meant.pop() if len(meant) == 1 else None
    return Reading(code, "alias") if code else None


def _of_typo(country: Country, wanted: str) -> Reading:
    known = _known(country)
    distance, names = near(wanted, tuple(known))
    candidates = tuple(dict.fromkeys(code for name in names if (code := known[name].code)))
    return Reading(None, "typo", candidates, distance) if candidates else UNKNOWN


@cache
def _known(country: Country) -> Mapping[str, Reading]:
    """Every key of the country's subdivisions with its reading; the pack's own names win over the generated ones."""
    found: dict[str, Reading] = {}
    for name, meant in subdivision_index(country.code)["keys"].items():
        codes = tuple(code for code in meant.split() if code in country.subdivisions)
        if codes:
            found[name] = Reading(codes[0], "name") if len(codes) == 1 else Reading(None, "ambiguous", codes)
    for code, name in country.subdivisions.items():
        found.setdefault(key(name), Reading(code, "name"))
    for code, names in pack(country.code).get("aliases", {}).items():
        found |= {key(name): Reading(code, "alias") for name in names}
    if country.code == "IN":
        for number, code in _gst_states().items():  # a spreadsheet makes 7 of 07
            found |= dict.fromkeys((number, number.lstrip("0")), Reading(code, "numeric"))
    return MappingProxyType(found)
