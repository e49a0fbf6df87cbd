"""The customer endpoints, mounted at /customers and at its older spelling /customer."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from cleanbill_service.sandbox import admission, listing
from cleanbill_service.sandbox.access import CurrentOrganisation, CurrentWorld
from cleanbill_service.sandbox.model import CreateCustomer, PaymentMethod, UpdateCustomer, unknown_keys
from cleanbill_service.sandbox.refusals import Refusal

CONNECTORS = frozenset(
    {
        "stripe",
        "avalara",
        "quickbooks",
        "salesforce",
        "xero",
        "hubspot",
        "zoho",
        "adyen",
        "anrok",
        "dealhub",
        "netsuite",
    }
)
FILTERS: listing.Filters = {
    "id": frozenset({"", "in", "isnull"}),
    "external_id": listing.TEXT,
    "email": listing.TEXT,
    "phone_number": frozenset({"like", "ilike", "isnull"}),
    "customer_name": frozenset({"ilike"}),
    "communications_enabled": listing.EXACT,
    "auto_charge_enabled": listing.EXACT,
    "business_entity_id": listing.EXACT,
    "created_at": listing.TIME,
}


class CustomerQuery(listing.PageQuery):
    """How the list of customers is searched and ordered; `order` wins over the older sort_key and sort_type."""

    order: str | None = None
    sort_key: str = "created_at"
    sort_type: Literal["asc", "desc"] = "desc"
    search: str | None = None
    search_name_external_id: str | None = None


router = APIRouter()


@router.post("")
async def create(
    body: CreateCustomer, request: Request, world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """Create a customer. Nothing makes this idempotent: the same body twice is two customers."""
    world.unknown_keys.update(unknown_keys(body))
    invisible = request.scope.get("sandbox.invisible") or world.switches.visibility_delay
    customer = admission.create(world.switches, organisation, body, invisible)
    world.creates += 1
    return JSONResponse(customer.body, world.switches.created_status)


@router.get("")
async def find(
    request: Request,
    query: Annotated[CustomerQuery, Query()],
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """List the customers that the filters let pass, newest first."""
    rows = [customer.body for customer in organisation.customers.values() if customer.visible]
    rows = listing.select(rows, request.query_params.multi_items(), FILTERS)
    if query.search:
        rows = listing.search(rows, query.search)
    rows = listing.ordered(rows, query.order or ("-" if query.sort_type == "desc" else "") + query.sort_key)
    if query.search_name_external_id:
        rows = listing.search_name(rows, query.search_name_external_id)
    return JSONResponse(listing.page(rows, query, world.switches))


@router.get("/{customer_id}")
async def get(customer_id: UUID, organisation: CurrentOrganisation) -> Response:
    """One customer, at once after its creation."""
    return JSONResponse(organisation.customer(customer_id).body)


@router.patch("/{customer_id}")
async def update(
    customer_id: str, body: UpdateCustomer, world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """Change the fields that were sent."""
    customer = organisation.customer(customer_id)
    world.unknown_keys.update(unknown_keys(body))
    admission.update(world.switches, organisation, customer, body)
    return JSONResponse(customer.body)


@router.delete("/{customer_id}")
async def delete(customer_id: UUID, organisation: CurrentOrganisation) -> Response:
    """Delete a customer that has no active contract."""
    customer = organisation.customer(customer_id)
    if customer.active_contract:
        raise Refusal(400, "Customer has active contracts")
    organisation.remove(customer)
    return Response(status_code=204)


@router.get("/{customer_id}/connector/{connector_name}")
async def connector(customer_id: UUID, connector_name: str, organisation: CurrentOrganisation) -> Response:
    """The customer's id in a connected system."""
    customer = organisation.customer(customer_id)
    if connector_name not in CONNECTORS:
        raise Refusal(400, "Unknown connector")
    if customer.connector is None or customer.connector["name"] != connector_name:
        raise Refusal(404, "Customer is not linked to this connector")
    return JSONResponse(
        {
            "connector_name": connector_name,
            "customer_name": customer.body["customer_name"],
            "reference_id": customer.connector["reference_id"],
            "email": customer.body["email"],
        }
    )


@router.get("/{customer_id}/payment_methods")
async def payment_methods(
    customer_id: UUID,
    query: Annotated[listing.PageQuery, Query()],
    world: CurrentWorld,
    organisation: CurrentOrganisation,
) -> Response:
    """The payment methods that were attached."""
    return JSONResponse(listing.page(organisation.customer(customer_id).payment_methods, query, world.switches))


@router.post("/{customer_id}/payment_methods/attach")
async def attach_payment_method(customer_id: UUID, body: PaymentMethod, organisation: CurrentOrganisation) -> Response:
    """Attach a payment method of any shape."""
    method = body.model_dump() | {"id": str(uuid4())}
    organisation.customer(customer_id).payment_methods.append(method)
    return JSONResponse(method)
