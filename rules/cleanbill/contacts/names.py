"""Names of customers: those that name nobody, what in one is dangerous where it lands, and its legal form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cleanbill.data_files import read_data
from cleanbill.text import fold

Hazard = Literal["html", "template", "formula", "newline"]

LONGEST = 255  # characters: what the databases and document formats that a name passes through hold


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    placeholders: frozenset[str]
    legal_forms: Mapping[str, frozenset[str]]
    front: Mapping[str, frozenset[str]]
    honorifics: frozenset[str]
    trade: frozenset[str]


@cache
def _names() -> _Names:
    data = tomllib.loads(read_data(__package__, "data/names.toml"))
    return _Names(
        frozenset(map(fold, data["placeholders"])),
        {country: frozenset(map(fold, forms)) for country, forms in data["legal_forms"].items()},
        {country: frozenset(map(fold, forms)) for country, forms in data["front"].items()},
        frozenset(map(fold, data["personal"]["honorifics"])),
        frozenset(map(fold, data["personal"]["trade"])),
    )


def is_placeholder_name(text: str) -> bool:
    """Whether the whole name is a sample or fills the field. Real names that hold such a word are none.

    >>> [is_placeholder_name(n) for n in ("Acme Corporation", "n/a", "Acme Brick Company", "Null")]
    [True, True, False, False]
    """
    if len(text) > LONGEST:
        return False
    folded = fold(text)
    if folded in _names().placeholders:
        return True
    if not folded:
        return bool(text.strip())  # nothing but punctuation
    return _GENERATED.fullmatch(text.strip()) is not None or _FILLED_IN.fullmatch(folded) is not None or _one_sign(text)


def _one_sign(text: str) -> bool:
    """xxx, aaaa, 1111: one letter or digit again and again. Three capitals are an abbreviation."""
    bare = "".join(text.split())
    return len(bare) > 2 and len(set(bare.casefold())) == 1 and (len(bare) > 3 or bare.islower() or bare == "XXX")


def hazards(text: str) -> frozenset[Hazard]:
    """What in the text a web page, a template or a spreadsheet would run, or breaks a line of a file.

    >>> sorted(hazards('=HYPERLINK("http://x.example")')), sorted(hazards("@Home Corp"))
    (['formula'], [])
    """
    found: set[Hazard] = set()
    if ("<" in text and _HTML.search(text)) or (":" in text and _SCRIPT.search(text)):
        found.add("html")
    if _TEMPLATE.search(text):
        found.add("template")
    if text[:1] in _LEADS and _FORMULA.match(text):
        found.add("formula")
    if "\n" in text or "\r" in text:
        found.add("newline")
    return frozenset(found)


def has_legal_form(name: str, country: str) -> bool:
    """Whether the name ends (or begins, where that is the custom) with a legal form of companies in `country` (ISO 3166-1)."""
    names, words = _names(), fold(name)
    last = names.legal_forms.get(country, frozenset())
    first = names.front.get(country, frozenset())
    if any(words.endswith(form) or words.startswith(form) for form in first if not form.isascii()):
        return True
    return any(words.endswith(" " + form) for form in last) or any(words.startswith(form + " ") for form in first)


def is_personal(name: str) -> bool:
    """Whether the name is plainly one person's: addressed as one, with two names or three, none of them a word of trade.

    Capitals all through say nothing: MS are initials there.

    >>> [is_personal(n) for n in ("Mr. John Smith", "Frau Dr. Anna Weiß", "Mr Price", "Mrs Fields Bakery", "John Smith")]
    [True, True, False, False, False]
    """
    names, (first, *rest) = _names(), name.split() or [""]
    if fold(first) not in names.honorifics or first.isupper() or not _PERSON.fullmatch(name.strip()):
        return False
    words = [word for word in map(fold, rest) if word not in ("dr", "prof")]
    return 2 <= len(words) <= 3 and names.trade.isdisjoint(words)


def calmed(name: str) -> str | None:
    """The name in title case, where it is shouted: two long words or more, and no small letter in it. A guess.

    >>> calmed("NILGIRI ANALYTICS PVT LTD"), calmed("IKEA"), calmed("BASF SE")
    ('Nilgiri Analytics Pvt Ltd', None, None)
    """
    if name != name.upper() or name == name.lower():
        return None
    words = name.split()
    long = [word for word in words if len(word) >= LONG_WORD and word.isalpha()]
    if len(long) < 2:
        return None
    return " ".join(_calmed(word) for word in words)


LONG_WORD = 5  # letters; shorter words in capitals are initials as often as not


def _calmed(word: str) -> str:
    kept = len(word) < 4 and word.rstrip(".,") not in _SMALL_FORMS
    return word if kept or (not word.isalpha() and len(word) < LONG_WORD) else word.capitalize()


_SMALL_FORMS = frozenset({"LTD", "PVT", "PTY", "PTE", "INC", "CO", "AND", "THE", "OF", "SDN", "BHD"})
_PERSON = re.compile(r"(?:[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+)?\.?(?: |\Z)){3,6}")  # words of letters, with no 's
_GENERATED = re.compile(
    r"(?:customer|cust|client|user|account)?[ _:#-]*(?:cus|cust|acct|user|customer)_[A-Za-z0-9_]{3,}", re.IGNORECASE
)
_FILLED_IN = re.compile(
    r"(?:test|demo|dummy|sample|example|fake|placeholder|prueba|teste)"
    r"(?: ?(?:customer|company|business|user|account|client|name|org|organi[sz]ation|firm))?"
    r"(?: (?:inc|ltd|llc|llp|corp|co|limited|pvt ltd|pty ltd|gmbh|ag|sl|s l|sa|s a|sas|sarl|srl|ltda|bv|ab))?(?: ?[0-9]{1,6})?"
    r"|(?:customer|client|company) [0-9]{1,6}|test(?:ing)?(?: test(?:ing)?)*(?: [0-9]{1,6})*"
    r"|(?:my|your|our|some|any) (?:company|business|organi[sz]ation|firm)(?: name)?(?: (?:inc|ltd|llc|corp|gmbh))?"
    r"|(?:enter|insert|type|add|put)(?: (?:your|the|a|client|customer|company|business|legal|full))* name(?: here)?"
)
_HTML = re.compile(
    r"<\s*/?\s*(?:a|abbr|b|body|br|center|code|div|em|embed|font|form|h[1-6]|hr|html|i|iframe|img|input|li|link|meta|object|ol|p|pre"
    r"|script|small|span|strong|style|sub|sup|svg|table|td|th|tr|u|ul|video)\b[^<>]{0,200}/?>|<\s*(?:script|img|svg|iframe)\b|<!--",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"\b(?:javascript|vbscript)\s*:", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\$\{|\{\{|\}\}|\{%|<%|#\{|\[\[|%\([a-z_]+\)s|\{[a-z_]+\.[a-z_.]+\}|\{[a-z]+_[a-z_]+\}", re.IGNORECASE
)
_LEADS = "=+-@\t"
_FORMULA = re.compile(
    r"\t|=\s*(?:[-+@\"(]|[A-Za-z.]{1,40}\s*\(|\$?[A-Za-z]{1,3}\$?[0-9]|[0-9])"
    r"|[-+@]\s*(?:[A-Za-z.]{1,40}\s*\(|[0-9.]+\s*[-+*/^]|[A-Za-z]{1,20}\|)|[-+]\$?[A-Z]{1,3}\$?[0-9]{1,7}\b"
)
