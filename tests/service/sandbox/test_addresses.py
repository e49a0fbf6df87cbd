"""A customer's address book, and its contacts."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

MAIN = {"line1": "1 Main St", "city": "Austin", "state": "TX", "zipCode": "78701", "country_code": "US"}
DOCK = {"line1": "2 Dock Rd", "city": "Austin", "state": "TX", "zipCode": "78702", "country_code": "US"}
NOBODY = "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0001"


@pytest.fixture
def customer_id(zenskar: httpx2.Client) -> str:
    return str(zenskar.post("/customers", json={"customer_name": "Acme", "address": MAIN}).json()["id"])


def book(zenskar: httpx2.Client, customer_id: str, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = zenskar.get(f"/customers/{customer_id}/addresses{query}").json()["results"]
    return rows


def test_a_customer_s_address_is_the_first_row(zenskar: httpx2.Client, customer_id: str) -> None:
    (row,) = book(zenskar, customer_id)
    assert row["zip_code"] == "78701"
    assert "zipCode" not in row
    assert (row["validation_status"], row["is_default_billing"], row["is_default_shipping"]) == ("pending", True, False)
    assert (row["customer_id"], row["line1"]) == (customer_id, "1 Main St")


def test_the_same_content_is_one_row_and_only_moves_the_flags(zenskar: httpx2.Client, customer_id: str) -> None:
    path = f"/customers/{customer_id}/addresses"
    dock = zenskar.post(path, json=DOCK | {"is_default_shipping": True}).json()
    again = zenskar.post(path, json=DOCK | {"is_default_billing": True, "validation_status": "valid"}).json()
    assert again["id"] == dock["id"]
    assert (again["is_default_billing"], again["is_default_shipping"]) == (True, True)
    assert again["validation_status"] == "pending"
    main, _ = book(zenskar, customer_id)
    assert main["is_default_billing"] is False
    assert [row["id"] for row in book(zenskar, customer_id, "?billing=true")] == [dock["id"]]


def test_another_spelling_is_another_row(zenskar: httpx2.Client, customer_id: str) -> None:
    zenskar.post(f"/customers/{customer_id}/addresses", json=MAIN | {"city": "AUSTIN"})
    assert len(book(zenskar, customer_id)) == 2


def test_a_row_that_would_become_another_one_is_refused(zenskar: httpx2.Client, customer_id: str) -> None:
    path = f"/customers/{customer_id}/addresses"
    dock = zenskar.post(path, json=DOCK).json()
    refused = zenskar.patch(f"{path}/{dock['id']}", json=MAIN)
    assert refused.status_code == 400
    assert refused.json()["detail"]["code"] == "DUPLICATE_ADDRESS"
    changed = zenskar.patch(f"{path}/{dock['id']}", json={"line2": "Gate 4", "is_default_billing": True}).json()
    assert (changed["line1"], changed["line2"], changed["zip_code"]) == ("2 Dock Rd", "Gate 4", "78702")
    assert [row["is_default_billing"] for row in book(zenskar, customer_id)] == [False, True]
    unset = zenskar.patch(f"{path}/{dock['id']}", json={"is_default_billing": False}).json()
    assert unset["is_default_billing"] is False


def test_billing_and_shipping_of_one_content_share_a_row(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "Acme", "address": MAIN, "ship_to_address": MAIN}
    (row,) = book(zenskar, zenskar.post("/customers", json=body).json()["id"])
    assert (row["is_default_billing"], row["is_default_shipping"]) == (True, True)


def test_a_changed_customer_address_is_a_new_row(zenskar: httpx2.Client, customer_id: str) -> None:
    zenskar.patch(f"/customers/{customer_id}", json={"address": DOCK})
    assert [row["is_default_billing"] for row in book(zenskar, customer_id)] == [False, True]


def test_unknown_ids_keys_and_types(zenskar: httpx2.Client, customer_id: str) -> None:
    assert zenskar.get(f"/customers/{NOBODY}/addresses").status_code == 404
    assert zenskar.post(f"/customers/{NOBODY}/addresses", json=MAIN).status_code == 404
    assert zenskar.patch(f"/customers/{customer_id}/addresses/{NOBODY}", json=MAIN).status_code == 404
    assert zenskar.post(f"/customers/{customer_id}/addresses", json={"zipCode": 1}).status_code == 422
    zenskar.post(f"/customers/{customer_id}/addresses", json={"zip_code": "78701"})
    assert zenskar.get("/__sandbox__/state").json()["unknown_keys"] == {"zip_code": 1}


def test_contacts_live_at_their_own_endpoint_and_on_the_customer(zenskar: httpx2.Client, customer_id: str) -> None:
    other = zenskar.post("/customers", json={"customer_name": "Other"}).json()["id"]
    jane = zenskar.post("/contacts", json={"customer": customer_id, "email": "not an email"}).json()
    assert (jane["send_contract"], jane["send_invoice"], jane["first_name"]) == (False, True, None)
    assert zenskar.get(f"/customers/{customer_id}").json()["contacts"] == [jane]
    assert zenskar.get("/contacts", params={"customer": customer_id}).json()["results"] == [jane]
    assert zenskar.get("/contacts", params={"customer": other}).json()["results"] == []
    moved = zenskar.patch(f"/contacts/{jane['id']}", json={"customer": other, "email": "jane@acme.io"}).json()
    assert moved == jane | {"customer": other, "email": "jane@acme.io"}
    assert zenskar.get(f"/customers/{customer_id}").json()["contacts"] == []
    assert zenskar.delete(f"/contacts/{jane['id']}").status_code == 204
    assert zenskar.get(f"/customers/{other}").json()["contacts"] == []


def test_contacts_are_refused_without_customer_or_email(zenskar: httpx2.Client, customer_id: str) -> None:
    assert zenskar.post("/contacts", json={"customer": NOBODY, "email": "jane@acme.io"}).status_code == 404
    assert zenskar.post("/contacts", json={"customer": "acme", "email": "jane@acme.io"}).status_code == 422
    jane = zenskar.post("/contacts", json={"customer": customer_id, "email": "jane@acme.io"}).json()
    answer = zenskar.patch(f"/contacts/{jane['id']}", json={"first_name": "Jane"})
    assert [item["loc"] for item in answer.json()["detail"]] == [["body", "customer"], ["body", "email"]]


def test_the_contacts_of_a_deleted_customer_are_gone(zenskar: httpx2.Client, customer_id: str) -> None:
    jane = zenskar.post("/contacts", json={"customer": customer_id, "email": "jane@acme.io"}).json()
    zenskar.delete(f"/customers/{customer_id}")
    assert zenskar.get("/contacts").json()["results"] == []
    assert zenskar.delete(f"/contacts/{jane['id']}").status_code == 404
