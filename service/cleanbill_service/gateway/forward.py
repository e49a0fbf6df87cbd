"""A checked request on its way to Zenskar: refuse it or send the right bytes on, and keep what was found."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Report
from cleanbill_service.caller import Caller
from cleanbill_service.delivery.create import Create, fingerprint, identity
from cleanbill_service.delivery.desk import Desk
from cleanbill_service.upstream import Answer, Upstream
from cleanbill_service.upstream.headers import to_upstream, tokens

from .answers import rejected, told, with_ours
from .checked import Checked
from .minting import with_external_id
from .rates import Rate, ask, question_of, with_rate
from .terms import Terms

Headers = list[tuple[str, str]]


class Message(NamedTuple):
    """Whose request it is, and what of it goes on to Zenskar beside the body."""

    caller: Caller
    target: str
    headers: Headers


async def forward(
    request: Request, checked: Checked, target: str, upstream: Upstream, terms: Terms, *, create: bool
) -> Response:
    """Send a checked request on, or answer 422 where it is rejected and the terms are to enforce.

    A create goes over the desk, where nothing is lost and nothing doubled.
    """
    desk: Desk = request.app.state.desk
    headers = to_upstream(request.scope)
    caller = Caller.of(headers)
    report, rate = checked.report, None
    if report.verdict == "rejected" and terms.mode == "enforce":
        response = rejected(request, report)
    elif create:
        response, report, rate = await _create(request, checked, Message(caller, target, headers), upstream, terms)
    else:
        body = checked.body(terms)
        sending = upstream.fetch(request.method, target, _describing(headers, body, checked), body)
        response = await told(request, sending)
    check = desk.reports.keep(caller, report)
    return with_ours(response, verdict=report.verdict, check=check, rate=rate)


async def _create(
    request: Request, checked: Checked, message: Message, upstream: Upstream, terms: Terms
) -> tuple[Response, Report, Rate | None]:
    """The answer to a new customer, what was found in it, and whether Zenskar has a tax rate for it.

    The rate is asked for while the customer is on its way.
    """
    desk: Desk = request.app.state.desk
    create = _create_of(request, checked := _identified(request, checked, message.caller, terms), message, terms)
    rates = terms.rate_check
    question = question_of(checked.value(terms), terms.policy, rates) if rates else None
    if question is None:
        return await told(request, _over(desk, create)), checked.report, None
    async with asyncio.TaskGroup() as both:
        asking = both.create_task(ask(upstream, question, message.headers))
        response = await told(request, _over(desk, create))
    rate = asking.result()
    return response, with_rate(checked.report, rate, question.pointer), rate


def _identified(request: Request, checked: Checked, caller: Caller, terms: Terms) -> Checked:
    """The request with an external_id of ours, where the terms want one and there is nothing else to find it by."""
    if not terms.mints_external_id or terms.mode == "observe":
        return checked
    desk: Desk = request.app.state.desk
    key = request.headers.get("idempotency-key")
    repeated = (caller.organisation, key, fingerprint(checked.sent.value)) if key else None
    return replace(checked, report=with_external_id(checked.report, repeated, desk.hashes))


def _create_of(request: Request, checked: Checked, message: Message, terms: Terms) -> Create:
    body = checked.body(terms)
    external_id, email = identity(checked.value(terms))
    preferences = [token.partition(";")[0].strip() for token in tokens(request.scope["headers"], b"prefer")]
    return Create(
        message.caller,
        message.target,
        _describing(message.headers, body, checked),
        body,
        fingerprint=fingerprint(checked.sent.value),
        external_id=external_id,
        email=email,
        key=request.headers.get("idempotency-key"),
        respond_async="respond-async" in preferences,
        options=terms.options,
    )


async def _over(desk: Desk, create: Create) -> Answer:
    """Zenskar's answer to a create, or the first one to the same request. Raises Problem."""
    answered = await desk.creates.send(create)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answered.headers]
    return Answer(answered.status, headers, answered.body)


def _describing(headers: Headers, body: bytes, checked: Checked) -> Headers:
    """The headers that go with a body: a corrected one is not compressed."""
    return headers if body is checked.raw else [header for header in headers if header[0] != "content-encoding"]
