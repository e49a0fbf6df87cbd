"""The policy file, `cleanbill.toml`: one policy, and how those of single organisations differ from it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from .plugins import all_rules, find_notice
from .policy import Policy
from .policy_error import Place, PolicyError, table_of, tables_of, within
from .required import requirement
from .rule import Rule
from .tax_ids.pairs import PairTable, default_pairs, pair_row
from .toml_text import TomlText

if TYPE_CHECKING:
    from pathlib import Path

FILE = "cleanbill.toml"
VARIABLE = "CLEANBILL_POLICY"

#: Tables of the file that the service reads.
SECTIONS = ("gateway",)
#: Keys of a policy in the file.
KEYS = (*(f.name for f in fields(Policy) if f.init and f.name != "custom"), "rules", *SECTIONS)

# How an organisation's table goes with the base: these key by key, these one after the other; any other replaces it.
_MERGED = ("levels", *SECTIONS)
_APPENDED = ("required", "rules")


def find_policy(given: Path | None = None) -> Path | None:
    """The policy file to use: `given`, else the one that CLEANBILL_POLICY names, else cleanbill.toml in the working directory."""
    from pathlib import Path  # noqa: PLC0415  heavy, and only a command or a server looks for the file

    if given:
        return given
    if named := os.environ.get(VARIABLE):
        return Path(named)
    here = Path(FILE)
    return here if os.path.lexists(here) else None  # one that cannot be read is a mistake, not the default policy


@dataclass(frozen=True, slots=True, eq=False)
class Policies:
    """The policies of one file: `base`, and one for each organisation that differs, by its id in small letters.

    Each is one object for as long as this one lives, so what the engine has compiled for it is used again.
    """

    base: Policy = field(default_factory=Policy)
    organisations: Mapping[str, Policy] = field(default_factory=dict)
    _tables: Mapping[str | None, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    _source: TomlText = field(default_factory=lambda: TomlText(FILE, ""), repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The policies in a file. Raises PolicyError with its line, and OSError where it cannot be read."""
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise PolicyError(f"{path}:{line}: the policy is not UTF-8 text", line=line) from None
        return cls.from_toml(text, name=str(path))

    @classmethod
    def from_toml(cls, text: str, *, name: str = FILE) -> Self:
        """The policies that a TOML text describes; `name` stands in messages. Raises PolicyError with the line."""
        source = TomlText(name, text)
        table = source.parse()
        try:
            return cls(*_read(table), source)
        except PolicyError as error:
            raise source.placed(error) from None

    def of(self, organisation: str | None) -> Policy:
        """The policy of an organisation, the base where it has none of its own."""
        return self.organisations.get(organisation.lower(), self.base) if organisation else self.base

    def section(self, name: str, organisation: str | None = None) -> Mapping[str, object]:
        """One of the tables that the service reads, as the file has it for this organisation; empty where it has none."""
        section: Mapping[str, object] = self._table(organisation).get(name, {})
        return section

    def has(self, name: str) -> bool:
        """Whether the file has such a table for the service, for the base or for an organisation."""
        return any(name in table for table in self._tables.values())

    def mistake(self, message: str, at: Place, organisation: str | None = None) -> PolicyError:
        """What is wrong at `at` in the policy of an organisation, with the file and the line."""
        own: Place = ("organisations", organisation or "", *at)
        return self._source.placed(PolicyError(message, at=own if self._source.holds(own) else at))

    def effective(self, organisation: str | None = None) -> Mapping[str, object]:
        """The policy of an organisation as a table of such a file, with the defaults of what the file does not set."""
        return {**_defaults(), **self._table(organisation)}

    def _table(self, organisation: str | None) -> Mapping[str, Any]:
        base = self._tables.get(None, {})
        return self._tables.get(organisation.lower(), base) if organisation else base


