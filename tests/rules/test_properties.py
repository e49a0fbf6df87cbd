"""Whatever JSON comes in: an answer, a stable one, and the caller's value as it was."""

import copy
import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill import (
    RULES,
    Policy,
    Report,
    Requirement,
    When,
    check_address,
    check_customer,
    check_email,
    check_name,
    check_phone,
    check_tax_id,
)
from cleanbill.engine import BROKEN

POLICIES = st.sampled_from(
    [
        Policy(),
        Policy(fixes="none"),
        Policy(fixes="all"),
        Policy(state="iso", country="alpha-3", fixes="all"),
        Policy(country="alpha-2", levels={"*": "warn"}),
        Policy(territories="own", engine="avalara", state_inferred_in=()),
        Policy(territories="envelope", engine="stripe", state_inferred_in=("DE", "FR", "US"), fixes="all"),
        Policy(
            phone_types=("mobile",),
            required=(
                Requirement(("/address/state", "/tax_info", "/connector/name", "/custom_data/a"), When(("US", "IN"))),
                Requirement(("/email", "/ship_to_address/zipCode"), When(customer="company"), level="warn"),
            ),
        ),
    ]
)
TEXTS = st.sampled_from(
    [
        *"""CA|california|90210|sw1a 1aa|9021|NY|US|USA|United States|GB|uk|England|India|IN|Karnataka|KA|560025|411 001|Georgia|EL
DE|Deutschland|D-10115|APO|AE|09499|02108|2108|San Francisco|SAN FRANCISCO|Boston|MA|São Paulo|SP|01310100|N/A|-|00000|Paris|75001
PO Box 12|ap@nilgiri.example|Jane <jane@acme.io>|a@b.c, d@e.f|mailto:a@gmial.com|a@@b.com|+14155552671|(415) 555-2671 ext. 22
98450 12345|+44 (0)20 7946 0958|98765B01234|0049 30 901820|29AABCU9603R1ZJ|27aapfu0939f1zx|DE811907980|GERMANY811907980|VAT|GST
GR094259216|B58378431|91-1144442|980780684|51 824 753 556|TIN|IND|valid|pending|true|0|MÃ¼nchen|AT&amp;T|Acme Corporation|test
=1+1|<b>x</b>|stripe|Stripe|cus_1|1ba67a0d-1373-4e5a-bd6f-3ab313500e15""".replace("\n", "|").split("|"),
        *("a\u200bb", "\ud800", "\x00", "\u202eabc"),
    ]
)
JUNK = (
    st.sampled_from([None, True, 0, 2139, 1.5, 94043.0, 2**70, "", " ", [], ["CA"], {}, {"a": 1}])
    | TEXTS
    | st.text(max_size=12)
)
ADDRESS_KEYS = (
    "line1",
    "line2",
    "city",
    "state",
    "zipCode",
    "country",
    "country_code",
    "validation_status",
    "postal_code",
    "street",
)
CUSTOMER_KEYS = (
    "customer_name", "external_id", "email", "phone_number", "custom_data", "connector", "auto_charge_enabled",
    "business_entity_id", "name", "phone", "taxId", "address_city", "zip", "billing_address", "address", "tax_info",
)  # fmt: skip


def objects(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), TEXTS | JUNK, max_size=len(keys)) | st.dictionaries(
        st.text(max_size=3), JUNK, max_size=2
    )


ADDRESSES = objects(ADDRESS_KEYS)
TAX_IDS = objects(("country_code", "tax_code", "tax_id", "type", "value"))
BODIES = st.builds(
    lambda flat, nested: flat | nested,
    objects(CUSTOMER_KEYS),
    st.fixed_dictionaries(
        {},
        optional={
            "address": ADDRESSES | JUNK,
            "ship_to_address": ADDRESSES,
            "billing_address": ADDRESSES,
            "tax_info": st.lists(TAX_IDS | JUNK, max_size=2) | TAX_IDS,
            "connector": objects(("name", "reference_id")),
        },
    ),
)
ANY_JSON = BODIES | JUNK | st.lists(JUNK, max_size=2)


def apply(value: Any, patch: list[dict[str, Any]]) -> Any:
    """RFC 6902, as its text has it and independent of the engine."""
    value = json.loads(json.dumps(value))  # unlike a deep copy, without objects that stand in two places
    for operation in patch:
        if not operation["path"]:
            value = copy.deepcopy(operation["value"])
            continue
        *path, last = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]]
        target = value
        for step in path:
            target = target[int(step) if isinstance(target, list) else step]
        key = int(last) if isinstance(target, list) else last
        if operation["op"] != "add":
            target[key]  # must be there
        if operation["op"] == "remove":
            del target[key]
        else:
            target[key] = copy.deepcopy(operation["value"])
    return value


KNOWN = {rule.id for rule in RULES}


def assert_whole(report: Report, value: object, again: Report) -> None:
    assert all(finding.message != BROKEN for finding in report.findings)
    assert {finding.rule for finding in report.findings} <= KNOWN
    assert apply(value, report.patch()) == report.clean
    assert again.patch() == []
    assert again.clean == report.clean
    assert json.loads(json.dumps(report.to_dict()))["verdict"] == report.verdict


@settings(max_examples=1500)
@given(ANY_JSON, POLICIES)
def test_any_json_gets_a_stable_answer(body: object, policy: Policy) -> None:
    before = copy.deepcopy(body)
    report = check_customer(body, policy=policy)
    assert body == before
    assert_whole(report, body, check_customer(report.clean, policy=policy))


@settings(max_examples=500)
@given(ADDRESSES, POLICIES)
def test_any_address_gets_a_stable_answer(address: dict[str, object], policy: Policy) -> None:
    before = copy.deepcopy(address)
    report = check_address(address, policy=policy)
    assert address == before
    assert_whole(report, address, check_address(report.clean, policy=policy))  # type: ignore[arg-type]


@settings(max_examples=300)
@given(TEXTS | st.text(), POLICIES)
def test_any_text_gets_a_stable_answer_from_each_part(text: str, policy: Policy) -> None:
    for check in (
        lambda value: check_phone(value, region="DE", policy=policy),
        lambda value: check_phone(value, policy=policy),
        lambda value: check_email(value, policy=policy),
        lambda value: check_name(value, policy=policy),
        lambda value: check_tax_id(value, policy=policy),
        lambda value: check_tax_id(value, scheme="in_gst", country="IN", policy=policy),
        lambda value: check_tax_id(value, scheme="no_such_scheme", policy=policy),
        lambda value: check_tax_id(value, country="DE", policy=policy),
    ):
        report = check(text)
        assert_whole(report, text, check(report.clean))


CANARIES = [f"zqx{letter}canary" for letter in "abcdefgh"]


@settings(max_examples=200)
@given(BODIES, st.sampled_from(CANARIES))
def test_no_message_repeats_what_was_sent(body: dict[str, Any], canary: str) -> None:
    def mark(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mark(member) for key, member in value.items()}
        if isinstance(value, list):
            return [mark(member) for member in value]
        return value + canary if isinstance(value, str) else value

    report = check_customer(mark(body))
    assert not [finding for finding in report.findings if canary in finding.message or canary in repr(finding)]
    assert canary not in re.sub(r"pointer='[^']*'", "", repr(report))
