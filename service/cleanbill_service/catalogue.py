"""What can be looked up: the rules, the schemes of tax identifiers, the address form of a country."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cleanbill import Rule
from cleanbill.countries.country import country
from cleanbill.countries.form import address_form
from cleanbill.plugins import all_rules, find_rule
from cleanbill.tax_ids.scheme import schemes

from .answers import json_response
from .caller import ORGANISATION, organisation_of
from .notices import NOTICES
from .policies import LivePolicies
from .problems import Problem

router = APIRouter(prefix="/v1")


async def own_rules(request: Request) -> tuple[Rule, ...]:
    """The rules that the policy of the caller's organisation brings. Raises Problem 400 where it names two."""
    policies: LivePolicies[object] = request.app.state.policies
    return policies.current.of(organisation_of(request.headers.raw)).custom


OwnRules = Annotated[tuple[Rule, ...], Depends(own_rules)]
_OF = {"parameters": [ORGANISATION]}


@router.get("/rules", summary="Every rule", openapi_extra=_OF)
async def rules(own: OwnRules) -> Response:
    """The rules in the order in which they run, the policy's own last, then what the gateway finds beside them."""
    rules = [rule.to_dict() for rule in (*all_rules(), *own)]
    return json_response(rules + [notice.to_dict() for notice in NOTICES])


@router.get(
    "/rules/{rule_id}",
    summary="One rule",
    openapi_extra=_OF,
    responses={308: {"description": "The rule has another id now"}},
)
async def rule(rule_id: str, own: OwnRules) -> Response:
    """What one rule does and why."""
    found = find_rule(rule_id, own) or next((notice for notice in NOTICES if notice.id == rule_id), None)
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
