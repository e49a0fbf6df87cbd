"""What the separators of a written number say of where it belongs."""

from __future__ import annotations

from .numbering import Number, groups_at_home
from .phone_text import Written


def grouped_as_home(written: Written, number: Number) -> bool:
    """Whether the number is separated as its region does it, which needs two groups at least."""
    return len(written.groups) > 1 and written.groups == groups_at_home(number)


def has_area_code_in_parentheses(written: Written, number: Number) -> bool:
    """Whether what stands in parentheses is what the number's region sets apart first."""
    return written.parentheses and len(written.groups) > 1 and written.groups[0] == groups_at_home(number)[0]


def grouped_as_abroad(written: Written, number: Number) -> bool:
    """Whether the country code stands apart, as in 49 30 1234567."""
    groups = written.groups
    return len(groups) > 1 and groups[0] == number.country_code and not written.parentheses


def grouped_as_american(written: Written) -> bool:
    """Whether the digits are separated as (415) 555-2671, which nobody else does."""
    groups = written.groups[1:] if written.groups[:1] == ("1",) else written.groups
    return tuple(map(len, groups)) == (3, 3, 4)
