"""What the policy requires of a customer beyond Zenskar's own: fields that are not there, after every correction."""

from __future__ import annotations

from cleanbill.contacts.names import has_legal_form
from cleanbill.countries.postcodes import postcode_pattern
from cleanbill.parts import Address
from cleanbill.record import Customer
from cleanbill.required import CustomerKind, Requirement, Strictness
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.schema import escape, steps_of

rule = rule_on(Customer)


@rule(
    "required.field-missing",
    reads={"*"},
    message="Your policy requires this field of such a customer; send it.",
    bad={"customer_name": "Nilgiri Analytics", "email": "ap@nilgiri-analytics.in"},
    good={"customer_name": "Nilgiri Analytics", "email": "ap@nilgiri-analytics.in", "external_id": "C001"},
    since="0.1",
)
def field_missing(customer: Customer) -> Found:
    """What a company needs to bill is asked for once, when the customer is created, and not when the first invoice fails."""
    return _missing(customer, "error")


@rule(
    "required.wanted-field-missing",
    level="warn",
    reads={"*"},
    message="Your policy wants this field of such a customer; send it where it is known.",
    bad={"customer_name": "Nilgiri Analytics", "external_id": "C001"},
    good={"customer_name": "Nilgiri Analytics", "external_id": "C001", "email": "ap@nilgiri-analytics.in"},
    since="0.1",
)
def wanted_field_missing(customer: Customer) -> Found:
    """A field that not every customer can give is better asked for than demanded."""
    return _missing(customer, "warn")


def _missing(customer: Customer, level: Strictness) -> Found:
    """A hit for each field that is not there, where the strictest requirement of it is of this level."""
    if not customer.policy.required:
        return None
    levels: dict[str, Strictness] = {}
    for requirement in customer.policy.required:
        if _applies(customer, requirement):
            for pointer in requirement.fields:
                if levels.get(pointer) != "error" and _is_missing(customer, pointer):
                    levels[pointer] = requirement.level
    return [Hit(at=pointer) for pointer, strictest in levels.items() if strictest == level] or None


def _applies(customer: Customer, requirement: Requirement) -> bool:
    """Whether every condition of the requirement is known to hold."""
    when, billing = requirement.when, customer.billing
    if when.country and not (billing and billing.country and billing.country.code in when.country):
        return False
    return when.customer == "any" or when.customer == _kind(customer)


def _kind(customer: Customer) -> CustomerKind:
    """Who the customer is: what its tax identifiers and its name agree on, "any" where they do not, or tell nothing."""
    kinds: set[CustomerKind] = {
        t.reading.kind for t in customer.tax_ids if t.reading and t.reading.kind and not t.reading.problem
    }
    billing = customer.billing
    if customer.name and billing and billing.country and has_legal_form(customer.name.text, billing.country.code):
        kinds.add("company")
    return kinds.pop() if len(kinds) == 1 else "any"


def _is_missing(customer: Customer, pointer: str) -> bool:
    """Whether nothing stands there that should; what the country does not have is not asked for."""
    *path, last = steps_of(pointer)
    if path == ["ship_to_address"] and not customer.ship_to:
        return False
    value: object = customer.data
    for step in (*path, last):
        value = value.get(step) if isinstance(value, dict) else None
    if not _is_empty(value):
        return False
    address = {"/address": customer.billing, "/ship_to_address": customer.ship_to}.get("".join(map(escape, path)))
    return address is None or _has(address, last)


def _is_empty(value: object) -> bool:
    """Whether a value says nothing: null, blank, or a list or an object of such values."""
    if isinstance(value, (dict, list)):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or (isinstance(value, str) and not value.strip())


def _has(address: Address, field: str) -> bool:
    """Whether addresses of this country have the field: not all countries have states or postcodes."""
    land = address.country
    if land is None:
        return True
    if field == "zipCode":
        return postcode_pattern(land.code) is not None
    return field != "state" or bool(land.subdivisions)


RULES = (field_missing, wanted_field_missing)
