"""A customer's address book: two rows of the same content are one row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from cleanbill_service.sandbox.model import Json
from cleanbill_service.sandbox.refusals import Refusal
from cleanbill_service.sandbox.store import Customer, now

CONTENT = ("line1", "line2", "line3", "city", "state", "zip_code", "country", "country_code")
FLAGS = ("is_default_billing", "is_default_shipping")


def remember(customer: Customer, sent: Mapping[str, Any]) -> Json:
    """The row of this content, new if need be. A flag that is set moves here from the other rows."""
    content = _content(sent)
    for row in customer.addresses:
        if content_hash(row) == content_hash(content):
            _move_flags(customer, row, sent)
            return row
    stamp = now()
    row = {
        "id": str(uuid4()),
        "customer_id": customer.id,
        **content,
        "validation_status": "pending",
        "connector_validation": None,
        **dict.fromkeys(FLAGS, False),
        "created_at": stamp,
        "updated_at": stamp,
    }
    customer.addresses.append(row)
    _move_flags(customer, row, sent)
    return row


def revise(customer: Customer, row: Json, sent: Mapping[str, Any]) -> None:
    """Change the sent fields of a row. Changed content is pending again; content of another row is refused."""
    content = _content({**row, "zipCode": row["zip_code"], **sent})
    if any(content_hash(other) == content_hash(content) for other in customer.addresses if other is not row):
        raise Refusal(400, "The customer already has this address", "DUPLICATE_ADDRESS")
    if content_hash(content) != content_hash(row):
        row["validation_status"] = "pending"
    row.update(content, updated_at=now())
    _move_flags(customer, row, sent)


def content_hash(row: Mapping[str, Any]) -> str:
    """What makes two rows the same: the address itself, neither its status nor its flags."""
    return hashlib.sha256(json.dumps([row[name] for name in CONTENT]).encode()).hexdigest()


def _content(sent: Mapping[str, Any]) -> Json:
    """The address as rows spell it: `zipCode` when written, `zip_code` when read."""
    return {name: sent.get("zipCode" if name == "zip_code" else name) for name in CONTENT}


def _move_flags(customer: Customer, row: Json, sent: Mapping[str, Any]) -> None:
    for flag in FLAGS:
        if sent.get(flag):
            for other in customer.addresses:
                other[flag] = other is row
        elif flag in sent:
            row[flag] = False
