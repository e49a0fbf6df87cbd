"""The shape of the body: keys that Zenskar would drop, values of the wrong type."""

from typing import Any

import pytest

from cleanbill import check_customer


def only(body: dict[str, Any]) -> Any:
    return check_customer({"customer_name": "Nilgiri Analytics", **body})


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("phone", "phone_number"),
        ("phoneNumber", "phone_number"),
        ("PhoneNumber", "phone_number"),
        ("phone-number", "phone_number"),
        ("externalId", "external_id"),
        ("EMAIL", "email"),
        ("emailAddress", "email"),
    ],
)
def test_misnamed_key_moves_to_its_field(key: str, field: str) -> None:
    value = {"phone_number": "+14155552671", "external_id": "C001", "email": "ap@nilgiri.io"}[field]
    report = only({key: value})
    assert report.clean[field] == value
    assert key not in report.clean
    assert [(f.rule, f.pointer, f.level) for f in report.findings if f.applied] == [
        ("payload.key-misnamed", f"/{key}", "warn")
    ]


@pytest.mark.parametrize(
    "key", ["zip", "zip_code", "zipcode", "ZipCode", "postal_code", "postalCode", "postcode", "Postal Code", "PIN code"]
)
def test_postcode_by_any_name(key: str) -> None:
    report = only({"address": {"country": "India", "country_code": "IN", "state": "KA", key: "560025"}})
    assert report.clean["address"] == {"country": "India", "country_code": "IN", "state": "KA", "zipCode": "560025"}


def test_name_is_the_customers_name() -> None:
    assert check_customer({"name": "Nilgiri Analytics"}).clean == {"customer_name": "Nilgiri Analytics"}


def test_no_move_goes_over_a_value_already_there() -> None:
    body = {"phone": "+14155552671", "phone_number": "+442071838750"}
    report = only(body)
    assert report.clean == {"customer_name": "Nilgiri Analytics", **body}
    assert [(f.rule, f.pointer, f.applied) for f in report.findings if f.rule.startswith("payload")] == [
        ("payload.key-misnamed", "/phone", False)
    ]


def test_null_is_no_value_already_there() -> None:
    assert only({"phone": "+14155552671", "phone_number": None}).clean["phone_number"] == "+14155552671"


def test_two_keys_that_mean_one_field_and_differ_are_left_alone() -> None:
    report = only({"phone": "+14155552671", "mobile": "+442071838750"})
    assert "phone_number" not in report.clean
    assert {f.pointer for f in report.findings if f.rule == "payload.key-misnamed"} == {"/phone", "/mobile"}


def test_billing_address_with_stale_names_becomes_address() -> None:
    report = only({"billing_address": {"street": "1 Main St", "postal_code": "94105", "state": "CA", "country": "US"}})
    assert report.clean["address"] == {
        "line1": "1 Main St",
        "zipCode": "94105",
        "state": "CA",
        "country": "United States",
        "country_code": "US",
    }
    assert "billing_address" not in report.clean


def test_flat_keys_become_an_address() -> None:
    report = only(
        {"address_line1": "1 Main St", "addressCity": "San Francisco", "zip": "94105", "shipping_city": "Oakland"}
    )
    assert report.clean["address"] == {"line1": "1 Main St", "city": "San Francisco", "zipCode": "94105"}
    assert report.clean["ship_to_address"] == {"city": "Oakland"}


def test_flat_keys_fill_gaps_of_an_address() -> None:
    report = only({"address": {"city": "San Francisco"}, "address_city": "Oakland", "address_line1": "1 Main St"})
    assert report.clean["address"] == {"city": "San Francisco", "line1": "1 Main St"}
    assert report.clean["address_city"] == "Oakland"


@pytest.mark.parametrize("key", ["taxId", "tax_id", "vat_number", "gstin", "VAT"])
def test_flat_tax_id_becomes_an_item_of_tax_info(key: str) -> None:
    report = only({key: "DE811907980"})
    assert [item["tax_id"] for item in report.clean["tax_info"]] == ["DE811907980"]
    assert key not in report.clean


def test_unknown_key_is_kept_and_named() -> None:
    report = only({"industry": "software"})
    assert report.clean["industry"] == "software"
    assert ("payload.key-unknown", "/industry", "warn") in [(f.rule, f.pointer, f.level) for f in report.findings]


def test_every_key_is_a_field_moved_or_named() -> None:
    body = {
        "phone": "1",
        "zip": "94105",
        "vat": "x",
        "industry": 1,
        "state": "CA",
        "address": {"plus_code": "x", "zip": ""},
    }
    report = only(body)
    told = {f.pointer for f in report.findings if f.rule.startswith("payload.")}
    assert told >= {"/phone", "/zip", "/vat", "/industry", "/state", "/address/plus_code", "/address/zip"}


def test_text_for_an_address_is_an_error_with_a_guess() -> None:
    report = only({"address": "123 Frost Street, New York"})
    finding = next(f for f in report.findings if f.rule == "payload.address-not-object")
    assert (finding.pointer, finding.level, finding.fix, finding.applied) == ("/address", "error", "guess", False)
    assert finding.after == {"line1": "123 Frost Street, New York"}


