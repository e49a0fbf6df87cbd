"""A partial body changes a customer: only what it holds is judged, and what it leaves out stays as it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill import RULES, Policy, check_customer
from cleanbill.body import read_body
from cleanbill.checks import check_address, check_contact

WHOLE = {
    "line1": "12 Residency Road",
    "city": "Bengaluru",
    "state": "Karnataka",
    "postal_code": "560 025",
    "country": "India",
}


def said(report: Any) -> set[tuple[str, str, bool]]:
    return {(finding.rule, finding.level, finding.applied) for finding in report.findings}


def test_absence_is_no_fault() -> None:
    assert check_customer({}, partial=True).findings == ()
    assert check_customer({"external_id": "C001"}, partial=True).findings == ()


def test_what_is_there_is_judged_and_corrected_in_its_place() -> None:
    report = check_customer({"email": " Mailto:AP@Nilgiri.IN", "phone_number": "+91 98450 12345"}, partial=True)
    assert report.clean == {"email": "AP@nilgiri.in", "phone_number": "+919845012345"}
    assert check_customer({"email": "nobody"}, partial=True).verdict == "rejected"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"phone": "+919845012345"}, "payload.key-misnamed"),
        ({"email": ""}, "payload.text-empty"),
        ({"address": {"zip_code": "560025"}}, "payload.key-misnamed"),
        ({"taxId": "29AABCU9603R1ZJ"}, "payload.tax-id-misplaced"),
        ({"address": {**WHOLE, "line2": ""}}, "payload.text-empty"),
    ],
)
def test_fix_that_would_add_remove_or_null_a_key_is_only_offered_with_a_warning(body: Any, rule: str) -> None:
    report = check_customer(body, partial=True)
    assert (rule, "warn", False) in said(report)
    assert report.verdict != "rejected"


def test_national_number_is_no_error_where_the_country_stands_in_the_customer() -> None:
    report = check_customer({"phone_number": "98450 12345"}, partial=True)
    assert said(report) == {("phone.country-code-missing", "warn", False)}


def test_whole_address_is_corrected_whole() -> None:
    report = check_customer({"address": WHOLE}, partial=True)
    assert report.clean == {
        "address": {
            "line1": "12 Residency Road",
            "city": "Bengaluru",
            "state": "KA",
            "country": "India",
            "zipCode": "560025",
            "country_code": "IN",
        }
    }
    assert "payload.address-partial" not in {finding.rule for finding in report.findings}


def test_partial_address_is_judged_field_by_field() -> None:
    report = check_customer({"address": {"city": " Berlin ", "zipCode": "560025"}}, partial=True)
    assert report.clean == {"address": {"city": "Berlin", "zipCode": "560025"}}
    assert said(report) == {("text.space-extra", "info", True), ("payload.address-partial", "warn", False)}
    spelt = check_address({**WHOLE, "line1": None, "country_code": "IN"}, partial=True)
    assert [f.pointer for f in spelt.findings if f.rule == "payload.address-partial"] == [""]
    assert spelt.clean == {**WHOLE, "line1": None, "country_code": "IN", "state": "KA"}
    assert check_address({"city": "n/a"}, partial=True).verdict == "rejected"


def test_contact_is_judged_by_its_email_and_phone_alone() -> None:
    contact = {
        "customer": "c1",
        "first_name": " Jane ",
        "email": " Mailto:AP@Nilgiri.IN",
        "phone_number": "+91 98450 12345",
    }
    report = check_contact(contact)
    assert report.clean == {**contact, "email": "AP@nilgiri.in", "phone_number": "+919845012345"}
    assert {finding.pointer for finding in report.findings} == {"/email", "/phone_number"}
    assert check_contact({"email": "nobody"}).verdict == "rejected"
    assert check_contact(["x"]).verdict == "rejected"


def test_key_that_stands_twice_is_found_in_every_body() -> None:
    for check in (check_contact, check_address):
        report = check(read_body(b'{"city": "Berlin", "email": "a@b.in", "city": "Bonn"}'))
        assert [f.rule for f in report.findings if f.level == "error"] == ["payload.key-duplicate"]


def test_address_sent_as_one_text_is_written_whole_where_guesses_are_applied() -> None:
    body = read_body(b'"12 Residency Road, Bengaluru"')
    report = check_address(body, policy=Policy(fixes="all"))
    assert body.corrected(report) == b'{"line1":"12 Residency Road, Bengaluru"}'


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from(["", " ", "DE", "India", "560 025", "a@b.in"]), st.text()
)
FIELDS = ("line1", "city", "state", "zipCode", "postal_code", "country", "country_code", "zip")
ADDRESSES = st.dictionaries(st.sampled_from(FIELDS), VALUES)
BODIES = st.dictionaries(
    st.sampled_from(("customer_name", "email", "phone", "phone_number", "external_id", "taxId", "city")), VALUES
)


@given(BODIES, st.none() | ADDRESSES)
def test_no_key_is_added_removed_or_nulled(body: dict[str, Any], address: Any) -> None:
    given = {**body, "address": address}
    report = check_customer(given, partial=True)
    clean: Any = report.clean
    assert clean.keys() == given.keys()
    assert all(clean[key] is not None or given[key] is None for key in given)
    if address is not None and any(f.rule == "payload.address-partial" for f in report.findings):
        assert clean["address"].keys() == address.keys()
    assert not check_customer(clean, partial=True).patch()
    assert {finding.rule for finding in report.findings} <= {rule.id for rule in RULES}


def test_policy_decides_of_partial_addresses_too() -> None:
    report = check_customer({"address": {"city": "Berlin"}}, partial=True, policy=Policy(levels={"payload": "off"}))
    assert report.findings == ()
