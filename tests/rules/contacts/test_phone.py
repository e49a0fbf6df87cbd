"""Phone numbers: the same number whatever its dress, and never another one."""

from collections.abc import Callable

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from cleanbill.contacts.phone import PhoneReading, read_phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EXAMPLES = [
    (region, example)
    for region in REGIONS
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    if (example := phonenumbers.example_number_for_type(region, kind))
]


def e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def abroad(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def at_home(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "dots": lambda text: text.replace(" ", "."),
    "underscores": lambda text: text.replace(" ", "_"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "no-break spaces and zero-width marks": lambda text: "\u200e" + text.replace(" ", "\u00a0") + "\ufeff",
    "non-breaking hyphens": lambda text: text.replace(" ", "\u2011"),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "Arabic digits": lambda text: "".join(chr(0x660 + int(c)) if c.isdecimal() else c for c in text),
    "Devanagari digits": lambda text: "".join(chr(0x966 + int(c)) if c.isdecimal() else c for c in text),
    "label": lambda text: f"Tel.: {text}",
    "kind behind": lambda text: f"{text} (mobile)",
    "name behind": lambda text: f"{text} - Jane Roe",
    "name before": lambda text: f"Jane Roe: {text}",
    "quotes": lambda text: f' "{text}" ',
    "spreadsheet text": lambda text: f'="{text}"',
    "apostrophe": lambda text: f"'{text}",
}
PREFIXES: dict[str, Callable[[str], str]] = {
    "plus escaped for an address": lambda text: "%2B" + text[1:],
    "plus escaped for a page": lambda text: "&#43;" + text[1:],
    "00": lambda text: "00" + text[1:],
    "00 behind the plus": lambda text: "+00" + text[1:],
    "chat link": lambda text: "https://wa.me/" + "".join(c for c in text if c.isdecimal()),
    "two pluses": lambda text: "+" + text,
    "country code in parentheses": lambda text: "(" + text.replace(" ", ") ", 1) if " " in text else text,
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_dress_changes_no_number(dress: Callable[[str], str]) -> None:
    for region, number in EXAMPLES:
        for regions in ((), (region,), ("DE",)):
            assert read_phone(dress(abroad(number)), regions).e164 == e164(number)
        assert read_phone(dress(at_home(number)), (region,)).e164 == e164(number)


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_prefix_is_put_right(prefix: Callable[[str], str]) -> None:
    for region, number in EXAMPLES:
        for regions in ((), (region,), ("US",)):
            assert read_phone(prefix(abroad(number)), regions).e164 == e164(number)


@pytest.mark.parametrize(
    "doubled", ["+{code} {code} {rest}", "+{code} 00{code} {rest}", "+{code} (0) {rest}", "+{code} +{code} {rest}"]
)
def test_doubled_prefix_is_put_right_or_both_numbers_are_offered(doubled: str) -> None:
    readings = []
    for _, number in EXAMPLES:
        code, _, rest = abroad(number)[1:].partition(" ")
        reading = read_phone(doubled.format(code=code, rest=rest))
        assert reading.e164 in (None, e164(number)), doubled
        readings.append(reading.e164 is not None or e164(number) in reading.candidates)
    assert sum(readings) == len(readings)


def test_number_without_plus_is_never_another_countrys_by_mistake() -> None:
    """Read in a region that writes a prefix before its own numbers, it is right, offered or refused."""
    for _, number in EXAMPLES:
        for region in ("DE", "FR", "GB", "AT", "JP"):
            reading = read_phone(e164(number)[1:], (region,))
            assert reading.e164 in (None, e164(number))
            assert reading.e164 or e164(number) in reading.candidates


@pytest.mark.parametrize("separator", [" ", "-", "."])
def test_number_without_plus_is_never_silently_another_countrys(separator: str) -> None:
    """Where its grouping is that of the region too, both numbers are named: 354 410 1234 is Iceland's and looks American."""
    for _, number in EXAMPLES:
        text = abroad(number)[1:].replace(" ", separator)
        for region in ("US", "IT", "NO", "CH", "SG"):
            reading = read_phone(text, (region,))
            assert reading.e164 in (None, e164(number)) or e164(number) in reading.candidates


def test_number_grouped_as_at_home_is_read_as_one() -> None:
    readings = [read_phone(at_home(number), (region,)) for region, number in EXAMPLES]
    assert sum(bool(reading.candidates) for reading in readings) <= len(readings) // 1000
    assert read_phone("(501) 622-1234", ("US",)).candidates == ()
    assert read_phone("501 622 1234", ("US",)).candidates == ("+5016221234",)


def test_home_number_in_no_range_is_kept_where_its_grouping_says_whose_it_is() -> None:
    grouped, other = read_phone("(415) 123-4567", ("US",)), read_phone("415 1234 567", ("US",))
    assert (grouped.e164, grouped.possible_only) == ("+14151234567", True)
    assert (other.e164, other.problem) == (None, "not-valid")


def test_number_of_the_customers_country_without_plus_names_the_other_reading() -> None:
    reading = read_phone("6462345678", ("US",))
    assert (reading.e164, reading.candidates) == ("+16462345678", ("+6462345678",))


def test_float_of_a_spreadsheet_keeps_its_digits() -> None:
    for region, number in EXAMPLES:
        bare = e164(number)[1:]
        reading, plain = read_phone(f"{bare}.0", (region,)), read_phone(bare, (region,))
        assert (reading.e164, reading.candidates) == (plain.e164, plain.candidates)


@pytest.mark.parametrize(
    "mark", [" ext. {}", "x{}", " #{}", ";ext={}", " Durchwahl {}", " poste {}", " ramal {}", " доб. {}", " 内線{}"]
)
def test_extension_is_told_apart(mark: str) -> None:
    for region, number in EXAMPLES:
        reading = read_phone(abroad(number) + mark.format("123"))
        assert (reading.e164, reading.extension) == (e164(number), "123")
        assert read_phone(at_home(number) + mark.format("22"), (region,)).extension == "22"


@pytest.mark.parametrize("letter", "OolI")
def test_letter_among_the_digits_is_never_left_out(letter: str) -> None:
    for _, number in EXAMPLES:
        text = e164(number)
        for at in range(2, len(text)):
            assert read_phone(text[:at] + letter + text[at + 1 :]).problem == "letters"


@pytest.mark.parametrize(
    ("text", "regions", "problem"),
    [
        ("+1-555-0100", ("US",), "local-only"),
        ("+1234567890", (), "too-short"),
        ("+1 415 555 2671 2222", (), "too-long"),
        ("+999 123 456 789", (), "country-code-unknown"),
        ("9876543210", ("US",), "not-valid"),
        ("9876543210", ("GB",), "not-valid"),
        ("9876543210", (), "region-unknown"),
        ("020 7946 0018", (), "region-unknown"),
        ("98765B01234", ("IN",), "letters"),
        ("1-800-FLOWERS", ("US",), "letters"),
        ("+44 20 7946 0018 / +44 20 7946 0019", (), "two-numbers"),
        ("+44 20 7946 0018 +44 20 7946 0019", (), "two-numbers"),
        ("020 7946 0018 or 020 7946 0019", ("GB",), "two-numbers"),
        ("+49 30 901820/21", (), "two-numbers"),
        ("4.42079E+11", (), "digits-lost"),
        ("2024-01-02", ("DE",), "not-a-phone"),
        ("02.01.2024", ("DE",), "not-a-phone"),
        ("2024-01-02T10:00:00Z", ("DE",), "not-a-phone"),
        ("192.168.0.1", ("DE",), "not-a-phone"),
        ("INV-20240012345", ("DE",), "not-a-phone"),
        ("VAT 123456789", ("DE",), "not-a-phone"),
        ("jane@nilgiri.co", (), "not-a-phone"),
        ("n/a", (), "not-a-phone"),
        ("", (), "empty"),
        (" - ", (), "empty"),
        ("431234567890", ("DE",), "two-readings"),
        ("(207) 946-0018", ("GB",), "two-readings"),
        ("6581234567", ("IN", "SG"), "two-readings"),
        ("555-5555", ("DE",), "region-unknown"),
        ("123-456-7890", ("GB",), "region-unknown"),
    ],
)
def test_refused_with_its_reason(text: str, regions: tuple[str, ...], problem: str) -> None:
    reading = read_phone(text, regions)
    assert (reading.e164, reading.problem) == (None, problem)


@pytest.mark.parametrize(
    ("text", "regions", "number"),
    [
        ("9876543210", ("IN",), "+919876543210"),
        ("2079460018", ("GB",), "+442079460018"),
        ("49 30 901820", ("DE",), "+4930901820"),
        ("030/901820", ("DE",), "+4930901820"),
        ("442079460018", (), "+442079460018"),
        ("442079460018", ("US",), "+442079460018"),
        ("011 44 20 7946 0018", (), "+442079460018"),
        ("0011 44 20 7946 0018", ("AU",), "+442079460018"),
        ("4.42079460018E+11", (), "+442079460018"),
        ("07911 123456", ("gb",), "+447911123456"),
        ("020 7946 0018", ("XX", "GB"), "+442079460018"),
        ("+44 20 7946 0018, +44 (0)20 7946 0018", (), "+442079460018"),
    ],
)
def test_read_as_a_person_would(text: str, regions: tuple[str, ...], number: str) -> None:
    assert read_phone(text, regions).e164 == number


def test_possible_number_of_no_range_is_kept_with_a_mark() -> None:
    reading = read_phone("+44 25 7946 0018")
    assert (reading.e164, reading.possible_only, reading.problem) == ("+442579460018", True, "not-valid")


@pytest.mark.parametrize(
    ("number", "flag"),
    [
        ("+442079460958", "fictitious"),
        ("+447700900123", "fictitious"),
        ("+12025550143", "fictitious"),
        ("+18005550199", "fictitious"),
        ("+493023125123", "fictitious"),
        ("+33639981234", "fictitious"),
        ("+61255501234", "fictitious"),
        ("+46701740612", "fictitious"),
        ("+46313900677", "fictitious"),
        ("+18885550123", "fictitious"),
        ("+611900654321", "fictitious"),
        ("+919876543210", "placeholder"),
        ("+919999999999", "placeholder"),
        ("+441234567890", "placeholder"),
        ("+33123456789", "placeholder"),
        ("+15005550006", "placeholder"),
        ("+19002345678", "premium-rate"),
    ],
)
def test_number_that_nobody_should_be_called_on_is_flagged(number: str, flag: str) -> None:
    reading = read_phone(number)
    assert (reading.e164, reading.how) == (number, "canonical")
    assert flag in reading.flags


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("01632 960123", "GB", "+441632960123"),
        ("07700900123", "GB", "+447700900123"),
        ("06 39 98 12 34", "FR", "+33639981234"),
        ("020 911 2345", "IE", "+353209112345"),
    ],
)
def test_number_for_fiction_is_known_though_no_range_holds_it(text: str, region: str, number: str) -> None:
    reading = read_phone(text, (region,))
    assert (reading.e164, reading.flags) == (number, {"fictitious", "national"})


@pytest.mark.parametrize(
    "number", ["+18005550150", "+442079461958", "+493023126123", "+46701740604", "+919845012345", "+18002222222"]
)
def test_number_beside_such_a_range_is_not_flagged(number: str) -> None:
    assert not read_phone(number).flags & {"fictitious", "placeholder"}


texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789+()-./ xeE,;#O\u0660\uff11\u200b", max_size=40),
    st.from_regex(r"(\+|00|011)?[0-9 ()./-]{4,20}( ?(x|ext\.?|Tel) ?[0-9]{0,5})?", fullmatch=True),
)
regions = st.lists(st.sampled_from([*REGIONS, "XX", "", "gb"]), max_size=3).map(tuple)


@given(texts, regions)
def test_any_text_has_a_stable_reading(text: str, regions: tuple[str, ...]) -> None:
    reading = read_phone(text, regions)
    assert isinstance(reading, PhoneReading)
    assert (reading.e164 is None) == (reading.how in ("guess", "ambiguous", "invalid"))
    assert reading.e164 or reading.problem
    for number in (reading.e164, *reading.candidates):
        if number:
            again = read_phone(number, regions)
            assert (again.e164, again.how) == (number, "canonical")


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "+" * 100_000, "(" * 199, "1 " * 99, "1." * 99, "x1" * 99, " " * 100_000, "a-" * 99]
)
def test_long_text_is_answered(text: str) -> None:
    assert read_phone(text, ("DE",)).e164 is None