@pytest.mark.parametrize("value", [[], True, 5, ["x"]])
def test_address_of_another_type_is_an_error(value: object) -> None:
    report = only({"address": value})
    assert ("payload.type-wrong", "/address", "error") in [(f.rule, f.pointer, f.level) for f in report.findings]


@pytest.mark.parametrize(("number", "text"), [(42, "42"), (42.0, "42"), (0, "0"), (2**70, str(2**70))])
def test_number_for_a_text_is_written_as_one(number: float, text: str) -> None:
    assert only({"external_id": number}).clean["external_id"] == text


@pytest.mark.parametrize("value", [1.5, 1e300, True, ["x"], {"a": 1}])
def test_what_is_no_certain_text_is_an_error(value: object) -> None:
    report = only({"external_id": value})
    assert report.clean["external_id"] == value
    assert ("payload.type-wrong", "/external_id", "error") in [(f.rule, f.pointer, f.level) for f in report.findings]


@pytest.mark.parametrize(("value", "flag"), [("true", True), ("FALSE", False), ("yes", True), (0, False), (1, True)])
def test_flag_written_otherwise_becomes_one(value: object, flag: bool) -> None:
    assert only({"communications_enabled": value}).clean["communications_enabled"] is flag


@pytest.mark.parametrize("value", ["maybe", 2, [], {}])
def test_what_is_no_flag_is_an_error(value: object) -> None:
    assert only({"communications_enabled": value}).verdict == "rejected"


@pytest.mark.parametrize("key", ["external_id", "email", "phone_number"])
@pytest.mark.parametrize("blank", ["", " ", "\u00a0"])
def test_empty_text_becomes_null(key: str, blank: str) -> None:
    assert only({key: blank}).clean[key] is None


def test_custom_data_is_never_touched() -> None:
    data = {"exempt_tax": "true", "zip": 2108, "name": " x ", "list": [1, {"email": ""}], "deep": {"country": "usa"}}
    report = only({"custom_data": data})
    assert report.clean["custom_data"] == data
    assert not [f for f in report.findings if f.applied and f.pointer.startswith("/custom_data")]


@pytest.mark.parametrize("body", [None, True, 3, "text", [], [{"customer_name": "Nilgiri"}]])
def test_what_is_no_object_is_one_error(body: object) -> None:
    report = check_customer(body)
    assert [(f.rule, f.pointer) for f in report.findings] == [("payload.not-object", "")]
    assert report.verdict == "rejected"
    assert report.clean == body


def test_classic_flat_address_moves_whole() -> None:
    flat = {
        "address_line1": "1 Market St",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94105",
        "country": "US",
    }
    report = only(flat)
    assert report.clean["address"] == {
        "line1": "1 Market St",
        "city": "San Francisco",
        "state": "CA",
        "zipCode": "94105",
        "country": "United States",
        "country_code": "US",
    }
    assert not report.clean.keys() & flat.keys()


def test_key_that_may_mean_something_else_is_only_offered_to_the_address() -> None:
    report = only({"state": "active"})
    (finding,) = [f for f in report.findings if f.pointer == "/state"]
    assert (finding.rule, finding.fix, finding.applied) == ("payload.address-flattened", "guess", False)


@pytest.mark.parametrize("value", ['{"a": 1}', [1], 3, True])
def test_custom_data_that_is_no_object_is_an_error(value: object) -> None:
    report = only({"custom_data": value})
    assert ("payload.type-wrong", "/custom_data", "error") in [(f.rule, f.pointer, f.level) for f in report.findings]
    assert report.clean["custom_data"] == value


@pytest.mark.parametrize("item", [5, None, True, "", [], ["29AABCU9603R1ZJ"]])
def test_tax_info_item_of_another_type_is_an_error(item: object) -> None:
    report = only({"tax_info": [item]})
    assert ("payload.tax-info-item-type-wrong", "/tax_info/0", "error") in [
        (f.rule, f.pointer, f.level) for f in report.findings
    ]


def test_far_too_long_values_are_refused_at_once() -> None:
    report = only({"email": "a" * 10**6, "tax_info": [{"tax_id": "." * 10**6}], "address": {"zipCode": "9" * 10**6}})
    told = {f.pointer for f in report.findings if f.rule == "payload.text-too-long"}
    assert told == {"/email", "/tax_info/0/tax_id", "/address/zipCode"}
    assert only({"tax_info": [{"tax_id": "29AABCU9603R1ZJ"}] * 2000}).verdict == "rejected"


def test_value_of_the_wrong_type_is_never_written_over() -> None:
    report = only({"address": {"country": ["India"], "country_code": "IN"}})
    assert report.verdict == "rejected"
    assert report.clean["address"]["country"] == ["India"]
    assert check_customer(report.clean).verdict == "rejected"


def test_number_that_is_none_is_an_error() -> None:
    for number in (float("nan"), float("inf")):
        assert [f.rule for f in only({"external_id": number}).findings if f.level == "error"] == ["payload.type-wrong"]
