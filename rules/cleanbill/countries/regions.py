"""Which subdivision a postcode lies in, for the countries whose postcodes tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from cleanbill.data_files import read_data

from .country import pack


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """One country's prefixes, each with the ISO 3166-2 suffixes that it reaches into."""

    prefixes: dict[str, tuple[str, ...]]
    longest: int
    approximate: bool


@lru_cache(maxsize=8192)
def regions_of(country_code: str, canonical_postcode: str) -> tuple[str, ...]:
    """The ISO 3166-2 suffixes that the postcode may lie in: none where unknown, several where it reaches into several.

    `country_code` is ISO 3166-1 alpha-2, the postcode in its canonical spelling. For the US the codes of military mail
    (AA, AE, AP) and of the freely associated states (FM, MH, PW) are among the answers.
    """
    regions = _regions().get(country_code)
    if regions is None:
        return ()
    code = canonical_postcode if country_code == "GB" else canonical_postcode.replace("-", "").replace(" ", "")
    for length in range(min(len(code), regions.longest), 0, -1):
        if found := regions.prefixes.get(code[:length]):
            return found
    return ()


def is_mapped(country_code: str) -> bool:
    """Whether the country's postcodes tell the subdivision."""
    return country_code in _regions()


def is_approximate(country_code: str) -> bool:
    """Whether the country's prefixes are known too roughly to refuse anything by them."""
    regions = _regions().get(country_code)
    return regions is not None and regions.approximate


def lies_in(country_code: str, canonical_postcode: str, subdivision: str) -> bool | None:
    """Whether the postcode lies in the subdivision (an ISO 3166-2 suffix), None where unknown.

    A subdivision agrees with its parent and its children: 28013 lies in Madrid, the province and the community alike.
    """
    regions = regions_of(country_code, canonical_postcode)
    if not regions:
        return None
    if subdivision in regions or _parent(country_code, subdivision) in regions:
        return True
    return any(subdivision in _ancestors(country_code, region) for region in regions)


def _ancestors(country_code: str, subdivision: str) -> list[str]:
    found: list[str] = []
    parent = _parent(country_code, subdivision)
    while parent and parent not in found:
        found.append(parent)
        parent = _parent(country_code, parent)
    return found


@cache
def _parent(country_code: str, subdivision: str) -> str | None:
    from pycountry import subdivisions  # noqa: PLC0415  reads 5,000 records, and only a disagreement asks

    if own := pack(country_code).get("parents", {}).get(subdivision):
        return str(own)
    known = subdivisions.get(code=f"{country_code}-{subdivision}")  # type: ignore[no-untyped-call]
    parent = known.parent_code if known else None
    return str(parent).partition("-")[2] if parent else None


@cache
def _regions() -> dict[str, Regions]:
    data = json.loads(read_data(__package__, "data/postal_regions.json"))
    return {code: _country(facts) for code, facts in data.items() if code != "_about"}


def _country(facts: dict[str, Any]) -> Regions:
    prefixes = {p: (region,) if isinstance(region, str) else tuple(region) for p, region in facts["regions"].items()}
    return Regions(prefixes, max(map(len, prefixes)), facts["approximate"])
