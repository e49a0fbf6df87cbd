"""Addresses that are plainly in order: whoever sees one need not look into it any further.

These tests are quick and careful: what passes holds nothing that could be said of its text, what does not may still be quite
right.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .country import Country
from .fillers import is_filler
from .postcodes import PostcodeReading, has_postcodes
from .regions import is_mapped, lies_in, regions_of

LONGEST = 60  # characters

_LETTERS = r"A-Za-z\u00c0-\u024f"
_SIGNS = r" .,'/&#\u2019-"
_LINE = re.compile(rf"[{_LETTERS}{_SIGNS}]*[0-9][0-9{_LETTERS}{_SIGNS}]*")
_CITY = re.compile(rf"[A-Z\u00c0-\u00de][{_LETTERS} .'\u2019-]*[a-z\u00df-\u00ff]")
_PHONE = re.compile(r"[0-9]{3}[.-][0-9]{3}")
_WORDS = re.compile(r"[^\W\d_]+")

# Words that may speak of a post office box, a phone, a military post office or program code: their first four letters.
_TELLING = frozenset(
    (
        "box", "pob", "pobo", "gpo", "gpob", "pmb", "post", "boit", "boît", "bp", "p", "casi", "case", "apar", "apdo", "caix",
        "skr", "skry", "pošt", "pk", "lock", "priv", "tel", "tele", "phon", "mob", "mobi", "cell", "fax", "apo", "fpo", "dpo",
        "sele",
    )
)  # fmt: skip


def is_tidy_text(text: Callable[[str], str | None]) -> bool:
    """Whether lines and city are ordinary; `text` gives a field's text by its name.

    A line has Latin letters and a number and repeats no other field, a city has a capital first and a small letter last.
    """
    line1, line2, line3, city = text("line1") or "", text("line2") or "", text("line3") or "", text("city") or ""
    if city and (not 4 <= len(city) <= LONGEST or not _CITY.fullmatch(city) or is_filler(city)):
        return False
    if "," in line1 and not city:  # it may be the whole address
        return False
    for line in (line1, line2, line3):
        if line and (len(line) > LONGEST or not _LINE.fullmatch(line) or _PHONE.search(line)):
            return False
    words = _WORDS.findall(f"{line1} {line2} {line3} {city}".lower())
    if not _TELLING.isdisjoint([word[:4] for word in words]):
        return False
    return not (line2 or line3) or not _repeats(text)


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


def _repeats(text: Callable[[str], str | None]) -> bool:
    """Whether line 2 or 3 begins like another field, and so may say the same."""
    fields = ("line1", "line2", "line3", "city", "zipCode", "country")
    begin = [found[0].lower() for name in fields if (found := text(name))]
    return len(set(begin)) < len(begin) or not "".join(begin).isascii()
