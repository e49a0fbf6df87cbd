"""Whether Zenskar finds a tax rate for a new customer's address, asked while it is created rather than at the first invoice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

import orjson

from cleanbill import Policy, Report
from cleanbill_service.answers import to_json
from cleanbill_service.caller import on_behalf
from cleanbill_service.notices import RATE_MISSING, RATE_UNKNOWN
from cleanbill_service.upstream import NeverSent, OutcomeUnknown, PoolExhausted, Upstream

Rate = Literal["found", "missing", "unknown"]

# Zenskar's field of each level of a destination, and the address's.
_LEVELS = {"country_code": "country_code", "state_code": "state", "city": "city", "zip_code": "zipCode"}


@dataclass(frozen=True, slots=True)
class RateCheck:
    """Which rate is asked for.

    Both ids are UUIDs; `business_entity_id` counts where the customer names none. `within` is how long an answer may take, in
    seconds.
    """

    tax_category_id: str
    business_entity_id: str | None
    within: float


@dataclass(frozen=True, slots=True)
class Question:
    """One look-up: for the address at `pointer`."""

    target: str
    body: bytes = field(repr=False)
    pointer: str
    within: float


def question_of(customer: object, policy: Policy, check: RateCheck) -> Question | None:
    """What is to be asked for a new customer; None where its business entity or the country of its address is not known."""
    body = customer if isinstance(customer, dict) else {}
    entity = body.get("business_entity_id") or check.business_entity_id
    order = ("ship_to_address", "address") if policy.tax_address == "ship_to" else ("address", "ship_to_address")
    name = next((name for name in order if isinstance(body.get(name), dict)), None)
    if name is None or not isinstance(entity, str):
        return None
    levels = {level: text for level, key in _LEVELS.items() if isinstance(text := body[name].get(key), str) and text}
    if "country_code" not in levels:
        return None
    day = datetime.now(UTC).date().isoformat()
    asked = to_json({"tax_category_id": check.tax_category_id, "effective_date": day, **levels})
    return Question(
        f"/tax/business_entities/{quote(entity, safe='', errors='surrogatepass')}/rates/lookup",
        asked,
        f"/{name}",
        check.within,
    )


async def ask(upstream: Upstream, question: Question, headers: list[tuple[str, str]]) -> Rate:
    """Ask for the caller of a request with these headers. Never takes longer than the question allows."""
    sent = [*on_behalf(headers), ("Content-Type", "application/json")]
    try:
        answer = await upstream.ask("POST", question.target, sent, question.body, within=question.within)
        told = orjson.loads(answer.content)
    except (NeverSent, OutcomeUnknown, PoolExhausted, ValueError):
        return "unknown"
    if answer.status == 200 and isinstance(told, dict):
        return "found"
    no_such_path = told == {"detail": "Not Found"}
    return "missing" if answer.status == 404 and not no_such_path else "unknown"


def with_rate(report: Report, rate: Rate, pointer: str) -> Report:
    """The report with what Zenskar said of the rate. No rate is a warning: the customer can be billed once there is one."""
    if rate == "found":
        return report
    notice = RATE_MISSING if rate == "missing" else RATE_UNKNOWN
    return replace(report, findings=(*report.findings, notice.finding(pointer)))
