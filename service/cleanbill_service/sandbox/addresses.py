"""The endpoints of a customer's address book, mounted beside the customer's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from cleanbill_service.sandbox import addressbook, listing
from cleanbill_service.sandbox.access import CurrentOrganisation, CurrentWorld
from cleanbill_service.sandbox.model import CustomerAddress, known, unknown_keys
from cleanbill_service.sandbox.refusals import Refusal

router = APIRouter(prefix="/{customer_id}/addresses")


class AddressQuery(listing.PageQuery):
    """Which addresses: all, or only the default for billing or shipping."""

    billing: bool = False
    shipping: bool = False


@router.get("")
async def find(
    customer_id: UUID,
    query: Annotated[AddressQuery, Query()],
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """List a customer's addresses."""
    rows = [
        row
        for row in organisation.customer(customer_id).addresses
        if (row["is_default_billing"] or not query.billing) and (row["is_default_shipping"] or not query.shipping)
    ]
    return JSONResponse(listing.page(rows, query, world.switches))


@router.post("")
async def create(
    customer_id: UUID, body: CustomerAddress, world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """Add an address; one of the same content only takes the flags over."""
    customer = organisation.customer(customer_id)
    world.unknown_keys.update(unknown_keys(body))
    row = addressbook.remember(customer, known(body, only=body.model_fields_set))
    return JSONResponse(row, world.switches.created_status)


@router.patch("/{address_id}")
async def update(
    customer_id: UUID,
    address_id: UUID,
    body: CustomerAddress,
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """Change the fields of an address that were sent."""
    customer = organisation.customer(customer_id)
    row = next((row for row in customer.addresses if row["id"] == str(address_id)), None)
    if row is None:
        raise Refusal(404, "Address not found")
    world.unknown_keys.update(unknown_keys(body))
    addressbook.revise(customer, row, known(body, only=body.model_fields_set))
    return JSONResponse(row)