def _read(
    table: dict[str, Any],
) -> tuple[Policy, Mapping[str, Policy], Mapping[str | None, Mapping[str, Any]]]:
    """The base, the organisations' policies, and the tables of all of them, merged. Raises PolicyError."""
    base_table: Mapping[str, Any] = table_of(
        {k: v for k, v in table.items() if k != "organisations"}, (*KEYS, "organisations"), "the file"
    )
    base_settings = _settings(base_table)
    base = _policy(base_settings)
    policies: dict[str, Policy] = {}
    tables: dict[str | None, Mapping[str, Any]] = {None: base_table}
    organisations = table.get("organisations", {})
    if not isinstance(organisations, dict):
        raise PolicyError("organisations in the policy holds a table for each organisation", at=("organisations",))
    for organisation, value in organisations.items():
        with within("organisations", organisation):
            own = table_of(value, KEYS, f"organisations.{organisation}")
            if not organisation or organisation != organisation.strip().lower():
                raise PolicyError("the id of an organisation is written in small letters, without spaces around it")
            settings = _settings(own, inherited=base_table.get("rules", ()))
            policies[organisation] = _policy(_extended(base_settings, settings))
            tables[organisation] = _extended(base_table, own)
    return base, MappingProxyType(policies), tables


def _settings(table: Mapping[str, Any], inherited: Sequence[Mapping[str, object]] = ()) -> dict[str, Any]:
    """The table with what its lists of tables describe; its rules run after those `inherited`. Raises PolicyError."""
    settings = dict(table)
    for name in SECTIONS:
        if not isinstance(settings.get(name, {}), dict):
            raise PolicyError(f"{name} in the policy is a table", at=(name,))
    if "required" in table:
        settings["required"] = []
        for number, row in enumerate(tables_of(table["required"], "required")):
            with within("required", number):
                settings["required"].append(requirement(row))
    if "rules" in table:
        settings["rules"] = _custom_rules(tables_of(table["rules"], "rules"), inherited)
    if "pairs" in table:
        settings["pairs"] = _pairs(table["pairs"])
    _checked(settings)
    return settings


def _checked(settings: Mapping[str, Any]) -> Policy:
    """The policy of these settings, whatever rules it names. Raises PolicyError."""
    chosen = {key: value for key, value in settings.items() if key not in SECTIONS and key != "rules"}
    return Policy(**chosen, custom=tuple(settings.get("rules", ())))


def _policy(settings: Mapping[str, Any]) -> Policy:
    """The policy of these settings, all of whose rules are there. Raises PolicyError."""
    policy = _checked(settings)
    try:
        policy.refuse_unknown((*all_rules(), *policy.custom))
    except PolicyError as error:
        if find_notice(str(error.at[-1])):
            message = f"levels do not reach {error.at[-1]!r}: the gateway says it, where its own table in the policy asks for it"
            raise PolicyError(message, at=error.at) from None
        raise
    return policy


def _extended(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The base with what an organisation has of its own."""
    merged = dict(base)
    for key, value in own.items():
        if key in _MERGED:
            merged[key] = {**base.get(key, {}), **value}
        elif key in _APPENDED:
            merged[key] = [*base.get(key, ()), *value]
        else:
            merged[key] = value
    return merged


def _custom_rules(
    tables: Sequence[Mapping[str, object]], inherited: Sequence[Mapping[str, object]]
) -> tuple[Rule, ...]:
    """The rules of `tables`, which go with those `inherited`. Raises PolicyError."""
    from .custom import custom_rules  # noqa: PLC0415  few policies have any

    try:
        return custom_rules([*inherited, *tables])[len(inherited) :]
    except PolicyError as error:
        number, *key = error.at
        raise PolicyError(str(error), at=("rules", int(number) - len(inherited), *key)) from None


def _pairs(rows: object) -> PairTable:
    """The usual pairs with those of some issuers replaced by rows of a policy."""
    tables = tables_of(rows, "pairs")
    for number, row in enumerate(tables):
        with within("pairs", number):
            table_of(row, signature(pair_row).parameters, "pairs")
            try:
                default_pairs().changed((row,))
            except ValueError as error:
                raise PolicyError(f"pairs in the policy: {error}") from None
    return default_pairs().changed(tables)


def _defaults() -> dict[str, object]:
    """The settings that hold where a file says nothing, but for those that hold nothing."""
    given = {f.name: f.default for f in fields(Policy) if f.default not in (MISSING, None, ())}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
