"""Names: samples and hazards are seen, and real names that look odd are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.contacts.names import calmed, has_legal_form, hazards, is_personal, is_placeholder_name

REAL = """
Acme Brick Company|Jennifer Null|Null|Test Valley Borough Council|N/A Energy GmbH|@Home Corp|Yahoo!|7-Eleven
3M|株式会社トヨタ|AAA|BBB|III|IKEA|Customer Alliance|Companies House|Example Law LLP|Sample6 Technologies
Testing Ventures Ltd|Foo Fighters Inc|The None Agency|Unknown Worlds|A|X|Namely|Demo Records|Dummy's Diner
Abc Nursery|1-800-Flowers|99|360|4711 GmbH|!!! (Chk Chk Chk)|Asdfghjkl Records|C|+Plus Design|E.ON SE|AT&T|Ü
Müller & Söhne|O'Reilly|Société Générale|ООО Ромашка-Сервис|ТОВ Тестер|Null Island Coffee|Anonymous Content
No Name Bar|Missing Link Ltd|<3 Flowers|=Equals|-40 Degrees|{Brackets} Inc|100% Organic|$hop|#Hashtag Media
Blank Street Coffee|Temp-Tation GmbH|Temptations|User Interviews Inc|Clients First
"""


@pytest.mark.parametrize("name", [name for line in REAL.split("\n") for name in line.split("|") if name])
def test_real_name_is_silent(name: str) -> None:
    assert not is_placeholder_name(name)
    assert not hazards(name)
    assert calmed(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "Acme Corporation",
        "ACME CORPORATION ",
        "Globex",
        "Initech",
        "test",
        "Test Customer",
        "Test 1",
        "test-customer-42",
        "n/a",
        "N.A.",
        "none",
        "asdf",
        "qwerty",
        "xxx",
        "aaaa",
        "1111",
        "-",
        "...",
        "???",
        "Customer cus_QhXyz123",
        "cus_QhXyz123",
        "Customer 12",
        "John Doe",
        "Max Mustermann",
        "Your Company Name",
        "Lorem ipsum",
        "TBD",
        "テスト",
        "测试",
        "тест",
        "[object Object]",
        "undefined",
        "<name>",
    ],
)
def test_sample_is_seen(name: str) -> None:
    assert is_placeholder_name(name)


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("<script>alert(1)</script>", "html"),
        ("Nilgiri <b>Analytics</b>", "html"),
        ('<img src=x onerror="x">', "html"),
        ("javascript:alert(1)", "html"),
        ("{{company.name}}", "template"),
        ("${name}", "template"),
        ("<%= name %>", "template"),
        ("{% if x %}", "template"),
        ("{company_name}", "template"),
        ('=HYPERLINK("http://nilgiri.example")', "formula"),
        ("=1+1", "formula"),
        ("@SUM(A1:A9)", "formula"),
        ("+cmd|' /C calc'!A0", "formula"),
        ("-2+3", "formula"),
        ("\tNilgiri", "formula"),
        ("Nilgiri\r\nBcc: x@nilgiri.example", "newline"),
    ],
)
def test_hazard_is_named(text: str, hazard: str) -> None:
    assert hazard in hazards(text)


def test_shouted_name_is_calmed() -> None:
    assert calmed("NILGIRI ANALYTICS PVT LTD") == "Nilgiri Analytics Pvt Ltd"
    assert calmed("SIEMENS HEALTHINEERS AG") == "Siemens Healthineers AG"
    assert calmed("Nilgiri Analytics") is None


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Beispiel GmbH", "DE", True),
        ("Beispiel GmbH & Co. KG", "DE", True),
        ("Nilgiri Analytics Pvt. Ltd.", "IN", True),
        ("Ejemplo S.L.", "ES", True),
        ("ООО Ромашка", "RU", True),
        ("株式会社トヨタ", "JP", True),
        ("Ananya Sharma", "IN", False),
        ("Paula Kage", "DE", False),
        ("Jane Roe", "XX", False),
    ],
)
def test_legal_form(name: str, country: str, expected: bool) -> None:
    assert has_legal_form(name, country) is expected


PERSONS = """
Mr John Smith|Mr. John Q. Smith|Mrs. Anne-Marie O'Neil|Frau Anna Müller|Herr Dr. Max Weber|Smt. Lakshmi Devi|Ms Priya Nair
Sra. María López García|г-н Иван Петров|Mevrouw Sanne de Vries
"""
BRANDS = """
Mr Price|Mr. Cooper|Mrs Bectors Food Specialities|Mr Kipling|Miss Selfridge|Dr. Reddy's Laboratories|Dr. Oetker|Mr. Lube
Mr DIY Group|Mrs Fields Famous Brands|Herr Nilsson|Shri Ram Industries|Smt. Kamla Devi Memorial Trust|Mr. Bubbles Car Wash
Madame Tussauds London|Mr and Mrs Smith|Mr & Mrs Smith|Mr Green Ltd|MS Agarwal Foundries|Mrs. T's Pierogies|John Smith|Mr. 7 Eleven
"""


def test_person_is_told_from_a_brand_by_the_address_and_two_names() -> None:
    for line in PERSONS.split("\n"):
        assert all(is_personal(name) for name in line.split("|") if name)
    for line in BRANDS.split("\n"):
        assert not any(is_personal(name) for name in line.split("|") if name)


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    is_placeholder_name(text)
    hazards(text)
    is_personal(text)
    calm = calmed(text)
    assert calm is None or calmed(calm) is None


@pytest.mark.parametrize(
    "text",
    ["<" * 100_000, "=" + "a" * 100_000, "{" * 100_000, "A " * 50_000, "Mr " + "a" * 100_000, "Mr " + "a " * 50_000],
)
def test_long_text_is_answered(text: str) -> None:
    assert not is_placeholder_name(text)
    hazards(text)
    is_personal(text)
    calmed(text)
