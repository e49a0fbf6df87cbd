"""How a name was understood, and the comparison of names that countries and subdivisions share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from typing import Literal, NamedTuple

from cleanbill.data_files import read_data
from cleanbill.text import fold

How = Literal[
    "code",
    "alpha3",
    "numeric",
    "name",
    "alias",
    "constituent",
    "typo",
    "ambiguous",
    "withdrawn",
    "placeholder",
    "unknown",
]

#: The longest text, in characters, that is looked at as a name; a longer one is unknown.
LONGEST = 120

_SAID_ANYWAY = frozenset(("the", "and", "of"))
_WRITTEN_SHORT = {
    "st": "saint",
    "ste": "sainte",
    "is": "islands",
    "rep": "republic",
    "dem": "democratic",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}
_BETWEEN_PARTS = re.compile(r"\s+[-\u2013\u2014]\s+|[()\[\],;/|:]|(?<=\d)\s*-|-\s*(?=\d)")


class Reading(NamedTuple):
    """What a text means.

    `code` is the one code it means, None where it means none or several. `candidates` are the codes that it may mean, best
    first. `distance` is the number of slips (letters left out, put in, changed or swapped) of a typo, else 0.
    """

    code: str | None
    how: How
    candidates: tuple[str, ...] = ()
    distance: int = 0


UNKNOWN = Reading(None, "unknown")


def key(text: str) -> str:
    """The key under which spellings of one name meet: no case, accents, punctuation, spaces, "the", "and" or "of".

    >>> key("U.S.A."), key("St. Kitts & Nevis"), key("The Gambia"), key("N. Carolina")
    ('usa', 'saintkittsnevis', 'gambia', 'northcarolina')
    """
    words = fold(text).split()
    if len(words) > 1 and any(len(word) > 1 for word in words):
        words = [_WRITTEN_SHORT.get(word, word) for word in words if word not in _SAID_ANYWAY] or words
    return "".join(words)


def bare_key(text: str, *, federation: bool = False) -> str:
    """The key of a subdivision's name without the words that say what kind of area it is: "Tokyo-to", "Co. Dublin".

    In a federation only words for a state are left out: Washington County is not Washington.
    """
    words = fold(text).split()
    states, others = _designators()
    return key(" ".join(word for word in words if word not in states and (federation or word not in others)))


@cache
def _designators() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads(read_data(__package__, "data/designators.toml"))
    return frozenset(table["states"]), frozenset(table["others"])


def parts(text: str) -> Iterator[str]:
    """The names that are written into one text: "29-Karnataka", "Germany / Deutschland", "California (CA)"."""
    for part in _BETWEEN_PARTS.split(text):
        if stripped := part.strip(" .-"):
            yield stripped


def near(wanted: str, known: Collection[str]) -> tuple[int, list[str]]:
    """The `known` keys that a slip may have turned into `wanted`, and the distance: 1, or 2 for eight letters and more.

    The distance is that of optimal string alignment: letters left out, put in, changed, or two neighbours swapped.
    """
    if not 4 <= len(wanted) <= 40:  # a shorter key is near everything, a longer one is no name
        return 0, []
    from rapidfuzz import process  # noqa: PLC0415  costs 20 ms, and most records hold no typo
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    limit = 2 if len(wanted) >= 8 else 1
    found = process.extract(wanted, known, scorer=OSA.distance, score_cutoff=limit, limit=None)
    best = min((distance for _, distance, _ in found), default=0)
    return int(best), [name for name, distance, _ in found if distance == best and len(name) > limit + 2]
