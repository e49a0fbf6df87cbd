"""What the client of a checked request gets: Zenskar's answer or a refusal, with what cleanbill says of the request."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Report
from cleanbill_service.answers import to_json
from cleanbill_service.problems import Problem, wants_problem
from cleanbill_service.upstream import Answer, NeverSent, OutcomeUnknown, PoolExhausted
from cleanbill_service.upstream.headers import to_client
from cleanbill_service.upstream.problems import problem_of


async def told(request: Request, sending: Awaitable[Answer]) -> Response:
    """What Zenskar answers to `sending`, or what became of it instead."""
    try:
        return relayed(await sending)
    except (NeverSent, OutcomeUnknown, PoolExhausted) as error:
        return problem_of(error).answer(request)
    except Problem as problem:
        return problem.answer(request)


def relayed(answer: Answer) -> Response:
    """Zenskar's whole answer for the client."""
    headers = to_client(answer.headers, answer.status)
    if answer.status not in (204, 304) and not any(name.lower() == b"content-length" for name, _ in headers):
        headers.append((b"content-length", b"%d" % len(answer.content)))
    response = Response(answer.content, answer.status)
    response.raw_headers = headers
    return response


def with_ours(response: Response, **said: str | None) -> Response:
    """The answer with headers of ours: `verdict` is `Cleanbill-Verdict`."""
    response.raw_headers += [(f"cleanbill-{name}".encode(), value.encode()) for name, value in said.items() if value]
    return response


def rejected(request: Request, report: Report) -> Response:
    """422 in Zenskar's own words, or as RFC 9457 for a client that asks for it. Findings hold no customer data."""
    errors = [finding for finding in report.findings if finding.level == "error" and not finding.applied]
    if wants_problem(request):
        problem = Problem(422, "customer-rejected", "Nothing was sent to Zenskar; correct the fields named in errors.")
        return problem.to_response(
            errors=[{"pointer": f.pointer, "rule": f.rule, "detail": f.message, "help": f.help} for f in errors]
        )
    detail = [{"loc": _loc(f.pointer), "msg": f.message, "type": f"cleanbill.{f.rule}"} for f in errors]
    return Response(to_json({"detail": detail}), 422, media_type="application/json")


def _loc(pointer: str) -> list[str | int]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ["body", *(int(step) if step.isdecimal() else step for step in steps)]
