"""What stands inside a text of an address: a postcode, a subdivision, a country, or the whole address on one line."""

from __future__ import annotations

import re
from typing import NamedTuple

from .country import Country, country
from .names import read_country
from .postcodes import read_postcode
from .regions import is_approximate, is_mapped, lies_in, regions_of
from .subdivisions import countries_with_subdivision, read_subdivision

LONGEST = 200  # characters of a text that is looked into

#: Countries whose addresses on one line are taken apart, and those of them that name a state in it.
ONE_LINE_COUNTRIES = frozenset(("US", "CA", "GB", "IN", "DE", "AU"))
_WITH_STATE = frozenset(("US", "CA", "IN", "AU"))

_EXACT = frozenset(("code", "alpha3", "name", "alias", "constituent"))
_AROUND = " ,;.-\u2013/"
_DIGIT = re.compile(r"\d")
_DASH_BEFORE_CODE = re.compile(r"(?<=[^\W\d]{3})\s?[-\u2013]\s?(?=\d)")  # Mumbai - 400001


class OneLine(NamedTuple):
    """An address that stood on one line. It is certain where all that it names agrees."""

    line1: str
    city: str
    state: str | None  # ISO 3166-2 suffix
    postcode: str
    country: Country
    certain: bool


def take_postcode(country_code: str, text: str) -> tuple[str, str] | None:
    """The canonical postcode that `text` begins or ends with, and the rest of it; None where there is none.

    >>> take_postcode("DE", "10117 Berlin"), take_postcode("GB", "London SW1A 2AA")
    (('10117', 'Berlin'), ('SW1A 2AA', 'London'))
    """
    if len(text) > LONGEST or not _DIGIT.search(text):
        return None
    words = _DASH_BEFORE_CODE.sub(" ", text).replace(",", " , ").split()
    for size in (2, 1):
        if len(words) < size:
            continue
        for code, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            canonical = _postcode(country_code, " ".join(code))
            if canonical:
                return canonical, _tidy(rest)
    return None


def take_subdivision(land: Country, text: str) -> tuple[str, str] | None:
    """The subdivision that `text` ends with, after a comma or a stroke, in brackets or as a code in capitals, and the rest.

    >>> take_subdivision(country("US"), "Mountain View, CA"), take_subdivision(country("IT"), "Cantù (CO)")
    (('CA', 'Mountain View'), ('CO', 'Cantù'))
    """
    text = text[:LONGEST]
    before, sign, last = text.removesuffix(")").rpartition("(" if text.endswith(")") else "," if "," in text else "/")
    if not sign:
        before, _, last = text.rpartition(" ")
        if last not in land.subdivisions or last.isdecimal():
            return None
    suffix = exact_subdivision(land, last.strip())
    return (suffix, before.strip(_AROUND)) if suffix and before.strip(_AROUND) else None


def take_country(text: str) -> tuple[Country, str] | None:
    """The country that `text` names after its last comma or in brackets at its end, and what stands before it.

    Two letters name none: CA is a state.
    """
    before, sign, last = text[:LONGEST].rpartition("(" if text.endswith(")") else ",")
    found = _country(last.strip(" )")) if sign else None
    return (found, before.strip(_AROUND)) if found and before.strip(_AROUND) else None


def exact_subdivision(land: Country, text: str) -> str | None:
    """The ISO 3166-2 suffix that `text` means without a doubt."""
    reading = read_subdivision(land, text) if text else None
    return reading.code if reading and reading.how in _EXACT else None


def take_apart(text: str, land: Country | None) -> OneLine | None:
    """The parts of a whole address on one line; `land` is its country where that is known from elsewhere."""
    parts = [part for piece in text.split(",") if (part := piece.strip(_AROUND))] if len(text) <= LONGEST else []
    if len(parts) < 2:
        return None
    named = _country(parts[-1])
    if named:
        parts.pop()
    if not parts or (land and named and land is not named):
        return None
    home = land or named or country("US")
    if home is None or home.code not in ONE_LINE_COUNTRIES:
        return None
    return _from_the_end(parts, home, known=bool(land or named))


def _from_the_end(parts: list[str], land: Country, *, known: bool) -> OneLine | None:
    state = _pop_state(parts, land)
    taken = take_postcode(land.code, parts.pop()) if parts else None
    if taken is None:
        return None
    postcode, rest = taken
    if rest:
        parts.append(rest)
    if len(parts) > 2 and read_country(parts[-1]).how == "constituent":  # London, England
        parts.pop()
    state = state or _pop_state(parts, land)
    city = parts.pop() if parts else ""
    if not parts or not any(char.isalpha() for char in city):
        return None
    if state:
        agrees = lies_in(land.code, postcode, state) is True
    else:
        agrees = land.code not in _WITH_STATE or len(regions_of(land.code, postcode)) == 1
    if not known and not agrees:
        return None
    return OneLine(", ".join(parts), city, state, postcode, land, certain=known and agrees)


def _pop_state(parts: list[str], land: Country) -> str | None:
    """Take the state off the end of the parts, where it is the last one or stands behind the city in it."""
    if land.code not in _WITH_STATE or not parts:
        return None
    if state := exact_subdivision(land, parts[-1]):
        parts.pop()
    elif split := take_subdivision(land, parts[-1]):
        state, parts[-1] = split
    return state


def _postcode(country_code: str, text: str) -> str | None:
    if len(_DIGIT.findall(text)) < 2:
        return None
    canonical = read_postcode(country_code, text).canonical
    if canonical is None or (canonical.isdecimal() and len(canonical) < 4):
        return None
    told = is_mapped(country_code) and not is_approximate(country_code)
    return None if told and not regions_of(country_code, canonical) else canonical


def _country(text: str) -> Country | None:
    short = text.upper() in ("UK", "US")
    if len(text) < 3 and not short:
        return None
    reading = read_country(text)
    others = () if short else countries_with_subdivision(text)
    if reading.code is None or reading.how not in _EXACT or any(code != reading.code for code in others):
        return None
    return country(reading.code)


def _tidy(words: list[str]) -> str:
    return " ".join(words).replace(" ,", ",").strip(_AROUND)
