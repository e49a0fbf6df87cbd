"""Every class of dirt on addresses of many countries: the place that is meant is found, or the right field is refused."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from cleanbill import check_address

LANDMARKS = Path(__file__).parents[3] / "benchmarks" / "address_cases" / "landmarks.csv"
FIELDS = ("line1", "city", "state", "zipCode", "country")
Row = dict[str, str]

with LANDMARKS.open(encoding="utf-8", newline="") as text:
    ROWS = list(csv.DictReader(text))

each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line1"])


def address(row: Row, **changes: str | None) -> Row:
    changed = {name: row[name] for name in FIELDS} | changes
    return {name: value for name, value in changed.items() if value is not None}


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def in_every_field(soil: Callable[[str], str]) -> Callable[[Row], Row]:
    return lambda row: {name: soil(text) for name, text in address(row).items()}


#: What leaves nothing but the address itself.
DIRT: dict[str, Callable[[Row], Row]] = {
    "nothing": address,
    "spaces and line ends": in_every_field(lambda text: f"  {text.replace(' ', '  ')}\r\n"),
    "zero-width marks": in_every_field(lambda text: f"\ufeff{text[0]}\u200b{text[1:]}"),
    "direction marks": in_every_field(lambda text: f"\u202d{text}\u202c"),
    "control characters": in_every_field(lambda text: f"{text[0]}\x00{text[1:]}"),
    "full-width": in_every_field(wide),
    "pictures": lambda row: address(row, city=f"{row['city']} \U0001f389", line1=f"\U0001f680 {row['line1']}"),
    "state by its name": lambda row: address(row, state=row["state_name"]),
    "state in capitals": lambda row: address(row, state=row["state_name"].upper()),
    "state as ISO code": lambda row: address(row, state=f"{row['country_code']}-{row['state']}"),
    "state by name and code": lambda row: address(row, state=f"{row['state_name']} ({row['state']})"),
    "postcode before the city": lambda row: address(row, zipCode=None, city=f"{row['zipCode']} {row['city']}"),
    "postcode behind the city": lambda row: address(row, zipCode=None, city=f"{row['city']}, {row['zipCode']}"),
    "postcode twice": lambda row: address(row, city=f"{row['zipCode']} {row['city']}"),
    "postcode in the state": lambda row: address(row, zipCode=None, state=f"{row['state']} {row['zipCode']}"),
    "state and postcode swapped": lambda row: address(row, state=row["zipCode"], zipCode=row["state"]),
    "country in the city": lambda row: address(row, country=None, city=f"{row['city']}, {row['country']}"),
    "country twice": lambda row: address(row, city=f"{row['city']} ({row['country']})"),
    "city twice": lambda row: address(row, line2=row["city"].upper()),
    "city and postcode twice": lambda row: address(row, line2=f"{row['zipCode']} {row['city']}"),
    "country in a line": lambda row: address(row, line3=row["country"]),
    "filler in a line": lambda row: address(row, line2="N/A", line3="-"),
}


@each
@pytest.mark.parametrize("dirt", DIRT)
def test_address_is_found_under_the_dirt(row: Row, dirt: str) -> None:
    report = check_address(DIRT[dirt](row))
    assert report.clean == address(row, country_code=row["country_code"])
    assert report.verdict != "rejected"
    assert check_address(report.clean).patch() == []


IN_ONE_LINE = {
    "US": "{line1}, {city}, {state} {zipCode}, {country}",
    "CA": "{line1}, {city}, {state_name}, {zipCode}, {country}",
    "AU": "{line1}, {city} {state} {zipCode}, {country}",
    "IN": "{line1}, {city} - {zipCode}, {state_name}, {country}",
    "GB": "{line1}, {city} {zipCode}, {country}",
    "DE": "{line1}, {zipCode} {city}, {country}",
}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["country_code"] in IN_ONE_LINE], ids=lambda row: row["line1"]
)
def test_whole_address_in_one_line_is_taken_apart(row: Row) -> None:
    clean = check_address({"line1": IN_ONE_LINE[row["country_code"]].format(**row)}).clean
    stated = address(
        row, country_code=row["country_code"], state=row["state"] if row["country_code"] not in "GB DE" else None
    )
    assert clean == stated


@each
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("line1", "<script>alert(1)</script>"),
        ("line1", "=cmd|' /C calc'!A0"),
        ("line1", "{{7*7}}"),
        ("line1", "'; DROP TABLE customers; --"),
        ("city", "${jndi:ldap://x}"),
        ("line1", "not applicable"),
        ("city", "N/A"),
        ("country", "Atlantis"),
        ("zipCode", "not a code"),
        ("line1", "A" * 300),
        ("state", "A" * 300),
    ],
)
def test_what_is_no_address_is_refused_at_its_field(row: Row, field: str, text: str) -> None:
    report = check_address(address(row, **{field: text}))
    assert report.verdict == "rejected"
    assert f"/{field}" in {finding.pointer for finding in report.findings if finding.level == "error"}


BOXES = (
    "PO Box 12|P.O. Box 12|P O BOX 12|POB 12|Post Office Box 12|Locked Bag 12|Private Bag 12|PMB 12|Postfach 12|Postbus 12"
    "|GPO Box 12|Boîte postale 12|BP 12|B.P. 12|Apartado 12|Apdo. 12|Casilla 12|Caixa Postal 12|Casella Postale 12|Box 12"
    "|Postboks 12|Skrytka pocztowa 12|Poštovní schránka 12|Posta Kutusu 12|а/я 12|私書箱12号"
)


@pytest.mark.parametrize("box", BOXES.split("|"))
def test_post_office_box_is_told_in_many_languages(box: str) -> None:
    found = {f.rule: (f.pointer, f.level) for f in check_address(address(ROWS[0], line1=box)).findings}
    assert found["address.po-box"] == ("/line1", "info")


@pytest.mark.parametrize(
    "line",
    [
        "1 Boxwood Lane",
        "Postweg 3",
        "Plaza Apartadó 4",
        "Telford Road 12",
        "12-14 High Street",
        "1 Poplar Road",
        "555 Main St 123",
    ],
)
def test_street_that_looks_like_something_else_passes(line: str) -> None:
    rules = {finding.rule for finding in check_address(address(ROWS[0], line1=line)).findings}
    assert not rules & {"address.po-box", "address.line-contact", "address.line-markup", "address.line-filler"}


@pytest.mark.parametrize(
    "line", ["1 Main St (555) 123-4567", "555-123-4567", "1 Main St, tel. 030 901820", "a@b.co", "+49 30 901820"]
)
def test_phone_or_email_in_a_line_is_told(line: str) -> None:
    found = {f.rule: f.pointer for f in check_address(address(ROWS[0], line2=line)).findings}
    assert found["address.line-contact"] == "/line2"
