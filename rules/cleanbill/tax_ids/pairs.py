"""Zenskar's (country_code, tax_code) pairs: which schemes they stand for and how the table spells them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cleanbill.countries.country import iso

from .dress import compact, country_words


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One row of the table. The sets hold compact spellings; the contested are never corrected, only warned about."""

    country: str
    code: str
    issuer: str
    schemes: tuple[str, ...]
    countries: frozenset[str]
    codes: frozenset[str]
    contested_countries: frozenset[str]
    contested_codes: frozenset[str]

    def is_contested(self, country: str | None, code: str | None) -> bool:
        """Whether the two, in plain spelling, are written as only one of the vendor's pages writes them."""
        return country in self.contested_countries or code in self.contested_codes

    def spelling(self, country: str, code: str) -> tuple[str, str]:
        """The pair as the table writes it; what is contested stays as it is."""
        return (
            country if country in self.contested_countries else self.country,
            code if code in self.contested_codes else self.code,
        )


def find_pair(country: str | None, code: str | None) -> Pair | None:
    """The row that a country_code and a tax_code stand for; where one is missing, the one row that the other stands for."""
    plain = plain_word(country), plain_word(code)
    if plain == (None, None):
        return None
    found = _by_words().get(plain, ())
    return found[0] if len(found) == 1 else None


def respell(country: str, code: str) -> tuple[str, str] | None:
    """The pair as Zenskar's table writes it, where that is certain and not how it is written; None otherwise."""
    pair = find_pair(country, code)
    if pair is None:
        return None
    wanted = pair.spelling(plain_word(country) or "", plain_word(code) or "")
    return None if wanted == (country, code) else wanted


def plain_word(word: str | None) -> str | None:
    """A country_code or tax_code in capitals and digits alone; None where nothing is left."""
    return compact(word) or None if word else None


def country_of(word: str | None) -> str | None:
    """The issuing country that a country_code stands for: a code or an English name of ISO 3166, EU, XI, IC, EL or UK."""
    plain = plain_word(word)
    return _codes().get(plain) if plain else None


@cache
def pairs() -> tuple[Pair, ...]:
    """Every row of data/pairs.toml."""
    return tuple(_rows(tomllib.loads((files(__package__) / "data" / "pairs.toml").read_text("utf-8"))))


@cache
def _by_words() -> Mapping[tuple[str | None, str | None], list[Pair]]:
    """The rows that a country and a code in plain spelling may stand for, either of them missing."""
    found: dict[tuple[str | None, str | None], list[Pair]] = {}
    for pair in pairs():
        for country in (None, *(pair.countries | pair.contested_countries)):
            for code in (None, *(pair.codes | pair.contested_codes)):
                found.setdefault((country, code), []).append(pair)
    return found


def _rows(table: Mapping[str, Any]) -> Iterator[Pair]:
    for row in table["pair"]:
        yield _pair(**row)
    vat = table["vat"]
    for country in vat["members"]:
        contested = vat["contested_members"].get(country, [])
        codes = vat["codes"].get(country, [])
        yield _pair(
            country=country, code="VAT", issuer=country, schemes=["eu_vat"], codes=codes, contested_countries=contested
        )
    for country in vat["others"]:
        yield _pair(country=country, code="VAT", issuer=country, schemes=[])


def _pair(
    *,
    country: str,
    code: str,
    issuer: str,
    schemes: list[str],
    codes: Iterable[str] = (),
    contested_countries: Iterable[str] = (),
    contested_codes: Iterable[str] = (),
) -> Pair:
    return Pair(
        country,
        code,
        issuer,
        tuple(schemes),
        country_words(issuer) | {country},
        frozenset(map(compact, (code, *codes))),
        frozenset(contested_countries),
        frozenset(contested_codes),
    )


@cache
def _codes() -> Mapping[str, str]:
    issuers = [*iso(), "XI", "EU"]
    return {word: issuer for issuer in issuers for word in country_words(issuer)} | {"IC": "IC"}
