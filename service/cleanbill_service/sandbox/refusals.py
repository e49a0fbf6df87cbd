"""Errors as answers: the shape that the switches choose, and FastAPI's 422 in either of its wordings."""

from __future__ import annotations

from http import HTTPStatus

from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from cleanbill_service.sandbox.model import Json
from cleanbill_service.sandbox.switches import Switches
from cleanbill_service.sandbox.wording import as_v1

REGISTERED = frozenset(HTTPStatus)


class Refusal(Exception):
    """An answer of 4xx or 5xx, with Zenskar's error code where it has one."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def invalid(field: str, value: object, kind: str, message: str, context: Json | None = None) -> RequestValidationError:
    """A 422 for one field of the body that the schema alone would let pass."""
    error = {"type": kind, "loc": ("body", field), "msg": message, "input": value}
    return RequestValidationError([error | ({"ctx": context} if context else {})])


def phrase(status: int) -> str:
    """The reason phrase of any status from 400 to 599."""
    return HTTPStatus(status).phrase if status in REGISTERED else "Error"


def page(status: int) -> str:
    """The HTML that a web server in front of an API answers with."""
    title = f"{status} {phrase(status)}"
    return f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>\r\n"


def refusal_response(refusal: Refusal, switches: Switches) -> Response:
    """The refusal in the shape that the switches choose."""
    detail = {"code": refusal.code, "message": refusal.message} if refusal.code else refusal.message
    match switches.error_body:
        case "detail":
            return JSONResponse({"detail": detail}, refusal.status)
        case "message":
            return JSONResponse({"message": refusal.message}, refusal.status)
        case "html":
            return HTMLResponse(page(refusal.status), refusal.status)


async def on_refusal(request: Request, error: Refusal) -> Response:
    """Answer a Refusal of a route."""
    return refusal_response(error, request.app.state.world.switches)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer a refusal of the framework: no such route, no such method, no readable body."""
    return refusal_response(Refusal(error.status_code, error.detail), request.app.state.world.switches)


async def on_invalid(request: Request, error: RequestValidationError) -> Response:
    """Answer a body, path or query that does not fit the schema: 422."""
    errors = error.errors()
    if request.app.state.world.switches.validation_wording == "v1":
        errors = [as_v1(item) for item in errors]
    try:
        return JSONResponse({"detail": jsonable_encoder(errors)}, 422)
    except (ValueError, RecursionError):  # as in FastAPI: the input is repeated, and NaN cannot be
        return refusal_response(Refusal(500, "Internal Server Error"), request.app.state.world.switches)
