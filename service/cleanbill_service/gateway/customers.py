"""Creating a customer: the one request that is checked on its way to Zenskar."""

from __future__ import annotations

import posixpath

import orjson
from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Policy, Report, check_customer
from cleanbill_service.bodies import read_json
from cleanbill_service.delivery.create import Caller, Create, fingerprint, identity
from cleanbill_service.delivery.desk import Desk
from cleanbill_service.problems import Problem, wants_problem

from .headers import prefers
from .proxy import PREFIX, encode_headers, headers_of, target_of

CREATE_PATHS = ("/customers", "/customer")


def is_create(request: Request) -> bool:
    """Whether Zenskar would take this for a create-customer request, however its path is spelt."""
    path = posixpath.normpath("/" + request.scope["path"].removeprefix(PREFIX).strip("/"))
    return request.method == "POST" and path in CREATE_PATHS


async def create_customer(request: Request, desk: Desk, policy: Policy, max_body: int) -> Response:
    """Check the customer and send the clean one on; a rejected one is answered with 422 and not sent."""
    try:
        if request.scope["path"].removeprefix(PREFIX) not in CREATE_PATHS:
            raise Problem(400, "path-not-canonical", "Create customers at /customers, spelt exactly so.")
        sent = await read_json(request, max_body)
    except Problem as problem:
        return _problem(request, problem)
    report = check_customer(sent, policy=policy)
    headers = headers_of(request)
    caller = Caller.of(headers)
    check_id = desk.reports.keep(caller, report)
    if report.verdict == "rejected":
        return _with_verdict(_rejected(request, report), report, check_id)
    external_id, email = identity(report.clean)
    create = Create(
        caller=caller,
        target=target_of(request),
        headers=headers,
        body=sent.corrected(report),
        fingerprint=fingerprint(sent.value),
        external_id=external_id,
        email=email,
        key=request.headers.get("idempotency-key"),
        respond_async=prefers(request.headers.getlist("prefer"), "respond-async"),
    )
    try:
        answered = await desk.creates.send(create)
    except Problem as problem:
        return _with_verdict(_problem(request, problem), report, check_id)
    response = Response(answered.body, answered.status)
    response.raw_headers = encode_headers(answered.headers)
    return _with_verdict(response, report, check_id)


def _problem(request: Request, problem: Problem) -> Response:
    return problem.to_response() if wants_problem(request) else problem.to_zenskar()


def _with_verdict(response: Response, report: Report, check_id: str) -> Response:
    response.headers["Cleanbill-Verdict"] = report.verdict
    response.headers["Cleanbill-Check"] = check_id
    return response


def _rejected(request: Request, report: Report) -> Response:
    """422 in Zenskar's own words, or as RFC 9457 for a client that asks for it. Findings hold no customer data."""
    errors = [finding for finding in report.findings if finding.level == "error" and not finding.applied]
    if wants_problem(request):
        problem = Problem(
            422, "customer-rejected", "The customer was not sent to Zenskar; correct the fields named in errors."
        )
        listed = [{"pointer": f.pointer, "rule": f.rule, "detail": f.message} for f in errors]
        return problem.to_response(errors=listed)
    detail = [{"loc": _loc(f.pointer), "msg": f.message, "type": f"cleanbill.{f.rule}"} for f in errors]
    return Response(orjson.dumps({"detail": detail}), 422, media_type="application/json")


def _loc(pointer: str) -> list[str | int]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ["body", *(int(step) if step.isdecimal() else step for step in steps)]
