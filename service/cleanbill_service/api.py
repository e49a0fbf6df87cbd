"""The check API: `/v1/check` and its parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Policy, check_address, check_customer, check_email, check_phone, check_tax_id
from cleanbill.body import SentBody

from .answers import json_response, report_response
from .bodies import read_object
from .caller import ORGANISATION, organisation_of
from .policies import LivePolicies
from .problems import Problem
from .routes import PlainRoute

Endpoint = Callable[[Request], Awaitable[Response]]

_VALUE = {"type": "string", "description": "the text to check"}
_CUSTOMER = {"type": "object", "description": "a body for Zenskar's POST /customers"}
_ADDRESS = {
    "type": "object",
    "properties": {
        name: {"type": "string"}
        for name in ("line1", "line2", "line3", "city", "state", "zipCode", "country", "country_code")
    },
}


def add_routes(app: FastAPI, policies: LivePolicies[Any], max_body: int) -> None:
    """Add the routes that judge a customer or a part of one, by the policy of the organisation that the request names."""

    def policy_of(request: Request) -> Policy:
        return policies.current.of(organisation_of(request.headers.raw))

    async def customer(request: Request) -> Response:
        sent = await read_object(request, max_body)
        return report_response(check_customer(sent, policy=policy_of(request)), sent)

    async def address(request: Request) -> Response:
        sent = await read_object(request, max_body)
        return json_response(check_address(_object(sent), policy=policy_of(request)).to_dict())

    async def tax_id(request: Request) -> Response:
        given = _known(await read_object(request, max_body), "value", "scheme", "country")
        report = check_tax_id(_value(given), _text(given, "scheme"), _text(given, "country"), policy=policy_of(request))
        return json_response(report.to_dict())

    async def phone(request: Request) -> Response:
        given = _known(await read_object(request, max_body), "value", "region")
        return json_response(check_phone(_value(given), _text(given, "region"), policy=policy_of(request)).to_dict())

    async def email(request: Request) -> Response:
        given = _known(await read_object(request, max_body), "value")
        return json_response(check_email(_value(given), policy=policy_of(request)).to_dict())

    _post(app, "/v1/check", customer, "Check a customer", _CUSTOMER)
    _post(app, "/v1/check/address", address, "Check an address", _ADDRESS)
    _post(app, "/v1/check/tax-id", tax_id, "Check a tax identifier", _fields("scheme", "country"))
    _post(app, "/v1/check/phone", phone, "Check a phone number", _fields("region"))
    _post(app, "/v1/check/email", email, "Check an e-mail address", _fields())


def _post(app: FastAPI, path: str, endpoint: Endpoint, summary: str, body: Mapping[str, Any]) -> None:
    """Serve `endpoint` as a plain route, the quick way, and document it among FastAPI's."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Problem as problem:
            return problem.to_response()

    app.router.routes.append(PlainRoute(path, answer, methods=["POST"]))
    app.add_api_route(
        path,
        answer,
        methods=["POST"],
        summary=summary,
        openapi_extra={
            "parameters": [ORGANISATION],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        },
        responses={200: {"description": "The report, whatever the verdict"}, **_PROBLEMS},
    )


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {"application/problem+json": {}}}
    for status, description in (
        (400, "Not JSON, or the header organisation twice"),
        (413, "Too large"),
        (415, "Not application/json"),
        (422, "Not an object of the right fields"),
    )
}


def _fields(*optional: str) -> dict[str, Any]:
    """The schema of a part's request: `value` and what may stand beside it."""
    return {
        "type": "object",
        "required": ["value"],
        "properties": {"value": _VALUE, **{name: {"type": "string"} for name in optional}},
        "additionalProperties": False,
    }


def _object(sent: SentBody) -> dict[str, object]:
    if sent.duplicates or not isinstance(sent.value, dict):
        raise Problem(422, "key-duplicate", "A key stands more than once in the body; send it once.")
    return sent.value


def _known(sent: SentBody, *names: str) -> dict[str, object]:
    given = _object(sent)
    if any(key not in names for key in given):
        raise Problem(422, "field-unknown", f"The fields here are {', '.join(names)}; send no others.")
    return given


def _value(given: Mapping[str, object]) -> str:
    value = _text(given, "value")
    if value is None:
        raise Problem(422, "field-missing", "Send the text to check as value.")
    return value


def _text(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise Problem(422, "field-not-text", f"{name} is a text.")
    return value
