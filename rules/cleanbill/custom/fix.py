"""What a custom rule may write.

Custom rules run last, so what a built-in rule has read or would put in order is only offered. Applied are flags and members of
custom_data, which no other rule changes, and only where the rule is content afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleanbill.contacts.names import hazards
from cleanbill.rule import Rule
from cleanbill.schema import LONGEST, schema, steps_of

Value = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Fix:
    """The value that a rule puts at a pointer: a constant, or what an expression gives."""

    pointer: str
    constant: Value | None = None
    expression: str | None = None


def may_apply(pointer: str, earlier: tuple[Rule, ...]) -> bool:
    """Whether the value there is one that no rule before the custom ones changes, or takes as a ground for a change."""
    steps = steps_of(pointer)
    kind = schema().customer.fields.get(steps[0]) if steps else None
    if kind not in ("flag", "free") or (len(steps) == 1) != (kind == "flag"):
        return False
    ground = (rule for rule in earlier if rule.fix != "none" and rule.scope == "customer")
    return not any(steps[0] in rule.reads or f"/{steps[0]}" in rule.reads or "*" in rule.reads for rule in ground)


def is_sound(pointer: str, value: object) -> bool:
    """Whether a value may stand at a pointer that `may_apply`: no other rule would complain of it."""
    if schema().customer.fields[steps_of(pointer)[0]] == "flag" or pointer == "/custom_data/exempt_tax":
        return isinstance(value, bool)
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST and value.isprintable() and not hazards(value)
    return isinstance(value, (bool, int, float)) and abs(value) < 1e15


def plain_value(value: object) -> Value | None:
    """What an expression gave, as JSON; a whole double is an integer, since those of custom_data become doubles."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if isinstance(value, (str, bool, int)) or (isinstance(value, float) and abs(value) < 1e15) else None


def written(data: Mapping[str, Any], pointer: str, value: Value) -> tuple[str, object] | None:
    """The customer's field that holds the pointer, and its new value; None where there is no object to write in."""
    name, *path = steps_of(pointer)
    changed = _with(data.get(name), path, value)
    return None if changed is None else (name, changed)


def _with(container: object, path: list[str], value: Value) -> object | None:
    if not path:
        return value
    if container is not None and not isinstance(container, dict):
        return None
    step, *rest = path
    held = container or {}
    member = _with(held.get(step), rest, value)
    return None if member is None else {**held, step: member}
