"""A checked request on its way to Zenskar: refuse it or send the right bytes on, and keep what was found."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import NamedTuple, Self

from starlette.requests import Request
from starlette.responses import Response

from cleanbill import Report
from cleanbill_service.caller import Caller
from cleanbill_service.delivery.create import Create, fingerprint, identity
from cleanbill_service.delivery.desk import Desk
from cleanbill_service.delivery.refusals import key_malformed
from cleanbill_service.upstream import Upstream
from cleanbill_service.upstream.headers import readable, to_upstream, tokens

from .answers import rejected, told, with_ours
from .checked import Checked
from .minting import with_external_id
from .rates import Rate, ask, question_of, with_rate
from .terms import Terms

Headers = list[tuple[str, str]]

_KEY = re.compile(r"[ -~]{1,255}")


class Errand(NamedTuple):
    """What a request is sent on with, beside its body: `headers` are those that Zenskar gets."""

    request: Request
    target: str
    terms: Terms
    upstream: Upstream
    desk: Desk
    headers: Headers
    caller: Caller

    @classmethod
    def of(cls, request: Request, target: str, terms: Terms, upstream: Upstream, desk: Desk) -> Self:
        """The errand of one request. Raises Problem 400 for headers that cannot be sent on."""
        headers = to_upstream(request.scope)
        return cls(request, target, terms, upstream, desk, headers, Caller.of(headers))


async def forward(errand: Errand, checked: Checked, *, create: bool) -> Response:
    """Send a checked request on, or answer 422 where it is rejected and the terms are to enforce.

    A create goes over the desk, where nothing is lost and nothing doubled.
    """
    request, terms = errand.request, errand.terms
    report, rate = checked.report, None
    if report.verdict == "rejected" and terms.mode == "enforce":
        response = rejected(request, report)
    elif create:
        response, report, rate = await _create(errand, checked)
    else:
        body = checked.body(terms)
        headers = _describing(errand.headers, body, checked)
        response = await told(request, errand.upstream.fetch(request.method, errand.target, headers, body))
    check = errand.desk.reports.keep(errand.caller, report)
    return with_ours(response, verdict=report.verdict, check=check, rate=rate)


async def _create(errand: Errand, checked: Checked) -> tuple[Response, Report, Rate | None]:
    """The answer to a new customer, what was found in it, and whether Zenskar has a tax rate for it.

    The rate is asked for while the customer is on its way.
    """
    request, terms, creates = errand.request, errand.terms, errand.desk.creates
    checked = _identified(errand, checked)
    create = _create_of(errand, checked)
    rates = terms.rate_check
    question = question_of(checked.value(terms), terms.policy, rates) if rates else None
    if question is None:
        return await told(request, creates.send(create)), checked.report, None
    async with asyncio.TaskGroup() as both:
        asking = both.create_task(ask(errand.upstream, question, errand.headers))
        response = await told(request, creates.send(create))
    rate = asking.result()
    return response, with_rate(checked.report, rate, question.pointer), rate


def _identified(errand: Errand, checked: Checked) -> Checked:
    """The request with an external_id of ours, where the terms want one and there is nothing else to find it by."""
    terms = errand.terms
    if not terms.mints_external_id or terms.mode == "observe":
        return checked
    key = errand.request.headers.get("idempotency-key")
    repeated = (errand.caller.organisation, key, fingerprint(checked.sent.value)) if key else None
    return replace(checked, report=with_external_id(checked.report, repeated, errand.desk.hashes))


def _create_of(errand: Errand, checked: Checked) -> Create:
    terms = errand.terms
    body = checked.body(terms)
    external_id, email = identity(checked.value(terms))
    key = _key_of(errand, external_id)
    preferences = [token.partition(";")[0].strip() for token in tokens(errand.request.scope["headers"], b"prefer")]
    return Create(
        errand.caller,
        errand.target,
        readable(_describing(errand.headers, body, checked)),
        body,
        external_id=external_id,
        email=email,
        key=key,
        fingerprint=fingerprint(checked.sent.value) if key else "",
        respond_async="respond-async" in preferences,
        options=terms.options,
    )


def _key_of(errand: Errand, external_id: str | None) -> str | None:
    """The Idempotency-Key, or what serves as one. Raises Problem 400 where it is none, or stands twice."""
    given = errand.request.headers.getlist("idempotency-key")
    if not given:
        return f"external_id {external_id}" if external_id and errand.terms.options.external_id_is_key else None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise key_malformed()
    return given[0]


def _describing(headers: Headers, body: bytes, checked: Checked) -> Headers:
    """The headers that go with a body: a corrected one is not compressed."""
    return headers if body is checked.raw else [header for header in headers if header[0] != "content-encoding"]
