"""Where an address lies for tax, and whether a tax engine can work with what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from cleanbill.data_files import read_data

from .postcodes import has_postcodes
from .regions import regions_of
from .subdivisions import gst_state_code
from .territories import Territory, find_territory, is_told_by_words

Sufficiency = Literal["none", "country", "region", "postal", "street"]
TaxEngine = Literal["strictest", "zenskar", "stripe", "avalara", "anrok"]

# What the US post office writes as states and ISO 3166-2 does not list: military mail and freely associated states.
_NOT_SUBDIVISIONS = frozenset(("AA", "AE", "AP", "FM", "MH", "PW"))

_COUNTRY_ALONE = (frozenset(("country",)),)


@dataclass(frozen=True, slots=True)
class TaxLocation:
    """Where an address lies for tax: ids and flags, never rates.

    `country` is the ISO 3166-1 alpha-2 code as sent, `subdivision` an ISO 3166-2 code ("IN-KA"), given or told by the
    postcode. `jurisdictions` run from the outermost in; a territory with a code of its own stands in both forms (US-GU, GU).
    `territory` is the id of the special area, `gst_state_code` India's number of the state. `sufficiency` is how finely the
    address is known, `required` what a tax engine needs: alternatives, each a set of address fields that is enough.
    """

    country: str
    subdivision: str | None
    postcode: str | None
    gst_state_code: str | None
    jurisdictions: tuple[str, ...]
    territory: str | None
    sufficiency: Sufficiency
    required: tuple[frozenset[str], ...]
    missing: tuple[frozenset[str], ...]

    @property
    def sufficient(self) -> bool:
        """Whether one of the alternatives is complete."""
        return not all(self.missing)

    def to_dict(self) -> dict[str, object]:
        """The location as JSON; the sets of fields are sorted lists."""
        return {
            "country": self.country,
            "subdivision": self.subdivision,
            "postcode": self.postcode,
            "gst_state_code": self.gst_state_code,
            "jurisdictions": list(self.jurisdictions),
            "territory": self.territory,
            "sufficiency": self.sufficiency,
            "sufficient": self.sufficient,
            "required": [sorted(fields) for fields in self.required],
        }


def locate(
    country_code: str,
    *,
    state: str | None,
    postcode: str | None,
    city: str | None,
    line1: str | None = None,
    engine: TaxEngine = "strictest",
) -> TaxLocation:
    """Where an address in the country (ISO 3166-1 alpha-2) lies for tax.

    `state` is an ISO 3166-2 suffix, `postcode` in its canonical spelling. Where the state is None and the postcode lies in one
    subdivision alone, that one counts.
    """
    telling = (city, line1) if is_told_by_words(country_code) else (None, None)
    return _located(country_code, state, postcode, bool(city), bool(line1), telling, engine)


@lru_cache(maxsize=8192)
def _located(  # noqa: PLR0917  the key of a cache
    country_code: str,
    state: str | None,
    postcode: str | None,
    has_city: bool,  # noqa: FBT001
    has_line1: bool,  # noqa: FBT001
    telling: tuple[str | None, str | None],
    engine: TaxEngine,
) -> TaxLocation:
    """The same, of only those words that tell anything in the country: many addresses share one place."""
    suffix = state or _told_by_postcode(country_code, postcode)
    territory = find_territory(country_code, postcode, suffix, *telling)
    if country_code == "US" and suffix in _NOT_SUBDIVISIONS:
        suffix = None
    subdivision = f"{country_code}-{suffix}" if suffix else None
    fields = (("country", True), ("state", suffix), ("zipCode", postcode), ("city", has_city), ("line1", has_line1))
    given = {name for name, value in fields if value}
    required = required_fields(country_code, engine)
    return TaxLocation(
        country_code,
        subdivision,
        postcode,
        gst_state_code(suffix) if suffix and country_code == "IN" else None,
        _jurisdictions(country_code, subdivision, territory),
        territory.id if territory else None,
        _sufficiency(country_code, given),
        required,
        tuple(fields - given for fields in required),
    )


def required_fields(country_code: str, engine: TaxEngine = "strictest") -> tuple[frozenset[str], ...]:
    """What the engine needs of an address in the country: alternatives, each a set of address fields that is enough."""
    return _required(engine).get(country_code, _COUNTRY_ALONE)


def _told_by_postcode(country_code: str, postcode: str | None) -> str | None:
    regions = regions_of(country_code, postcode) if postcode else ()
    return regions[0] if len(regions) == 1 else None


def _jurisdictions(country_code: str, subdivision: str | None, territory: Territory | None) -> tuple[str, ...]:
    if territory is None:
        return (country_code, subdivision) if subdivision else (country_code,)
    chain = [country_code, subdivision]
    if territory.own_code:
        envelope = territory.part_of
        chain = [*((envelope[:2], envelope) if envelope else ()), *chain, territory.own_code]
    elif not territory.ordinary:
        chain.append(territory.id)
    return tuple(dict.fromkeys(step for step in chain if step))


def _sufficiency(country_code: str, given: set[str]) -> Sufficiency:
    if {"line1", "city"} <= given and ("zipCode" in given or not has_postcodes(country_code)):
        return "street"
    if "zipCode" in given:
        return "postal"
    return "region" if "state" in given else "country"


@cache
def _required(engine: TaxEngine) -> dict[str, tuple[frozenset[str], ...]]:
    data = json.loads(read_data(__package__, "data/engine_requirements.json"))
    countries = data[engine] if isinstance(data[engine], dict) else data[data[engine]]
    return {
        code: tuple(frozenset(("country", *fields)) for fields in facts["required"])
        for code, facts in countries.items()
    }
