"""One customer being judged: its working copy, and which of it the rules judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from .contacts.keys import email_key, name_key, phone_key
from .countries.country import Country
from .facts import cached_property
from .parts import Address, Email, Name, Part, Phone, TaxId, TextPart
from .policy import Policy
from .rule import Scope
from .schema import LONGEST_LIST, Field, Object, Text, fields_of, is_tidy, schema, steps_of, texts_of
from .tax_ids.keys import tax_id_key


class Body:
    """Whatever was sent as the body."""

    scope: ClassVar[Scope] = "body"
    base = ""

    def __init__(self, customer: Customer) -> None:
        self.value = customer.body
        self.duplicates = customer.duplicates


P = TypeVar("P", bound=Part)
T = TypeVar("T", bound=TextPart)


class Customer:
    """A create-customer body while it is judged, or one part of it in the place it has in a body.

    `part` is the pointer of the one value that is judged, "" for all. `partial` says that the body changes a customer: what it
    leaves out stays as it is. `regions`, `scheme` and `issuer` are what the caller of a part check knows beside it: ISO regions
    of a phone number, scheme id and issuing country of a tax id.
    """

    __slots__ = (
        "__dict__",
        "_parts",
        "body",
        "data",
        "duplicates",
        "edited",
        "issuer",
        "part",
        "partial",
        "policy",
        "regions",
        "scheme",
    )
    scope: ClassVar[Scope] = "customer"
    base = ""

    def __init__(
        self,
        body: object,
        policy: Policy,
        *,
        part: str = "",
        partial: bool = False,
        duplicates: tuple[str, ...] = (),
        regions: tuple[str, ...] = (),
        scheme: str | None = None,
        issuer: str | None = None,
    ) -> None:
        self.body = _own_body(body) if isinstance(body, dict) else body
        self.data: dict[str, Any] = (
            self.body if isinstance(self.body, dict) else {}
        )  # empty where the body is no object
        self.policy = policy
        self.part = part
        self.partial = partial
        self.duplicates = duplicates
        self.regions = regions
        self.scheme = scheme
        self.issuer = issuer
        self.edited: set[str] = set()  # pointers of the values that fixes have changed
        self._parts: dict[str, Part] = {}

    @cached_property
    def billing(self) -> Address | None:
        """The address that decides the tax, where it is an object."""
        return self._part(Address, "/address") if isinstance(self.data.get("address"), dict) else None

    @cached_property
    def home(self) -> Country | None:
        """The country of that address, where it is known."""
        return self.billing.country if self.billing else None

    @cached_property
    def ship_to(self) -> Address | None:
        """The ship-to address, where it is an object."""
        return self._part(Address, "/ship_to_address") if isinstance(self.data.get("ship_to_address"), dict) else None

    @cached_property
    def addresses(self) -> list[Address]:
        """Those of the two that are there, the billing address first."""
        return [address for address in (self.billing, self.ship_to) if address]

    @cached_property
    def tax_address(self) -> Address | None:
        """The one of the two that decides the tax, as the policy says; the other where that is not there."""
        chosen = self.ship_to if self.policy.tax_address == "ship_to" else self.billing
        return chosen or self.billing or self.ship_to

    @cached_property
    def tax_ids(self) -> list[TaxId]:
        """The items of `tax_info` that are objects."""
        items = self.data.get("tax_info")
        if not isinstance(items, list):
            return []
        return [
            self._part(TaxId, f"/tax_info/{n}") for n, item in enumerate(items[:LONGEST_LIST]) if isinstance(item, dict)
        ]

    @cached_property
    def phone(self) -> Phone | None:
        """The phone number, where it is a text."""
        return self._text_part(Phone, "/phone_number")

    @cached_property
    def email(self) -> Email | None:
        """The e-mail address, where it is a text."""
        return self._text_part(Email, "/email")

    @cached_property
    def name(self) -> Name | None:
        """The name, where it is a text."""
        return self._text_part(Name, "/customer_name")

    def _text_part(self, kind: type[T], base: str) -> T | None:
        part = self._part(kind, base)
        return part if part.text else None

    def _part(self, kind: type[P], base: str) -> P:
        part = self._parts.get(base)
        if not isinstance(part, kind):
            part = self._parts[base] = kind(self, base)
        return part

    def forget(self) -> None:
        """Drop every fact: a value has changed."""
        self.__dict__.clear()
        for part in self._parts.values():
            part.__dict__.clear()

    def duplicate_keys(self) -> dict[str, str]:
        """The key of each value by which two records of one customer are found, by its pointer; none of what cannot be read."""
        found: dict[str, str] = {}
        if self.data.keys().isdisjoint(_KEYED):
            return found
        if self.email and (address := self.email.reading.address):
            found[self.email.base] = email_key(address)
        if self.phone and (number := self.phone.reading.e164):
            found[self.phone.base] = phone_key(number)
        for tax_id in self.tax_ids:
            if tax_id.reading and tax_id.reading.canonical and not tax_id.reading.problem:
                found[tax_id.base + "/tax_id"] = tax_id_key(tax_id.reading.canonical)
        if self.name:
            postcode = self.billing.postcode if self.billing else None
            found[self.name.base] = name_key(self.name.text, postcode.canonical or "" if postcode else "")
        return found

    @cached_property
    def is_tidy(self) -> bool:
        """Whether the body's own keys and values are plainly in order."""
        return is_tidy(self.data, schema().customer)

    @property
    def clean(self) -> object:
        """The body as it stands now, or that part of it which is judged."""
        if not self.part:
            return self.body
        value: Any = self.data
        for step in steps_of(self.part):
            value = value[int(step) if isinstance(value, list) else step]
        return value

    def relative(self, pointer: str) -> str:
        """The pointer as seen from the part that is judged, "" where it leads elsewhere."""
        return pointer[len(self.part) :] if pointer.startswith(self.part) else ""

    @cached_property
    def is_tidy_throughout(self) -> bool:
        """Whether the body and each object in it that has a shape of its own is plainly in order."""
        connector = self.data.get("connector")
        return (
            self.is_tidy
            and all(address.is_tidy for address in self.addresses)
            and all(tax_id.is_tidy for tax_id in self.tax_ids)
            and (not connector or is_tidy(connector, schema().connector))
        )

    def objects(self) -> Iterator[Object]:
        """The body itself, then each object in it that has a shape of its own: those that are not plainly in order."""
        shapes = schema()
        if self.data is self.body and not self.is_tidy:
            yield Object("", self.data, shapes.customer)
        for address in self.addresses:
            if not address.is_tidy:
                yield Object(address.base, address.data, shapes.address)
        for tax_id in self.tax_ids:
            if not tax_id.is_tidy:
                yield Object(tax_id.base, tax_id.data, shapes.tax_info)
        connector = self.data.get("connector")
        if isinstance(connector, dict) and not is_tidy(connector, shapes.connector):
            yield Object("/connector", connector, shapes.connector)

    def fields(self) -> Iterator[Field]:
        """The known fields whose value is not plainly of the right type and size: a clean record has none."""
        for found in self.objects():
            yield from fields_of(found.base, found.data, found.shape)

    def texts(self) -> Iterator[Text]:
        """The texts for people that are not plainly clean."""
        for found in self.objects():
            yield from texts_of(found.base, found.data, found.shape)


