"""The public calls: what they take, what they answer, and that parts speak of themselves."""

from typing import Any

import pytest

from cleanbill import check_address, check_customer, check_email, check_name, check_phone, check_tax_id


def test_part_speaks_of_itself() -> None:
    report = check_address({"country": "GB", "zipCode": "sw1a1aa", "city": "Leeds", "state": "Nowhere"})
    assert report.clean == {
        "country": "United Kingdom",
        "zipCode": "SW1A 1AA",
        "city": "Leeds",
        "state": "Nowhere",
        "country_code": "GB",
    }
    assert {finding.pointer for finding in report.findings} >= {"/zipCode", "/country", "/country_code", "/state"}
    assert {op["path"] for op in report.patch()} == {"/zipCode", "/country", "/country_code"}


@pytest.mark.parametrize(
    ("report", "clean"),
    [
        (check_tax_id("29aabcu9603r1zj", scheme="in_gst", country="IN"), "29AABCU9603R1ZJ"),
        (check_tax_id("29aabcu9603r1zj", country="IN"), "29AABCU9603R1ZJ"),
        (check_tax_id("GR094259216"), "EL094259216"),
        (check_phone("030 901820", region="DE"), "+4930901820"),
        (check_phone("030 901820", region="de"), "+4930901820"),
        (check_email(" mailto:Jane@Nilgiri.IN "), "Jane@nilgiri.in"),
        (check_name("  Nilgiri   Analytics "), "Nilgiri Analytics"),
    ],
)
def test_clean_part_is_the_value_itself(report: Any, clean: str) -> None:
    assert report.clean == clean
    assert report.verdict == "corrected"
    assert {finding.pointer for finding in report.findings if finding.applied} == {""}


def test_extension_is_reported_and_never_glued_on() -> None:
    report = check_phone("+1 415-555-2671 ext. 22")
    assert report.clean == "+14155552671"
    assert [finding.rule for finding in report.findings] == ["phone.extension"]


def test_unknown_scheme_is_a_finding() -> None:
    report = check_tax_id("123", scheme="no_such_scheme")
    assert [finding.rule for finding in report.findings] == ["tax_id.scheme-unknown"]
    assert report.clean == "123"


CHECKS = [check_address, check_email, check_name, check_phone, check_tax_id]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("value", [1.5, True, [], ["x"], b"x", object()])
def test_value_of_another_type_is_an_error_and_no_exception(check: Any, value: object) -> None:
    report = check(value)
    assert report.verdict == "rejected"
    assert {finding.rule for finding in report.findings} == {"payload.type-wrong"}


@pytest.mark.parametrize("check", [check_email, check_phone, check_tax_id])
def test_nothing_is_nothing_wrong(check: Any) -> None:
    assert (check(None).verdict, check(None).clean) == ("accepted", None)


@pytest.mark.parametrize("name", [None, "", "  "])
def test_customer_needs_a_name(name: Any) -> None:
    assert [finding.rule for finding in check_name(name).findings] == ["party.name-missing"]


def test_text_is_no_address() -> None:
    report = check_address("12 Residency Road, Bengaluru")  # type: ignore[arg-type]
    assert [(finding.rule, finding.pointer) for finding in report.findings] == [("payload.address-not-object", "")]
    assert report.verdict == "rejected"


def test_what_is_known_beside_a_value_may_be_anything() -> None:
    assert check_phone("1", region=5).verdict == "rejected"  # type: ignore[arg-type]
    assert "tax_id.scheme-unknown" in {f.rule for f in check_tax_id("1", scheme=5, country=6).findings}  # type: ignore[arg-type]


def test_tax_location_is_that_of_the_billing_address() -> None:
    report = check_customer(
        {
            "customer_name": "N",
            "address": {"country_code": "IN", "state": "KA"},
            "ship_to_address": {"country_code": "US", "state": "CA"},
        }
    )
    assert report.tax_location
    assert (report.tax_location.country, report.tax_location.subdivision, report.tax_location.gst_state_code) == (
        "IN",
        "IN-KA",
        "29",
    )


def test_duplicate_keys_meet_where_two_records_are_one_customer() -> None:
    first = check_customer(
        {"customer_name": "ACME Tools Ltd.", "email": "Jane.Roe+ap@gmail.com", "phone_number": "+44 20 7183 8750",
         "address": {"country": "UK", "zipCode": "sw1a1aa"}}
    )  # fmt: skip
    second = check_customer(
        {"customer_name": "Acme  Tools, Ltd", "email": "janeroe@googlemail.com", "phone_number": "+442071838750",
         "address": {"country_code": "GB", "zipCode": "SW1A 1AA"}}
    )  # fmt: skip
    assert first.duplicate_keys == second.duplicate_keys
    assert first.duplicate_keys.keys() == {"/email", "/phone_number", "/customer_name"}
    assert first.clean["email"] == "Jane.Roe+ap@gmail.com"  # type: ignore[index]
    assert check_email("Jane.Roe@gmail.com").duplicate_keys == {"": "janeroe@gmail.com"}
