"""Texts that stand in a field only because the form wanted one."""

from __future__ import annotations

from cleanbill.text import fold

#: Folded. No place is called so: Nan, Bar, Same and Street are towns, and stand not here.
_FILLERS = frozenset(
    (
        "na", "n a", "none", "null", "nil", "undefined", "empty", "blank", "unspecified", "not specified", "not applicable",
        "not available", "not provided", "unknown", "not known", "tbd", "tba", "tbc", "to be confirmed", "test", "testing",
        "test test", "test address", "test city", "test street", "sample", "dummy", "fake", "asdf", "qwerty", "foo",
        "xx", "xxx", "xxxx", "xxxxx", "string", "address", "street address", "no address", "no street", "no city", "no state",
        "same as above", "see above", "select", "select state", "select a state", "please select", "choose",
    )
)  # fmt: skip
_BEGINNINGS = frozenset(filler[:2].rstrip() for filler in _FILLERS)
_LONGEST = max(map(len, _FILLERS)) + 4  # characters; nothing longer is one


def is_filler(text: str | None) -> bool:
    """Whether the text says in words or signs that there is nothing to say: N/A, test, a dash."""
    if text is None or len(text) > _LONGEST:
        return False
    begins = text[:2]
    if begins.isalnum() and begins.isascii() and begins.lower() not in _BEGINNINGS:
        return False
    return not any(map(str.isalnum, text)) or fold(text) in _FILLERS
