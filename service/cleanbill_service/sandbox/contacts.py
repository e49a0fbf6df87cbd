"""The contact endpoints."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from cleanbill_service.sandbox import listing
from cleanbill_service.sandbox.access import CurrentOrganisation, CurrentWorld
from cleanbill_service.sandbox.model import ContactBody, known, unknown_keys

FILTERS: listing.Filters = {
    "customer": listing.EXACT,
    "email": listing.TEXT,
    "first_name": listing.TEXT,
    "last_name": listing.TEXT,
}

router = APIRouter(prefix="/contacts")


@router.get("")
async def find(
    request: Request,
    query: Annotated[listing.PageQuery, Query()],
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """List the contacts that the filters let pass."""
    rows = listing.select(organisation.contacts.values(), request.query_params.multi_items(), FILTERS)
    return JSONResponse(listing.page(rows, query, world.switches))


@router.post("")
async def create(body: ContactBody, world: CurrentWorld, organisation: CurrentOrganisation) -> Response:
    """Add a contact to a customer."""
    world.unknown_keys.update(unknown_keys(body))
    contact = {"id": str(uuid4())} | known(body)
    organisation.customer(body.customer).body["contacts"].append(contact)
    organisation.contacts[contact["id"]] = contact
    return JSONResponse(contact)


@router.patch("/{contact_id}")
async def update(
    contact_id: UUID, body: ContactBody, world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """Change a contact; customer and e-mail are required here too."""
    world.unknown_keys.update(unknown_keys(body))
    contact = organisation.contact(contact_id)
    new_home = organisation.customer(body.customer)
    organisation.customer(contact["customer"]).body["contacts"].remove(contact)
    contact.update(known(body, only=body.model_fields_set))
    new_home.body["contacts"].append(contact)
    return JSONResponse(contact)


@router.delete("/{contact_id}")
async def delete(contact_id: UUID, organisation: CurrentOrganisation) -> Response:
    """Remove a contact."""
    contact = organisation.contact(contact_id)
    organisation.customer(contact["customer"]).body["contacts"].remove(contact)
    del organisation.contacts[contact["id"]]
    return Response(status_code=204)
