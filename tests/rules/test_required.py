"""What a policy requires beyond Zenskar: fields by condition, and kinds of phone numbers."""

from typing import Any

import pytest

from cleanbill import Policy, PolicyError, Requirement, When, check_address, check_customer, check_email, check_phone

GERMAN: dict[str, Any] = {"country": "Germany", "country_code": "DE", "city": "Berlin", "zipCode": "10115"}
VAT = [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811907980"}]
GSTIN = {
    "country_code": "IND",
    "tax_code": "GST",
    "tax_id": "29AABCU9603R1ZJ",
}  # its fourth letter of the PAN: a company
PROPRIETOR = {**GSTIN, "tax_id": "29ABCPU9603R1ZP"}


def missing(body: dict[str, Any], *required: Requirement, level: str = "error") -> list[str]:
    report = check_customer({"customer_name": "Nilgiri", **body}, policy=Policy(required=required))
    found = [f for f in report.findings if f.rule.startswith("required.")]
    assert {f.level for f in found} <= {level}
    assert report.verdict == "rejected" if found and level == "error" else True
    return [f.pointer for f in found]


@pytest.mark.parametrize(
    ("pointer", "without", "having"),
    [
        ("/external_id", {}, {"external_id": "C001"}),
        ("/external_id", {"external_id": None}, {"external_id": "C001"}),
        ("/email", {"email": "  "}, {"email": "ap@nilgiri-analytics.in"}),
        ("/tax_info", {"tax_info": []}, {"tax_info": VAT}),
        ("/tax_info", {"tax_info": [{"tax_id": ""}]}, {"tax_info": VAT}),
        ("/address", {"address": {}}, {"address": GERMAN}),
        ("/address/state", {}, {"address": {**GERMAN, "state": "BE"}}),
        ("/address/line1", {"address": GERMAN}, {"address": {**GERMAN, "line1": "Invalidenstr. 1"}}),
        ("/auto_charge_enabled", {}, {"auto_charge_enabled": False}),
        ("/custom_data/cost_centre", {"custom_data": {}}, {"custom_data": {"cost_centre": 0}}),
        ("/custom_data/owner/team", {"custom_data": {"owner": "x"}}, {"custom_data": {"owner": {"team": "x"}}}),
        ("/connector", {"connector": None}, {"connector": {"name": "stripe", "reference_id": "cus_QhXyz123"}}),
    ],
)
def test_required_field_is_missing_where_nothing_stands_there(
    pointer: str, without: dict[str, Any], having: dict[str, Any]
) -> None:
    assert missing(without, Requirement((pointer,))) == [pointer]
    assert missing(having, Requirement((pointer,))) == []


def test_what_a_correction_gives_is_not_missing() -> None:
    body = {"address": {"country_code": "US", "zipCode": "94043"}, "phone": "+14155552671"}
    assert missing(body, Requirement(("/address/state", "/phone_number"))) == []


def test_wanted_field_is_a_warning() -> None:
    assert missing({}, Requirement(("/email",), level="warn"), level="warn") == ["/email"]


def test_field_that_two_requirements_name_is_told_once_by_the_stricter() -> None:
    wanted, needed = Requirement(("/email",), level="warn"), Requirement(("/email",))
    assert missing({}, wanted, needed) == missing({}, needed, wanted) == missing({}, needed, needed) == ["/email"]


def test_condition_on_the_country_is_of_the_billing_address() -> None:
    needed = Requirement(("/tax_info",), When(country=("DE", "FR")))
    assert missing({"address": {"country": "Deutschland"}}, needed) == ["/tax_info"]
    assert missing({"address": {"country_code": "IN"}}, needed) == []
    assert missing({"ship_to_address": GERMAN}, needed) == []
    assert missing({}, needed) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"customer_name": "Beispiel GmbH", "address": GERMAN}, "company"),
        ({"customer_name": "Petra Beispiel", "address": GERMAN}, None),
        ({"customer_name": "Nilgiri", "tax_info": [GSTIN]}, "company"),
        ({"customer_name": "Nilgiri", "tax_info": [PROPRIETOR]}, "person"),
        ({"customer_name": "Nilgiri Pvt Ltd", "address": {"country_code": "IN"}, "tax_info": [PROPRIETOR]}, None),
        ({"customer_name": "Nilgiri", "tax_info": [{**GSTIN, "tax_id": "29AABCU9603R1ZX"}]}, None),
        ({"customer_name": "Nilgiri"}, None),
    ],
)
def test_condition_on_the_customer_holds_only_where_it_is_known(body: dict[str, Any], kind: str | None) -> None:
    asked = {
        wanted: missing(body, Requirement(("/external_id",), When(customer=wanted)))  # type: ignore[arg-type]
        for wanted in ("any", "company", "person")
    }
    assert asked.pop("any") == ["/external_id"]
    assert [wanted for wanted, found in asked.items() if found] == ([kind] if kind else [])


