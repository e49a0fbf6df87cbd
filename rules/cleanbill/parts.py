"""The parts of a customer as rules see them, and what is read from each once.

Facts (`country`, `reading`, …) are computed at first use and shared by all rules; an applied edit forgets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .contacts.email import EmailReading, read_email
from .contacts.names import Hazard, hazards
from .contacts.phone import PhoneReading, read_e164, read_phone
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
from .schema import LONGEST, fold_key, is_tidy, schema, text_of
from .tax_ids.infer import Inference, infer
from .tax_ids.pairs import Pair, PairTable, default_pairs
from .tax_ids.read import NumberReading

if TYPE_CHECKING:
    from .record import Customer


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


class ObjectPart(Part):
    """A part that is a JSON object: an address, or an item of `tax_info`."""

    __slots__ = ()
    data: dict[str, object]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The fields that hold a text, by name: no empty one and none that is far too long."""
        return {
            name: value for name, value in self.data.items() if isinstance(value, str) and 0 < len(value) <= LONGEST
        }

    def text(self, name: str) -> str | None:
        """The field's text, None where it is absent, empty, no text or far too long."""
        return self.texts.get(name)


class TextPart(Part):
    """A part that is a text: the phone number, the e-mail address or the name."""

    __slots__ = ()

    @cached_property
    def text(self) -> str:
        """The text as it stands now, empty where it is none or far too long."""
        return text_of(self.customer.data.get(self.base[1:])) or ""


class Address(ObjectPart):
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

    @cached_property
    def is_tidy(self) -> bool:
        """Whether its keys and values are plainly in order."""
        return is_tidy(self.data, schema().address)

    @property
    def is_whole(self) -> bool:
        """Whether it is an address in itself: a street line, a city or postcode, and a country, under whatever spelling."""
        spellings = schema().address.spellings
        given = {spellings.get(fold_key(key)) for key, value in self.data.items() if value not in (None, "")}
        return all(given & fields for fields in _WHOLE_ADDRESS)

    def written(self, land: Country) -> str:
        """The country as the policy wants it in `country`."""
        form = self.customer.policy.country
        return land.name if form == "name" else land.code if form == "alpha-2" else land.alpha3

    def written_state(self, land: Country, suffix: str) -> str:
        """The subdivision (ISO 3166-2 suffix) as the policy wants it in `state`."""
        return f"{land.code}-{suffix}" if self.customer.policy.state == "iso" else suffix

    @cached_property
    def resolution(self) -> Resolution:
        """Which country the address names, and how that is known."""
        said = self.texts.get
        return resolve(said("country"), said("country_code"), said("state"), said("zipCode"))

    @cached_property
    def country(self) -> Country | None:
        """The country, where the address names one for certain."""
        code = self.resolution.code
        return country(code) if code else None

    @cached_property
    def subdivision(self) -> Reading | None:
        """How the state reads inside the country; None without one of the two."""
        state = self.texts.get("state")
        return read_subdivision(self.country, state) if self.country and state else None

    @cached_property
    def postcode(self) -> PostcodeReading | None:
        """How the postcode reads in the country; None without one of the two."""
        given = self.texts.get("zipCode")
        return read_postcode(self.country.code, given) if self.country and given else None

    @cached_property
    def in_order(self) -> bool:
        """Whether each field is plainly as it should be and agrees with the others, so that there is nothing to say of it."""
        land, texts, policy = self.country, self.texts, self.customer.policy
        if land is None or texts.get("country_code") != land.code or texts.get("country") != self.written(land):
            return False
        suffix, state = self.subdivision.code if self.subdivision else None, texts.get("state")
        return (
            (state is None or (suffix is not None and state == self.written_state(land, suffix)))
            and is_tidy_place(land, suffix, self.postcode, inferred=land.code in policy.state_inferred_in)
            and is_tidy_text(texts)
        )

    @cached_property
    def is_unremarkable(self) -> bool:
        """Whether nothing is to be said of the place itself: it is known well enough, is no territory, and claims no validation."""
        location, status = self.location, self.data.get("validation_status")
        return location is not None and location.sufficient and location.territory is None and status is None

    @cached_property
    def location(self) -> TaxLocation | None:
        """Where the address lies for tax; None where the country is unknown."""
        if not self.country:
            return None
        return locate(
            self.country.code,
            state=self.subdivision.code if self.subdivision else None,
            postcode=self.postcode.canonical if self.postcode else None,
            city=self.texts.get("city"),
            line1=self.texts.get("line1"),
            engine=self.customer.policy.engine,
        )


