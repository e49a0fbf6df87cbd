"""The control endpoints under /__sandbox__/, without any key: look at the sandbox, set it up, disturb it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cleanbill_service.sandbox import admission
from cleanbill_service.sandbox.access import CurrentWorld
from cleanbill_service.sandbox.faults import Fault
from cleanbill_service.sandbox.model import CreateCustomer, Json
from cleanbill_service.sandbox.store import World
from cleanbill_service.sandbox.switches import Switches

router = APIRouter(prefix="/__sandbox__")


class Row(BaseModel):
    """A thing to seed; its id is made up if none is given."""

    id: UUID = Field(default_factory=uuid4)


class SeedCustomer(CreateCustomer):
    """A customer as a create request has it, perhaps with a contract that forbids its deletion."""

    active_contract: bool = False


class SeedEntity(Row):
    """A business entity."""

    model_config = ConfigDict(extra="allow")

    name: str


class SeedRate(Row):
    """A tax rate row; without entity or category it is for all of them."""

    model_config = ConfigDict(extra="forbid")

    business_entity_id: UUID | None = None
    tax_category_id: UUID | None = None
    country_code: str
    state_code: str | None = None
    city: str | None = None
    zip_code: str | None = None
    tax_name: str = "Sales tax"
    rate_percent: str = "10"


class SeedAttribute(Row):
    """The definition of a custom attribute."""

    model_config = ConfigDict(extra="allow")

    module: str = "customers"
    name: str
    is_required: bool = False


class Seed(BaseModel):
    """What to add to the rows of an organisation. Keys are for all organisations."""

    model_config = ConfigDict(extra="forbid")

    organisation: UUID
    business_entities: list[SeedEntity] = []
    customers: list[SeedCustomer] = []
    rates: list[SeedRate] = []
    custom_attributes: list[SeedAttribute] = []
    revoked_keys: set[str] = set()
    forbidden_keys: set[str] = set()


@router.get("/state")
async def state(world: CurrentWorld) -> Json:
    """What was created and asked so far."""
    return {
        "creates": world.creates,
        "customers": {str(key): len(rows.customers) for key, rows in world.organisations.items()},
        "unknown_keys": dict(world.unknown_keys),
        "requests_seen": world.requests_seen,
        "requests": [request.to_dict() for request in world.requests],
        "switches": world.switches.model_dump(),
        "faults": [fault.model_dump() for fault in world.script],
    }


@router.post("/reset", status_code=204)
async def reset(request: Request, world: CurrentWorld) -> None:
    """Forget everything, back to the switches of the start."""
    request.app.state.world = World.fresh(world.initial)


@router.put("/switches")
async def switch(changes: Annotated[dict[str, Any], Body()], world: CurrentWorld) -> Switches:
    """Change some switches and answer with all of them."""
    try:
        world.switches = Switches.model_validate(world.switches.model_dump() | changes)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from None
    return world.switches


@router.post("/faults")
async def add_faults(faults: list[Fault], world: CurrentWorld) -> list[Fault]:
    """Append to the script and answer with all that is left of it."""
    world.script.extend(faults)
    return world.script


@router.delete("/faults", status_code=204)
async def drop_faults(world: CurrentWorld) -> None:
    """End the script."""
    world.script.clear()


@router.post("/seed")
async def seed(body: Seed, world: CurrentWorld) -> Json:
    """Add rows and answer with their ids. Seeded customers are checked like others and not counted as creates."""
    organisation = world.organisation(body.organisation)
    for entity in body.business_entities:
        organisation.entities[str(entity.id)] = entity.model_dump(mode="json")
    customers = []
    for customer in body.customers:
        request = CreateCustomer.model_validate(customer.model_dump(exclude={"active_contract"}))
        kept = admission.create(world.switches, organisation, request)
        kept.active_contract = customer.active_contract
        customers.append(kept.id)
    organisation.rates += [rate.model_dump(mode="json") for rate in body.rates]
    organisation.custom_attributes += [attribute.model_dump(mode="json") for attribute in body.custom_attributes]
    world.revoked_keys |= body.revoked_keys
    world.forbidden_keys |= body.forbidden_keys
    return {
        "default_business_entity": organisation.default_entity["id"],
        "business_entities": [str(entity.id) for entity in body.business_entities],
        "customers": customers,
        "rates": [str(rate.id) for rate in body.rates],
    }
