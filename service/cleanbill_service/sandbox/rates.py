"""The tax rate look-up: exact on the whole destination."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from cleanbill_service.sandbox.access import CurrentOrganisation, CurrentWorld
from cleanbill_service.sandbox.model import Json, RateLookup
from cleanbill_service.sandbox.refusals import Refusal

DESTINATION = ("country_code", "state_code", "city", "zip_code")

router = APIRouter(prefix="/tax/business_entities/{business_entity_id}/rates")


@router.post("/lookup")
async def lookup(
    business_entity_id: UUID, body: RateLookup, world: CurrentWorld, organisation: CurrentOrganisation
) -> Response:
    """The one rate row of a destination, on any date. A level left out only meets rows that are empty there."""
    entity = organisation.entity(business_entity_id)
    case_sensitive = world.switches.rates_case_sensitive
    wanted = _destination(body.model_dump(), case_sensitive=case_sensitive)
    rows = [
        row
        for row in organisation.rates
        if row["business_entity_id"] in {None, entity["id"]}
        and row["tax_category_id"] in {None, str(body.tax_category_id)}
        and _destination(row, case_sensitive=case_sensitive) == wanted
    ]
    if not rows:
        raise Refusal(404, "No tax rate found for this destination")
    if len(rows) > 1:
        raise Refusal(422, "Ambiguous tax rate configuration for this destination")
    return JSONResponse(_answer(rows[0]))


def _destination(row: Json, *, case_sensitive: bool) -> list[str | None]:
    levels = [row[level] or None for level in DESTINATION]
    return levels if case_sensitive else [level and level.casefold() for level in levels]


def _answer(row: Json) -> Json:
    breakdown = [
        {
            "tax_name": row["tax_name"],
            "rate_percent": row["rate_percent"],
            "is_compound": False,
            "compound_order": 0,
            "source_tax_rate_id": row["id"],
            "jurisdiction_level": next(level for level in reversed(DESTINATION) if row[level]),
            "jurisdiction_code": row["state_code"] or row["country_code"],
        }
    ]
    return {
        "source_jurisdiction_rate_id": row["id"],
        "rate_breakdown": breakdown,
        "fingerprint": hashlib.sha256(json.dumps(breakdown).encode()).hexdigest(),
    }
