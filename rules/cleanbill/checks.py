"""The library's calls: one for a whole customer and one for each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .body import SentBody
from .engine import Engine
from .plugins import plugin_rules
from .policy import Policy
from .record import Customer
from .report import Report
from .rulebook import RULES

DEFAULT = Policy()
ENGINE = Engine(RULES, plugin_rules)

CONTACT = ("email", "phone_number")


def warm_up() -> None:
    """Load what checks read at first use, by judging every rule's own examples; takes a second."""
    for rule in RULES:
        for example in (rule.bad, rule.good):
            ENGINE.run(Customer(example, DEFAULT, partial=rule.partial))


def check_customer(payload: object, *, policy: Policy = DEFAULT, partial: bool = False) -> Report:
    """Judge a body for Zenskar's `POST /customers`, or, with `partial`, for `PATCH /customers/{id}`; any JSON value gets a report.

    `payload` is the parsed body and is not changed. Fields are those of Zenskar's create-customer page: `customer_name`,
    `external_id`, `email`, `phone_number`, `address`, `ship_to_address`, `tax_info`, `custom_data`, `connector`,
    `communications_enabled`, `auto_charge_enabled`, `business_entity_id`. A `SentBody` may be given instead: then keys that
    stand twice in the text are found too. Raises PolicyError where the policy names an unknown rule.

    Of a partial body only what it holds is judged, and what is absent is never an error. No fix adds, removes or nulls a key
    there, but inside an address that is sent whole; such a fix is only offered, with a warning.
    """
    value, duplicates = _read(payload)
    return ENGINE.run(Customer(value, policy, duplicates=duplicates, partial=partial))


def check_address(
    address: Mapping[str, object] | SentBody, *, policy: Policy = DEFAULT, partial: bool = False
) -> Report:
    """Judge one address: `line1`, `line2`, `line3`, `city`, `state`, `zipCode`, `country`, `country_code`.

    `clean` is the clean address and `tax_location` its TaxLocation. Pointers start at the address (`/zipCode`). `partial` says
    that the address changes one that is there, and a `SentBody` may be given, as in `check_customer`.
    """
    value, duplicates = _read(
        address if isinstance(address, dict) or not isinstance(address, Mapping) else dict(address)
    )
    twice = tuple(f"/address{pointer}" for pointer in duplicates) if duplicates else ()
    return _check_part("/address", {"address": value}, policy, partial=partial, duplicates=twice)


def check_tax_id(
    value: str, scheme: str | None = None, country: str | None = None, *, policy: Policy = DEFAULT
) -> Report:
    """Judge one tax identifier; `clean` is its canonical number, compact capitals with the prefix that an invoice needs.

    `scheme` is a scheme id (`eu_vat`, `in_gst`, Stripe's type names), `country` the issuing country (ISO 3166-1 alpha-2, EU, XI
    or IC), not the address's; either may be left out and is inferred. An unknown scheme is a finding.
    """
    body: dict[str, object] = {"tax_info": [{"tax_id": value}]}
    return _check_part("/tax_info/0/tax_id", body, policy, scheme=_text(scheme), issuer=_text(country))


def check_phone(value: str, region: str | None = None, *, policy: Policy = DEFAULT) -> Report:
    """Judge one phone number; `clean` is E.164. `region` (ISO 3166-1 alpha-2) is where a number without `+` belongs."""
    return _check_part(
        "/phone_number", {"phone_number": value}, policy, regions=(str(region).upper(),) if region else ()
    )


def check_email(value: str, *, policy: Policy = DEFAULT) -> Report:
    """Judge one e-mail address; `clean` is the normalised address. Nothing is looked up in DNS."""
    return _check_part("/email", {"email": value}, policy)


def check_contact(contact: object, *, policy: Policy = DEFAULT) -> Report:
    """Judge a body for Zenskar's `/contacts`: its `email` and `phone_number`; nothing else of it is judged or changed.

    `contact` is the parsed body or a `SentBody`, and `clean` a new one.
    """
    value, duplicates = _read(contact)
    if not isinstance(value, dict):
        return ENGINE.run(Customer(value, policy, partial=True))
    judged = {name: value[name] for name in CONTACT if name in value}
    report = ENGINE.run(Customer(judged, policy, duplicates=duplicates, partial=True))
    return replace(report, clean=value | report.clean if isinstance(report.clean, dict) else value)


def check_name(value: str, *, policy: Policy = DEFAULT) -> Report:
    """Judge a customer's name; `clean` is the name without what nobody means to type."""
    return _check_part("/customer_name", {"customer_name": value}, policy)


def _read(payload: object) -> tuple[object, tuple[str, ...]]:
    """The parsed body, and the pointers of keys that stand twice where its text is known."""
    return (payload.value, payload.duplicates) if isinstance(payload, SentBody) else (payload, ())


def _check_part(
    part: str,
    body: dict[str, object],
    policy: Policy,
    *,
    partial: bool = False,
    duplicates: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    scheme: str | None = None,
    issuer: str | None = None,
) -> Report:
    customer = Customer(
        body,
        policy,
        part=part,
        partial=partial,
        duplicates=duplicates,
        regions=regions,
        scheme=scheme,
        issuer=issuer,
    )
    report = ENGINE.run(customer)
    if not report.duplicate_keys:
        return report
    keys = {customer.relative(pointer): key for pointer, key in report.duplicate_keys.items()}
    return replace(report, duplicate_keys=keys)


def _text(value: object) -> str | None:
    """What a caller knows beside a value; whatever is no text names nothing that is known."""
    return None if value is None else str(value)
