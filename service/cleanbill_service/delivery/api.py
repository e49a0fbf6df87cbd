"""`/v1/deliveries` and `/v1/checks`: what became of a request, for the one who sent it."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from time import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from cleanbill_service.answers import json_response
from cleanbill_service.caller import Caller
from cleanbill_service.problems import Problem

from .desk import Desk
from .ledger import NotPossible
from .state import Delivery
from .states import State

router = APIRouter(prefix="/v1")
SENT_WITH = "Send the organisation and the credential of the request itself."


async def caller_of(request: Request) -> Caller:
    """Who asks. Raises Problem 401 without organisation or credential."""
    caller = Caller.of(
        [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in request.headers.raw]
    )
    if not caller.organisation or not any(request.headers.get(name) for name in ("x-api-key", "authorization")):
        raise Problem(401, "credential-missing", SENT_WITH)
    return caller


async def desk_of(request: Request) -> Desk:
    """What the service was put together with."""
    desk: Desk = request.state.desk
    return desk


CurrentCaller = Annotated[Caller, Depends(caller_of)]
CurrentDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/checks/{check_id}", summary="The kept report of a gateway request, without values")
async def check(check_id: str, caller: CurrentCaller, desk: CurrentDesk) -> Response:
    """Rules, pointers, levels, fixes, and what was applied."""
    report = await desk.reports.get(caller, check_id) if check_id.isalnum() else None
    if report is None:
        raise Problem(404, "check-unknown", f"No report is kept under this id for this caller. {SENT_WITH}")
    return json_response(report)


@router.get("/deliveries", summary="Deliveries of this caller, newest first")
async def deliveries(
    caller: CurrentCaller,
    desk: CurrentDesk,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: str | None = None,
) -> Response:
    """A page of deliveries; `next` is the cursor of the following one."""
    owner = desk.hashes.owner(caller)
    found = await desk.ledger.page(owner, state, before=_read_cursor(cursor), limit=limit)
    following = _cursor(found[-1]) if len(found) == limit else None
    return json_response({"results": [shown(delivery) for delivery in found], "next": following})


@router.get("/deliveries/{delivery_id}", summary="One delivery")
async def delivery(delivery_id: str, caller: CurrentCaller, desk: CurrentDesk) -> Response:
    """Its state, and the customer's id or the reason."""
    return json_response(shown(await _own(delivery_id, caller, desk)))


@router.post("/deliveries/{delivery_id}/replay", summary="Set a dead letter going again")
async def replay(delivery_id: str, caller: CurrentCaller, desk: CurrentDesk) -> Response:
    """Where it was ever sent it is looked up first; what cannot be looked up is not sent twice."""
    await _own(delivery_id, caller, desk)
    try:
        again = await desk.ledger.replay(delivery_id, time())
    except NotPossible:
        raise Problem(
            409, "not-replayable", "Only a dead letter is replayed, and only where that can double nobody."
        ) from None
    desk.worker.nudge()
    return json_response(shown(again), 202)


@router.post("/deliveries/{delivery_id}/cancel", summary="Cancel what was never sent")
async def cancel(delivery_id: str, caller: CurrentCaller, desk: CurrentDesk) -> Response:
    """The sealed request is erased."""
    await _own(delivery_id, caller, desk)
    try:
        await desk.ledger.cancel(delivery_id, time())
    except NotPossible:
        raise Problem(409, "not-cancellable", "Only what was never sent can be cancelled.") from None
    return json_response(shown(await _own(delivery_id, caller, desk)))


def shown(delivery: Delivery) -> dict[str, object]:
    """A delivery as its owner sees it."""
    return {
        "id": delivery.id,
        "state": delivery.state,
        "reason": delivery.reason,
        "status": delivery.status,
        "customer_id": delivery.customer_id,
        "attempts": delivery.attempts,
        "accepted_at": _moment(delivery.accepted),
        "updated_at": _moment(delivery.updated),
        "due_at": _moment(delivery.due),
    }


async def _own(delivery_id: str, caller: Caller, desk: Desk) -> Delivery:
    found = await desk.ledger.get(delivery_id, desk.hashes.owner(caller)) if delivery_id.isalnum() else None
    if found is None:
        raise Problem(404, "delivery-unknown", f"No delivery has this id for this caller. {SENT_WITH}")
    return found


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cursor(delivery: Delivery) -> str:
    return base64.urlsafe_b64encode(f"{delivery.accepted!r} {delivery.id}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[float, str] | None:
    if cursor is None:
        return None
    try:
        accepted, _, delivery_id = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        if not delivery_id.isalnum():
            raise ValueError
        return float(accepted), delivery_id
    except (ValueError, binascii.Error):
        raise Problem(400, "cursor-malformed", "Take the cursor from next of the page before.") from None