def test_country_is_not_asked_for_what_it_does_not_have() -> None:
    needed = Requirement(("/address/state", "/address/zipCode"))
    assert missing({"address": {"country_code": "GI"}}, needed) == ["/address/zipCode"]
    assert missing({"address": {"country_code": "AE"}}, needed) == ["/address/state"]
    assert missing({"address": {"country": "nowhere"}}, needed) == ["/address/state", "/address/zipCode"]


def test_field_of_the_ship_to_address_is_asked_only_where_there_is_one() -> None:
    needed = Requirement(("/ship_to_address/city",))
    assert missing({}, needed) == []
    assert missing({"ship_to_address": {"country_code": "DE"}}, needed) == ["/ship_to_address/city"]
    assert missing({}, Requirement(("/ship_to_address",))) == ["/ship_to_address"]


def test_part_alone_is_asked_for_nothing() -> None:
    policy = Policy(required=(Requirement(("/address/city", "/external_id")),))
    assert check_address({"country": "Germany", "country_code": "DE"}, policy=policy).verdict == "accepted"
    assert check_email("ap@nilgiri-analytics.in", policy=policy).verdict == "accepted"


def test_update_is_not_asked_for_what_it_leaves_as_it_is() -> None:
    policy = Policy(required=(Requirement(("/email", "/external_id")),))
    assert check_customer({"email": None}, policy=policy, partial=True).verdict == "accepted"


@pytest.mark.parametrize(
    "pointer", ["email", "", "/", "/custom_data/", "/tax_info/0", "/address/zip", "/address/city/x"]
)
def test_requirement_of_no_field_is_refused(pointer: str) -> None:
    with pytest.raises(PolicyError, match="no field of a customer"):
        Requirement((pointer,))


MOBILE, LINE, EITHER, FREE, PREMIUM = "+447911123456", "+442071234567", "+14155552671", "+18002345678", "+19002345678"


@pytest.mark.parametrize(
    ("types", "welcome"),
    [
        (("mobile",), {MOBILE, EITHER}),
        (("mobile", "toll-free"), {MOBILE, EITHER, FREE}),
        (("fixed-line",), {LINE, EITHER}),
        (("premium-rate",), {PREMIUM}),
        (None, {MOBILE, LINE, EITHER, FREE, PREMIUM}),
    ],
)
def test_kind_of_number_that_is_not_welcome_is_told(types: tuple[Any, ...] | None, welcome: set[str]) -> None:
    policy = Policy(phone_types=types) if types else Policy()
    told = {}
    for number in (MOBILE, LINE, EITHER, FREE, PREMIUM):
        told[number] = [f for f in check_phone(number, policy=policy).findings if f.rule == "phone.type-unwelcome"]
    assert {number for number, found in told.items() if not found} == welcome
    for found in filter(None, told.values()):
        assert found[0].message.endswith(f": {', '.join(types or ())}.")


def test_number_whose_kind_is_not_known_is_welcome() -> None:
    report = check_phone("+442571234567", policy=Policy(phone_types=("mobile",)))
    assert [f.rule for f in report.findings] == ["phone.not-valid"]
