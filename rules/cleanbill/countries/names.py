"""Countries by name: any spelling to one ISO 3166-1 alpha-2 code, or to the reason why not."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from types import MappingProxyType

from cleanbill.data_files import read_data

from .country import country_names, iso
from .reading import LONGEST, UNKNOWN, How, Reading, key, near, parts
from .subdivisions import countries_with_subdivision


def read_country(text: str) -> Reading:
    """Which country `text` means: a code of ISO 3166-1, a name in one of 30 languages, or what people write for it.

    A slip of spelling ("typo") and a name that several countries answer to, or a state of one ("ambiguous"), have candidates
    and no code. So have the names of countries that are no more ("withdrawn").
    """
    return _read(text) if len(text) <= LONGEST else UNKNOWN


@lru_cache(maxsize=4096)
def _read(text: str) -> Reading:
    wanted = key(text)
    if reading := _of_code(text.strip()) or _known().get(wanted) or _of_parts(text):
        return reading
    if not wanted:
        return Reading(None, "placeholder")
    if holders := countries_with_subdivision(text):
        return Reading(None, "ambiguous", holders)
    return _of_typo(wanted)


def _of_code(text: str) -> Reading | None:
    """The reading of a text that is a code as it stands: "IN", not "I.N."."""
    return _codes().get(text.upper()) if text.isascii() and len(text) in (2, 3) else None


def _of_parts(text: str) -> Reading | None:
    """What the parts of the text name together.

    One country twice, "Germany / Deutschland"; one name turned round, "Kosovo, Republic of"; a territory and the country it
    belongs to, "Guam, USA". A city before a country leaves that a candidate.
    """
    some = list(parts(text))
    if len(some) < 2:
        return None
    if inverted := _known().get(key(" ".join(reversed(some)))):
        return inverted
    codes = [reading.code if (reading := _of_code(part) or _known().get(key(part))) else None for part in some]
    if None not in codes:
        part_of = country_names()["part_of"]
        inner = set(codes) - {part_of.get(code) for code in codes}
        return Reading(inner.pop(), "alias") if len(inner) == 1 else None
    last, whole = some[-1], codes[-1]
    if whole is None or set(codes) != {None, whole} or (len(last) < 3 and last.upper() not in ("UK", "US")):
        return None  # CA is a state
    return Reading(None, "ambiguous", (whole,))


def _of_typo(wanted: str) -> Reading:
    distance, names = near(wanted, _spelt())
    candidates = tuple(dict.fromkeys(own_keys()[name].code or "" for name in names))
    return Reading(None, "typo", candidates, distance) if candidates else UNKNOWN


@cache
def _codes() -> MappingProxyType[str, Reading]:
    found: dict[str, Reading] = {}
    for code, entry in iso().items():
        found[code] = Reading(code, "code")
        found[entry.alpha3] = Reading(code, "alpha3")
        if entry.numeric:
            found[entry.numeric] = Reading(code, "numeric")
    return MappingProxyType(found)


@cache
def own_keys() -> MappingProxyType[str, Reading]:
    """What ISO 3166-1 and the hand-written table make of each key; the table wins."""
    table, found = country_names(), dict[str, Reading]()
    for code, entry in iso().items():
        found |= {key(name): Reading(code, "name") for name in entry.names}
    names_of_one: tuple[How, ...] = ("alias", "constituent")
    names_of_several: tuple[How, ...] = ("withdrawn", "ambiguous")
    for how in names_of_one:
        for code, names in table[how].items():
            found |= {spelt: Reading(code, how) for name in names if (spelt := key(name)) not in found}
    for how in names_of_several:
        found |= {key(name): Reading(None, how, tuple(candidates)) for name, candidates in table[how].items()}
    found |= {key(word): Reading(None, "placeholder") for word in table["placeholder"]["words"]}
    return MappingProxyType(found)


@cache
def _known() -> MappingProxyType[str, Reading]:
    """Every key with its reading: names in other languages, then the above."""
    names = json.loads(read_data(__package__, "data/names.json"))
    del names["_about"]
    readings = {code: Reading(code, "name") for code in iso()}
    return MappingProxyType({name: readings[code] for name, code in names.items()} | dict(own_keys()))


@cache
def _spelt() -> tuple[str, ...]:
    """The keys that a typo may be a slip of: those in English and of the hand-written table."""
    return tuple(name for name, reading in own_keys().items() if reading.code)
