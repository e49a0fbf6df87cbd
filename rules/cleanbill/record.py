"""One customer being judged: its working copy, its parts as rules see them, and what is read from it once.

Facts (`country`, `reading`, …) are computed at first use and shared by all rules; an applied edit forgets them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, TypeVar

from .contacts.email import EmailReading, read_email
from .contacts.keys import email_key, name_key, phone_key
from .contacts.names import Hazard, hazards
from .contacts.phone import PhoneReading, read_phone
from .countries.country import Country, country
from .countries.location import TaxLocation, locate
from .countries.postcodes import PostcodeReading, read_postcode
from .countries.reading import Reading
from .countries.resolve import Resolution, resolve
from .countries.subdivisions import read_subdivision
from .countries.tidy import is_tidy_place, is_tidy_text
from .facts import cached_property
from .policy import Policy
from .rule import Scope
from .schema import LONGEST, LONGEST_LIST, Field, Object, fields_of, fold_key, schema
from .tax_ids.infer import Inference, infer
from .tax_ids.read import NumberReading, read_tax_id


class Body:
    """Whatever was sent as the body."""

    scope: ClassVar[Scope] = "body"
    base = ""

    def __init__(self, customer: Customer) -> None:
        self.value = customer.body
        self.duplicates = customer.duplicates


class Part:
    """One part of a customer. Its `__dict__` holds facts and nothing else."""

    __slots__ = ("__dict__", "base", "customer")

    def __init__(self, customer: Customer, base: str) -> None:
        self.customer = customer
        self.base = base

    @property
    def policy(self) -> Policy:
        """The policy that the customer is judged by."""
        return self.customer.policy


class Address(Part):
    """A billing or ship-to address."""

    __slots__ = ()
    scope: ClassVar[Scope] = "address"

    @property
    def is_ship_to(self) -> bool:
        """Whether goods go there; the other one decides the tax."""
        return self.base == "/ship_to_address"

    @cached_property
    def data(self) -> dict[str, object]:
        """The working copy of the address."""
        data: dict[str, object] = self.customer.data[self.base[1:]]
        return data

    @property
    def is_whole(self) -> bool:
        """Whether it is an address in itself: a street line, a city or postcode, and a country, under whatever spelling."""
        spellings = schema().address.spellings
        given = {spellings.get(fold_key(key)) for key, value in self.data.items() if value not in (None, "")}
        return all(given & fields for fields in _WHOLE_ADDRESS)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The fields that hold a text, by name: no empty one and none that is far too long."""
        return {name: text for name, value in self.data.items() if (text := _text(value))}

    def text(self, name: str) -> str | None:
        """The field's text, None where it is absent, empty, no text or far too long."""
        return self.texts.get(name)

    def written(self, land: Country) -> str:
        """The country as the policy wants it in `country`."""
        return {"name": land.name, "alpha-2": land.code, "alpha-3": land.alpha3}[self.policy.country]

    def written_state(self, land: Country, suffix: str) -> str:
        """The subdivision (ISO 3166-2 suffix) as the policy wants it in `state`."""
        return f"{land.code}-{suffix}" if self.policy.state == "iso" else suffix

    @cached_property
    def resolution(self) -> Resolution:
        """Which country the address names, and how that is known."""
        return resolve(self.text("country"), self.text("country_code"), self.text("state"), self.text("zipCode"))

    @cached_property
    def country(self) -> Country | None:
        """The country, where the address names one for certain."""
        code = self.resolution.code
        return country(code) if code else None

    @cached_property
    def subdivision(self) -> Reading | None:
        """How the state reads inside the country; None without one of the two."""
        state = self.text("state")
        return read_subdivision(self.country, state) if self.country and state else None

    @cached_property
    def postcode(self) -> PostcodeReading | None:
        """How the postcode reads in the country; None without one of the two."""
        given = self.text("zipCode")
        return read_postcode(self.country.code, given) if self.country and given else None

    @cached_property
    def in_order(self) -> bool:
        """Whether each field is plainly as it should be and agrees with the others, so that there is nothing to say of it."""
        land, suffix = self.country, self.subdivision.code if self.subdivision else None
        return (
            land is not None
            and self.text("country_code") == land.code
            and self.text("country") == self.written(land)
            and self.text("state") == (self.written_state(land, suffix) if suffix else None)
            and is_tidy_place(land, suffix, self.postcode, inferred=land.code in self.policy.state_inferred_in)
            and is_tidy_text(self.text)
        )

    @cached_property
    def location(self) -> TaxLocation | None:
        """Where the address lies for tax; None where the country is unknown."""
        if not self.country:
            return None
        return locate(
            self.country.code,
            state=self.subdivision.code if self.subdivision else None,
            postcode=self.postcode.canonical if self.postcode else None,
            city=self.text("city"),
            line1=self.text("line1"),
            engine=self.policy.engine,
        )


class Place(Address):
    """An address as a place. Rules on it judge every address, those on Address none that is plainly in order."""

    __slots__ = ()
    scope: ClassVar[Scope] = "place"


class TaxId(Part):
    """One item of `tax_info`: country_code, tax_code, tax_id."""

    __slots__ = ()
    scope: ClassVar[Scope] = "tax_id"

    @cached_property
    def data(self) -> dict[str, object]:
        """The working copy of the item."""
        data: dict[str, object] = self.customer.data["tax_info"][int(self.base.rpartition("/")[2])]
        return data

    def text(self, name: str) -> str | None:
        """The field's text, None where it is absent, empty, no text or far too long."""
        return _text(self.data.get(name))

    @cached_property
    def inference(self) -> Inference | None:
        """Which scheme the number belongs to; None without a number."""
        number, billing = self.text("tax_id"), self.customer.billing
        if number is None:
            return None
        return infer(
            number,
            scheme=self.customer.scheme,
            country=self.customer.issuer,
            pair=(self.text("country_code"), self.text("tax_code")),
            address_country=billing.country.code if billing and billing.country else None,
        )

    @cached_property
    def reading(self) -> NumberReading | None:
        """How the number reads in its scheme; None where the scheme is not known."""
        number, inference = self.text("tax_id"), self.inference
        return read_tax_id(number, inference.scheme) if number and inference and inference.scheme else None


