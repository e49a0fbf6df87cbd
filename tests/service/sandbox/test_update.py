"""PATCH and DELETE of a customer, and what hangs on it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

ORGANISATION = "5a1f5d0e-93a5-4d3c-8f0b-0d6c7c2f1a01"
NOBODY = "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0001"


@pytest.fixture
def acme(zenskar: httpx2.Client) -> dict[str, Any]:
    body = {
        "customer_name": "Acme",
        "email": "jane@acme.io",
        "external_id": "a-1",
        "address": {"line1": "1 Main St", "city": "Austin"},
        "connector": {"name": "stripe", "reference_id": "cus_1"},
    }
    customer: dict[str, Any] = zenskar.post("/customers", json=body).json()
    return customer


def test_only_what_is_sent_changes(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    answer = zenskar.patch(f"/customers/{acme['id']}", json={"phone_number": "+12345678900"})
    assert answer.status_code == 200
    changed = {name for name, value in answer.json().items() if value != acme[name]}
    assert changed == {"phone_number", "updated_at"}


def test_null_clears(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    fields = ("email", "external_id", "address")
    answer = zenskar.patch(f"/customers/{acme['id']}", json=dict.fromkeys(fields)).json()
    assert [answer[name] for name in fields] == [None, None, None]
    assert zenskar.post("/customers", json={"customer_name": "B", "email": "jane@acme.io"}).status_code == 200


def test_null_leaves_the_name(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    answer = zenskar.patch(f"/customers/{acme['id']}", json={"customer_name": None})
    assert answer.json()["customer_name"] == "Acme"


@pytest.mark.parametrize("customer_id", [NOBODY, "a-1"])
def test_an_unknown_id_is_404(zenskar: httpx2.Client, customer_id: str) -> None:
    assert zenskar.patch(f"/customers/{customer_id}", json={}).status_code == 404


def test_reading_an_id_that_is_no_uuid_is_422(zenskar: httpx2.Client) -> None:
    answer = zenskar.get("/customers/a-1")
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["path", "customer_id"])
    assert zenskar.get(f"/customers/{NOBODY}").status_code == 404


def test_the_checks_of_create_hold_for_changes(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    other = zenskar.post("/customers", json={"customer_name": "B", "email": "b@acme.io", "external_id": "b"}).json()
    for change in ({"email": "JANE@acme.io"}, {"external_id": "a-1"}, {"business_entity_id": NOBODY}):
        assert zenskar.patch(f"/customers/{other['id']}", json=change).status_code == 400
    assert zenskar.patch(f"/customers/{other['id']}", json={"email": "b"}).status_code == 422
    assert zenskar.get(f"/customers/{other['id']}").json() == other
    own = {"email": acme["email"], "external_id": acme["external_id"]}
    assert zenskar.patch(f"/customers/{acme['id']}", json=own).status_code == 200


@pytest.mark.parametrize(("way", "city"), [("replace", None), ("merge", "Austin")])
def test_a_nested_address_is_replaced_or_merged(
    zenskar: httpx2.Client, acme: dict[str, Any], way: str, city: str | None
) -> None:
    zenskar.put("/__sandbox__/switches", json={"patch_address": way}).raise_for_status()
    answer = zenskar.patch(f"/customers/{acme['id']}", json={"address": {"line1": "2 Dock Rd", "postal_code": "1"}})
    assert (answer.json()["address"]["line1"], answer.json()["address"]["city"]) == ("2 Dock Rd", city)
    assert zenskar.get("/__sandbox__/state").json()["unknown_keys"] == {"address.postal_code": 1}


def test_a_customer_is_deleted_unless_it_has_an_active_contract(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    assert zenskar.delete(f"/customers/{acme['id']}").status_code == 204
    assert zenskar.get(f"/customers/{acme['id']}").status_code == 404
    assert zenskar.post("/customers", json={"customer_name": "B", "email": "jane@acme.io"}).status_code == 200
    seed = {"organisation": ORGANISATION, "customers": [{"customer_name": "Held", "active_contract": True}]}
    (held,) = zenskar.post("/__sandbox__/seed", json=seed).json()["customers"]
    assert zenskar.delete(f"/customers/{held}").status_code == 400
    assert zenskar.get(f"/customers/{held}").json()["customer_name"] == "Held"
    assert "active_contract" not in zenskar.get(f"/customers/{held}").json()


def test_connector_details(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    assert zenskar.get(f"/customers/{acme['id']}/connector/stripe").json() == {
        "connector_name": "stripe",
        "customer_name": "Acme",
        "reference_id": "cus_1",
        "email": "jane@acme.io",
    }
    assert zenskar.get(f"/customers/{acme['id']}/connector/xero").status_code == 404
    assert zenskar.get(f"/customers/{acme['id']}/connector/fax").status_code == 400
    assert zenskar.get("/customers/a-1/connector/stripe").status_code == 422


def test_a_connector_can_be_set_and_cleared(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    path = f"/customers/{acme['id']}"
    zenskar.patch(path, json={"connector": {"name": "xero", "reference_id": "x-1"}}).raise_for_status()
    assert zenskar.get(f"{path}/connector/xero").json()["reference_id"] == "x-1"
    zenskar.patch(path, json={"connector": None}).raise_for_status()
    assert zenskar.get(f"{path}/connector/xero").status_code == 404


def test_a_customer_can_move_to_another_business_entity(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    seed = {"organisation": ORGANISATION, "business_entities": [{"name": "Acme India"}]}
    (entity,) = zenskar.post("/__sandbox__/seed", json=seed).json()["business_entities"]
    moved = zenskar.patch(f"/customers/{acme['id']}", json={"business_entity_id": entity}).json()
    assert (moved["business_entity_id"], moved["business_entity"]["name"]) == (entity, "Acme India")
    back = zenskar.patch(f"/customers/{acme['id']}", json={"business_entity_id": None}).json()
    assert back["business_entity_id"] == acme["business_entity_id"]


def test_payment_methods_are_attached_and_listed(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    path = f"/customers/{acme['id']}/payment_methods"
    method = zenskar.post(f"{path}/attach", json={"type": "card"}).json()
    assert zenskar.get(path).json()["results"] == [method]
    assert method["type"] == "card"


def test_the_catalogue_is_what_was_seeded(zenskar: httpx2.Client, acme: dict[str, Any]) -> None:
    attributes = [{"name": "region", "is_required": True}, {"name": "plan", "module": "contracts"}]
    seed = {"organisation": ORGANISATION, "custom_attributes": attributes, "business_entities": [{"name": "India"}]}
    zenskar.post("/__sandbox__/seed", json=seed).raise_for_status()
    (attribute,) = zenskar.get("/custom_attributes?module=customers").json()["results"]
    assert (attribute["name"], attribute["is_required"]) == ("region", True)
    assert zenskar.get("/custom_attributes?limit=10000").status_code == 422
    default, india = zenskar.get("/business_entities").json()["results"]
    assert (default["id"], india["name"]) == (acme["business_entity_id"], "India")
