"""Request bodies as Zenskar's published schema gives them, so that refusals are pydantic's own.

Every model takes unknown keys without a word, as Zenskar does: `known` drops them and `unknown_keys` names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, StringConstraints

Json: TypeAlias = dict[str, Any]
ExternalId = Annotated[str, StringConstraints(max_length=255)]


class Body(BaseModel):
    """A JSON object of which only the declared keys are kept."""

    model_config = ConfigDict(extra="allow")


class Address(Body):
    """The address of a customer or of a business entity."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str | None = None
    state: str | None = None
    zipCode: str | None = None  # noqa: N815  (Zenskar's spelling)
    country: str | None = None
    country_code: str | None = None
    validation_status: str | None = None
    connector_validation: Json | None = None


class TaxId(Body):
    """One item of tax_info."""

    country_code: str | None = None
    tax_code: str | None = None
    tax_id: str | None = None


class Connector(Body):
    """The customer's id in a connected system."""

    name: str
    reference_id: str


class UpdateCustomer(Body):
    """The body of PATCH: every field may be left out or null."""

    customer_name: str | None = None
    external_id: ExternalId | None = None
    email: EmailStr | None = None
    phone_number: str | None = None
    address: Address | None = None
    ship_to_address: Address | None = None
    tax_info: list[TaxId] | None = None
    custom_data: Json | None = None
    connector: Connector | None = None
    communications_enabled: bool | None = True
    auto_charge_enabled: bool | None = True
    business_entity_id: UUID | None = None


class CreateCustomer(UpdateCustomer):
    """The body of POST: only customer_name is required."""

    customer_name: str


class CustomerAddress(Address):
    """A row of a customer's address book."""

    is_default_billing: bool = False
    is_default_shipping: bool = False


class ContactBody(Body):
    """A contact; the e-mail has no format in the published schema."""

    customer: UUID
    email: str
    first_name: str | None = None
    last_name: str | None = None
    send_contract: bool = False
    send_invoice: bool = True


class RateLookup(Body):
    """The destination whose tax rate is asked for."""

    tax_category_id: UUID
    country_code: Annotated[str, StringConstraints(min_length=2, max_length=2)]
    effective_date: date
    state_code: Annotated[str, StringConstraints(max_length=10)] | None = None
    city: Annotated[str, StringConstraints(max_length=100)] | None = None
    zip_code: Annotated[str, StringConstraints(max_length=20)] | None = None


class PaymentMethod(Body):
    """A payment method to attach, of any shape."""


def known(body: BaseModel, only: AbstractSet[str] | None = None) -> Json:
    """The declared fields as JSON values, nested ones too; at the top perhaps only some of them."""
    fields = type(body).model_fields
    return {name: _plain(value) for name, value in body if name in fields and (only is None or name in only)}


def unknown_keys(body: BaseModel, prefix: str = "") -> Iterator[str]:
    """The undeclared keys as dotted names (`address.postal_code`, `tax_info.number`)."""
    for name in body.model_extra or ():
        yield prefix + name
    for name in type(body).model_fields:
        value = getattr(body, name)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, BaseModel):
                yield from unknown_keys(part, f"{prefix}{name}.")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return known(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, UUID) else value
