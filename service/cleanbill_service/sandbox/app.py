"""The sandbox put together."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from cleanbill_service.sandbox import addresses, catalogue, contacts, control, customers, rates
from cleanbill_service.sandbox.refusals import Refusal, on_http_exception, on_invalid, on_refusal
from cleanbill_service.sandbox.store import World
from cleanbill_service.sandbox.switches import DEFAULTS, Switches
from cleanbill_service.sandbox.wire import LOGIN, Wire, login_page


def create_app(switches: Switches = DEFAULTS) -> FastAPI:
    """A fake Zenskar with nothing in it, which starts and resets with these switches."""
    app = FastAPI(
        title="cleanbill sandbox: a fake Zenskar",
        openapi_url="/__sandbox__/openapi.json",
        docs_url="/__sandbox__/docs",
        redoc_url=None,
    )
    app.state.world = World.fresh(switches)
    app.include_router(control.router)
    for prefix in ("/customers", "/customer"):
        app.include_router(customers.router, prefix=prefix)
        app.include_router(addresses.router, prefix=prefix)
    app.include_router(contacts.router)
    app.include_router(rates.router)
    app.include_router(catalogue.router)
    app.add_route(LOGIN, login_page)
    app.exception_handler(Refusal)(on_refusal)
    app.exception_handler(HTTPException)(on_http_exception)
    app.exception_handler(RequestValidationError)(on_invalid)
    app.add_middleware(Wire)
    return app
