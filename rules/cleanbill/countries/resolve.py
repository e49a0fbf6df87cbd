"""Which country an address is in, from all that it says: name, code, and the state and postcode where those two leave it open."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from .country import country as country_of
from .country import country_names
from .names import read_country
from .postcodes import countries_with_postcode_like, read_postcode
from .reading import Reading
from .regions import lies_in
from .subdivisions import FEDERATIONS, read_subdivision

How = Literal["given", "evidence", "conflict", "open", "missing"]


class Resolution(NamedTuple):
    """Which country an address is in.

    `code` is the country where that is certain (ISO 3166-1 alpha-2), else None. `how`: "given" by name or code; by "evidence"
    where a name or a slip left several open and the state or postcode fits one alone; in "conflict" where name and code say
    two countries; left "open" by what is given; "missing" where nothing is. `candidates` are the countries that may be meant,
    best first: only those that the state and postcode
    support, where there are any. `evidence` names the fields that support the first.
    `country` and `country_code` are the readings of the two fields, None where they are empty or a placeholder.
    """

    code: str | None
    how: How
    candidates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    country: Reading | None = None
    country_code: Reading | None = None

    @property
    def conflict(self) -> bool:
        """Whether name and code say two countries."""
        return self.how == "conflict"


def resolve(country: str | None, country_code: str | None, state: str | None, postcode: str | None) -> Resolution:
    """Which country is meant. Any texts get an answer; nothing is taken from state and postcode alone."""
    return _of_names(country, country_code) or _of_evidence(
        *_readings(country, country_code), state=state, postcode=postcode
    )


def is_part_of(territory: str, country_code: str) -> bool:
    """Whether the territory, which has a code of its own, may have this country on its envelope: RE and FR."""
    return bool(country_names()["part_of"].get(territory) == country_code)


def _readings(country: str | None, country_code: str | None) -> tuple[Reading | None, Reading | None]:
    return read_country(country) if country else None, read_country(country_code) if country_code else None


@lru_cache(maxsize=2048)
def _of_names(country: str | None, country_code: str | None) -> Resolution | None:
    """What the two fields say by themselves; None where neither names a country for certain."""
    name, code = _readings(country, country_code)
    if name and code and name.code and code.code:
        return _of_both(name, code)
    for one, other in ((code, name), (name, code)):
        if one and one.code:
            return _of_one(one.code, other, name, code)
    return None


def _of_both(name: Reading, code: Reading) -> Resolution:
    named, coded = name.code or "", code.code or ""
    if named == coded or is_part_of(named, coded):
        return Resolution(named, "given", (named,), (), name, code)
    if is_part_of(coded, named):
        return Resolution(coded, "given", (coded,), (), name, code)
    return Resolution(None, "conflict", (coded, named), (), name, code)


def _of_one(certain: str, other: Reading | None, name: Reading | None, code: Reading | None) -> Resolution:
    """One field names a country; the other names none, but may have others for candidates."""
    if other and other.candidates and certain not in other.candidates:
        within = [candidate for candidate in other.candidates if is_part_of(candidate, certain)]
        if len(within) == 1:  # Jersey beside GB is the island, not New Jersey
            return Resolution(within[0], "given", (within[0],), (), name, code)
        return Resolution(None, "conflict", tuple(dict.fromkeys((certain, *other.candidates))), (), name, code)
    return Resolution(certain, "given", (certain,), (), name, code)


def _of_evidence(name: Reading | None, code: Reading | None, *, state: str | None, postcode: str | None) -> Resolution:
    open_ = tuple(dict.fromkeys(c for reading in (name, code) if reading for c in reading.candidates))
    given = [reading for reading in (name, code) if reading and reading.how != "placeholder"]
    if not given:
        found = _guess(state, postcode)
        evidence = _support(found[0], state, postcode) if found else ()
        return Resolution(None, "missing", found, evidence, name, code)
    supported = tuple(c for c in open_ if _support(c, state, postcode))
    if len(supported) != 1:
        return Resolution(None, "open", supported or open_, (), name, code)
    (found_one,) = supported
    evidence = _support(found_one, state, postcode)
    certain = any(_is_settled_by_evidence(reading, found_one) for reading in given)
    if certain:
        return Resolution(found_one, "evidence", supported, evidence, name, code)
    return Resolution(None, "open", supported, evidence, name, code)


def _is_settled_by_evidence(reading: Reading, code: str) -> bool:
    """Whether the text is a name of the country itself, or one slip away from this country's names alone."""
    if reading.how == "ambiguous":
        return code in reading.candidates and code not in FEDERATIONS  # a federation is meant by one of its states
    return reading.how == "typo" and reading.distance == 1 and reading.candidates == (code,)


def _guess(state: str | None, postcode: str | None) -> tuple[str, ...]:
    """The one country that state and postcode, or a postcode of a telling shape, point to."""
    if state and postcode:
        found = tuple(code for code in FEDERATIONS if len(_support(code, state, postcode)) == 2)
    else:
        found = countries_with_postcode_like(postcode) if postcode else ()
    return found if len(found) == 1 else ()


def _support(code: str, state: str | None, postcode: str | None) -> tuple[str, ...]:
    """The fields that fit the country; none where one of them speaks against it."""
    land = country_of(code)
    if land is None:
        return ()
    suffix = read_subdivision(land, state).code if state else None
    canonical = read_postcode(code, postcode).canonical if postcode else None
    if (state and not suffix) or (postcode and not canonical):
        return ()
    if suffix and canonical and lies_in(code, canonical, suffix) is False:
        return ()
    return tuple(field for field, fits in (("state", suffix), ("zipCode", canonical)) if fits)
