"""A body that changes a customer: what of it cannot be judged, because the rest stands in Zenskar."""

from __future__ import annotations

from cleanbill.parts import Address
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Address)


@rule(
    "payload.address-partial",
    level="warn",
    reads={"*"},
    message="Only some fields of the address are sent, so each is judged alone; send the whole address to have its country,"
    " state and postcode held against each other.",
    bad={"address": {"city": "Berlin"}},
    good={"address": {"line1": "Unter den Linden 1", "city": "Berlin", "zipCode": "10117", "country_code": "DE"}},
    since="0.1",
    partial=True,
)
def address_partial(address: Address) -> Found:
    """A city that is changed without its state and postcode leaves an address in two places, and the tax of the wrong one."""
    return Hit() if address.customer.partial and not address.is_whole else None
