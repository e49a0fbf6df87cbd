"""Numbers that no customer answers: set aside for fiction, or typed to fill the field."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from cleanbill.data_files import read_data


def phone_flags(e164: str, country_code: str) -> frozenset[str]:
    """Those of "fictitious" and "placeholder" that the number earns; `country_code` without plus."""
    flags = {kind for kind, numbers in _ranges().get(country_code, ()) if numbers.fullmatch(e164)}
    if _FILLER.fullmatch(e164, 1 + len(country_code)):
        flags.add("placeholder")
    return frozenset(flags)


# One digit all through, or the digits in a row. Shorter runs stand in real numbers.
_FILLER = re.compile(r"([0-9])\1{6,}|0?1234567(?:8(?:90?0?)?)?|0?9876543(?:2(?:10?)?)?|[0-9]{2,3}([0-9])\2{7}")


@cache
def _ranges() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """By country code: what the numbers are ("fictitious", "placeholder"), and the numbers."""
    data = tomllib.loads(read_data(__package__, "data/phone_ranges.toml"))
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for row in data["ranges"]:
        found.setdefault(row["country_code"], []).append((row["kind"], _pattern(row["numbers"])))
    return found


def _pattern(written: list[str]) -> re.Pattern[str]:
    """One pattern of numbers as they are written, `x` being any digit."""
    return re.compile("|".join(re.escape(re.sub(r"[\s-]", "", r)).replace("x", "[0-9]") for r in written))
