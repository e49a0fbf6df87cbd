"""Creating a customer: the one request that is checked on its way to Zenskar."""

from __future__ import annotations

import posixpath

import orjson
from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Policy, Report, check_customer
from cleanbill_service.bodies import read_json
from cleanbill_service.problems import Problem, wants_problem

from .headers import to_client
from .proxy import PREFIX, encode_headers, headers_of, problem_of, target_of
from .upstream import NeverSent, OutcomeUnknown, PoolExhausted, Upstream

CREATE_PATHS = ("/customers", "/customer")


def is_create(request: Request) -> bool:
    """Whether Zenskar would take this for a create-customer request, however its path is spelt."""
    path = posixpath.normpath("/" + request.scope["path"].removeprefix(PREFIX).strip("/"))
    return request.method == "POST" and path in CREATE_PATHS


async def create_customer(request: Request, upstream: Upstream, policy: Policy, max_body: int) -> Response:
    """Check the customer and forward the clean one; a rejected one is answered with 422 and not forwarded."""
    try:
        if request.scope["path"].removeprefix(PREFIX) not in CREATE_PATHS:
            raise Problem(400, "path-not-canonical", "Create customers at /customers, spelt exactly so.")
        sent = await read_json(request, max_body)
        report = check_customer(sent, policy=policy)
        if report.verdict == "rejected":
            return _rejected(request, report)
        body = sent.corrected(report)
        async with upstream.send("POST", target_of(request), headers_of(request), body) as answer:
            content = await answer.read()
    except Problem as problem:
        return problem.to_response() if wants_problem(request) else problem.to_zenskar()
    except (NeverSent, OutcomeUnknown, PoolExhausted) as error:
        return _with_verdict(problem_of(error).to_zenskar(), report)
    response = Response(content, answer.status)
    response.raw_headers = encode_headers(to_client(answer.headers))
    return _with_verdict(response, report)


def _with_verdict(response: Response, report: Report) -> Response:
    response.headers["Cleanbill-Verdict"] = report.verdict
    return response


def _rejected(request: Request, report: Report) -> Response:
    """422 in Zenskar's own words, or as RFC 9457 for a client that asks for it. Findings hold no customer data."""
    errors = [finding for finding in report.findings if finding.level == "error" and not finding.applied]
    if wants_problem(request):
        problem = Problem(
            422, "customer-rejected", "The customer was not sent to Zenskar; correct the fields named in errors."
        )
        listed = [{"pointer": f.pointer, "rule": f.rule, "detail": f.message} for f in errors]
        return _with_verdict(problem.to_response(errors=listed), report)
    detail = [{"loc": _loc(f.pointer), "msg": f.message, "type": f"cleanbill.{f.rule}"} for f in errors]
    return _with_verdict(Response(orjson.dumps({"detail": detail}), 422, media_type="application/json"), report)


def _loc(pointer: str) -> list[str | int]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ["body", *(int(step) if step.isdecimal() else step for step in steps)]
