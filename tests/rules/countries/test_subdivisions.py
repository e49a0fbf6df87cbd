"""Reading a state, province or county: any spelling to its one code, inside one country."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.country import Country, codes, country
from cleanbill.countries.reading import Reading
from cleanbill.countries.subdivisions import (
    FEDERATIONS,
    countries_with_subdivision,
    gst_state,
    gst_state_code,
    read_subdivision,
)


def land(code: str) -> Country:
    found = country(code)
    assert found
    return found


def read(code: str, text: str) -> Reading:
    return read_subdivision(land(code), text)


@pytest.mark.parametrize("code", codes())
def test_every_code_means_itself_in_any_dress(code: str) -> None:
    for suffix in land(code).subdivisions:
        for text in (suffix, suffix.lower(), f" {suffix} ", f"{code}-{suffix}", f"{land(code).alpha3}-{suffix}"):
            assert read(code, text).code == suffix


@pytest.mark.parametrize("code", codes())
def test_every_name_of_the_level_that_addresses_use_means_its_code(code: str) -> None:
    for suffix in land(code).level:
        reading = read(code, land(code).subdivisions[suffix])
        assert reading.code == suffix or suffix in reading.candidates or (code, suffix) in NAMED_AFTER_ANOTHER


# A town in the exclave of its name, and one in the county of its name: the larger area has the name.
NAMED_AFTER_ANOTHER = {("AZ", "NV"), ("HU", "VM")}


CASES = {
    "US": "Calif.=CA california=CA CALIFORNIA=CA US-CA=CA Mass=MA NewYork=NY N.Y.=NY D.C.=DC AE=AE",
    "CA": "Ontario=ON ONT=ON PQ=QC Québec=QC Quebec=QC B.C.=BC P.E.I.=PE NF=NL Colombie-Britannique=BC",
    "AU": "N.S.W.=NSW Vic.=VIC Victoria=VIC Qld=QLD W.A.=WA",
    "IN": "Karnataka=KA 29=KA 29-Karnataka=KA Orissa=OD TG=TS CT=CG UT=UK Telengana=TS Chattisgarh=CG Pondicherry=PY कर्नाटक=KA",
    "BR": "São-Paulo=SP SaoPaulo=SP Paraná=PR Pará=PA",
    "MX": "CDMX=CMX D.F.=CMX Jal.=JAL Edomex=MEX México=MEX",
    "GB": "England=ENG Scotland=SCT Hants=HAM",
    "IE": "Co.Dublin=D Dublin=D Cork=CO",
    "DE": "Bayern=BY Bavaria=BY NRW=NW Thueringen=TH Hesse=HE",
    "FR": "Île-de-France=IDF IDF=IDF PACA=PAC 75=75C Paris=75C 1=01 J=IDF",
    "ES": "Madrid=M Vizcaya=BI Baleares=PM Cataluña=CT",
    "IT": "Milano=MI Rome=RM AO=AO OT=SS Lombardia=25",
    "AT": "Wien=9 Vienna=9 NÖ=3",
    "CH": "Genève=GE Genf=GE Zurich=ZH",
    "JP": "Tokyo=13 Tokyo-to=13 東京都=13 東京=13 Osaka-fu=27 9=09",
    "CN": "Guangdong=GD 广东省=GD 广东=GD 44=GD Beijing=BJ",
    "KR": "Seoul=11 서울특별시=11 경기=41 Gyeonggi-do=41",
    "TW": "台北市=TPE Taipei=TPE",
    "AE": "Dubai=DU دبي=DU RAK=RK",
    "SA": "Riyadh=01",
    "UA": "Київ=30 Kyiv=30",
    "GR": "Αττική=I",
}


@pytest.mark.parametrize(
    ("code", "text", "suffix"),
    [(code, *case.rsplit("=", 1)) for code, cases in CASES.items() for case in cases.split()]
    + [
        ("US", "State of Texas", "TX"),
        ("US", "Washington, D.C.", "DC"),
        ("US", "N. Carolina", "NC"),
        ("US", "CA - California", "CA"),
        ("US", "California, USA", "CA"),
        ("US", "Puerto Rico", "PR"),
        ("CA", "Ontario, Canada", "ON"),
        ("IN", "Jammu & Kashmir", "JK"),
        ("IN", "NCT of Delhi", "DL"),
        ("IN", "Daman & Diu", "DH"),
        ("IN", "Maharashtra (27)", "MH"),
        ("IE", "Co. Dublin", "D"),
        ("IE", "County Cork", "CO"),
        ("ES", "Las Palmas", "GC"),
        ("ES", "Comunidad de Madrid", "MD"),
        ("JP", "Aichi Prefecture", "23"),
        ("CN", "Inner Mongolia", "NM"),
        ("UA", "Kyiv Oblast", "32"),
        ("RU", "Moscow Oblast", "MOS"),
        ("RU", "Moscow", "MOW"),
        ("AR", "Capital Federal", "C"),
        ("AR", "Buenos Aires", "B"),
        ("PL", "Masovian Voivodeship", "14"),
    ],
)
def test_what_people_write(code: str, text: str, suffix: str) -> None:
    assert read(code, text).code == suffix


def test_code_is_looked_up_inside_the_country_alone() -> None:
    assert land("US").subdivisions[read("US", "FL").code or ""] == "Florida"
    assert land("NL").subdivisions[read("NL", "FL").code or ""] == "Flevoland"
    assert read("DE", "CA").code is None


@pytest.mark.parametrize(
    "text",
    [
        "Washington County",
        "Kansas City",
        "New York City",
        "Virginia Beach",
        "Mountain View",
        "Delaware County",
        "Ontario",
    ],
)
def test_place_that_is_only_called_after_a_state_is_none(text: str) -> None:
    assert read("US", text).code is None


@pytest.mark.parametrize(
    ("code", "text", "suffix"),
    [("US", "Californai", "CA"), ("IN", "Karnatka State", "KA"), ("CA", "Ontraio", "ON"), ("DE", "Sachsn", "SN")],
)
def test_slip_of_spelling_is_only_a_candidate(code: str, text: str, suffix: str) -> None:
    reading = read(code, text)
    assert reading.how == "typo" or reading.code == suffix
    assert suffix in (reading.code, *reading.candidates)


def test_name_that_two_share_is_ambiguous() -> None:
    assert read("TW", "Hsinchu") == Reading(None, "ambiguous", ("HSQ", "HSZ"))


@pytest.mark.parametrize(
    ("text", "federations"),
    [
        ("California", ("US",)),
        ("Ontario", ("CA",)),
        ("Amazonas", ("BR",)),
        ("WA", ("US", "AU")),
        ("Bavaria", ()),
        ("x" * 10_000, ()),
    ],
)
def test_federations_that_have_a_state_so_called(text: str, federations: tuple[str, ...]) -> None:
    assert countries_with_subdivision(text) == federations


def test_gst_numbers_lead_to_states_and_back() -> None:
    for suffix in land("IN").subdivisions:
        number = gst_state_code(suffix)
        assert number
        assert gst_state(number) == suffix
    assert (gst_state_code("KA"), gst_state_code("AP"), gst_state_code("DH")) == ("29", "37", "26")
    assert (gst_state("28"), gst_state("25")) == ("AP", "DH")
    assert [gst_state(number) for number in ("96", "97", "99", "00", "KA", "")] == [None] * 6
    assert gst_state_code("ZZ") is None


@given(st.sampled_from(codes()), st.text())
def test_any_text_gets_an_answer_that_holds(code: str, text: str) -> None:
    reading = read(code, text)
    assert reading.code is None or reading.code in land(code).subdivisions
    assert set(reading.candidates) <= set(land(code).subdivisions)


@given(st.sampled_from(FEDERATIONS), st.data())
def test_canonical_code_is_read_as_itself(code: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(land(code).subdivisions.values())))
    suffix = read(code, name).code
    assert suffix
    assert read(code, suffix) == Reading(suffix, "code")
