"""What the address as a whole says of the tax: too little of it, or a special territory."""

from __future__ import annotations

from collections.abc import Iterable

from cleanbill.countries import territories
from cleanbill.record import Address, Customer
from cleanbill.rule import Found, Hit, rule_on

customer_rule = rule_on(Customer)
rule = rule_on(Address)

PLACE = frozenset(("country", "country_code", "state", "zipCode", "city", "line1"))


@customer_rule(
    "location.address-missing",
    at="/address",
    level="warn",
    reads={"address"},
    message="There is no billing address, so no regional tax can be calculated; send address with at least a country.",
    bad={"customer_name": "Nilgiri Analytics"},
    good={"customer_name": "Nilgiri Analytics", "address": {"country_code": "IN"}},
    since="0.1",
)
def address_missing(customer: Customer) -> Found:
    """Zenskar takes the customer, and the tax is missed when the first invoice is made."""
    address = customer.data.get("address")
    empty = address is None or (isinstance(address, dict) and not any(v not in (None, "") for v in address.values()))
    return Hit() if empty else None


@rule(
    "location.insufficient",
    level="warn",
    reads=PLACE,
    message="Tax in {country} cannot be told from this address; it needs {missing}.",
    bad={"address": {"country_code": "IN", "city": "Mumbai"}},
    good={"address": {"country_code": "IN", "city": "Mumbai", "state": "MH"}},
    since="0.1",
)
def insufficient(address: Address) -> Found:
    """A tax engine refuses such an address, or falls back on a rate that is wrong in part of the country."""
    location, land = address.location, address.country
    if location is None or land is None or location.sufficient:
        return None
    return Hit(words={"country": land.in_text, "missing": " or ".join(_listed(fields) for fields in location.missing)})


@rule(
    "location.territory",
    level="info",
    reads=PLACE,
    message="The address lies in {territory}: {regime}.",
    bad={"address": {"country_code": "ES", "city": "Las Palmas", "zipCode": "35001"}},
    good={"address": {"country_code": "ES", "city": "Madrid", "zipCode": "28013"}},
    since="0.1",
)
def territory(address: Address) -> Found:
    """The tax of a special territory is not that of the country on the envelope."""
    found = _special(address)
    return Hit(words={"territory": found.name, "regime": found.regime}) if found and found.verified else None


@rule(
    "location.territory-likely",
    level="warn",
    reads=PLACE,
    message="The address seems to lie in {territory}: {regime}. Check which tax applies.",
    bad={"address": {"country_code": "AR", "city": "Ushuaia", "state": "V"}},
    good={"address": {"country_code": "AR", "city": "Rosario", "state": "S"}},
    since="0.1",
)
def territory_likely(address: Address) -> Found:
    """Where the treatment was not checked against a law, a person should."""
    found = _special(address)
    return Hit(words={"territory": found.name, "regime": found.regime}) if found and not found.verified else None


@rule(
    "location.territory-own-code",
    at="/country_code",
    level="info",
    reads=PLACE,
    message="{territory} has a country code of its own, {code}; some tax engines want that form. It is sent on as it is.",
    bad={"address": {"country_code": "US", "state": "PR", "zipCode": "00901"}},
    good={"address": {"country_code": "PR", "zipCode": "00901"}},
    since="0.1",
)
def territory_own_code(address: Address) -> Found:
    """One engine knows Puerto Rico as a state of the US, another as a country; a rate under one form is not found by the other."""
    location = address.location
    found = territories.territory(location.territory) if location and location.territory else None
    if location is None or found is None or found.own_code in (None, location.country):
        return None
    return Hit(words={"territory": found.name, "code": found.own_code or ""})


def _special(address: Address) -> territories.Territory | None:
    location = address.location
    found = territories.territory(location.territory) if location and location.territory else None
    return None if found is None or found.ordinary else found


def _listed(fields: Iterable[str]) -> str:
    return " and ".join(sorted(fields))


RULES = (address_missing, insufficient, territory, territory_likely, territory_own_code)
