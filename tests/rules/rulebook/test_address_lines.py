"""Lines say where somebody is, once, and nothing else."""

import pytest

from cleanbill import check_address, check_customer


def found(**address):
    return {(f.rule, f.pointer) for f in check_address({"country_code": "DE", **address}).findings}


@pytest.mark.parametrize(
    ("address", "rule", "pointer"),
    [
        ({"line1": "test"}, "address.line-filler", "/line1"),
        ({"line1": "????"}, "address.line-filler", "/line1"),
        ({"line1": "NA"}, "address.line-filler", "/line1"),
        ({"city": "N/A"}, "address.city-filler", "/city"),
        ({"line2": "N/A"}, "address.line-optional-filler", "/line2"),
        ({"line1": "<script>alert(1)</script>"}, "address.line-markup", "/line1"),
        ({"line2": '=HYPERLINK("x")'}, "address.line-markup", "/line2"),
        ({"line1": "A" * 256}, "address.line-too-long", "/line1"),
        ({"line1": "1 Main St, ap@nilgiri.example"}, "address.line-contact", "/line1"),
        ({"line3": "Tel. +49 30 901820"}, "address.line-contact", "/line3"),
        ({"line1": "P O BOX 123"}, "address.po-box", "/line1"),
        ({"line1": "PO Box 123"}, "address.po-box", "/line1"),
        ({"line2": "Postfach 12"}, "address.po-box", "/line2"),
        ({"city": "BERLIN"}, "address.city-case", "/city"),
    ],
)
def test_finding(address: dict[str, str], rule: str, pointer: str) -> None:
    assert (rule, pointer) in found(**address)


@pytest.mark.parametrize(
    "address",
    [
        {"line1": "Testgasse 1", "city": "Wien"},
        {"line1": "Boxhagener Str. 12", "city": "Berlin"},
        {"line1": "1 Main St < 2nd floor", "city": "Berlin"},
        {"line1": "Nauen", "city": "Ulm"},
        {"line1": "Hausnummer 030 901820", "line2": "c/o Nilgiri", "city": "東京"},
    ],
)
def test_ordinary_lines_pass(address: dict[str, str]) -> None:
    assert not {
        rule for rule, _ in found(**address) if rule.startswith(("address.line", "address.po-", "address.city"))
    }


def test_repeated_line_is_left_out() -> None:
    address = {
        "line1": "1 Main St",
        "line2": "1 MAIN ST.",
        "line3": "10117 Berlin",
        "city": "Berlin",
        "zipCode": "10117",
    }
    clean = check_address({"country_code": "DE", **address}).clean
    assert clean["line1"] == "1 Main St"
    assert "line2" not in clean
    assert "line3" not in clean


def test_case_of_a_city_is_only_offered() -> None:
    report = check_address({"country_code": "DE", "city": "FRANKFURT AM MAIN"})
    (finding,) = [f for f in report.findings if f.rule == "address.city-case"]
    assert finding.after == "Frankfurt am Main"
    assert not finding.applied


def test_box_is_a_warning_where_something_is_shipped() -> None:
    report = check_customer(
        {"customer_name": "Nilgiri", "ship_to_address": {"line1": "PO Box 1", "country_code": "DE"}}
    )
    levels = {f.rule: f.level for f in report.findings}
    assert levels["address.po-box-ship-to"] == "warn"
    assert "address.po-box" not in levels
