"""What a caller is told where there is no answer of Zenskar's to give."""

from __future__ import annotations

import math

from cleanbill_service.problems import Problem
from cleanbill_service.upstream import NeverSent, OutcomeUnknown, PoolExhausted
from cleanbill_service.upstream.problems import problem_of

from .breaker import UpstreamDown
from .outcome import Outcome

LONGEST_PAUSE = 5  # seconds after which a repeat is worth another try


def location(delivery_id: str) -> str:
    """Where a delivery is read."""
    return f"/v1/deliveries/{delivery_id}"


def key_malformed() -> Problem:
    """An Idempotency-Key that is none."""
    return Problem(400, "idempotency-key-malformed", "Send one Idempotency-Key of 1 to 255 visible ASCII characters.")


def key_reused() -> Problem:
    """The same Idempotency-Key with another body."""
    return Problem(
        422,
        "idempotency-key-reused",
        "This Idempotency-Key came with another body before; take a new key for a new one.",
    )


def key_taken() -> Problem:
    """The same Idempotency-Key with another credential, which sees nothing of the first answer."""
    return Problem(
        409,
        "idempotency-key-taken",
        "The answer under this Idempotency-Key belongs to another credential, and this one does not find the customer.",
    )


def under_way(wait: float) -> Problem:
    """A repeat while the first request is under way, which may take `wait` seconds more and mostly takes far less."""
    return Problem(
        409,
        "idempotency-key-in-use",
        "A request with this Idempotency-Key is under way; repeat it a little later.",
        {"Retry-After": str(min(max(1, math.ceil(wait)), LONGEST_PAUSE))},
    )


def customer_exists(customer_id: str) -> Problem:
    """Another request has created this customer before."""
    return Problem(
        409,
        "customer-exists",
        f"Zenskar already has a customer with this external_id or e-mail, under the id {customer_id}; none was created.",
        {"Content-Location": f"/zenskar/customers/{customer_id}"},
    )


def unknown(delivery_id: str | None) -> Problem:
    """Nobody knows yet; `delivery_id` where it is being settled."""
    if delivery_id is None:
        return Problem(
            504,
            "outcome-unknown",
            "Zenskar may or may not have created the customer; look before repeating it. With an external_id or an e-mail"
            " cleanbill looks by itself.",
        )
    return Problem(
        504,
        "outcome-unknown",
        "Zenskar may or may not have created the customer; cleanbill is finding out. Location says what became of it.",
        {"Location": location(delivery_id)},
    )


def refused() -> Problem:
    """Refused before, and the answer is no longer there."""
    return Problem(409, "customer-refused", "Zenskar has refused this customer before; send it anew under another key.")


def never_sent(outcome: Outcome | None) -> Problem:
    """Nothing was sent, or what was sent came to nothing."""
    error, wait = (outcome.error, outcome.retry_after) if outcome else (None, 0.0)
    if isinstance(error, (NeverSent, PoolExhausted)):
        return problem_of(error)
    if isinstance(error, OutcomeUnknown) or (outcome and outcome.kind == "unclear"):
        detail = "Zenskar gave no clear answer and has not created the customer, so it is safe to repeat."
        return Problem(502, "upstream-failed", detail)
    if isinstance(error, UpstreamDown):
        detail = "Zenskar is down and left alone for a moment; nothing was sent, so it is safe to repeat."
        return Problem(503, "upstream-down", detail, {"Retry-After": str(max(1, math.ceil(wait)))})
    return Problem(503, "upstream-busy", "Nothing was sent, so it is safe to repeat.", {"Retry-After": "1"})


def store_unavailable() -> Problem:
    """Without a store no promise can be kept, so nothing is sent."""
    return Problem(
        503,
        "store-unavailable",
        "cleanbill cannot write down what it is about to send; nothing was sent, so it is safe to repeat.",
        {"Retry-After": "5"},
    )


def perhaps_accepted(delivery_id: str) -> Problem:
    """The store has gone while a create was accepted for later, and has not said whether it has it."""
    return Problem(
        504,
        "acceptance-unknown",
        "The customer may or may not have been accepted for delivery; look at Location before repeating it: where nothing is"
        " there, nothing was accepted.",
        {"Location": location(delivery_id)},
    )


def async_refused() -> Problem:
    """Delivery later is not configured."""
    return Problem(
        501,
        "async-not-configured",
        "Delivery later needs a key for the credentials that it keeps: set CLEANBILL_ENCRYPTION_KEY"
        " (`cleanbill deliveries new-key` makes one), or leave Prefer: respond-async out.",
    )
