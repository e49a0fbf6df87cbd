"""Who may ask: the organisation header and a key, as every route but the control endpoints needs them."""

from __future__ import annotations

from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import Depends, Request

from cleanbill_service.sandbox.refusals import Refusal
from cleanbill_service.sandbox.store import Organisation, World


async def current_world(request: Request) -> World:
    """What the sandbox remembers. Async like all here, since a plain function would run on another thread."""
    world: World = request.app.state.world
    return world


CurrentWorld: TypeAlias = Annotated[World, Depends(current_world)]


async def current_organisation(request: Request, world: CurrentWorld) -> Organisation:
    """The organisation asked for. 401 without it or a key, 403 for a key that is known and may not."""
    key = request.headers.get("x-api-key") or _bearer(request.headers.get("authorization", ""))
    if not key or key in world.revoked_keys:
        raise Refusal(401, "Missing or invalid API key")
    try:
        organisation = UUID(request.headers.get("organisation", ""))
    except ValueError:
        raise Refusal(401, "Missing or invalid organisation") from None
    if key in world.forbidden_keys:
        raise Refusal(403, "Not enough permissions")
    return world.organisation(organisation)


CurrentOrganisation: TypeAlias = Annotated[Organisation, Depends(current_organisation)]


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" and token.startswith("eyJ") else ""
