"""What one company wants of the rules: which speak, how loudly, which fixes are applied, how values are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from .contacts.phone import PhoneType
from .countries.location import TaxEngine
from .policy_error import PolicyError, did_you_mean, one_of, texts
from .renamed import current
from .report import Fix, Level
from .required import Requirement, country_codes
from .rule import Rule
from .tax_ids.pairs import PairTable

Setting = Literal["off", "info", "warn", "error"]
Fixes = Literal["none", "safe", "all"]
StateForm = Literal["code", "iso"]
CountryForm = Literal["name", "alpha-2", "alpha-3"]
Territories = Literal["as-sent", "own", "envelope"]
TaxAddress = Literal["billing", "ship_to"]

_STATE_INFERRED_IN: Collection[str] = ("US", "CA", "IN", "BR")


@dataclass(frozen=True, slots=True)
class Policy:
    """How rules are applied. Raises PolicyError where a value is none of the allowed ones.

    Each field says what it decides; a policy file has the same keys, but for `custom`, whose rules stand under `rules` there.
    """

    levels: Annotated[
        Mapping[str, Setting], 'How loudly a rule, a family ("address") or "*" speaks; the most specific wins.'
    ] = field(default_factory=dict)
    fixes: Annotated[Fixes, "Which fixes are applied: none, safe ones, or guesses too."] = "safe"
    state: Annotated[StateForm, "How a subdivision is written: CA, or US-CA for iso."] = "code"
    country: Annotated[CountryForm, "How a country is written: United States, US or USA."] = "name"
    state_inferred_in: Annotated[
        Collection[str], "Countries (ISO 3166-1 alpha-2) where a state that the postcode tells is filled in."
    ] = _STATE_INFERRED_IN
    territories: Annotated[
        Territories,
        "Whether a territory with a code of its own stays as it is sent, goes under its own code (PR) or under its country's (US).",
    ] = "as-sent"
    engine: Annotated[TaxEngine, "The tax engine that an address must satisfy."] = "strictest"
    tax_address: Annotated[TaxAddress, "The address that decides the tax."] = "billing"
    phone_types: Annotated[Collection[PhoneType], "The kinds of phone number that are welcome."] = get_args(PhoneType)
    required: Annotated[tuple[Requirement, ...], "Fields that customers must have, all of them or some."] = ()
    pairs: Annotated[
        PairTable | None,
        "Zenskar's (country_code, tax_code) pairs of tax identifiers that differ from the usual ones; they replace those of their"
        " issuers.",
    ] = None
    custom: Annotated[tuple[Rule, ...], "Rules of the company's own; they run after the built-in ones."] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, allowed in _choices().items():
            one_of(name, getattr(self, name), allowed, at=(name,))
        _check_levels(self.levels)
        for word in texts("phone_types", self.phone_types):
            one_of("each of phone_types", word, get_args(PhoneType), at=("phone_types",))
        if not self.phone_types:
            raise PolicyError("phone_types in the policy names at least one kind of number", at=("phone_types",))
        for name, kind in (("required", Requirement), ("custom", Rule)):
            held = getattr(self, name)
            if not isinstance(held, (tuple, list)) or not all(isinstance(item, kind) for item in held):
                raise PolicyError(f"{name} in the policy is a tuple, each of it a {kind.__name__}", at=(name,))
            object.__setattr__(self, name, tuple(held))
        if not isinstance(self.pairs, PairTable | None):
            raise PolicyError("pairs in the policy is a PairTable", at=("pairs",))
        levels = MappingProxyType(current(self.levels))
        object.__setattr__(self, "levels", levels)
        if self.state_inferred_in is not _STATE_INFERRED_IN:  # whether a code is one costs 50 ms to know at first
            country_codes("state_inferred_in", self.state_inferred_in)
        object.__setattr__(self, "state_inferred_in", frozenset(self.state_inferred_in))
        object.__setattr__(self, "phone_types", frozenset(self.phone_types))
        chosen = tuple(getattr(self, f.name) for f in fields(self) if f.init and f.name != "levels")
        object.__setattr__(self, "_hash", hash((frozenset(levels.items()), chosen)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        return _policy, (
            {f.name: getattr(self, f.name) for f in fields(self) if f.init} | {"levels": dict(self.levels)},
        )

    def refuse_unknown(self, rules: Iterable[Rule]) -> None:
        """Raise PolicyError where a selector names no rule, family or "*"."""
        known = {"*"} | {selector for rule in rules for selector in (rule.id, rule.family)}
        for selector in self.levels:
            if selector not in known:
                message = f"the policy names an unknown rule {selector!r}{did_you_mean(str(selector), known)}"
                raise PolicyError(message, at=("levels", selector))

    def level(self, rule: Rule) -> Level | None:
        """The level at which `rule` speaks; None where it is off."""
        for selector in (rule.id, rule.family, "*"):
            if setting := self.levels.get(selector):
                return None if setting == "off" else setting
        return rule.level

    def applies(self, fix: Fix) -> bool:
        """Whether a fix of this safety is applied, or only offered."""
        return fix != "none" and (self.fixes == "all" or (self.fixes == "safe" and fix == "safe"))


def _check_levels(levels: object) -> None:
    """Raise PolicyError where this is no table of levels."""
    if not isinstance(levels, Mapping):
        raise PolicyError("levels in the policy is a table of selectors and levels", at=("levels",))
    for selector, level in levels.items():
        if isinstance(level, Mapping):
            meant = f"{selector}.{next(iter(level), '…')}"
            message = f'levels.{selector} in the policy is a table; write the id of a rule in quotes: "{meant}"'
            raise PolicyError(message, at=("levels", selector))
        one_of(f"levels.{selector}", level, get_args(Setting), at=("levels", selector))


@cache
def _choices() -> Mapping[str, tuple[str, ...]]:
    """The allowed words of each field that is one word."""
    hints = get_type_hints(Policy)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


def _policy(chosen: dict[str, Any]) -> Policy:
    """A policy out of a pickle."""
    return Policy(**chosen)
