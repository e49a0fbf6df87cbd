"""Rules that once had another id. The old one still leads to its rule: in a policy, on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

#: Old id to the id that the rule has now.
RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "party.address-missing": "location.address-missing",
    }
)

V = TypeVar("V")


def current(levels: Mapping[str, V], renamed: Mapping[str, str] = RENAMED) -> dict[str, V]:
    """The levels of a policy with each old id as the new one; where both are named, the new one counts."""
    old = {renamed[selector]: level for selector, level in levels.items() if selector in renamed}
    return old | {selector: level for selector, level in levels.items() if selector not in renamed}
