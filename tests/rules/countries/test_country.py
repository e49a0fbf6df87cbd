"""Countries as records: what each of the 250 has, and what none but a code gets."""

import pycountry
import pytest

from cleanbill.countries.country import Country, codes, country


def known(code: str) -> Country:
    found = country(code)
    assert found
    return found


def test_every_iso_country_and_kosovo_is_there() -> None:
    assert set(codes()) == {record.alpha_2 for record in pycountry.countries} | {"XK"}
    assert all(known(code).code == code for code in codes())


@pytest.mark.parametrize("text", ["", "us", "USA", "ZZ", "UK", "EU", "Germany", "../US", "U", "ＵＳ"])
def test_only_a_code_in_capitals_is_a_country(text: str) -> None:
    assert country(text) is None


def test_a_country_is_made_once() -> None:
    assert country("DE") is country("DE")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("US", "United States"),
        ("GB", "United Kingdom"),
        ("TW", "Taiwan"),
        ("KR", "South Korea"),
        ("VN", "Vietnam"),
        ("RU", "Russia"),
        ("CI", "Côte d'Ivoire"),
        ("CG", "Republic of the Congo"),
        ("XK", "Kosovo"),
        ("NL", "Netherlands"),
        ("TR", "Türkiye"),
    ],
)
def test_name_is_what_an_invoice_says(code: str, name: str) -> None:
    assert known(code).name == name


def test_names_are_short_and_not_inverted_and_each_its_own() -> None:
    names = [known(code).name for code in codes()]
    assert len(set(names)) == len(names)
    long = {name for name in names if "," in name or "(" in name}
    assert long <= {"Bonaire, Sint Eustatius and Saba", "Saint Helena, Ascension and Tristan da Cunha"}


def test_alpha3_and_numeric_are_iso() -> None:
    assert (known("IN").alpha3, known("IN").numeric) == ("IND", "356")
    assert (known("XK").alpha3, known("XK").numeric) == ("XKX", None)


def test_tax_is_by_subdivision_in_four_countries() -> None:
    assert [code for code in codes() if known(code).tax_by_subdivision] == ["BR", "CA", "IN", "US"]


#: What the post writes, and what ISO 3166-2 has had since pycountry last read it.
BESIDE = {
    "US": {"AA", "AE", "AP", "FM", "MH", "PW"},
    "AU": {"JBT"},
    "IT": {"AO"},
    "NO": {"31", "32", "33", "39", "40", "55", "56"},
}


def test_subdivisions_are_the_live_iso_codes_and_what_the_post_uses_beside() -> None:
    for code in codes():
        iso = {s.code[3:] for s in pycountry.subdivisions if s.country_code == code}
        beside = set(known(code).subdivisions) - iso
        assert iso <= set(known(code).subdivisions)
        assert beside == BESIDE.get(code, set())


def test_india_has_its_codes_of_2023() -> None:
    assert {"CG", "OD", "TS", "UK", "DH", "LA"} <= set(known("IN").subdivisions)
    assert not {"CT", "OR", "TG", "UT", "DN", "DD"} & set(known("IN").subdivisions)


def test_nothing_in_a_country_can_be_changed() -> None:
    with pytest.raises(TypeError):
        known("US").subdivisions["ZZ"] = "Nowhere"  # type: ignore[index]
