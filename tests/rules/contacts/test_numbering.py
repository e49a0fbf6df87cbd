"""The short way through a numbering plan gives what the library gives."""

import random

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from cleanbill.contacts import numbering

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def assert_same(digits: str, region: str | None) -> None:
    short, long = numbering.read(digits, region), numbering.read_by_library(digits, region)
    assert short == long
    assert numbering.valid(digits, region) == (long if isinstance(long, numbering.Number) and long.valid else None)


def test_every_regions_examples_of_every_kind() -> None:
    for region in REGIONS:
        for kind in range(11):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            abroad = phonenumbers.format_number(example, PhoneNumberFormat.E164)[1:]
            written = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
            at_home = "".join(char for char in written if char.isdecimal())
            assert_same(abroad, None)
            for digits in (abroad, at_home, phonenumbers.national_significant_number(example)):
                for reader in (region, "US", "DE", "IN"):
                    assert_same(digits, reader)


@pytest.mark.parametrize("part", range(4))
def test_random_numbers_of_every_length(part: int) -> None:
    draw = random.Random(part)
    for region in REGIONS[part::4]:
        plan = PhoneMetadata.metadata_for_region(region)
        assert plan
        assert plan.general_desc
        for length in plan.general_desc.possible_length:
            for _ in range(80):
                digits = "".join(draw.choices("0123456789", k=length))
                assert_same(digits, region)
                assert_same((plan.national_prefix or "") + digits, region)
                assert_same(f"{plan.country_code}{digits}", None)


def test_random_digits_behind_every_country_code() -> None:
    draw = random.Random(0)
    for code in CODES:
        for length in range(1, 16):
            for _ in range(12):
                assert_same(str(code) + "".join(draw.choices("0123456789", k=length)), None)
