"""Which postcodes with a leading zero there are: 2800 in Spain lacks its last digit, since no place has 02800."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache

from cleanbill.data_files import read_data


def is_known_to_exist(country_code: str, canonical: str) -> bool | None:
    """Whether the postcode, which begins with a zero, is one of the country's; None where they are not all known."""
    ranges = _ranges(country_code)
    if not ranges:
        return None
    digits = "".join(char for char in canonical if char.isdecimal())
    at = bisect_right(ranges, (digits, "~")) - 1
    return at >= 0 and ranges[at][1] >= digits


@cache
def _ranges(country_code: str) -> tuple[tuple[str, str], ...]:
    """The first and last code of each unbroken run, in order."""
    runs = (run.partition("-") for run in _tables().get(country_code, "").split())
    return tuple((first, last or first) for first, _, last in runs)


@cache
def _tables() -> dict[str, str]:
    tables: dict[str, str] = json.loads(read_data(__package__, "data/leading_zeros.json"))
    return tables
