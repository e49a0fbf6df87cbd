"""A lost zero and a lost digit look alike; only the codes that exist tell them apart."""

import json
from importlib.resources import files
from itertools import pairwise

import pytest

from cleanbill import check_address
from cleanbill.countries.leading_zeros import is_known_to_exist
from cleanbill.countries.postcodes import read_postcode

TABLE = json.loads((files("cleanbill.countries") / "data" / "leading_zeros.json").read_text("utf-8"))
COUNTRIES = [code for code in TABLE if code != "_about"]


@pytest.mark.parametrize("code", COUNTRIES)
def test_table_holds_postcodes_in_order(code: str) -> None:
    ends = [end for run in TABLE[code].split() for end in run.split("-")]
    assert all(read_postcode(code, end).canonical for end in ends)
    assert all(one < other for one, other in pairwise(ends))


@pytest.mark.parametrize(
    ("country", "postcode", "known"),
    [
        ("DE", "01067", True),
        ("DE", "05555", False),
        ("ES", "08001", True),
        ("ES", "02800", False),
        ("PL", "00-001", False),
        ("PL", "00-002", True),
        ("JP", "060-0001", True),
        ("BR", "01310-100", None),
    ],
)
def test_postcode_is_known_to_exist(country: str, postcode: str, known: bool | None) -> None:
    assert is_known_to_exist(country, postcode) is known


@pytest.mark.parametrize(
    ("country", "city", "lost", "meant"),
    [
        ("DE", "Leipzig", "4109", "04109"),
        ("ES", "Badalona", "8911", "08911"),
        ("FR", "Valbonne", "6560", "06560"),
        ("MX", "Ciudad de México", "6000", "06000"),
        ("IT", "Roma", "118", "00118"),
        ("US", "Cambridge", "O2139", "02139"),  # a letter stands for the zero, so none is lost
    ],
)
def test_lost_zero_is_put_back_where_the_code_exists(country: str, city: str, lost: str, meant: str) -> None:
    report = check_address({"line1": "1 High Road", "city": city, "country_code": country, "zipCode": lost})
    assert report.clean["zipCode"] == meant
    assert report.verdict == "corrected"


@pytest.mark.parametrize(
    ("country", "city", "cut"),
    [
        ("ES", "Getafe", "2890"),  # 02890 is nowhere
        ("ES", "Sevilla", "4100"),  # 04100 is in Almería
        ("IT", "Milano", "2012"),  # 02012 is in Rieti
        ("DE", "Berlin", "1011"),
        ("CN", "Shanghai", "20000"),
        ("GB", "Birmingham", "B33 8T"),  # not B3 3BT
        ("ES", "Madrid", "280"),  # not AD280
        ("GB", "Leeds", "1234"),  # not MSR1234
    ],
)
def test_lost_digit_is_refused_at_the_postcode(country: str, city: str, cut: str) -> None:
    report = check_address({"line1": "1 High Road", "city": city, "country_code": country, "zipCode": cut})
    assert report.verdict == "rejected"
    assert report.clean["zipCode"] == cut
    assert {finding.pointer for finding in report.findings if finding.level == "error"} == {"/zipCode"}
