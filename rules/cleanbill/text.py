"""Text as people type it: what is invisible in it, and how two spellings of one thing compare."""

from __future__ import annotations

import re
import unicodedata

# Zero-width, bidirectional and other format marks, the BOM, soft hyphens and control characters: what no billing
# field holds on purpose. U+200C and U+200D stand in Persian, Indic and emoji text and stay where a letter stands on both sides.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffc\ud800-\udfff]"
    "|(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


def is_plain(text: str) -> bool:
    """Whether `text` is printable ASCII with single spaces inside and none around: nothing to clean."""
    return text.isascii() and text.isprintable() and "  " not in text and text == text.strip() != ""


def visible(text: str) -> str:
    """`text` without control, zero-width and bidirectional characters and lone surrogates."""
    return _INVISIBLE.sub("", text)


def squeeze(text: str) -> str:
    """`text` with every run of white space, of any script and line breaks too, made one space, and none around it."""
    return _SPACES.sub(" ", text).strip()


def fold(text: str) -> str:
    """The key under which two spellings of a name are one: no case, accents or punctuation, single spaces.

    >>> fold("Île-de-France"), fold("CÔTE D'IVOIRE"), fold("Straße"), fold("U.S.A.")
    ('ile de france', 'cote d ivoire', 'strasse', 'u s a')
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", text.casefold()).strip()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    bare = unicodedata.normalize("NFKC", bare).translate(_LATIN)
    return squeeze("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in bare))
