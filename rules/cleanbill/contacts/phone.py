"""Phone numbers: what a written one says, in E.164, and why it is not certain where it is not."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Literal, NamedTuple

#: What a numbering plan says a number is for. Some plans do not tell fixed lines and mobiles apart.
PhoneType = Literal[
    "fixed-line",
    "mobile",
    "toll-free",
    "premium-rate",
    "shared-cost",
    "voip",
    "personal-number",
    "pager",
    "company-number",
    "voicemail",
]
How = Literal["canonical", "spelling", "repair", "guess", "ambiguous", "invalid"]
Problem = Literal[
    "empty",
    "letters",
    "digits-lost",
    "too-short",
    "too-long",
    "country-code-unknown",
    "region-unknown",
    "not-valid",
    "local-only",
    "two-numbers",
    "two-readings",
    "not-a-phone",
]


class PhoneReading(NamedTuple):
    """How one text reads as a phone number.

    `e164` is given where there is exactly one reading. `how`: "spelling" is the same number in other dress, "repair" has its
    prefix put right, and both are certain; a "guess" needs something assumed, and is offered in `candidates`, as are the
    readings of what is "ambiguous". `possible_only` is a number of the right length that no range of today's plan holds.
    `region` is ISO 3166-1 alpha-2, `kind` a PhoneType or "fixed-line-or-mobile". `flags`: "fictitious", "placeholder",
    "premium-rate", "pager", "voicemail", and "national" for a number without country code that was read by its region.
    """

    e164: str | None = None
    region: str | None = None
    kind: str | None = None
    extension: str | None = None
    how: How = "invalid"
    problem: Problem | None = None
    possible_only: bool = False
    candidates: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()


def read_phone(text: str, regions: tuple[str, ...] = ()) -> PhoneReading:
    """Read `text`; `regions` (ISO 3166-1 alpha-2) are where a number without country code may belong, best evidence first.

    >>> read_phone("020 7946 0018", ("GB",)).e164
    '+442079460018'
    >>> read_phone("431234567890", ("DE",)).candidates
    ('+431234567890', '+49431234567890')
    """
    reading: PhoneReading = _reader().read(text, regions)
    return reading


def read_e164(text: str) -> PhoneReading | None:
    """Read a number that stands in E.164, for which no region is asked; None where it is not a valid one."""
    reading: PhoneReading | None = _reader().read_e164(text)
    return reading


@cache
def calling_code(region: str) -> str:
    """The calling code of a region (ISO 3166-1), without plus: "44" for GB and for Jersey."""
    from .numbering import country_code  # noqa: PLC0415  as below

    return country_code(region)


@cache
def _reader() -> ModuleType:
    from . import phone_reader  # noqa: PLC0415  the numbering plans cost 40 ms, and many records hold no phone

    return phone_reader