class Phone(Part):
    """The customer's phone number."""

    __slots__ = ()
    scope: ClassVar[Scope] = "phone"

    @property
    def text(self) -> str:
        """The number as it stands now."""
        return _text(self.customer.data.get("phone_number")) or ""

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """ISO regions that the number may belong to, best evidence first: the caller's, the address's, the tax id's."""
        found = list(self.customer.regions)
        if (billing := self.customer.billing) and billing.country:
            found.append(billing.country.code)
        found += [t.reading.scheme.country for t in self.customer.tax_ids if t.reading and t.reading.canonical]
        return tuple(dict.fromkeys(found))

    @cached_property
    def reading(self) -> PhoneReading:
        """How the number reads in these regions."""
        return read_phone(self.text, self.regions)


class Email(Part):
    """The customer's e-mail address."""

    __slots__ = ()
    scope: ClassVar[Scope] = "email"

    @property
    def text(self) -> str:
        """The address as it stands now."""
        return _text(self.customer.data.get("email")) or ""

    @cached_property
    def reading(self) -> EmailReading:
        """How the address reads."""
        return read_email(self.text)


class Name(Part):
    """The customer's name."""

    __slots__ = ()
    scope: ClassVar[Scope] = "name"

    @property
    def text(self) -> str:
        """The name as it stands now."""
        return _text(self.customer.data.get("customer_name")) or ""

    @cached_property
    def hazards(self) -> frozenset[Hazard]:
        """What in it would be run where it lands."""
        return hazards(self.text)


P = TypeVar("P", bound=Part)

_WHOLE_ADDRESS = ({"line1"}, {"city", "zipCode"}, {"country", "country_code"})


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
        return self._part(Phone, "/phone_number") if _text(self.data.get("phone_number")) else None

    @cached_property
    def email(self) -> Email | None:
        """The e-mail address, where it is a text."""
        return self._part(Email, "/email") if _text(self.data.get("email")) else None

    @cached_property
    def name(self) -> Name | None:
        """The name, where it is a text."""
        return self._part(Name, "/customer_name") if _text(self.data.get("customer_name")) else None

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

    def subjects(self, scope: Scope) -> Iterable[Any]:
        """What rules of this scope judge, each found only when it is asked for: what stands before it is settled by then."""
        found = _SUBJECTS[scope](self)
        return (
            (s for s in found if s.base.startswith(self.part) or self.part.startswith(s.base)) if self.part else found
        )

    def duplicate_keys(self) -> Iterator[tuple[str, str]]:
        """Pointer and key of each value by which two records of one customer are found; none of what cannot be read."""
        if self.email and (address := self.email.reading.address):
            yield self.email.base, email_key(address)
        if self.phone and (number := self.phone.reading.e164):
            yield self.phone.base, phone_key(number)
        if self.name:
            postcode = self.billing.postcode if self.billing else None
            yield self.name.base, name_key(self.name.text, postcode.canonical or "" if postcode else "")

    def objects(self) -> Iterator[Object]:
        """The body itself, then each object in it that has a shape of its own."""
        shapes = schema()
        if isinstance(self.body, dict):
            yield Object("", self.body, shapes.customer)
        for address in self.addresses:
            yield Object(address.base, address.data, shapes.address)
        for tax_id in self.tax_ids:
            yield Object(tax_id.base, tax_id.data, shapes.tax_info)
        if isinstance(connector := self.data.get("connector"), dict):
            yield Object("/connector", connector, shapes.connector)

    def fields(self) -> Iterator[Field]:
        """The known fields whose value is not plainly in order: a clean record has none."""
        shapes = schema()
        yield from fields_of("", self.data, shapes.customer)
        for found in self.objects():
            if found.base:
                yield from fields_of(found.base, found.data, found.shape)


def _own_body(body: dict[str, object]) -> dict[str, object]:
    """A copy of the body and of the objects in it that rules write; the rest is shared with the caller."""
    return {key: own(value) if key in _WRITTEN else value for key, value in body.items()}


_WRITTEN = frozenset(("address", "ship_to_address", "tax_info", "connector"))


def own(value: object, depth: int = 2) -> object:
    """A copy of a member of the body as deep as rules may write: itself and its items. What lies deeper is shared."""
    if not depth:
        return value
    if isinstance(value, dict):
        return {key: own(member, depth - 1) for key, member in value.items()}
    if isinstance(value, list):
        return [own(item, depth - 1) for item in value]
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST else None


_SUBJECTS: dict[Scope, Callable[[Customer], Iterable[Any]]] = {
    "body": lambda customer: (Body(customer),),
    "object": lambda customer: (found for found in customer.objects() if not found.in_order),
    "field": Customer.fields,
    "customer": lambda customer: (customer,) if customer.data is customer.body else (),
    "address": lambda customer: [address for address in customer.addresses if not address.in_order],
    "place": lambda customer: customer.addresses,
    "tax_id": lambda customer: customer.tax_ids,
    "phone": lambda customer: (customer.phone,) if customer.phone else (),
    "email": lambda customer: (customer.email,) if customer.email else (),
    "name": lambda customer: (customer.name,) if customer.name else (),
}
