"""Zenskar's (country_code, tax_code) pairs: which schemes they stand for and how the table spells them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cleanbill.countries.country import iso
from cleanbill.data_files import read_data

from .dress import compact, country_words
from .scheme import Scheme
from .scheme import schemes as all_schemes

_EU = "EU"  # its pair stands for the numbers of every member state


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the table. The sets hold compact spellings; the contested are never corrected, only warned about.

    `schemes` are scheme ids, the preferred first, and `rows` the schemes of the issuer that they name.
    """

    country: str
    code: str
    issuer: str
    schemes: tuple[str, ...]
    countries: frozenset[str]
    codes: frozenset[str]
    contested_countries: frozenset[str]
    contested_codes: frozenset[str]
    rows: tuple[Scheme, ...] = field(compare=False)

    def is_contested(self, country: str | None, code: str | None) -> bool:
        """Whether the two are written as only one of the vendor's pages writes them."""
        countries, codes = self.contested_countries, self.contested_codes
        return bool(countries and plain_word(country) in countries) or bool(codes and plain_word(code) in codes)

    def respelt(self, country: str, code: str) -> tuple[str, str] | None:
        """The pair as the table writes it, None where it is written so; what is contested is only put in capitals."""
        if (country, code) == (self.country, self.code):
            return None
        plain_country, plain_code = plain_word(country) or "", plain_word(code) or ""
        wanted = (
            plain_country if plain_country in self.contested_countries else self.country,
            plain_code if plain_code in self.contested_codes else self.code,
        )
        return None if wanted == (country, code) else wanted


@dataclass(frozen=True, slots=True)
class PairTable:
    """Rows of pairs, looked up by any spelling of country_code and tax_code. Built by `pair_table`."""

    pairs: tuple[Pair, ...]
    by_words: Mapping[tuple[str | None, str | None], tuple[Pair, ...]] = field(compare=False, repr=False)

    def find(self, country: str | None, code: str | None) -> Pair | None:
        """The row that the two stand for; where one is missing, the one row that the other stands for."""
        plain = plain_word(country), plain_word(code)
        found = self.by_words.get(plain, ()) if plain != (None, None) else ()
        return found[0] if len(found) == 1 else None

    def of_issuer(self, issuer: str) -> tuple[Pair, ...]:
        """The rows for the numbers of one issuing country."""
        return tuple(pair for pair in self.pairs if pair.issuer == issuer)

    def respell(self, country: str, code: str) -> tuple[str, str] | None:
        """The pair as the table writes it, where that is certain and not how it is written; None otherwise."""
        pair = self.find(country, code)
        return pair.respelt(country, code) if pair else None

    def changed(self, rows: Iterable[Mapping[str, Any]]) -> PairTable:
        """The table with other rows: they have the keys of data/pairs.toml's [[pair]] and replace those of their issuers.

        Raises ValueError where a row is not of this form or names a scheme that its issuer does not have.
        """
        given = tuple(map(_pair_of, rows))
        issuers = {pair.issuer for pair in given}
        return pair_table((*(pair for pair in self.pairs if pair.issuer not in issuers), *given))


def pair_table(pairs: Iterable[Pair]) -> PairTable:
    """A table of these rows."""
    rows = tuple(pairs)
    by_words: dict[tuple[str | None, str | None], tuple[Pair, ...]] = {}
    for pair in rows:
        for country in (None, *(pair.countries | pair.contested_countries)):
            for code in (None, *(pair.codes | pair.contested_codes)):
                by_words[country, code] = (*by_words.get((country, code), ()), pair)
    return PairTable(rows, by_words)


@cache
def default_pairs() -> PairTable:
    """The table of data/pairs.toml."""
    return pair_table(_rows(tomllib.loads(read_data(__package__, "data/pairs.toml"))))


def plain_word(word: str | None) -> str | None:
    """A country_code or tax_code in capitals and digits alone; None where nothing is left."""
    return compact(word) or None if word else None


def country_of(word: str | None) -> str | None:
    """The issuing country that a country_code stands for: a code or an English name of ISO 3166, EU, XI, IC, EL or UK."""
    plain = plain_word(word)
    return _codes().get(plain) if plain else None


def _rows(table: Mapping[str, Any]) -> Iterator[Pair]:
    for row in table["pair"]:
        yield pair_row(**row)
    vat = table["vat"]
    for country in vat["members"]:
        contested = vat["contested_members"].get(country, [])
        codes = vat["codes"].get(country, [])
        yield pair_row(
            country=country, code="VAT", issuer=country, schemes=["eu_vat"], codes=codes, contested_countries=contested
        )
    for country in vat["others"]:
        yield pair_row(country=country, code="VAT", issuer=country, schemes=[])


def _pair_of(row: Mapping[str, Any]) -> Pair:
    lists = ("schemes", "codes", "contested_countries", "contested_codes")
    for key, value in row.items():
        is_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not (is_texts if key in lists else isinstance(value, str)):
            raise ValueError(f"{key} of a pair is {'a list of texts' if key in lists else 'a text'}")
    try:
        return pair_row(**row)
    except TypeError as error:
        raise ValueError(
            "a pair has country, code, issuer and schemes, and may have codes and contested ones"
        ) from error


def pair_row(
    *,
    country: str,
    code: str,
    issuer: str,
    schemes: list[str],
    codes: Iterable[str] = (),
    contested_countries: Iterable[str] = (),
    contested_codes: Iterable[str] = (),
) -> Pair:
    """The pair that a row of data/pairs.toml, or of a policy, describes. Raises ValueError."""
    return Pair(
        country,
        code,
        issuer,
        tuple(schemes),
        country_words(issuer) | {compact(country)},
        frozenset(map(compact, (code, *codes))),
        frozenset(map(compact, contested_countries)),
        frozenset(map(compact, contested_codes)),
        tuple(row for id_ in schemes for row in _schemes_named(id_, issuer)),
    )


def _schemes_named(id_: str, issuer: str) -> list[Scheme]:
    found = [scheme for scheme in all_schemes() if scheme.id == id_ and issuer in (scheme.country, _EU)]
    if not found:
        raise ValueError(f"{issuer} issues no numbers of the scheme {id_}")
    return found


@cache
def _codes() -> Mapping[str, str]:
    issuers = [*iso(), "XI", _EU]
    return {word: issuer for issuer in issuers for word in country_words(issuer)} | {"IC": "IC"}
