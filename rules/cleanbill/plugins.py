"""Rules that other packages bring.

A package names a tuple of rules in the entry-point group `cleanbill.rules`:

    [project.entry-points."cleanbill.rules"]
    acme = "acme_rules:RULES"

They run after the built-in ones, in the order of their entries' names. `cleanbill.authoring` has what such a rule is declared with,
`cleanbill.testing` the tests that it owes. The service names its notices in the same way, in `cleanbill.notices`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from .notice import Notice
from .renamed import RENAMED
from .rule import Rule
from .rulebook import RULES

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "cleanbill.rules"
NOTICES = "cleanbill.notices"
_ID = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9-]*")

T = TypeVar("T", Rule, Notice)


class PluginError(RuntimeError):
    """A package whose rules cannot be used; the message names it and says why."""


def all_rules() -> tuple[Rule, ...]:
    """The built-in rules, then those of packages. Raises PluginError."""
    return (*RULES, *plugin_rules())


def find_rule(rule_id: str, own: Iterable[Rule] = (), renamed: Mapping[str, str] = RENAMED) -> Rule | None:
    """The rule with this id, or with the id that took its place; `own` are those that a policy brings. Raises PluginError."""
    wanted = renamed.get(rule_id, rule_id)
    return next((rule for rule in (*all_rules(), *own) if rule.id == wanted), None)


def find_notice(notice_id: str) -> Notice | None:
    """What the gateway says under this id; None where it says no such thing, or is not installed. Raises PluginError."""
    return next((notice for notice in notices() if notice.id == notice_id), None)


@cache
def notices() -> tuple[Notice, ...]:
    """What the gateway finds beside the rules. Raises PluginError."""
    return tuple(notice for entry in _entries(NOTICES) for notice in _load(entry, Notice, "is not a tuple of notices"))


@cache
def plugin_rules() -> tuple[Rule, ...]:
    """The rules of packages, found at first use. Raises PluginError."""
    known = {rule.id: "cleanbill" for rule in RULES}
    rules: list[Rule] = []
    for entry in _entries(GROUP):
        for rule in _load(entry, Rule, "is not a tuple of rules; declare them with cleanbill.authoring.rule_on"):
            if not _ID.fullmatch(rule.id):
                raise PluginError(f"a rule of {_name(entry)} is called {rule.id!r}; an id is like acme.depot-city")
            if rule.id in known:
                raise PluginError(f"{_name(entry)} declares {rule.id!r}, which {known[rule.id]} declares too")
            known[rule.id] = _name(entry)
            rules.append(rule)
    return tuple(rules)


def _entries(group: str) -> list[EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415  it costs 10 ms, and importing cleanbill should not

    return sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value))


def _load(entry: EntryPoint, kind: type[T], wrong: str) -> tuple[T, ...]:
    try:
        loaded = entry.load()
    except Exception as error:
        raise PluginError(f"{_name(entry)} cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(loaded, tuple) or not all(isinstance(item, kind) for item in loaded):
        raise PluginError(f"{_name(entry)} {wrong}")
    return loaded


def _name(entry: EntryPoint) -> str:
    package = f" of {entry.dist.name} {entry.dist.version}" if entry.dist else ""
    return f"the entry {entry.name} = {entry.value}{package}"
