"""What one company wants of the rules: which speak, how loudly, which fixes are applied, how values are written."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from .countries.location import TaxEngine
from .renamed import current
from .report import Fix, Level
from .rule import Rule
from .tax_ids.pairs import PairTable, default_pairs

Setting = Literal["off", "info", "warn", "error"]
Territories = Literal["as-sent", "own", "envelope"]
TaxAddress = Literal["billing", "ship_to"]


class PolicyError(ValueError):
    """A policy that cannot be used; the message says what to change.

    `at` is where in the policy it stands: keys and indexes, outermost first, () where it is the whole.
    """

    def __init__(self, message: str, *, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Policy:
    """How rules are applied.

    `levels` maps a rule id, a family ("address") or "*" to a level; the most specific wins. `fixes` says which fixes are
    applied: none, safe ones, or guesses too. `state` is how a subdivision is written ("CA" or "US-CA"), `country` how a
    country is ("United States", "US" or "USA"). `state_inferred_in` are the countries where a state that the postcode tells is
    filled in. `territories` says whether a territory with a code of its own stays as it is sent, is sent under its own code
    (PR) or under its country's (US). `engine` is the tax engine that an address must satisfy, `tax_address` the address that
    decides the tax. `pairs` are Zenskar's (country_code, tax_code) pairs of tax identifiers, None for the usual ones.
    `custom` are rules of the company's own; they run after the built-in ones.
    """

    levels: Mapping[str, Setting] = field(default_factory=dict)
    fixes: Literal["none", "safe", "all"] = "safe"
    state: Literal["code", "iso"] = "code"
    country: Literal["name", "alpha-2", "alpha-3"] = "name"
    state_inferred_in: Collection[str] = ("US", "CA", "IN", "BR")
    territories: Territories = "as-sent"
    engine: TaxEngine = "strictest"
    tax_address: TaxAddress = "billing"
    pairs: PairTable | None = None
    custom: tuple[Rule, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _one_of("fixes", self.fixes, ("none", "safe", "all"))
        _one_of("state", self.state, ("code", "iso"))
        _one_of("country", self.country, ("name", "alpha-2", "alpha-3"))
        _one_of("territories", self.territories, get_args(Territories))
        _one_of("engine", self.engine, get_args(TaxEngine))
        _one_of("tax_address", self.tax_address, get_args(TaxAddress))
        if isinstance(self.state_inferred_in, str) or not all(map(_is_country_code, self.state_inferred_in)):
            raise PolicyError("state_inferred_in in the policy is a list of ISO 3166-1 alpha-2 codes")
        if not isinstance(self.levels, Mapping):
            raise PolicyError("levels in the policy is a table of selectors and levels")
        for selector, level in self.levels.items():
            _one_of(f"levels.{selector}", level, get_args(Setting))
        levels = MappingProxyType(current(self.levels))
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "state_inferred_in", frozenset(self.state_inferred_in))
        chosen = tuple(getattr(self, f.name) for f in fields(self) if f.init and f.name != "levels")
        object.__setattr__(self, "_hash", hash((frozenset(levels.items()), chosen)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        return _policy, (
            {f.name: getattr(self, f.name) for f in fields(self) if f.init} | {"levels": dict(self.levels)},
        )

    @classmethod
    def load(cls, path: Path) -> Policy:
        """The policy in a TOML file. Raises PolicyError, and OSError where the file cannot be read."""
        try:
            return cls.from_toml(path.read_text("utf-8"))
        except UnicodeDecodeError:
            raise PolicyError("the policy is not UTF-8 text") from None

    @classmethod
    def from_toml(cls, text: str) -> Policy:
        """The policy that a TOML text describes: its keys are the fields above. Raises PolicyError."""
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"the policy is not valid TOML: {error}") from None
        known = [f.name for f in fields(cls) if f.init and f.name != "custom"]
        for key in table:
            if key not in known:
                raise PolicyError(f"unknown key {key!r} in the policy{_hint(key, known)}")
        if "pairs" in table:
            table["pairs"] = _pairs(table["pairs"])
        return cls(**table)

    def refuse_unknown(self, rules: Iterable[Rule]) -> None:
        """Raise PolicyError where a selector names no rule, family or "*"."""
        known = {"*"} | {selector for rule in rules for selector in (rule.id, rule.family)}
        for selector in self.levels:
            if selector not in known:
                raise PolicyError(f"the policy names an unknown rule {selector!r}{_hint(selector, known)}")

    def level(self, rule: Rule) -> Level | None:
        """The level at which `rule` speaks; None where it is off."""
        for selector in (rule.id, rule.family, "*"):
            if setting := self.levels.get(selector):
                return None if setting == "off" else setting
        return rule.level

    def applies(self, fix: Fix) -> bool:
        """Whether a fix of this safety is applied, or only offered."""
        return fix != "none" and (self.fixes == "all" or (self.fixes == "safe" and fix == "safe"))


def _pairs(rows: object) -> PairTable:
    """The usual pairs with those of some issuers replaced by rows of a policy."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PolicyError("pairs in the policy is a list of tables, each with country, code, issuer and schemes")
    try:
        return default_pairs().changed(rows)
    except ValueError as error:
        raise PolicyError(f"pairs in the policy: {error}") from None


def _policy(chosen: dict[str, Any]) -> Policy:
    """A policy out of a pickle."""
    return Policy(**chosen)


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise PolicyError(f"{name} in the policy is one of {', '.join(allowed)}")


def _is_country_code(value: object) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()


def _hint(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""
