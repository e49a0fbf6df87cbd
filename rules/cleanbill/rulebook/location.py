"""What the address as a whole says of the tax: too little of it, or a special territory."""

from __future__ import annotations

from collections.abc import Iterable

from cleanbill.countries import territories
from cleanbill.countries.country import country
from cleanbill.countries.postcodes import read_postcode
from cleanbill.countries.resolve import is_part_of
from cleanbill.countries.territories import find_territory
from cleanbill.parts import Address
from cleanbill.record import Customer
from cleanbill.rule import REMOVE, Found, Hit, rule_on

customer_rule = rule_on(Customer)
rule = rule_on(Address, unless="is_unremarkable")

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
    if customer.billing:
        return (
            None
            if customer.billing.texts or any(v not in (None, "") for v in customer.billing.data.values())
            else Hit()
        )
    return Hit() if customer.data.get("address") is None else None


@rule(
    "location.insufficient",
    level="warn",
    reads=PLACE,
    message="Tax in {country} cannot be told from this address; send {missing}.",
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
    message="The address lies in {territory}: {regime}. Make sure that its tax is set up so.",
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
    """A special territory has a tax of its own; what is known of this one was not checked against a law."""
    found = _special(address)
    return Hit(words={"territory": found.name, "regime": found.regime}) if found and not found.verified else None


@rule(
    "location.territory-own-code",
    at="/country_code",
    level="info",
    fix="safe",
    reads=PLACE,
    writes={"country", "country_code", "state"},
    message="{territory} goes by two country codes, {own} and {envelope}; with territories in the policy, choose the one"
    " that your tax engine knows.",
    bad={"address": {"country_code": "US", "state": "PR", "zipCode": "00901"}},
    good={"address": {"country_code": "PR", "zipCode": "00901"}},
    since="0.1",
)
def territory_own_code(address: Address) -> Found:
    """One engine knows Puerto Rico as a state of the US, another as a country; a rate under one form is not found by the other."""
    found, land, wanted = _territory(address), address.country, address.policy.territories
    if found is None or land is None or found.own_code is None:
        return None
    words = {"territory": found.name, "own": found.own_code, "envelope": found.envelope}
    if wanted == "as-sent":
        other = land.code != found.own_code
        return Hit(words=words | {"envelope": land.code}, candidates=(found.own_code,)) if other else None
    edits = _under(address, found, found.own_code if wanted == "own" else found.envelope)
    return Hit(edits, words=words) if edits else None


def _under(address: Address, place: territories.Territory, code: str) -> dict[str, object]:
    """The edits that put the address under this one of the territory's two codes, where all it says is true under both."""
    land, given = country(code), address.subdivision.code if address.subdivision else None
    suffix = (place.part_of or "").partition("-")[2] or None
    if land is None or not (code == place.own_code or is_part_of(place.own_code or "", code)):
        return {}
    if address.text("state") and given != suffix:
        return {}
    postcode = address.text("zipCode")
    if postcode and read_postcode(code, postcode).how != "canonical":
        return {}
    needed = given or not postcode or code in address.policy.state_inferred_in
    state = suffix if needed and code != place.own_code else None
    if find_territory(code, postcode, state, address.text("city")) is not place:
        return {}
    wanted = {
        "country": address.written(land),
        "country_code": code,
        "state": state and address.written_state(land, state),
    }
    return {f"/{name}": value or REMOVE for name, value in wanted.items() if address.text(name) != value}


def _territory(address: Address) -> territories.Territory | None:
    location = address.location
    return territories.territory(location.territory) if location and location.territory else None


def _special(address: Address) -> territories.Territory | None:
    found = _territory(address)
    return None if found is None or found.ordinary else found


def _listed(fields: Iterable[str]) -> str:
    return " and ".join(sorted(fields))


#: The country's last form, and then what is said of the address under it.
FORM = (territory_own_code,)
RULES = (insufficient, territory, territory_likely, address_missing)
