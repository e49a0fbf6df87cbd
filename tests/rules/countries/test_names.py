"""Reading a country's name: what means one country, and what is said where none is meant for certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.country import codes, country, country_names, iso
from cleanbill.countries.names import own_keys, read_country
from cleanbill.countries.reading import key

SHARED = {"GE", "JE", "CG"}  # countries whose own name is also that of another, or of a state


@pytest.mark.parametrize("code", codes())
def test_every_code_and_english_name_means_its_country(code: str) -> None:
    entry = iso()[code]
    for text in (code, code.lower(), entry.alpha3, entry.numeric or code):
        assert read_country(text).code == code
    for name in entry.names:
        for spelling in (name, name.upper(), f" {name} ", name.replace(" ", "  ")):
            reading = read_country(spelling)
            assert reading.code == code or (code in SHARED and code in reading.candidates)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[
            (name, "US")
            for name in ("USA", "U.S.A.", "u.s.", "America", "Estados Unidos", "アメリカ合衆国", "США", "ＵＳＡ")
        ],
        *[(name, "GB") for name in ("UK", "U.K.", "Great Britain", "Britain", "Großbritannien", "GBR", "826")],
        *[(name, "DE") for name in ("Deutschland", "Allemagne", "Alemania", "Germania", "Niemcy", "ドイツ", "德国")],
        *[(name, "KR") for name in ("South Korea", "S. Korea", "Korea, Republic of", "대한민국", "Korea, South")],
        *[(name, "CD") for name in ("DRC", "Congo-Kinshasa", "Democratic Republic of Congo", "Congo, Dem. Rep.")],
        *[(name, "CI") for name in ("Ivory Coast", "Côte d'Ivoire", "Cote d’Ivoire", "COTE D IVOIRE")],
        *[(name, "KN") for name in ("St. Kitts & Nevis", "Saint Kitts and Nevis", "St Kitts-Nevis")],
        *[(name, "AE") for name in ("UAE", "U.A.E.", "United Arab Emirates", "الإمارات العربية المتحدة")],
        *[(name, "NL") for name in ("Holland", "the Netherlands", "Netherlands, The", "Nederland")],
        *[(name, "TR") for name in ("Turkiye", "Turkey", "Türkiye")],
        *[(name, "CH") for name in ("Suisse", "Svizzera", "Schweiz")],
        *[(name, "IN") for name in ("Bharat", "भारत", "IND")],
        *[(name, "GR") for name in ("EL", "Hellas", "Ελλάδα")],
        *[(name, "TW") for name in ("中華民國", "Taiwan, R.O.C.", "Chinese Taipei")],
        *[(name, "AT") for name in ("Osterreich", "Österreich")],
        *[(name, "ES") for name in ("Espana", "España")],
        ("Brasil", "BR"),
        ("Czech Republic", "CZ"),
        ("Россия", "RU"),
        ("中国", "CN"),
        ("KSA", "SA"),
        ("Viet-Nam", "VN"),
        ("Reunion", "RE"),
        ("Kosovo, Republic of", "XK"),
        ("Macedonia (FYROM)", "MK"),
        ("Swaziland", "SZ"),
        ("Micronesia", "FM"),
        ("Hong Kong SAR, China", "HK"),
        ("Palestine", "PS"),
        ("Unites States", "US"),
        ("Phillipines", "PH"),
        ("Isreal", "IL"),
        ("Guinea", "GN"),
        ("Niger", "NE"),
        ("Dominica", "DM"),
    ],
)
def test_what_people_write(text: str, code: str) -> None:
    assert read_country(text).code == code


@pytest.mark.parametrize(
    "text", ["Germany / Deutschland", "India (IN)", "US - United States", "Switzerland (CH)", "UK, Great Britain"]
)
def test_names_beside_each_other_that_agree_are_one(text: str) -> None:
    assert read_country(text).how == "alias"


@pytest.mark.parametrize("text", ["Germany / France", "London, UK", "USA - California", "India, Asia"])
def test_names_beside_each_other_that_do_not_agree_are_none(text: str) -> None:
    assert read_country(text).code is None


@pytest.mark.parametrize(
    "text", ["England", "Scotland", "Wales", "Northern Ireland", "ENG", "Inglaterra", "イングランド"]
)
def test_part_of_the_united_kingdom(text: str) -> None:
    reading = read_country(text)
    assert (reading.code, reading.how) == ("GB", "constituent")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Georgia", ("GE", "US")),
        ("Jersey", ("JE", "US")),
        ("Congo", ("CD", "CG")),
        ("Korea", ("KR", "KP")),
        ("Virgin Islands", ("VI", "VG")),
        ("California", ("US",)),
        ("Ontario", ("CA",)),
        ("Maharashtra", ("IN",)),
        ("NSW", ("AU",)),
        ("TX", ("US",)),
    ],
)
def test_name_of_several_or_of_a_state_is_ambiguous(text: str, candidates: tuple[str, ...]) -> None:
    reading = read_country(text)
    assert (reading.code, reading.how, reading.candidates) == (None, "ambiguous", candidates)


@pytest.mark.parametrize(
    ("text", "successor"),
    [
        ("USSR", "RU"),
        ("Yugoslavia", "RS"),
        ("AN", "CW"),
        ("DDR", "DE"),
        ("Zaire", "CD"),
        ("Czechoslovakia", "SK"),
        ("CS", "ME"),
    ],
)
def test_country_that_is_no_more_has_successors(text: str, successor: str) -> None:
    reading = read_country(text)
    assert (reading.code, reading.how) == (None, "withdrawn")
    assert successor in reading.candidates


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "n.a.",
        "None",
        "Other",
        "-",
        "???",
        "",
        " ",
        "International",
        "EU",
        "Europe",
        "XX",
        "TBD",
        "select country",
    ],
)
def test_filler_is_a_placeholder(text: str) -> None:
    assert read_country(text).how == "placeholder"


@pytest.mark.parametrize("text", ["Namibia", "NA", "Oman", "Norway", "Nauru"])
def test_country_that_looks_like_a_filler_is_none(text: str) -> None:
    assert read_country(text).code


@pytest.mark.parametrize(
    ("text", "candidates", "distance"),
    [("Germny", ("DE",), 1), ("Austrlia", ("AT", "AU"), 1), ("Untied Kingdom", ("GB",), 1), ("Swizterlnd", ("CH",), 2)],
)
def test_slip_of_spelling_is_only_a_candidate(text: str, candidates: tuple[str, ...], distance: int) -> None:
    reading = read_country(text)
    assert (reading.code, reading.how, reading.distance) == (None, "typo", distance)
    assert set(reading.candidates) == set(candidates)


@pytest.mark.parametrize("text", ["Atlantis", "Narnia", "123456", "9", "Q", "<script>", "Germany" * 40, "x" * 100_000])
def test_what_is_no_country_is_unknown(text: str) -> None:
    assert read_country(text).how == "unknown"


@given(st.text() | st.sampled_from(codes()).map(lambda code: iso()[code].names[0][1:]))
def test_any_text_gets_an_answer_that_holds(text: str) -> None:
    reading = read_country(text)
    assert reading.code is None or country(reading.code)
    assert all(country(code) for code in reading.candidates)
    assert (reading.distance > 0) == (reading.how == "typo")


def test_table_of_names_is_consistent() -> None:
    table = country_names()
    meanings: dict[str, str] = {}
    for how in ("alias", "constituent"):
        for code, names in table[how].items():
            assert country(code), code
            for name in names:
                assert meanings.setdefault(key(name), code) == code, name
    for how in ("withdrawn", "ambiguous"):
        for name, candidates in table[how].items():
            assert own_keys()[key(name)].how == how
            assert all(country(code) for code in candidates)
            assert key(name) not in meanings, name
    for word in table["placeholder"]["words"]:
        assert key(word) not in meanings, word
    assert all(country(code) for pair in table["part_of"].items() for code in pair)
    assert set(table["name"]) <= set(codes())
