"""The table of tax identifier schemes: one row for each scheme and issuing country."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from cleanbill.data_files import read_data

Grade = Literal["hard", "soft", "none"]
Holder = Literal["company", "person", "either"]

#: Codes that people write for an issuing country, beside its own.
COUNTRY_ALIASES: Mapping[str, str] = {"EL": "GR", "UK": "GB"}


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """One kind of tax identifier of one issuing country.

    `id` is Stripe's type name. `country` is ISO 3166-1 alpha-2, or EU, XI (Northern Ireland), IC (Canary Islands). `grade` says
    what a wrong check digit means: hard (the authority publishes the algorithm), soft (known to be unreliable or not official),
    none (there is none, or it is unpublished). `example` is canonical.

    `prefix` opens the canonical number; `pattern` (a regular expression) and `lengths` describe the body after it.
    `validator` names the function that checks a body, "module.function" in `cleanbill.tax_ids.validators` or a module of
    python-stdnum; it is empty where the shape is all there is. `person` is a pattern of bodies that natural persons hold.
    `display` are masks in which # stands for one character of the body. `addresses` are ISO codes of the countries whose
    addresses the number may stand beside, empty for any; `foreign` numbers stand beside any address but those of `country`.
    `source` says where the shape and the algorithm are documented.
    """

    id: str
    country: str
    name: str
    grade: Grade
    holder: Holder
    prefix: str
    pattern: str
    lengths: frozenset[int]
    validator: str
    person: str
    display: tuple[str, ...]
    addresses: frozenset[str]
    foreign: bool
    example: str
    source: str

    def to_dict(self) -> dict[str, object]:
        """The scheme's entry in the list, as JSON."""
        return {
            "id": self.id,
            "country": self.country,
            "name": self.name,
            "check_digit": self.grade,
            "holder": self.holder,
            "example": self.example,
            "display": display_form(self, self.example),
            "addresses": sorted(self.addresses),
            "foreign": self.foreign,
            "source": self.source,
        }

    def may_stand_beside(self, country: str) -> bool:
        """Whether an address in `country` (ISO 3166-1 alpha-2) is usual for this scheme."""
        if self.foreign:
            return country != self.country
        return not self.addresses or country in self.addresses


@cache
def schemes() -> tuple[Scheme, ...]:
    """Every scheme, in the order of the table: the preferred of several that fit one number comes first."""
    text = read_data(__package__, "data/schemes.csv")
    return tuple(map(_scheme, csv.DictReader(text.splitlines())))


def find_scheme(id: str, country: str | None = None) -> Scheme | None:  # noqa: A002
    """The scheme of this id and issuing country; without a country, the one scheme of this id. None where there is none."""
    rows = _by_id().get(id.strip().lower(), {})
    if country is None:
        return next(iter(rows.values())) if len(rows) == 1 else None
    return rows.get(issuer(country))


def schemes_of(country: str) -> tuple[Scheme, ...]:
    """The schemes that `country` issues (EL and UK are understood), the preferred first."""
    return _by_country().get(issuer(country), ())


def issuer(country: str) -> str:
    """The table's code for an issuing country that is written with two letters."""
    code = country.strip().upper()
    return COUNTRY_ALIASES.get(code, code)


def display_form(scheme: Scheme, canonical: str) -> str:
    """The canonical number as people print it, such as 58 437 726 834; it reads back as the same number."""
    body = canonical.removeprefix(scheme.prefix)
    for mask in scheme.display:
        if mask.count("#") == len(body):
            characters = iter(body)
            return "".join(next(characters) if c == "#" else c for c in mask)
    return canonical


@cache
def _by_id() -> dict[str, dict[str, Scheme]]:
    index: dict[str, dict[str, Scheme]] = {}
    for scheme in schemes():
        index.setdefault(scheme.id, {})[scheme.country] = scheme
    return index


@cache
def _by_country() -> dict[str, tuple[Scheme, ...]]:
    index: dict[str, tuple[Scheme, ...]] = {}
    for scheme in schemes():
        index[scheme.country] = (*index.get(scheme.country, ()), scheme)
    return index


def _scheme(row: dict[str, str]) -> Scheme:
    grades: dict[str, Grade] = {grade: grade for grade in get_args(Grade)}
    holders: dict[str, Holder] = {holder: holder for holder in get_args(Holder)}
    return Scheme(
        id=row["id"],
        country=row["country"],
        name=row["name"],
        grade=grades[row["grade"]],
        holder=holders[row["holder"]],
        prefix=row["prefix"],
        pattern=row["pattern"],
        lengths=frozenset(map(int, row["lengths"].split())),
        validator=row["validator"],
        person=row["person"],
        display=tuple(row["display"].split("|")) if row["display"] else (),
        addresses=frozenset(row["addresses"].split()),
        foreign=row["foreign"] == "yes",
        example=row["example"],
        source=row["source"],
    )
