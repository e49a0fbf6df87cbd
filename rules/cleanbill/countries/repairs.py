"""What a mistyped postcode could have been: a lost zero, a letter for a digit, a spreadsheet's decimal point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, product

from .regions import is_approximate, is_mapped, regions_of

MOST_CHANGED = 3  # characters that look like another
MOST_LOST = 2  # leading zeros
LONGEST = 10  # characters of a postcode without separators

_DECIMAL = re.compile(r"(\d+)[.,]0{1,2}")
_WORDS = re.compile(r"[^\W_]+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_SHORT_ZIP4 = re.compile(r"(\d{3,4})-(\d{4})")
_NO_ZIP4 = re.compile(r"(\d{5})-?0000")
_MILITARY = frozenset(("AA", "AE", "AP"))

# What is read, typed or copied for what, both ways.
_ALIKE = {
    "O": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
    "0": "O", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B",
}  # fmt: skip
_LOOKALIKE_LETTERS = str.maketrans("АВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXABEZHIKMNOPTYX")

Spell = Callable[[str], str | None]


def repairs_of(country_code: str, text: str, compact: str, spell: Spell) -> tuple[str, ...]:
    """The canonical postcodes that `text` may have been meant as; `compact` is the same without separators.

    `spell` gives the canonical spelling of a code without separators. Codes that lie
    in a subdivision go before those that lie in none.
    """
    kinds = (_decimal,) if _DECIMAL.fullmatch(text) else (_padded, _confused, _beside_state, _us_zip4)
    for kind in kinds:
        found = [code for code in kind(country_code, text, compact, spell) if code]
        assigned = [code for code in found if _is_assigned(country_code, code)]
        if chosen := assigned or ([] if kind is _padded else found):
            return tuple(dict.fromkeys(chosen))
    return ()


def lost_zeros(text: str, canonical: str) -> int:
    """How many leading zeros of `canonical` the text lacks; none where a letter stands for each."""
    wanting = max(0, len(_DIGIT.findall(canonical)) - len(_LETTER_OR_DIGIT.findall(_DECIMAL.sub(r"\1", text))))
    return min(wanting, _leading_zeros(canonical))


def _leading_zeros(text: str) -> int:
    digits = "".join(_DIGIT.findall(text))
    return len(digits) - len(digits.lstrip("0"))


def _is_assigned(country_code: str, canonical: str) -> bool:
    if not is_mapped(country_code) or is_approximate(country_code):
        return True
    return bool(regions_of(country_code, canonical))


def _decimal(country_code: str, text: str, _compact: str, spell: Spell) -> Iterator[str | None]:
    """94043.0, as a spreadsheet exports it."""
    if found := _DECIMAL.fullmatch(text):
        if spelt := spell(found[1]):
            yield spelt
        else:
            yield from _padded(country_code, found[1], found[1], spell)


def _padded(country_code: str, text: str, compact: str, spell: Spell) -> Iterator[str | None]:
    """2139 for 02139: a program took the postcode for a number."""
    if not compact.isdecimal() or compact.startswith("0"):
        return
    for zeros in range(1, MOST_LOST + 1):
        padded = spell("0" * zeros + compact)
        if (
            padded
            and (text.isdecimal() or padded.endswith(text))
            and not _MILITARY.intersection(regions_of(country_code, padded))
        ):
            yield padded
            return


def _confused(_country_code: str, text: str, compact: str, spell: Spell) -> Iterator[str | None]:
    """94O43, or MSV 2T6: one character for another that looks like it."""
    if len(compact) > LONGEST or compact.isdecimal():
        return
    letters = compact.translate(_LOOKALIKE_LETTERS)
    places = [at for at, char in enumerate(letters) if char in _ALIKE]
    for changed in range(min(MOST_CHANGED, len(letters) // 2) + 1):
        found = False
        for some in combinations(places, changed):
            for chars in product(*(_ALIKE[letters[at]] for at in some)):
                other = list(letters)
                for at, char in zip(some, chars, strict=True):
                    other[at] = char
                if (spelt := spell("".join(other))) and _is_parted_alike(text, spelt):
                    found = True
                    yield spelt
        if found:
            return


def _is_parted_alike(text: str, spelt: str) -> bool:
    """Whether a code in two parts keeps the parts that it was written in: B33 8T is not B3 3BT."""
    written, groups = text.split(), spelt.split()
    return len(groups) != 2 or len(written) != 2 or len(written[0]) == len(groups[0])


def _beside_state(country_code: str, text: str, _compact: str, spell: Spell) -> Iterator[str | None]:
    """CA 94043: the state stands in the field too, and the postcode lies in it."""
    words = _WORDS.findall(text.upper())
    if len(words) < 2:
        return
    for state, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        spelt = spell("".join(rest))
        if spelt and state in regions_of(country_code, spelt):
            yield spelt


def _us_zip4(country_code: str, text: str, _compact: str, spell: Spell) -> Iterator[str | None]:
    """2139-1234 and 94043-0000: a ZIP+4 with a lost zero, or with no add-on in it."""
    if country_code != "US":
        return
    if found := _SHORT_ZIP4.fullmatch(text):
        yield spell(found[1].zfill(5) + found[2])
    if found := _NO_ZIP4.fullmatch(text):
        yield spell(found[1])
