"""Whether a customer that was found is the one that was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from .outcome import Sighting

CLOCKS_APART = 60.0  # seconds by which Zenskar's clock may be behind ours


def as_uuid(text: str | None) -> str | None:
    """The canonical form of a UUID, which as external_id becomes the customer's id; None for another text."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None


def is_exact(customer: Mapping[str, Any], external_id: str | None, email: str | None) -> bool:
    """Whether external_id (or else the e-mail, whatever its case) is the same: list filters may match more than asked for."""
    if external_id is not None:
        return external_id == customer.get("external_id") or (
            (wanted := as_uuid(external_id)) is not None and wanted == as_uuid(str(customer.get("id")))
        )
    found = customer.get("email")
    return email is not None and isinstance(found, str) and found.strip().casefold() == email.strip().casefold()


def judge(customers: Iterable[Mapping[str, Any]], sent: object, since: float) -> Sighting:
    """Ours where one of these exact matches was made after `since` (seconds since 1970), theirs where all are older."""
    theirs = None
    for customer in customers:
        customer_id = str(customer.get("id"))
        if is_ours(customer, sent, since):
            return Sighting("ours", customer_id)
        theirs = theirs or customer_id
    return Sighting("theirs", theirs) if theirs else Sighting("nobody")


def is_ours(customer: Mapping[str, Any], sent: object, since: float) -> bool:
    """Made not before the sending; where `created_at` does not tell, every field that was sent is equal.

    What goes under another external_id than the one that was sent was found by its e-mail, and is another's.
    """
    external_id = sent.get("external_id") if isinstance(sent, dict) else None
    if external_id and customer.get("external_id") and not is_exact(customer, str(external_id), None):
        return False
    made = moment(customer.get("created_at"))
    if made is None or since - CLOCKS_APART <= made < since:
        return _holds(customer, sent)
    return made >= since


def moment(text: object) -> float | None:
    """A time of Zenskar's in seconds since 1970: ISO 8601 with `T` or a space; without a zone it is UTC."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _holds(found: object, sent: object) -> bool:
    """Whether everything that was sent is in what was found, which may say more."""
    if isinstance(sent, dict):
        return isinstance(found, dict) and all(_holds(found.get(key), value) for key, value in sent.items())
    if isinstance(sent, list):
        return isinstance(found, list) and len(found) == len(sent) and all(map(_holds, found, sent))
    return found == sent