class TaxId(ObjectPart):
    """One item of `tax_info`: country_code, tax_code, tax_id."""

    __slots__ = ()
    scope: ClassVar[Scope] = "tax_id"

    @cached_property
    def data(self) -> dict[str, object]:
        """The working copy of the item."""
        data: dict[str, object] = self.customer.data["tax_info"][int(self.base.rpartition("/")[2])]
        return data

    @cached_property
    def is_tidy(self) -> bool:
        """Whether its keys and values are plainly in order."""
        return is_tidy(self.data, schema().tax_info)

    @property
    def pairs(self) -> PairTable:
        """The table of pairs that the policy goes by."""
        return self.customer.policy.pairs or default_pairs()

    @cached_property
    def pair(self) -> Pair | None:
        """The row of the table that country_code and tax_code stand for."""
        return self.pairs.find(self.texts.get("country_code"), self.texts.get("tax_code"))

    @cached_property
    def inference(self) -> Inference | None:
        """Which scheme the number belongs to; None without a number."""
        said, home = self.texts.get, self.customer.home
        number = said("tax_id")
        if number is None:
            return None
        return infer(
            number,
            scheme=self.customer.scheme,
            country=self.customer.issuer,
            pair=(said("country_code"), said("tax_code")),
            address_country=home.code if home else None,
            pairs=self.pairs,
        )

    @cached_property
    def reading(self) -> NumberReading | None:
        """How the number reads in its scheme; None where the scheme is not known."""
        return self.inference.reading if self.inference else None

    @property
    def in_order(self) -> bool:
        """Whether it is a sound canonical number under the usual pair of its scheme, of the country of the address."""
        inference, reading, said = self.inference, self.reading, self.texts
        if inference is None or reading is None or reading.problem or reading.remarks or reading.repairs:
            return False
        if reading.canonical != said["tax_id"] or inference.how != "pair" or inference.pair or inference.contested:
            return False
        if self.pair is None or "country_code" not in said or "tax_code" not in said:
            return False
        home = self.customer.home
        return home is None or reading.scheme.may_stand_beside(home.code)


class Phone(TextPart):
    """The customer's phone number."""

    __slots__ = ()
    scope: ClassVar[Scope] = "phone"

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """ISO regions that the number may belong to, best evidence first: the caller's, the address's, the tax id's."""
        home = self.customer.home
        found = [*self.customer.regions, *([home.code] if home else [])]
        found += [t.reading.scheme.country for t in self.customer.tax_ids if t.reading and t.reading.canonical]
        return tuple(dict.fromkeys(found))

    @cached_property
    def reading(self) -> PhoneReading:
        """How the number reads in these regions, which one in E.164 needs none of."""
        return read_e164(self.text) or read_phone(self.text, self.regions)

    @property
    def is_welcome(self) -> bool:
        """Whether it is of a kind that the policy welcomes; what is not known is."""
        kind, welcome = self.reading.kind, self.customer.policy.phone_types
        either = kind == "fixed-line-or-mobile" and ("fixed-line" in welcome or "mobile" in welcome)
        return kind is None or kind in welcome or either

    @property
    def in_order(self) -> bool:
        """Whether it is a valid number in E.164 of a welcome kind with nothing to say of it."""
        reading = self.reading
        plain = reading.how == "canonical" and not (reading.problem or reading.flags or reading.possible_only)
        return plain and not reading.candidates and self.is_welcome


class Email(TextPart):
    """The customer's e-mail address."""

    __slots__ = ()
    scope: ClassVar[Scope] = "email"

    @cached_property
    def reading(self) -> EmailReading:
        """How the address reads."""
        return read_email(self.text)

    @property
    def in_order(self) -> bool:
        """Whether it is a normalised address with nothing to say of it."""
        reading = self.reading
        return reading.how == "canonical" and not (reading.problem or reading.flags or reading.typo or reading.guess)


class Name(TextPart):
    """The customer's name."""

    __slots__ = ()
    scope: ClassVar[Scope] = "name"

    @cached_property
    def hazards(self) -> frozenset[Hazard]:
        """What in it would be run where it lands."""
        return hazards(self.text)


#: What an address in itself has one of each of.
_WHOLE_ADDRESS = ({"line1"}, {"city", "zipCode"}, {"country", "country_code"})
