"""A checked request on its way to Zenskar: judge its body, send the right bytes on, answer with the verdict."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Report
from cleanbill.body import SentBody
from cleanbill_service.bodies import CONTENT_TYPE_WRONG, inflate, is_json, parse, read_ahead, too_large
from cleanbill_service.delivery.create import Caller, Create, fingerprint, identity
from cleanbill_service.delivery.desk import Desk
from cleanbill_service.problems import Problem, wants_problem

from .headers import to_client, to_upstream, tokens
from .interception import Judge
from .proxy import problem_of
from .terms import Terms
from .upstream import Answer, NeverSent, OutcomeUnknown, PoolExhausted, Upstream

_PACKED = ("gzip", "x-gzip", "deflate")


class Unreadable(Exception):
    """A body that cannot be judged: what has been read of it, and what is wrong."""

    def __init__(self, read: bytes, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.read = read
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Checked:
    """A request with its judgement. `raw` are the bytes that came, `sent` the same unpacked and parsed."""

    raw: bytes
    sent: SentBody
    report: Report

    def body(self, terms: Terms) -> bytes:
        """What goes on to Zenskar: the caller's own bytes where nothing is to be corrected."""
        corrected = self.raw if terms.mode == "observe" else self.sent.corrected(self.report)
        return self.raw if corrected is self.sent.raw else corrected


async def check(request: Request, pieces: AsyncIterator[bytes], judge: Judge, terms: Terms, limit: int) -> Checked:
    """Read the body, which comes in `pieces`, and judge it. Raises Unreadable."""
    raw = await read_ahead(pieces, limit)
    try:
        sent = parse(_unpacked(request, raw, limit))
    except Problem as problem:
        raise Unreadable(raw, problem) from None
    return Checked(raw, sent, judge(sent, terms.policy))


def _unpacked(request: Request, raw: bytes, limit: int) -> bytes:
    """The body as text. One without a Content-Type counts as JSON, as it does to Zenskar."""
    if len(raw) > limit:
        raise too_large(limit)
    if not is_json(request.headers.get("content-type", "application/json")):
        raise CONTENT_TYPE_WRONG
    codings = [coding for coding in tokens(request.scope["headers"], b"content-encoding") if coding != "identity"]
    if not codings:
        return raw
    if len(codings) > 1 or codings[0] not in _PACKED:
        detail = "Send the body uncompressed, or as gzip or deflate."
        raise Problem(415, "content-encoding-unknown", detail, {"Accept-Encoding": "gzip, deflate, identity"})
    return inflate(raw, limit)


async def forward(
    request: Request, checked: Checked, target: str, upstream: Upstream, terms: Terms, *, create: bool
) -> Response:
    """Send a checked request on, or answer 422 where it is rejected and the terms are to enforce; keep what was found.

    A create goes over the desk, where nothing is lost and nothing doubled.
    """
    desk: Desk = request.app.state.desk
    headers = to_upstream(request.scope)
    caller = Caller.of(headers)
    check_id = desk.reports.keep(caller, checked.report)
    body = checked.body(terms)
    if body is not checked.raw:
        headers = [header for header in headers if header[0] != "content-encoding"]
    try:
        if checked.report.verdict == "rejected" and terms.mode == "enforce":
            response = _rejected(request, checked.report)
        elif create:
            clean = checked.sent.value if terms.mode == "observe" else checked.report.clean
            message = Message(caller, target, headers, body)
            response = relayed(await _create(desk, request, checked.sent, clean, message))
        else:
            response = relayed(await upstream.fetch(request.method, target, headers, body))
    except (NeverSent, OutcomeUnknown, PoolExhausted) as error:
        response = problem_of(error).answer(request)
    except Problem as problem:
        response = problem.answer(request)
    return with_check(with_verdict(response, checked.report.verdict), check_id)


class Message(NamedTuple):
    """What goes on to Zenskar, and whose it is."""

    caller: Caller
    target: str
    headers: list[tuple[str, str]]
    body: bytes


async def _create(desk: Desk, request: Request, sent: SentBody, clean: object, message: Message) -> Answer:
    """Zenskar's answer to a new customer, or the first one to the same request. Raises Problem."""
    external_id, email = identity(clean)
    preferences = [token.partition(";")[0].strip() for token in tokens(request.scope["headers"], b"prefer")]
    create = Create(
        *message,
        fingerprint=fingerprint(sent.value),
        external_id=external_id,
        email=email,
        key=request.headers.get("idempotency-key"),
        respond_async="respond-async" in preferences,
    )
    answered = await desk.creates.send(create)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answered.headers]
    return Answer(answered.status, headers, answered.body)


def relayed(answer: Answer) -> Response:
    """Zenskar's whole answer for the client."""
    headers = to_client(answer.headers, answer.status)
    if answer.status not in (204, 304) and not any(name.lower() == b"content-length" for name, _ in headers):
        headers.append((b"content-length", b"%d" % len(answer.content)))
    response = Response(answer.content, answer.status)
    response.raw_headers = headers
    return response


def with_verdict(response: Response, verdict: str) -> Response:
    """The answer with the verdict on what was sent."""
    response.raw_headers = [header for header in response.raw_headers if header[0].lower() != b"cleanbill-verdict"]
    response.raw_headers.append((b"cleanbill-verdict", verdict.encode()))
    return response


def with_check(response: Response, check: str) -> Response:
    """The answer with the id of the kept report."""
    response.raw_headers.append((b"cleanbill-check", check.encode()))
    return response


def _rejected(request: Request, report: Report) -> Response:
    """422 in Zenskar's own words, or as RFC 9457 for a client that asks for it. Findings hold no customer data."""
    errors = [finding for finding in report.findings if finding.level == "error" and not finding.applied]
    if wants_problem(request):
        problem = Problem(422, "customer-rejected", "Nothing was sent to Zenskar; correct the fields named in errors.")
        return problem.to_response(
            errors=[{"pointer": f.pointer, "rule": f.rule, "detail": f.message, "help": f.help} for f in errors]
        )
    detail = [{"loc": _loc(f.pointer), "msg": f.message, "type": f"cleanbill.{f.rule}"} for f in errors]
    return Response(orjson.dumps({"detail": detail}), 422, media_type="application/json")


def _loc(pointer: str) -> list[str | int]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ["body", *(int(step) if step.isdecimal() else step for step in steps)]
