"""The whole service, put together in sight."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cleanbill import Policies
from cleanbill.checks import ENGINE, warm_up
from cleanbill.policy_file import find_policy

from . import catalogue
from .answers import json_response
from .api import add_routes
from .delivery import api as deliveries
from .delivery.desk import Desk, open_desk
from .gateway.entry import Gateway
from .gateway.proxy import PREFIX
from .gateway.terms import TermsOf
from .logs import RequestLog
from .policies import LivePolicies
from .problems import Problem
from .settings import Settings
from .upstream import Upstream


def create_app(settings: Settings) -> ASGIApp:
    """The service with these settings: the gateway, and the API behind it.

    Raises PolicyError where the policy cannot be used, OSError where it cannot be read.
    """
    policies = LivePolicies(find_policy(settings.policy), lambda policies: _terms(policies, settings))
    upstream = Upstream(
        str(settings.zenskar_url),
        shown_at=PREFIX,
        timeout=settings.upstream_timeout,
        connect_timeout=settings.connect_timeout,
        connections=settings.upstream_connections,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        warm_up()
        gc.freeze()  # what is loaded by now stays, and need not be looked through again
        async with policies.running(), upstream, open_desk(settings, upstream) as desk:
            yield {"desk": desk}

    app = FastAPI(title="cleanbill", version=version("cleanbill"), lifespan=lifespan, redoc_url=None)
    app.state.policies = policies
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(Exception, _problem)
    add_routes(app, policies, settings.max_body)
    app.include_router(catalogue.router)
    app.include_router(deliveries.router)

    @app.head("/live", include_in_schema=False)
    @app.get("/live", summary="The process answers")
    async def live() -> Response:
        return json_response({"status": "live"})

    @app.head("/ready", include_in_schema=False)
    @app.get("/ready", summary="The service can judge customers and write down what it sends", responses={503: {}})
    async def ready(request: Request) -> Response:
        desk: Desk = request.state.desk
        if await desk.probe.usable():
            refused = {"policy_file_refused": policies.refused} if policies.refused else {}
            return json_response({"status": "ready", **refused})
        problem = Problem(
            503, "not-ready", "The store cannot be written; look at CLEANBILL_DATABASE_URL and behind it."
        )
        return problem.to_response(failing=["store"])

    gateway = Gateway(app, upstream, policies, max_body=settings.max_body, body_timeout=settings.body_timeout)
    return RequestLog(ServerErrorMiddleware(gateway, handler=_failure))


def _terms(policies: Policies, settings: Settings) -> TermsOf:
    """Every organisation's terms, with its policy compiled, so that no request has to wait for it."""
    for policy in (policies.base, *policies.organisations.values()):
        ENGINE.plan(policy, "")
    return TermsOf(policies, settings)


async def _failure(request: Request, _: Exception) -> Response:
    """A failure of ours on the way to Zenskar, after which the server ends the connection."""
    return _internal({"Connection": "close"}).answer(request)


def _internal(headers: Mapping[str, str]) -> Problem:
    return Problem(500, "internal-error", "cleanbill failed on this request; nothing more is known of it.", headers)


async def _problem(_: Request, error: Exception) -> Response:
    """Any failure as RFC 9457."""
    if isinstance(error, HTTPException):
        kind = error.detail.lower().replace(" ", "-")
        error = Problem(
            error.status_code, kind, "There is no such path or method; GET /docs lists them.", error.headers or {}
        )
    if not isinstance(error, Problem):
        error = _internal({})
    return error.to_response()
