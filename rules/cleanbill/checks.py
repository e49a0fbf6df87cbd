"""The library's calls: one for a whole customer and one for each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .body import SentBody
from .engine import Engine, look_up
from .policy import Policy
from .record import Customer
from .report import Edit, Finding, Report
from .rulebook import RULES

DEFAULT = Policy()
ENGINE = Engine(RULES)


def warm_up() -> None:
    """Load what checks read at first use, by judging every rule's own examples; takes a second."""
    for rule in RULES:
        for example in (rule.bad, rule.good):
            ENGINE.run(Customer(example, DEFAULT))


def check_customer(payload: object, *, policy: Policy = DEFAULT) -> Report:
    """Judge a body for Zenskar's `POST /customers`; any JSON value gets a report.

    `payload` is the parsed body and is not changed. Fields are those of Zenskar's create-customer page: `customer_name`,
    `external_id`, `email`, `phone_number`, `address`, `ship_to_address`, `tax_info`, `custom_data`, `connector`,
    `communications_enabled`, `auto_charge_enabled`, `business_entity_id`. A `SentBody` may be given instead: then keys that
    stand twice in the text are found too. Raises PolicyError where the policy names an unknown rule.
    """
    if isinstance(payload, SentBody):
        return ENGINE.run(Customer(payload.value, policy, duplicates=payload.duplicates))
    return ENGINE.run(Customer(payload, policy))


def check_address(address: Mapping[str, object], *, policy: Policy = DEFAULT) -> Report:
    """Judge one address: `line1`, `line2`, `line3`, `city`, `state`, `zipCode`, `country`, `country_code`.

    `clean` is the clean address and `tax_location` its TaxLocation. Pointers start at the address (`/zipCode`).
    """
    value = dict(address) if isinstance(address, Mapping) else address
    return _check_part("/address", {"address": value}, policy)


def check_tax_id(
    value: str, scheme: str | None = None, country: str | None = None, *, policy: Policy = DEFAULT
) -> Report:
    """Judge one tax identifier; `clean` is its canonical number, compact capitals with the prefix that an invoice needs.

    `scheme` is a scheme id (`eu_vat`, `in_gst`, Stripe's type names), `country` the issuing country (ISO 3166-1 alpha-2, EU, XI
    or IC), not the address's; either may be left out and is inferred. An unknown scheme is a finding.
    """
    body: dict[str, object] = {"tax_info": [{"tax_id": value}]}
    return _check_part("/tax_info/0/tax_id", body, policy, scheme=scheme, issuer=country)


def check_phone(value: str, region: str | None = None, *, policy: Policy = DEFAULT) -> Report:
    """Judge one phone number; `clean` is E.164. `region` (ISO 3166-1 alpha-2) is where a number without `+` belongs."""
    return _check_part("/phone_number", {"phone_number": value}, policy, regions=(region.upper(),) if region else ())


def check_email(value: str, *, policy: Policy = DEFAULT) -> Report:
    """Judge one e-mail address; `clean` is the normalised address. Nothing is looked up in DNS."""
    return _check_part("/email", {"email": value}, policy)


def check_name(value: str, *, policy: Policy = DEFAULT) -> Report:
    """Judge a customer's name; `clean` is the name without what nobody means to type."""
    return _check_part("/customer_name", {"customer_name": value}, policy)


def _check_part(
    part: str,
    body: dict[str, object],
    policy: Policy,
    *,
    regions: tuple[str, ...] = (),
    scheme: str | None = None,
    issuer: str | None = None,
) -> Report:
    report = ENGINE.run(Customer(body, policy, part=part, regions=regions, scheme=scheme, issuer=issuer))
    _, clean = look_up(report.clean, part)
    keys = {pointer.removeprefix(part): key for pointer, key in report.duplicate_keys.items()}
    return Report(clean, tuple(_from(part, finding) for finding in report.findings), report.tax_location, keys)


def _from(part: str, finding: Finding) -> Finding:
    """The finding with its pointers beginning at the part."""
    edits = tuple(Edit(e.op, e.pointer.removeprefix(part), e.before, e.after) for e in finding.edits)
    pointer = finding.pointer.removeprefix(part) if finding.pointer.startswith(part) else ""
    return replace(finding, pointer=pointer, edits=edits)
