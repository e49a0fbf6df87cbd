"""What an organisation has set up beforehand: business entities and custom attributes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from cleanbill_service.sandbox import listing
from cleanbill_service.sandbox.access import CurrentOrganisation, CurrentWorld

router = APIRouter()


@router.get("/business_entities")
async def business_entities(
    query: Annotated[listing.PageQuery, Query()], world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """List the business entities; every organisation has a default one."""
    return JSONResponse(listing.page(list(organisation.entities.values()), query, world.switches))


@router.get("/custom_attributes")
async def custom_attributes(
    request: Request,
    query: Annotated[listing.PageQuery, Query()],
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """List the definitions of custom attributes, of one module if asked."""
    rows = listing.select(organisation.custom_attributes, request.query_params.multi_items(), {"module": listing.EXACT})
    return JSONResponse(listing.page(rows, query, world.switches))
