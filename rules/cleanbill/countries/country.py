"""Countries and their subdivisions: ISO 3166-1 and 3166-2 as pycountry has them, and what the packs lay over them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from cleanbill.data_files import read_data


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """One country or territory with a code of its own in ISO 3166-1, or Kosovo (XK).

    `name` is the common English short name, `numeric` three digits or None. `subdivisions` maps each live ISO 3166-2 suffix
    ("CA") to an English name, with the few codes that addresses use beside them (AA, AE, AP in the US). `level` are the
    suffixes of the kind that its addresses name: states, not regions or counties. `tax_by_subdivision` says whether tax
    depends on the subdivision throughout the country.
    """

    code: str
    alpha3: str
    numeric: str | None
    name: str
    subdivisions: Mapping[str, str] = field(repr=False)
    level: tuple[str, ...] = field(repr=False)
    tax_by_subdivision: bool

    @property
    def in_text(self) -> str:
        """The name inside a sentence: "the United States", "India"."""
        return f"the {self.name}" if self.code in country_names()["article"] else self.name


def country(code: str) -> Country | None:
    """The country of an ISO 3166-1 alpha-2 code in capitals, or XK; None for any other text."""
    return _country(code) if code in iso() else None


def codes() -> tuple[str, ...]:
    """The codes of all countries, in alphabetical order."""
    return tuple(iso())


def pack(code: str) -> Mapping[str, Any]:
    """What the country's pack says, empty where it needs none.

    `tax_by_subdivision`; `subdivisions`: suffixes beside ISO's, and better names; `parents` of these; `aliases`: suffix to other
    names and codes; `written_anyway`: areas that addresses name and ISO does not list.
    """
    try:
        return tomllib.loads(read_data(__package__, f"packs/{code}.toml"))
    except FileNotFoundError:
        return {}


def own_name(code: str) -> str | None:
    """The common name that is laid over pycountry's, if there is one."""
    name = country_names()["name"].get(code)
    return str(name) if name else None


@cache
def country_names() -> Mapping[str, Any]:
    """The hand-written table of country names."""
    return tomllib.loads(read_data(__package__, "data/country_names.toml"))


@cache
def subdivision_index(code: str) -> Mapping[str, Any]:
    """The generated table of a country's subdivisions: `level`, `names` and `keys`."""
    table: Mapping[str, Any] = _subdivision_indices().get(code, {"level": (), "names": {}, "keys": {}})
    return table


@cache
def _subdivision_indices() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(read_data(__package__, "data/subdivisions.json"))
    return tables


class Iso(NamedTuple):
    """One entry of ISO 3166-1."""

    alpha3: str
    numeric: str | None
    names: tuple[str, ...]  # the common one first


@cache
def iso() -> Mapping[str, Iso]:
    """ISO 3166-1 and Kosovo, by alpha-2."""
    import pycountry  # noqa: PLC0415  costs 50 ms, and a payload without an address never asks

    entries = {"XK": Iso("XKX", None, ("Kosovo",))}
    for record in pycountry.countries:
        fields = (
            own_name(record.alpha_2),
            getattr(record, "common_name", None),
            record.name,
            getattr(record, "official_name", None),
        )
        entries[record.alpha_2] = Iso(record.alpha_3, record.numeric, tuple(dict.fromkeys(filter(None, fields))))
    return MappingProxyType(dict(sorted(entries.items())))


@cache
def _country(code: str) -> Country:
    entry, facts, index = iso()[code], pack(code), subdivision_index(code)
    live = _live_subdivisions().get(code, {})
    better = {suffix: name for suffix, name in index["names"].items() if suffix in live}
    own = facts.get("subdivisions", {})
    return Country(
        code,
        entry.alpha3,
        entry.numeric,
        entry.names[0],
        MappingProxyType(dict(sorted((live | better | own).items()))),
        tuple(sorted({*index["level"], *(own.keys() - live.keys())})),
        bool(facts.get("tax_by_subdivision", False)),
    )


@cache
def _live_subdivisions() -> dict[str, dict[str, str]]:
    """ISO 3166-2: alpha-2 to suffix to name."""
    import pycountry  # noqa: PLC0415  as in iso()

    found: dict[str, dict[str, str]] = {}
    for record in pycountry.subdivisions:
        found.setdefault(record.country_code, {})[record.code[3:]] = record.name
    return found
