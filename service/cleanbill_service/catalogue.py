"""What can be looked up: the rules, the schemes of tax identifiers, the address form of a country."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from cleanbill.countries.country import country
from cleanbill.countries.form import address_form
from cleanbill.plugins import all_rules, find_rule
from cleanbill.tax_ids.scheme import schemes

from .answers import json_response
from .notices import NOTICES
from .problems import Problem

router = APIRouter(prefix="/v1")


@router.get("/rules", summary="Every rule")
async def rules() -> Response:
    """The rules in the order in which they run, then what the gateway finds beside them."""
    return json_response([rule.to_dict() for rule in all_rules()] + [notice.to_dict() for notice in NOTICES])


@router.get("/rules/{rule_id}", summary="One rule", responses={308: {"description": "The rule has another id now"}})
async def rule(rule_id: str) -> Response:
    """What one rule does and why."""
    found = find_rule(rule_id) or next((notice for notice in NOTICES if notice.id == rule_id), None)
    if found is None:
        raise Problem(404, "rule-unknown", "No rule has this id; GET /v1/rules lists them.")
    if found.id != rule_id:
        return RedirectResponse(f"/v1/rules/{found.id}", 308)
    return json_response(found.to_dict())


@router.get("/schemes", summary="Every scheme of tax identifiers")
async def all_schemes() -> Response:
    """The schemes with issuing country, example and grade of the check digit."""
    return json_response([scheme.to_dict() for scheme in schemes()])


@router.get("/countries/{code}", summary="The address form of a country")
async def country_form(code: str) -> Response:
    """Fields in order with labels, which are required, postcode pattern and example, subdivisions."""
    found = country(code.upper())
    if found is None:
        raise Problem(404, "country-unknown", "No country has this code; use ISO 3166-1 alpha-2.")
    return json_response(address_form(found).to_dict())
