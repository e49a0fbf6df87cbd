"""Addresses that are plainly in order: whoever sees one need not look into it any further.

These tests are quick and careful: what passes holds nothing that could be said of its text, what does not may still be quite
right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .country import Country
from .fillers import is_filler
from .postcodes import PostcodeReading, has_postcodes
from .regions import is_mapped, lies_in, regions_of

LONGEST = 60  # characters

_LINES = ("line1", "line2", "line3")
_LETTERS = r"A-Za-z\u00c0-\u024f"
_SIGNS = r" .,'/&#\u2019-"
_LINE = re.compile(rf"[{_LETTERS}{_SIGNS}]*[0-9][0-9{_LETTERS}{_SIGNS}]*")
_CITY = re.compile(rf"[A-Z\u00c0-\u00de][{_LETTERS} .'\u2019-]*[a-z\u00df-\u00ff]")
_PHONE = re.compile(r"[0-9]{3}[.-][0-9]{3}")
_BEGINNINGS = re.compile(r"([a-z\u00df-\u024f]{1,4})[a-z\u00df-\u024f]*")  # of words in small letters

# Words that may speak of a post office box, a phone, a military post office or program code: their first four letters.
_TELLING = frozenset(
    (
        "box", "pob", "pobo", "gpo", "gpob", "pmb", "post", "boit", "boît", "bp", "p", "casi", "case", "apar", "apdo", "caix",
        "skr", "skry", "pošt", "pk", "lock", "priv", "tel", "tele", "phon", "mob", "mobi", "cell", "fax", "apo", "fpo", "dpo",
        "sele",
    )
)  # fmt: skip


def is_tidy_text(texts: Mapping[str, str]) -> bool:
    """Whether lines and city are ordinary; `texts` are the address's fields.

    A line has Latin letters and a number and repeats no other field, a city has a capital first and a small letter last.
    """
    lines, city = [texts[name] for name in _LINES if name in texts], texts.get("city", "")
    if city and (not 4 <= len(city) <= LONGEST or not _CITY.fullmatch(city) or is_filler(city)):
        return False
    for line in lines:
        if len(line) > LONGEST or not _LINE.fullmatch(line) or _PHONE.search(line):
            return False
    if lines and not city and "," in lines[0]:  # it may be the whole address
        return False
    if not _TELLING.isdisjoint(_BEGINNINGS.findall(" ".join((*lines, city)).lower())):
        return False
    return ("line2" not in texts and "line3" not in texts) or not _repeats(texts)


def is_tidy_place(land: Country, state: str | None, postcode: PostcodeReading | None, *, inferred: bool) -> bool:
    """Whether state (an ISO 3166-2 suffix) and postcode are complete and agree.

    `inferred` says that a state is filled in where only the postcode is given.
    """
    if state is None and (inferred or land.tax_by_subdivision):
        return False
    if postcode is None:
        return not has_postcodes(land.code)
    if postcode.how != "canonical" or postcode.canonical is None:
        return False
    if not is_mapped(land.code):
        return True
    if state is None:
        return bool(regions_of(land.code, postcode.canonical))
    return lies_in(land.code, postcode.canonical, state) is True


def _repeats(texts: Mapping[str, str]) -> bool:
    """Whether line 2 or 3 begins like another field, and so may say the same."""
    begin = [texts[name][0].lower() for name in (*_LINES, "city", "zipCode", "country") if name in texts]
    return len(set(begin)) < len(begin) or not "".join(begin).isascii()
