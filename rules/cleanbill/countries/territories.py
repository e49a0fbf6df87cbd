"""Areas whose tax differs from that of the country on the envelope: islands, free zones, exclaves, overseas parts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from cleanbill.data_files import read_data
from cleanbill.text import fold

from .regions import lies_in, regions_of

Signal = Literal["country", "postal", "state", "city", "text"]


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """One area with a tax treatment to know of.

    `canonical_country` is the ISO 3166-1 code that names it best, `own_code` its code where it has one of its own, `part_of`
    the country whose ISO 3166-2 lists it as a subdivision. `envelope` is the country on its mail, as a rule. `decided_by` says
    which parts of an address are enough to know it. The EU flags are None outside Europe. An `ordinary` one has no treatment
    of its own and stands here because it is often taken for special, or because the subdivision decides; an unverified one was
    not checked against a document: it may warn, never refuse. `regime` and `scope` are for people. There are no rates.
    """

    id: str
    name: str
    canonical_country: str
    own_code: str | None
    part_of: str | None
    envelope: str
    decided_by: tuple[Signal, ...]
    eu_vat_territory: bool | None
    eu_customs_territory: bool | None
    regime: str
    scope: str
    ordinary: bool
    verified: bool


def find_territory(
    country_code: str, postcode: str | None, state: str | None, city: str | None, line1: str | None = None
) -> Territory | None:
    """The territory that an address with this country on it lies in, None for the country's ordinary ground.

    `country_code` is ISO 3166-1 alpha-2 (or AC, EA, IC, TA, XI, XK), `postcode` a canonical one, `state` an ISO 3166-2 suffix.
    The longest postcode prefix is asked first, then the state, the country's own code and the city. A state that the postcode
    contradicts, or a city that elsewhere shares its name, decides nothing.
    """
    signals = _signals().get(country_code)
    if signals is None:
        return None
    if postcode and (found := signals.by_postcode(postcode.replace(" ", "").replace("-", ""))):
        return found
    if signals.states or signals.any_state:
        state = _certain_state(country_code, postcode, state)
    return (
        (signals.states.get(state) if state else None)
        or signals.own
        or (signals.by_city(city, postcode) if city and signals.cities else None)
        or (signals.by_text(city, line1) if signals.texts else None)
        or (signals.any_state if state else None)
    )


def is_told_by_words(country_code: str) -> bool:
    """Whether the country has territories that a city or a line tells."""
    signals = _signals().get(country_code)
    return signals is not None and bool(signals.cities or signals.texts)


def territory(id: str) -> Territory:  # noqa: A002  it is the territory's id
    """The territory with this id. Raises KeyError where there is none."""
    return _territories()[id]


def territories() -> tuple[Territory, ...]:
    """All of them, as the data lists them."""
    return tuple(_territories().values())


@dataclass(slots=True, eq=False)
class _Signals:
    """What, in an address of one country, points to which territory."""

    prefixes: dict[str, Territory]
    patterns: list[tuple[re.Pattern[str], Territory]]
    states: dict[str, Territory]
    cities: dict[str, tuple[Territory, tuple[str, ...]]]
    texts: list[tuple[re.Pattern[str], Territory]]
    own: Territory | None = None
    any_state: Territory | None = None
    longest_prefix: int = 0

    def by_postcode(self, code: str) -> Territory | None:
        for pattern, found in self.patterns:
            if pattern.fullmatch(code):
                return found
        for length in range(min(len(code), self.longest_prefix), 0, -1):
            if code[:length] in self.prefixes:
                return self.prefixes[code[:length]]
        return None

    def by_city(self, city: str, postcode: str | None) -> Territory | None:
        found, within = self.cities.get(fold(city), (None, ()))
        return None if postcode and within and not postcode.startswith(within) else found

    def by_text(self, *texts: str | None) -> Territory | None:
        words = " ".join(fold(text) for text in texts if text)
        return next((found for pattern, found in self.texts if pattern.search(words)), None)


def _certain_state(country_code: str, postcode: str | None, state: str | None) -> str | None:
    if not postcode:
        return state
    if state:
        return None if lies_in(country_code, postcode, state) is False else state
    regions = regions_of(country_code, postcode)
    return regions[0] if len(regions) == 1 else None


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    text = read_data(__package__, "data/tax_territories.json")
    return tuple(json.loads(text)["territories"])


@cache
def _territories() -> dict[str, Territory]:
    return {row["id"]: _territory(row) for row in _rows()}


def _territory(row: Mapping[str, Any]) -> Territory:
    codes = row.get("codes", ())
    return Territory(
        row["id"],
        row["name"],
        row["country"],
        row["country"] if row["country"] in codes else None,
        row.get("part_of"),
        row["envelopes"][0],
        tuple(row["decided_by"]),
        row.get("eu_vat_territory"),
        row.get("eu_customs_territory"),
        row["regime"],
        row.get("scope", "all"),
        row.get("ordinary", False),
        not row.get("unverified", False),
    )


@cache
def _signals() -> dict[str, _Signals]:
    signals: dict[str, _Signals] = {}
    for row in _rows():
        found = _territories()[row["id"]]
        for code in dict.fromkeys((*row["envelopes"], *row.get("codes", ()), *row.get("postcodes", ()))):
            country = signals.setdefault(code, _Signals({}, [], {}, {}, []))
            _add(country, code, row, found)
    return signals


def _add(country: _Signals, code: str, row: Mapping[str, Any], found: Territory) -> None:
    decided_by = found.decided_by
    if "country" in decided_by and code in row["codes"]:
        country.own = found
    for prefix in row.get("postcodes", {}).get(code, ()):
        country.prefixes.setdefault(prefix, found)
        country.longest_prefix = max(country.longest_prefix, len(prefix))
    if pattern := row.get("postcode_patterns", {}).get(code):
        country.patterns.append((re.compile(pattern), found))
    for state in row.get("states", {}).get(code, ()):
        if state == "*":
            country.any_state = found
        else:
            country.states.setdefault(state, found)
    if "city" in decided_by:
        within = tuple(row.get("city_postcodes", {}).get(code, ()))
        for city in row.get("cities", ()):
            country.cities.setdefault(fold(city), (found, within))
    if "text" in decided_by:
        country.texts.append((_any_of(row["cities"]), found))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(fold(word)) for word in words) + r")\b")