def _own_body(body: dict[str, object]) -> dict[str, object]:
    """A copy of the body and of the objects in it that rules write; the rest is shared with the caller."""
    return {**body, **{key: own(body[key]) for key in _WRITTEN & body.keys()}}


#: Fields that make duplicate keys.
_KEYED = frozenset(("email", "phone_number", "tax_info", "customer_name"))
_WRITTEN = frozenset(("address", "ship_to_address", "tax_info", "connector"))


def own(value: object) -> object:
    """A copy of a member of the body as deep as rules may write: itself and its items. What lies deeper is shared."""
    if isinstance(value, dict):
        return {key: _copy(item) if isinstance(item, (dict, list)) else item for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value


def _copy(value: object) -> object:
    return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value


#: What rules of each scope judge, each found only when it is asked for: what stands before it is settled by then.
#: A body, an object, a field or a text that is plainly in order is left out.
SUBJECTS: Mapping[Scope, Callable[[Customer], Iterable[Any]]] = {
    "body": lambda customer: (Body(customer),) if customer.duplicates or customer.data is not customer.body else (),
    "object": lambda customer: () if customer.is_tidy_throughout else (o for o in customer.objects() if not o.in_order),
    "field": lambda customer: () if customer.is_tidy_throughout else customer.fields(),
    "text": lambda customer: () if customer.is_tidy_throughout else customer.texts(),
    "customer": lambda customer: (customer,) if customer.data is customer.body else (),
    "address": lambda customer: customer.addresses,
    "tax_id": lambda customer: customer.tax_ids,
    "phone": lambda customer: (customer.phone,) if customer.phone else (),
    "email": lambda customer: (customer.email,) if customer.email else (),
    "name": lambda customer: (customer.name,) if customer.name else (),
}
