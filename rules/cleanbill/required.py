"""Fields that a company requires of its customers, beyond the one that Zenskar requires of all."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Annotated, Literal, get_args

from .countries.country import codes
from .countries.names import read_country
from .policy_error import PolicyError, did_you_mean, one_of, table_of, texts, within
from .schema import Shape, schema, steps_of

_COUNTRY_CODES = 'ISO 3166-1 alpha-2 codes, such as ["US", "IN"]'
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])+)+")

CustomerKind = Literal["any", "company", "person"]
Strictness = Literal["error", "warn"]


@dataclass(frozen=True, slots=True)
class When:
    """Which customers a requirement is of: those for which each of its conditions is known to hold."""

    country: Annotated[Collection[str], "Countries of the billing address, ISO 3166-1 alpha-2; any where empty."] = ()
    customer: Annotated[
        CustomerKind,
        "Who the customer is, where a tax identifier or the name's legal form tells; what tells nothing is neither.",
    ] = "any"

    def __post_init__(self) -> None:
        object.__setattr__(self, "country", country_codes("country", self.country))
        one_of("customer", self.customer, get_args(CustomerKind), at=("customer",))


@dataclass(frozen=True, slots=True)
class Requirement:
    """Fields that must be there. Raises PolicyError where a pointer leads to no field of a customer."""

    fields: Annotated[
        tuple[str, ...],
        "RFC 6901 pointers into the customer, such as /tax_info, /address/state or /custom_data/cost_centre.",
    ]
    when: Annotated[When, "Which customers they are required of; all where it is left out."] = field(
        default_factory=When
    )
    level: Annotated[Strictness, "Whether a customer without them is rejected, or only warned about."] = "error"

    def __post_init__(self) -> None:
        pointers = texts("fields", self.fields)
        if not pointers:
            raise PolicyError("fields in the policy lists the pointers that are required", at=("fields",))
        for number, pointer in enumerate(pointers):
            if problem := _problem(pointer):
                raise PolicyError(problem, at=("fields", number))
        object.__setattr__(self, "fields", tuple(pointers))
        if not isinstance(self.when, When):
            raise PolicyError("when in the policy is a table of conditions", at=("when",))
        one_of("level", self.level, get_args(Strictness), at=("level",))


def requirement(table: object) -> Requirement:
    """The requirement that a table of a policy file describes. Raises PolicyError."""
    given = dict(table_of(table, [f.name for f in fields(Requirement)], "required"))
    if "when" in given:
        with within("when"):
            given["when"] = When(**table_of(given["when"], [f.name for f in fields(When)], "when"))  # type: ignore[arg-type]
    return Requirement(**{"fields": (), **given})  # type: ignore[arg-type]


def country_codes(name: str, value: object) -> frozenset[str]:
    """`value`, where it is a list of countries, ISO 3166-1 alpha-2 or XK. Raises PolicyError."""
    chosen = texts(name, value, of=_COUNTRY_CODES)
    for code in chosen:
        if code not in codes():
            meant = read_country(code).code
            near = f", did you mean {meant!r}?" if meant else ""
            raise PolicyError(f"{name} in the policy is a list of {_COUNTRY_CODES}; {code!r} is none{near}", at=(name,))
    return frozenset(chosen)


def _problem(pointer: str) -> str | None:
    """What is wrong with a pointer, None where it leads to a field."""
    shapes = schema()
    inside: dict[str, Shape] = {
        "address": shapes.address,
        "ship_to_address": shapes.address,
        "connector": shapes.connector,
    }
    steps = steps_of(pointer)
    known = {f"/{name}" for name in shapes.customer.fields}
    if steps and steps[0] in inside:
        known |= {f"/{steps[0]}/{name}" for name in inside[steps[0]].fields}
    if pointer in known or (_POINTER.fullmatch(pointer) and steps[0] == "custom_data"):
        return None
    return f"the policy requires {pointer!r}, which is no field of a customer{did_you_mean(pointer, known)}"
