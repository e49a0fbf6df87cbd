"""Who the customer is: name, ids, connector, and what in custom_data decides the bill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from cleanbill.contacts.names import hazards
from cleanbill.record import Customer
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.schema import escape

rule = rule_on(Customer)

TEXTS = 500  # of custom_data or a connector that are looked at
EXTERNAL_ID_LENGTH = 255  # characters; Zenskar's create-customer schema

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@rule(
    "party.name-missing",
    at="/customer_name",
    reads={"customer_name"},
    message="A customer needs a customer_name; it is the one field that Zenskar requires.",
    bad={"email": "ap@nilgiri.example"},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def name_missing(customer: Customer) -> Found:
    """Zenskar refuses a customer without a name, and an invoice to an empty one is not an invoice."""
    name = customer.data.get("customer_name")
    missing = name is None or (isinstance(name, str) and not name.strip())
    return Hit() if missing else None


@rule(
    "party.external-id-too-long",
    at="/external_id",
    reads={"external_id"},
    message="external_id holds at most 255 characters; send a shorter one.",
    bad={"external_id": "x" * 256},
    good={"external_id": "x" * 255},
    since="0.1",
)
def external_id_too_long(customer: Customer) -> Found:
    """Zenskar refuses it, and a cut id would be another customer's."""
    value = customer.data.get("external_id")
    return Hit() if isinstance(value, str) and len(value) > EXTERNAL_ID_LENGTH else None


@rule(
    "party.external-id-space",
    at="/external_id",
    level="warn",
    fix="guess",
    reads={"external_id"},
    writes={"external_id"},
    message="external_id begins or ends with a space, so look-ups without it find nobody; remove it where the id is made.",
    bad={"external_id": "C001 "},
    good={"external_id": "C001"},
    since="0.1",
)
def external_id_space(customer: Customer) -> Found:
    """Ids are compared letter by letter, and a customer who is not found is created, and billed, a second time."""
    value = customer.data.get("external_id")
    return Hit({"/external_id": value.strip()}) if isinstance(value, str) and value.strip() not in ("", value) else None


@rule(
    "party.business-entity-id-malformed",
    at="/business_entity_id",
    reads={"business_entity_id"},
    message="business_entity_id is the UUID of a business entity of yours in Zenskar; leave it out for the default one.",
    bad={"business_entity_id": "headquarters"},
    good={"business_entity_id": "1ba67a0d-1373-4e5a-bd6f-3ab313500e15"},
    since="0.1",
)
def business_entity_id_malformed(customer: Customer) -> Found:
    """The entity decides who sends the invoice, and it cannot be changed later."""
    value = customer.data.get("business_entity_id")
    return Hit() if isinstance(value, str) and value and not _UUID.fullmatch(value) else None


@rule(
    "party.connector-incomplete",
    at="/connector",
    reads={"connector"},
    message="Send both name and reference_id of a connector, as texts; without either the customer is not linked.",
    bad={"connector": {"name": "stripe"}},
    good={"connector": {"name": "stripe", "reference_id": "cus_QhXyz123"}},
    since="0.1",
)
def connector_incomplete(customer: Customer) -> Found:
    """A customer that is not linked is created, and billed, a second time in the connected system."""
    connector = customer.data.get("connector")
    if not isinstance(connector, dict):
        return None
    whole = all(isinstance(connector.get(key), str) and connector[key].strip() for key in ("name", "reference_id"))
    return None if whole else Hit()


@rule(
    "party.connector-name-case",
    at="/connector/name",
    level="info",
    fix="safe",
    reads={"connector"},
    writes={"connector"},
    message="Write the connector's name in lower case.",
    bad={"connector": {"name": "Stripe", "reference_id": "cus_QhXyz123"}},
    good={"connector": {"name": "stripe", "reference_id": "cus_QhXyz123"}},
    since="0.1",
)
def connector_name_case(customer: Customer) -> Found:
    """Zenskar finds a connector by its name in lower case, and a customer that is not linked is created there twice."""
    connector = customer.data.get("connector")
    name = connector.get("name") if isinstance(connector, dict) else None
    return Hit({"/connector/name": name.lower()}) if isinstance(name, str) and name != name.lower() else None


@rule(
    "party.exempt-tax-not-boolean",
    at="/custom_data/exempt_tax",
    level="warn",
    reads={"custom_data"},
    message="exempt_tax switches tax off; send true or false, because another type may count as either. It is sent on as"
    " it is.",
    bad={"custom_data": {"exempt_tax": "false"}},
    good={"custom_data": {"exempt_tax": False}},
    since="0.1",
)
def exempt_tax_not_boolean(customer: Customer) -> Found:
    """The text "false" counts as true in many programs, and the customer is billed without tax."""
    data = customer.data.get("custom_data")
    value = data.get("exempt_tax") if isinstance(data, dict) else None
    return None if value is None or isinstance(value, bool) else Hit()


@rule(
    "party.custom-data-hazard",
    level="warn",
    reads={"custom_data"},
    message="custom_data holds HTML, a template or a spreadsheet formula, which runs where it is shown; send plain text."
    " It is sent on as it is.",
    bad={"custom_data": {"note": "<script>alert(1)</script>"}},
    good={"custom_data": {"note": "net 30"}},
    since="0.1",
)
def custom_data_hazard(customer: Customer) -> Found:
    """Custom data lands in invoices and exports, and opens there with the rights of whoever reads them."""
    return _hazards(customer, "custom_data")


@rule(
    "party.connector-hazard",
    level="warn",
    reads={"connector"},
    message="The text in the connector holds HTML, a template or a spreadsheet formula, which would be run where it is shown. It is"
    " sent on as it is.",
    bad={"connector": {"name": "stripe", "reference_id": "{{customer.id}}"}},
    good={"connector": {"name": "stripe", "reference_id": "cus_QhXyz123"}},
    since="0.1",
)
def connector_hazard(customer: Customer) -> Found:
    """A reference that nobody filled in links every customer to the same account, or to none."""
    return _hazards(customer, "connector")


def _hazards(customer: Customer, field: str) -> Found:
    """A hit for each text in the field that would be run where it is shown."""
    value = customer.data.get(field)
    if value is None:
        return None
    texts = islice(_texts({field: value}), TEXTS)
    return [Hit(at=pointer) for pointer, text in texts if hazards(text) - {"newline"}] or None


def _texts(container: dict[str, object] | list[object], pointer: str = "", depth: int = 5) -> Iterator[tuple[str, str]]:
    """Keys and texts inside the container with their pointers, as deep as `depth`; none of letters and digits alone."""
    for key, member in container.items() if isinstance(container, dict) else enumerate(container):
        if isinstance(key, str) and not key.isidentifier():
            yield pointer + escape(key), key
        if isinstance(member, str):
            if not member.isalnum():
                yield pointer + escape(str(key)), member
        elif depth > 1 and isinstance(member, (dict, list)):
            yield from _texts(member, pointer + escape(str(key)), depth - 1)


RULES = (
    name_missing,
    external_id_space,
    external_id_too_long,
    business_entity_id_malformed,
    connector_name_case,
    connector_incomplete,
    exempt_tax_not_boolean,
    custom_data_hazard,
    connector_hazard,
)
