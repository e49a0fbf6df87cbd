"""The patterns of `matches` that Python answers as RE2 does, and in time linear in the text.

They are letters, classes and alternatives in a row. At most one of them is repeated a varying number of times, and only where the
pattern starts with ^, so that there is next to nothing to try again. All others are left to the engine.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

_ESCAPED = r"\\[-.+*?()|\[\]{}^$/\\]|\\d"
_ATOM = rf"(?:[A-Za-z0-9 _@,/#%=:;<>~!'\"&-]|{_ESCAPED}|\.|\[\^?(?:\\d|[A-Za-z0-9](?:-[A-Za-z0-9])?|[ _.@/,:+*]|-(?=\]))+\])"
_FIXED = rf"{_ATOM}(?:\{{[0-9]{{1,2}}\}})?"
_VARYING = rf"{_ATOM}(?:[*+?]|\{{[0-9]{{1,2}},(?:[0-9]{{1,2}})?\}})"
_ALTERNATIVES = rf"\((?:\?:)?(?:{_FIXED})+(?:\|(?:{_FIXED})+)*\)"
_ROW = rf"(?:{_FIXED})*(?:{_ALTERNATIVES}(?:{_FIXED})*){{0,2}}"
_SIMPLE = re.compile(rf"(?P<body>\^{_ROW}(?:{_VARYING})?{_ROW}|{_ROW})(?P<end>\$?)")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_LONGEST = 200


def simple_pattern(source: str) -> re.Pattern[str] | None:
    """The pattern where it is one that Python reads as RE2 does."""
    row = _SIMPLE.fullmatch(source) if len(source) <= _LONGEST else None
    if row is None:
        return None
    try:
        return re.compile(row["body"] + (r"\Z" if row["end"] else ""), re.ASCII)
    except re.error:
        return None


def lower_ascii(text: str) -> str:
    """The text with A to Z in lower case, and nothing else."""
    return text.lower() if text.isascii() else text.translate(_LOWER)
