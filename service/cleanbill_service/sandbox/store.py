"""What the sandbox remembers, all in memory: organisations with their rows, and what was asked of it."""

from __future__ import annotations

import base64
import hashlib
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from cleanbill_service.sandbox.faults import Fault
from cleanbill_service.sandbox.model import Json
from cleanbill_service.sandbox.refusals import Refusal
from cleanbill_service.sandbox.switches import Switches

KEPT_REQUESTS = 10_000

T = TypeVar("T")


def now() -> str:
    """The time as Zenskar writes it: UTC without a zone suffix."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


@dataclass(slots=True, eq=False)
class Customer:
    """`body` is the customer object that requests are answered with; the rest is not shown."""

    body: Json
    connector: Json | None = None
    addresses: list[Json] = field(default_factory=list)
    payment_methods: list[Json] = field(default_factory=list)
    active_contract: bool = False
    visible_at: float = 0

    @property
    def id(self) -> str:
        """The id, as in the body."""
        return str(self.body["id"])

    @property
    def visible(self) -> bool:
        """Whether lists show this customer yet."""
        return time.monotonic() >= self.visible_at


@dataclass(slots=True)
class Organisation:
    """One organisation's rows, newest last."""

    default_entity: Json = field(default_factory=lambda: {"id": str(uuid4()), "name": "Default Entity"})
    entities: dict[str, Json] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    by_email: dict[str, list[Customer]] = field(default_factory=dict)
    by_external_id: dict[str, list[Customer]] = field(default_factory=dict)
    contacts: dict[str, Json] = field(default_factory=dict)
    rates: list[Json] = field(default_factory=list)
    custom_attributes: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entities[self.default_entity["id"]] = self.default_entity

    def customer(self, customer_id: UUID | str) -> Customer:
        """The customer of this id. Raises Refusal (404), also for another organisation's."""
        return _row(self.customers, customer_id, "Customer")

    def contact(self, contact_id: UUID) -> Json:
        """The contact of this id. Raises Refusal (404)."""
        return _row(self.contacts, contact_id, "Contact")

    def entity(self, entity_id: UUID) -> Json:
        """The business entity of this id. Raises Refusal (404)."""
        return _row(self.entities, entity_id, "Business entity")

    def add(self, customer: Customer) -> None:
        """Commit a new customer."""
        self.customers[customer.id] = customer
        self.index(customer)

    def remove(self, customer: Customer) -> None:
        """Forget a customer and its contacts."""
        del self.customers[customer.id]
        for contact in customer.body["contacts"]:
            del self.contacts[contact["id"]]
        self.unindex(customer)

    def index(self, customer: Customer) -> None:
        """Make a customer known by its e-mail and external id."""
        if email := customer.body["email"]:
            self.by_email.setdefault(email.lower(), []).append(customer)
        if external_id := customer.body["external_id"]:
            self.by_external_id.setdefault(external_id, []).append(customer)

    def unindex(self, customer: Customer) -> None:
        """Undo `index`; call before a change of either field."""
        if email := customer.body["email"]:
            self.by_email[email.lower()].remove(customer)
        if external_id := customer.body["external_id"]:
            self.by_external_id[external_id].remove(customer)


def _row(rows: Mapping[str, T], row_id: UUID | str, what: str) -> T:
    try:
        return rows[str(row_id)]
    except KeyError:
        raise Refusal(404, f"{what} not found") from None


@dataclass(slots=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes
    fault: str | None

    def to_dict(self) -> Json:
        """The request as JSON, its raw body in base64 beside its SHA-256."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "body_sha256": hashlib.sha256(self.body).hexdigest(),
            "body_base64": base64.b64encode(self.body).decode(),
            "fault": self.fault,
        }


@dataclass(slots=True)
class World:
    """Everything that `POST /__sandbox__/reset` forgets."""

    initial: Switches
    switches: Switches
    organisations: defaultdict[UUID, Organisation] = field(default_factory=lambda: defaultdict(Organisation))
    revoked_keys: set[str] = field(default_factory=set)
    forbidden_keys: set[str] = field(default_factory=set)
    script: list[Fault] = field(default_factory=list)
    creates: int = 0
    unknown_keys: Counter[str] = field(default_factory=Counter)
    requests_seen: int = 0
    requests: deque[Seen] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))

    @classmethod
    def fresh(cls, switches: Switches) -> World:
        """An empty world under these switches."""
        return cls(initial=switches, switches=switches)

    def organisation(self, organisation: UUID) -> Organisation:
        """The rows of an organisation, which exists from its first use."""
        return self.organisations[organisation]

    def saw(self, request: Seen) -> None:
        """Write a request into the log."""
        self.requests_seen += 1
        self.requests.append(request)
