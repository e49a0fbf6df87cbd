"""The numbering plans of the world, asked through `phonenumbers`.

Importing this module costs about 40 ms, so `phone.py` does it when the first number is read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

from . import plans

phonenumbers.enable_pattern_cache()  # the plans hold more patterns than `re` keeps compiled

Misfit = Literal["local-only", "too-short", "too-long", "country-code-unknown"]
Shape = Misfit | Literal["possible"]

# What the plans call a kind of number, and what it is called here.
_NAMES = {
    "fixed_line": "fixed-line",
    "mobile": "mobile",
    "fixed_line_or_mobile": "fixed-line-or-mobile",
    "toll_free": "toll-free",
    "premium_rate": "premium-rate",
    "shared_cost": "shared-cost",
    "voip": "voip",
    "personal_number": "personal-number",
    "pager": "pager",
    "uan": "company-number",
    "voicemail": "voicemail",
}
_SHAPES: dict[int, Shape] = {
    ValidationResult.IS_POSSIBLE: "possible",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "local-only",
    ValidationResult.TOO_SHORT: "too-short",
    ValidationResult.TOO_LONG: "too-long",
    ValidationResult.INVALID_LENGTH: "too-short",
    ValidationResult.INVALID_COUNTRY_CODE: "country-code-unknown",
}
_UNREADABLE: dict[int, Misfit] = {
    NumberParseException.INVALID_COUNTRY_CODE: "country-code-unknown",
    NumberParseException.TOO_LONG: "too-long",
}


class Number(NamedTuple):
    """One reading of some digits under one numbering plan. `kind` is None when no range of the plan holds it."""

    e164: str
    country_code: str  # without plus
    significant: str  # the national significant number
    region: str | None
    kind: str | None
    shape: Shape
    source: Literal["plus", "prefix", "no-plus", "national"]  # how the country code was found

    @property
    def valid(self) -> bool:
        """Whether today's plan holds the number."""
        return self.kind is not None


_SOURCES: dict[int, Literal["plus", "prefix", "no-plus", "national"]] = {
    phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN: "plus",
    phonenumbers.CountryCodeSource.FROM_NUMBER_WITH_IDD: "prefix",
    phonenumbers.CountryCodeSource.FROM_NUMBER_WITHOUT_PLUS_SIGN: "no-plus",
    phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY: "national",
}


def is_region(region: str) -> bool:
    """Whether `region` (ISO 3166-1 alpha-2) has a numbering plan."""
    return region in phonenumbers.SUPPORTED_REGIONS


def could_be_written_at_home(digits: str) -> bool:
    """Whether the people of some region would write a usual number of theirs, a fixed line or a mobile, with just these digits."""
    for region in _by_usual_length().get(len(digits), ()):
        number = valid(digits, region)
        if number and number.source == "national" and (number.significant != digits or not needs_trunk_prefix(number)):
            return True
    return False


@cache
def _by_usual_length() -> dict[int, list[str]]:
    """Regions by the lengths of their example numbers, as written at home; some plans allow far longer ones."""
    found: dict[int, list[str]] = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example:
                form = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
                for length in {
                    len("".join(_DIGITS.findall(form))),
                    len(phonenumbers.national_significant_number(example)),
                }:
                    found.setdefault(length, []).append(region)
    return found


def country_code(region: str) -> str:
    """The calling code of `region`, without plus: "44" for GB."""
    return str(phonenumbers.country_code_for_region(region))


def leading_country_code(digits: str) -> str | None:
    """The calling code that `digits` begin with; no code begins another."""
    return next((digits[:n] for n in (1, 2, 3) if digits[:n] in plans.REGIONS), None)


def read(digits: str, region: str | None = None) -> Number | Misfit:
    """Read `digits` as dialled in `region`, or after a plus when there is none; the reason when nobody could."""
    number = _by_plan(digits, region)
    return number if isinstance(number, Number) else read_by_library(digits, region)


def valid(digits: str, region: str | None = None) -> Number | None:
    """What `read` answers, where a range of the plan holds the number."""
    number = _by_plan(digits, region)
    if number == "elsewhere":
        by_library = read_by_library(digits, region)
        number = by_library if isinstance(by_library, Number) and by_library.valid else None
    return number


def _by_plan(digits: str, region: str | None) -> Number | Literal["elsewhere"] | None:
    """The valid number; None where no range holds it, "elsewhere" where that is for the library to say."""
    split = plans.split_national(digits, region) if region else plans.split_international(digits)
    if split is None:
        return "elsewhere"
    code, significant = split
    held = plans.holder(code, significant)
    if held is None:
        return None
    return Number(
        f"+{code}{significant}",
        code,
        significant,
        held[0],
        _NAMES[held[1]],
        "possible",
        "national" if region else "plus",
    )


def read_by_library(digits: str, region: str | None = None) -> Number | Misfit:
    """What `read` answers, the long way: any number in any dress of digits."""
    try:
        parsed = phonenumbers.parse(digits if region else f"+{digits}", region, keep_raw_input=True)
    except NumberParseException as problem:
        return _UNREADABLE.get(problem.error_type, "too-short")
    code = parsed.country_code or 0
    kind = _NAMES.get(PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower())
    if kind:
        shape: Shape = "possible"
        home = phonenumbers.region_code_for_number(parsed)
    else:
        shape = _SHAPES[phonenumbers.is_possible_number_with_reason(parsed)]
        home = phonenumbers.region_code_for_country_code(code)
    return Number(
        phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        str(code),
        phonenumbers.national_significant_number(parsed),
        None if home in ("001", "ZZ") else home,
        kind,
        shape,
        _SOURCES[parsed.country_code_source],
    )


def could_be_subscriber(number: Number) -> bool:
    """Whether the plan has fixed lines or mobiles of this length and beginning: a number that is merely too new to be known."""
    region = number.region
    if region is None or not plans.plan(region).general.fullmatch(number.significant):
        return False
    parsed = phonenumbers.parse(number.e164)
    reason = phonenumbers.is_possible_number_for_type_with_reason
    return ValidationResult.IS_POSSIBLE in (
        reason(parsed, PhoneNumberType.FIXED_LINE),
        reason(parsed, PhoneNumberType.MOBILE),
    )


def needs_trunk_prefix(number: Number) -> bool:
    """Whether the number's region always writes a trunk prefix (0, 8, 06) before it at home."""
    plan = PhoneMetadata.metadata_for_region(number.region or "", None)
    if plan is None or plan.national_prefix is None:
        return False
    for form in plan.number_format:
        leading = form.leading_digits_pattern
        if (not leading or _pattern(leading[-1]).match(number.significant)) and _pattern(form.pattern).fullmatch(
            number.significant
        ):
            rule = form.national_prefix_formatting_rule or ""
            return plan.national_prefix in rule and not form.national_prefix_optional_when_formatting
    return False


def groups_at_home(number: Number) -> tuple[str, ...]:
    """The digit groups in which the number's region writes it, trunk prefix included."""
    return tuple(
        _DIGITS.findall(phonenumbers.format_number(phonenumbers.parse(number.e164), PhoneNumberFormat.NATIONAL))
    )


_DIGITS = re.compile("[0-9]+")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)
