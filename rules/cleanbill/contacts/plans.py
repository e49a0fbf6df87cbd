"""Numbering plans compiled for the usual number: one pattern for each region and length of number.

The answers are those of `phonenumbers`, and its data too; only the way is shorter. What is unusual (prefixes for calls abroad,
carrier codes, prefixes that are rewritten, codes that belong to no country, numbers in no range) is None here and left to the
library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

#: Country codes and the regions that share one, the main one first.
REGIONS = {str(code): regions for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()}
# In the order in which the library asks: a number may lie in two ranges.
_SPECIAL = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One region's plan. `ranges` maps a length to its pattern and the kind of number that each group of it is."""

    region: str
    code: str
    leading: re.Pattern[str] | None  # what tells this region from others with its country code
    abroad: re.Pattern[str] | None  # the prefix for calls to other countries
    trunk: re.Pattern[str] | None  # the prefix of national calls, with whatever may follow it
    general: re.Pattern[str]
    ranges: Mapping[int, tuple[re.Pattern[str], tuple[str, ...]]]

    def kind(self, significant: str) -> str | None:
        """The kind of a national significant number; None where no range holds it."""
        found = self.ranges.get(len(significant))
        match = found[0].fullmatch(significant) if found else None
        return found[1][match.lastindex - 1] if found and match and match.lastindex else None


def split_international(digits: str) -> tuple[str, str] | None:
    """The country code and the national significant number of digits that follow a plus."""
    for length in (1, 2, 3):
        code = digits[:length]
        if regions := REGIONS.get(code):
            significant = _without_trunk(plan(regions[0]), digits[length:]) if regions[0] != "001" else None
            return (code, significant) if significant is not None else None
    return None


def split_national(digits: str, region: str) -> tuple[str, str] | None:
    """The country code and the national significant number of digits dialled in `region`."""
    home = plan(region)
    if digits.startswith(home.code) or (home.abroad and home.abroad.match(digits)):
        return None
    significant = _without_trunk(home, digits)
    return (home.code, significant) if significant is not None else None


def _without_trunk(home: Plan, digits: str) -> str | None:
    """The digits without the prefix of national calls; None where that needs the library."""
    prefix = home.trunk.match(digits) if home.trunk else None
    if prefix:
        if prefix.lastindex:  # a carrier code, or digits that are to be rewritten
            return None
        bare = digits[prefix.end() :]
        viable = home.general.fullmatch(bare) or not home.general.fullmatch(digits)
        if viable and (len(bare) in home.ranges or len(bare) > max(home.ranges)):
            return bare
    return digits


def holder(code: str, significant: str) -> tuple[str, str] | None:
    """The region that the number belongs to and its kind, where a range holds it."""
    regions = REGIONS[code]
    for region in regions:
        home = plan(region)
        if len(regions) > 1 and home.leading:
            if home.leading.match(significant):
                kind = home.kind(significant)
                return (region, kind) if kind else None
        elif kind := home.kind(significant):
            return region, kind
    return None


@cache
def plan(region: str) -> Plan:
    """The plan of a region (ISO 3166-1 alpha-2), compiled at first use."""
    data = PhoneMetadata.metadata_for_region(region)
    if data is None or data.general_desc is None or data.general_desc.national_number_pattern is None:
        raise LookupError(f"no numbering plan for region {region}")
    general = data.general_desc.national_number_pattern
    trunk = data.national_prefix_for_parsing
    return Plan(
        region,
        str(data.country_code),
        re.compile(data.leading_digits) if data.leading_digits else None,
        re.compile(data.international_prefix) if data.international_prefix else None,
        re.compile(trunk) if trunk else None,
        re.compile(general),
        {length: _compiled(data, general, length) for length in data.general_desc.possible_length},
    )


def _compiled(data: PhoneMetadata, general: str, length: int) -> tuple[re.Pattern[str], tuple[str, ...]]:
    ranges = list(_ranges(data, length))
    pattern = "|".join(f"({source})" for _, source in ranges) or "(?!)"
    return re.compile(f"(?=(?:{general})\\Z)(?:{pattern})"), tuple(kind for kind, _ in ranges)


def _ranges(data: PhoneMetadata, length: int) -> Iterator[tuple[str, str]]:
    """The kinds of number of this length with their patterns, in the order of the library."""
    for name in _SPECIAL:
        if source := _source(getattr(data, name), length):
            yield name, source
    fixed, mobile = _source(data.fixed_line, length), _source(data.mobile, length)
    if data.same_mobile_and_fixed_line_pattern:
        if fixed:
            yield "fixed_line_or_mobile", fixed
        return
    if fixed and mobile:
        yield "fixed_line_or_mobile", f"(?=(?:{mobile})\\Z)(?:{fixed})"
    if fixed:
        yield "fixed_line", fixed
    if mobile:
        yield "mobile", mobile


def _source(desc: PhoneNumberDesc | None, length: int) -> str | None:
    if (
        desc is None
        or not desc.national_number_pattern
        or (desc.possible_length and length not in desc.possible_length)
    ):
        return None
    return desc.national_number_pattern
