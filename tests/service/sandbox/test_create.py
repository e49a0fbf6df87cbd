"""POST /customers: what is kept, what is refused and in which words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx2
import pytest

ACME: dict[str, Any] = {
    "customer_name": "Acme",
    "external_id": "a-1",
    "email": "jane@acme.io",
    "phone_number": "+1-555-0100",
    "address": {"line1": "1 Main St", "city": "Austin", "state": "TX", "zipCode": "78701", "country_code": "US"},
    "ship_to_address": {"line1": "2 Dock Rd", "validation_status": "valid"},
    "tax_info": [{"country_code": "USA", "tax_code": "TIN", "tax_id": "12-3456789"}],
    "custom_data": {"tier": {"name": "gold"}, "seats": 4},
    "communications_enabled": False,
}


def switch(zenskar: httpx2.Client, **changes: object) -> None:
    zenskar.put("/__sandbox__/switches", json=changes).raise_for_status()


def refusal(zenskar: httpx2.Client, body: object) -> dict[str, Any]:
    """The only item of a 422."""
    answer = zenskar.post("/customers", json=body)
    assert answer.status_code == 422
    (item,) = answer.json()["detail"]
    assert isinstance(item, dict)
    return item


def test_the_answer_is_the_customer_with_every_field(zenskar: httpx2.Client) -> None:
    answer = zenskar.post("/customers", json=ACME)
    assert answer.status_code == 200
    customer = answer.json()
    assert UUID(customer["id"])
    assert {name: customer[name] for name in ACME if name not in {"address", "ship_to_address"}} == {
        name: value for name, value in ACME.items() if name not in {"address", "ship_to_address"}
    }
    for name in ("address", "ship_to_address"):
        assert {key: value for key, value in customer[name].items() if value is not None} == ACME[name]
    assert customer["auto_charge_enabled"] is True
    assert customer["business_entity_id"] == customer["business_entity"]["id"]
    assert (customer["contacts"], customer["custom_attributes"], customer["invoice_details"]) == ([], {}, None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", customer["created_at"])
    assert zenskar.get(f"/customers/{customer['id']}").json() == customer


def test_created_status_is_a_switch(zenskar: httpx2.Client) -> None:
    switch(zenskar, created_status=201)
    assert zenskar.post("/customers", json=ACME).status_code == 201


def test_unknown_keys_vanish_and_are_counted_by_name(zenskar: httpx2.Client) -> None:
    body = ACME | {
        "address_line1": "1 Main St",
        "billing_address": {"line1": "1 Main St"},
        "address": {"line1": "1 Main St", "postal_code": "78701", "zip_code": "78701"},
        "tax_info": [{"tax_id": "1", "number": "1"}, {"tax_id": "2", "number": "2"}],
        "connector": {"name": "stripe", "reference_id": "cus_1", "kind": "x"},
    }
    customer = zenskar.post("/customers", json=body).json()
    assert "billing_address" not in customer
    assert "postal_code" not in customer["address"]
    assert customer["address"]["zipCode"] is None
    assert customer["tax_info"][0] == {"country_code": None, "tax_code": None, "tax_id": "1"}
    assert zenskar.get("/__sandbox__/state").json()["unknown_keys"] == {
        "address_line1": 1,
        "billing_address": 1,
        "address.postal_code": 1,
        "address.zip_code": 1,
        "tax_info.number": 2,
        "connector.kind": 1,
    }


def test_free_objects_have_no_unknown_keys(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "Acme", "custom_data": {"a": {"b": 1}}, "address": {"connector_validation": {"x": 1}}}
    customer = zenskar.post("/customers", json=body).json()
    assert customer["custom_data"] == body["custom_data"]
    assert zenskar.get("/__sandbox__/state").json()["unknown_keys"] == {}


@pytest.mark.parametrize(
    ("change", "loc", "kind"),
    [
        ({"customer_name": None}, ["customer_name"], "string_type"),
        ({"customer_name": 7}, ["customer_name"], "string_type"),
        ({"external_id": 7}, ["external_id"], "string_type"),
        ({"external_id": "x" * 256}, ["external_id"], "string_too_long"),
        ({"email": ""}, ["email"], "value_error"),
        ({"email": "jane@acme"}, ["email"], "value_error"),
        ({"email": "jane@acme.local"}, ["email"], "value_error"),
        ({"email": "jane@acme.test"}, ["email"], "value_error"),
        ({"email": "jane@acme.invalid"}, ["email"], "value_error"),
        ({"address": "1 Main St"}, ["address"], "model_attributes_type"),
        ({"address": {"zipCode": 78701}}, ["address", "zipCode"], "string_type"),
        ({"tax_info": {}}, ["tax_info"], "list_type"),
        ({"tax_info": [{"tax_id": 1}]}, ["tax_info", 0, "tax_id"], "string_type"),
        ({"custom_data": []}, ["custom_data"], "dict_type"),
        ({"connector": {"name": "stripe"}}, ["connector", "reference_id"], "missing"),
        ({"communications_enabled": "maybe"}, ["communications_enabled"], "bool_parsing"),
        ({"business_entity_id": "main"}, ["business_entity_id"], "uuid_parsing"),
    ],
)
def test_a_body_that_does_not_fit_the_schema_is_a_422(
    zenskar: httpx2.Client, change: dict[str, Any], loc: list[object], kind: str
) -> None:
    item = refusal(zenskar, ACME | change)
    assert (item["loc"], item["type"]) == (["body", *loc], kind)
    assert {"msg", "input"} <= item.keys()
    assert zenskar.get("/__sandbox__/state").json()["creates"] == 0


def test_a_missing_name_reads_as_in_pydantic_2(zenskar: httpx2.Client) -> None:
    assert refusal(zenskar, {}) == {
        "type": "missing",
        "loc": ["body", "customer_name"],
        "msg": "Field required",
        "input": {},
    }


def test_malformed_json_is_a_422(zenskar: httpx2.Client) -> None:
    answer = zenskar.post("/customers", content=b'{"customer_name": ', headers={"content-type": "application/json"})
    (item,) = answer.json()["detail"]
    assert (answer.status_code, item["type"], item["loc"][0]) == (422, "json_invalid", "body")


@pytest.mark.parametrize(
    ("change", "message", "kind"),
    [
        ({"customer_name": None}, "none is not an allowed value", "type_error.none.not_allowed"),
        ({"customer_name": 7}, "str type expected", "type_error.str"),
        ({"email": "jane"}, "value is not a valid email address", "value_error.email"),
        ({"address": 1}, "value is not a valid dict", "type_error.dict"),
        ({"business_entity_id": "main"}, "value is not a valid uuid", "type_error.uuid"),
        (
            {"external_id": "x" * 256},
            "ensure this value has at most 255 characters",
            "value_error.any_str.max_length",
        ),
    ],
)
def test_the_wording_of_pydantic_1_is_a_switch(
    zenskar: httpx2.Client, change: dict[str, Any], message: str, kind: str
) -> None:
    switch(zenskar, validation_wording="v1")
    item = refusal(zenskar, ACME | change)
    assert item == {"loc": ["body", *change], "msg": message, "type": kind}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  jane@acme.io ", "jane@acme.io"),
        ("Jane <jane@acme.io>", "jane@acme.io"),
        ("Jane@ACME.io", "Jane@acme.io"),
        ("jane@example.com", "jane@example.com"),
    ],
)
def test_an_email_is_reduced_to_the_address(zenskar: httpx2.Client, sent: str, kept: str) -> None:
    assert zenskar.post("/customers", json={"customer_name": "A", "email": sent}).json()["email"] == kept


def test_an_email_is_unique_whatever_its_case(zenskar: httpx2.Client) -> None:
    zenskar.post("/customers", json={"customer_name": "A", "email": "jane@acme.io"})
    same = {"customer_name": "B", "email": "JANE@acme.io"}
    assert zenskar.post("/customers", json=same).status_code == 400
    switch(zenskar, email_case_insensitive=False)
    assert zenskar.post("/customers", json=same).status_code == 200
    assert zenskar.post("/customers", json=same).status_code == 400


def test_no_email_is_no_duplicate_and_no_key_makes_a_create_idempotent(zenskar: httpx2.Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first, second = (zenskar.post("/customers", json={"customer_name": "A"}, headers=headers).json() for _ in "12")
    assert first["id"] != second["id"]
    assert zenskar.get("/__sandbox__/state").json()["creates"] == 2


def test_a_duplicate_external_id_is_refused_or_not(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "A", "external_id": "a-1"}
    assert zenskar.post("/customers", json=body).status_code == 200
    assert zenskar.post("/customers", json=body).status_code == 400
    switch(zenskar, duplicate_external_id="allow")
    assert zenskar.post("/customers", json=body).status_code == 200


def test_an_empty_external_id_is_none(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "A", "external_id": ""}
    assert [zenskar.post("/customers", json=body).json()["external_id"] for _ in "12"] == [None, None]


@pytest.mark.parametrize(("reading", "shown"), [("id", False), ("both", True)])
def test_a_uuid_as_external_id_becomes_the_id(zenskar: httpx2.Client, reading: str, shown: bool) -> None:
    switch(zenskar, uuid_external_id=reading)
    external_id = "0B6C9A3E-2C5D-4B0B-9B51-6B7B7E7A0001"
    body = {"customer_name": "A", "external_id": external_id}
    customer = zenskar.post("/customers", json=body).json()
    assert customer["id"] == external_id.lower()
    assert customer["external_id"] == (external_id if shown else None)
    assert zenskar.post("/customers", json=body).status_code == 400


def test_a_phone_number_is_checked_when_the_switch_says_so(zenskar: httpx2.Client) -> None:
    switch(zenskar, phone="strict")
    refused = zenskar.post("/customers", json={"customer_name": "A", "phone_number": "+1-555-0100"})
    assert refused.status_code == 400
    assert "phone" in refused.text
    switch(zenskar, phone_status=422)
    item = refusal(zenskar, {"customer_name": "A", "phone_number": "5550100"})
    assert item["loc"] == ["body", "phone_number"]
    assert "phone" in item["msg"]
    assert zenskar.post("/customers", json={"customer_name": "A", "phone_number": "+12345678900"}).status_code == 200
    assert zenskar.post("/customers", json={"customer_name": "A", "phone_number": None}).status_code == 200


def test_an_empty_name_is_taken_or_refused(zenskar: httpx2.Client) -> None:
    assert zenskar.post("/customers", json={"customer_name": ""}).status_code == 200
    switch(zenskar, empty_name="refuse")
    assert refusal(zenskar, {"customer_name": ""})["type"] == "string_too_short"


@pytest.mark.parametrize("status", [400, 404])
def test_an_unknown_business_entity_is_refused(zenskar: httpx2.Client, status: int) -> None:
    switch(zenskar, unknown_entity=status)
    body = {"customer_name": "A", "business_entity_id": "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0001"}
    assert zenskar.post("/customers", json=body).status_code == status


def test_validation_status_is_stored_or_always_pending(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "A", "address": {"line1": "1 Main St", "validation_status": "valid"}}
    assert zenskar.post("/customers", json=body).json()["address"]["validation_status"] == "valid"
    switch(zenskar, validation_status="pending")
    assert zenskar.post("/customers", json=body).json()["address"]["validation_status"] == "pending"


def test_of_two_creates_at_once_one_is_the_duplicate(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "A", "email": "jane@acme.io"}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: zenskar.post("/customers", json=body).status_code, range(8)))
    assert sorted(statuses) == [200] + 7 * [400]


def test_a_megabyte_of_custom_data_is_kept(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "A", "custom_data": {"notes": "x" * 1_000_000}}
    assert zenskar.post("/customers", json=body).json()["custom_data"] == body["custom_data"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"customer_name": "A", "custom_data": {"x": NaN}}', 500),
        (b'{"customer_name": "A", "custom_data": {"x": "\\ud800"}}', 500),
        (b'{"customer_name": 7, "custom_data": {"x": NaN}, "email": NaN}', 500),
        (b'{"customer_name": "A", "custom_data": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", 400),
        (b'{"customer_name": "\xff"}', 400),
        (b"null", 422),
        (b"[]", 422),
        (b"", 422),
    ],
)
def test_a_body_that_nobody_can_keep_is_refused(zenskar: httpx2.Client, body: bytes, status: int) -> None:
    answer = zenskar.post("/customers", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert "detail" in answer.json()
    assert zenskar.get("/__sandbox__/state").json()["creates"] == 0
