"""Numbers that no customer answers: set aside for fiction, or typed to fill the field."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, eq=False)
class _Ranges:
    fictitious: re.Pattern[str] | None
    placeholder: re.Pattern[str] | None


def phone_flags(e164: str, country_code: str) -> frozenset[str]:
    """Those of "fictitious" and "placeholder" that the number earns; `country_code` without plus."""
    ranges = _ranges().get(country_code)
    flags = set()
    if ranges and ranges.fictitious and ranges.fictitious.fullmatch(e164):
        flags.add("fictitious")
    if (ranges and ranges.placeholder and ranges.placeholder.fullmatch(e164)) or _FILLER.fullmatch(
        e164, 1 + len(country_code)
    ):
        flags.add("placeholder")
    return frozenset(flags)


# One digit all through, or the digits in a row. Shorter runs stand in real numbers.
_FILLER = re.compile(r"([0-9])\1{6,}|0?1234567(?:8(?:90?0?)?)?|0?9876543(?:2(?:10?)?)?|[0-9]{2,3}([0-9])\2{7}")


@cache
def _ranges() -> dict[str, _Ranges]:
    data = tomllib.loads((files(__package__) / "data" / "phone_ranges.toml").read_text("utf-8"))
    return {
        code: _Ranges(_pattern(table.get("fictitious")), _pattern(table.get("placeholder")))
        for code, table in data.items()
    }


def _pattern(written: list[str] | None) -> re.Pattern[str] | None:
    """One pattern of ranges as they are written, `x` being any digit."""
    if not written:
        return None
    return re.compile("|".join(re.escape(re.sub(r"[\s-]", "", r)).replace("x", "[0-9]") for r in written))
