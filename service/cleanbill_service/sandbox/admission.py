"""What Zenskar checks before it keeps a customer, and what it then keeps."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import UUID, uuid4

import phonenumbers

from cleanbill_service.sandbox.addressbook import remember
from cleanbill_service.sandbox.model import CreateCustomer, Json, UpdateCustomer, known
from cleanbill_service.sandbox.refusals import Refusal, invalid
from cleanbill_service.sandbox.store import Customer, Organisation, now
from cleanbill_service.sandbox.switches import Switches

ADDRESSES = {"address": "is_default_billing", "ship_to_address": "is_default_shipping"}


def create(switches: Switches, organisation: Organisation, body: CreateCustomer, invisible: float = 0) -> Customer:
    """Keep a new customer, missing from lists for `invisible` seconds. Raises Refusal or RequestValidationError."""
    fields = known(body)
    _check(switches, organisation, fields)
    customer_id, external_id = _identity(switches, organisation, fields["external_id"] or None)
    stamp = now()
    connector = fields.pop("connector")
    entity = organisation.entities[fields["business_entity_id"] or organisation.default_entity["id"]]
    customer = Customer(
        body={
            "id": customer_id,
            **fields,
            "external_id": external_id,
            **{name: _kept_address(switches, fields[name]) for name in ADDRESSES},
            "contacts": [],
            "custom_attributes": {},
            "invoice_details": None,
            "business_entity_id": entity["id"],
            "business_entity": entity,
            "default_payment_method": None,
            "created_at": stamp,
            "updated_at": stamp,
        },
        connector=connector,
        visible_at=time.monotonic() + invisible,
    )
    _remember_addresses(customer, fields)
    organisation.add(customer)
    return customer


def update(switches: Switches, organisation: Organisation, customer: Customer, body: UpdateCustomer) -> None:
    """Change the fields that were sent; null clears. Raises Refusal or RequestValidationError."""
    sent = known(body, only=body.model_fields_set)
    if sent.get("customer_name", "") is None:
        del sent["customer_name"]  # a customer always has a name; whether Zenskar refuses null here is not known
    _check(switches, organisation, sent, customer)
    if sent.get("external_id"):
        _refuse_taken(switches, organisation, sent["external_id"], customer)
    elif "external_id" in sent:
        sent["external_id"] = None
    if "connector" in sent:
        customer.connector = sent.pop("connector")
    if "business_entity_id" in sent:
        entity = organisation.entities[sent["business_entity_id"] or organisation.default_entity["id"]]
        sent |= {"business_entity_id": entity["id"], "business_entity": entity}
    for name in ADDRESSES.keys() & sent.keys():
        sent[name] = _kept_address(switches, _patched_address(switches, customer, body, name))
    organisation.unindex(customer)
    customer.body |= sent | {"updated_at": now()}
    organisation.index(customer)
    _remember_addresses(customer, sent)


def _check(switches: Switches, organisation: Organisation, fields: Json, customer: Customer | None = None) -> None:
    if fields.get("customer_name") == "" and switches.empty_name == "refuse":
        message = "String should have at least 1 character"
        raise invalid("customer_name", "", "string_too_short", message, {"min_length": 1})
    if switches.phone == "strict":
        _check_phone(switches, fields.get("phone_number"))
    if (entity := fields.get("business_entity_id")) and entity not in organisation.entities:
        raise Refusal(switches.unknown_entity, "Business entity not found")
    if email := fields.get("email"):
        for other in organisation.by_email.get(email.lower(), ()):
            same = switches.email_case_insensitive or other.body["email"] == email
            if same and other is not customer:
                raise Refusal(400, "Customer with this email already exists")
    try:
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # NaN, a lone surrogate, endless nesting: no database keeps them
        raise Refusal(500, "Internal Server Error") from None


def _check_phone(switches: Switches, phone: str | None) -> None:
    if phone is None:
        return
    try:
        valid = phonenumbers.is_valid_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        valid = False
    if valid:
        return
    if switches.phone_status == 400:
        raise Refusal(400, "Invalid phone number")
    raise invalid("phone_number", phone, "value_error", "Invalid phone number", {"reason": "Invalid phone number"})


def _identity(switches: Switches, organisation: Organisation, external_id: str | None) -> tuple[str, str | None]:
    """The id and the external id that a new customer gets."""
    if external_id is None:
        return str(uuid4()), None
    if _is_uuid(external_id):
        customer_id = external_id.lower()
        if customer_id in organisation.customers:
            raise Refusal(400, "Customer with this id already exists")
        return customer_id, external_id if switches.uuid_external_id == "both" else None
    _refuse_taken(switches, organisation, external_id)
    return str(uuid4()), external_id


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _refuse_taken(
    switches: Switches, organisation: Organisation, external_id: str, customer: Customer | None = None
) -> None:
    others = [other for other in organisation.by_external_id.get(external_id, ()) if other is not customer]
    if others and switches.duplicate_external_id == "refuse":
        raise Refusal(400, "Customer with this external_id already exists")


def _kept_address(switches: Switches, address: Json | None) -> Json | None:
    if address is None or switches.validation_status == "stored":
        return address
    return address | {"validation_status": "pending"}


def _patched_address(switches: Switches, customer: Customer, body: UpdateCustomer, name: str) -> Json | None:
    sent: Any = getattr(body, name)
    old = customer.body[name]
    if sent is None or old is None or switches.patch_address == "replace":
        return known(sent) if sent else None
    return {**old, **known(sent, only=sent.model_fields_set)}


def _remember_addresses(customer: Customer, fields: Json) -> None:
    """Every address of a customer also is a row of its address book."""
    for name, flag in ADDRESSES.items():
        if address := fields.get(name):
            remember(customer, address | {flag: True})
