"""What a rule is: a declared pure function of one subject that returns what it found.

A normalisation is no separate thing: it is a rule whose hit carries edits. A rule family declares its rules so:

    rule = rule_on(Address)

    @rule(
        "address.postcode-not-canonical",
        at="/zipCode",
        level="info",
        fix="safe",
        reads={"country", "country_code", "zipCode"},
        writes={"zipCode"},
        message="The postcode is not spelt the way {country} writes it.",
        bad={"address": {"country_code": "GB", "zipCode": "sw1a1aa"}},
        good={"address": {"country_code": "GB", "zipCode": "SW1A 1AA"}},
        since="0.1",
    )
    def postcode_not_canonical(address: Address) -> Found:
        '''Why it matters for billing: tax rates are looked up by postcode, so one place must have one spelling.'''
        ...
        return Hit({"/zipCode": spelt}, words={"country": address.country.name})

The function's name is the id's, its docstring the reason. What it returns is None (nothing to say), a Hit, or a list of hits.
Rules run in the order of `cleanbill.rulebook.RULES`; a later rule sees what an earlier one has fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Final, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from .report import Fix, Level

Scope = Literal["body", "object", "field", "text", "customer", "address", "tax_id", "phone", "email", "name"]


class _Removal(Enum):
    REMOVE = "remove"


#: Stands for the new value in an edit that takes a key away.
REMOVE: Final = _Removal.REMOVE


class Hit(NamedTuple):
    """What one rule says of one subject.

    `edits` maps pointers relative to the subject ("/zipCode"; "" is the subject itself) to new values or REMOVE; they are
    applied in this order, all or none. `fix` is what this evidence allows, where that is less than the rule may claim.
    `words` fill the message and come from packs, never from the customer. `at` is the pointer where it is not the rule's own.
    """

    edits: Mapping[str, object] = {}
    fix: Fix | None = None
    words: Mapping[str, str] = {}
    at: str | None = None
    candidates: tuple[object, ...] = ()


Found: TypeAlias = Hit | list[Hit] | None


class Undecided(Exception):
    """A rule raises it where it can neither pass nor hit: a finding of this level that says why, without customer data."""

    def __init__(self, level: Level, message: str) -> None:
        super().__init__(message)
        self.level = level
        self.message = message


class Subject(Protocol):
    """What a rule judges: one part of one customer record."""

    scope: ClassVar[Scope]
    base: str


S = TypeVar("S", bound=Subject)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One declared check.

    `bad` and `good` are create-customer bodies (or JSON text where the text itself matters) that hit and pass; `partial` says
    that the rule judges a change of a customer alone, and that they are such changes. `reads` and `writes` are fields of the
    subject, or pointers into the customer ("/address/zipCode"); "*" means every field. `fix` is the most that a hit may claim.
    `unless` is a fact of the subject, such as "in_order", under which the rule has nothing to say and is not asked.
    """

    id: str
    check: Callable[[Any], Found]
    scope: Scope
    at: str
    message: str
    level: Level
    fix: Fix
    reads: frozenset[str]
    writes: frozenset[str]
    bad: object
    good: object
    since: str
    partial: bool = False
    unless: str = ""

    @property
    def family(self) -> str:
        """The part of the id before its dot."""
        return self.id.partition(".")[0]

    @property
    def reason(self) -> str:
        """Why it matters for billing."""
        return (self.check.__doc__ or "").strip()

    def to_dict(self) -> dict[str, object]:
        """The rule's entry in the catalogue, as JSON."""
        return {
            "id": self.id,
            "family": self.family,
            "message": self.message,
            "reason": self.reason,
            "level": self.level,
            "fix": self.fix,
            "at": self.at,
            "bad": self.bad,
            "good": self.good,
            "since": self.since,
            "partial": self.partial,
        }


def rule_on(subject: type[S], *, unless: str = "") -> Callable[..., Callable[[Callable[[S], Found]], Rule]]:
    """Give the decorator that declares rules on subjects of this type; `unless` is that of the rules."""

    def rule(
        id: str,  # noqa: A002
        *,
        message: str,
        reads: Iterable[str],
        bad: object,
        good: object,
        since: str,
        at: str = "",
        level: Level = "error",
        fix: Fix = "none",
        writes: Iterable[str] = (),
        partial: bool = False,
    ) -> Callable[[Callable[[S], Found]], Rule]:
        return lambda check: Rule(
            id,
            check,
            subject.scope,
            at,
            message,
            level,
            fix,
            frozenset(reads),
            frozenset(writes),
            bad,
            good,
            since,
            partial,
            unless,
        )

    return rule
