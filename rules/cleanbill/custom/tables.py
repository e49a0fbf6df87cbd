"""The `[[rules]]` tables of a policy, read into rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from cleanbill.plugins import all_rules
from cleanbill.policy_error import PolicyError, did_you_mean
from cleanbill.report import Level
from cleanbill.rule import Rule
from cleanbill.schema import LONGEST, overlaps, schema, steps_of

from .check import CustomCheck, OnFailure
from .expression import EngineMissing, Mistake, both, compile_expression
from .fix import Fix, Value, is_sound, may_apply

_KEYS = ("id", "when", "require", "forbid", "message", "level", "pointer", "fix", "on_failure")
_FIX_KEYS = ("set", "to", "expression", "safe")
_ID = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9-]*")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])+)*")

T = TypeVar("T")


def custom_rules(tables: Sequence[Mapping[str, object]]) -> tuple[Rule, ...]:
    """The rules that the `[[rules]]` tables of a policy declare, in their order.

    Raises PolicyError with the table's index and the key in `at`; it says what to change, and shows an expression's mistake.
    """
    rules: list[Rule] = []
    for index, table in enumerate(tables):
        try:
            rule = _Table(table, index).rule()
        except EngineMissing:
            raise PolicyError("rules in the policy need an extra: pip install 'cleanbill[cel]'", at=(index,)) from None
        for earlier in rules:
            _refuse_together(earlier, rule, index)
        rules.append(rule)
    return tuple(rules)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table, and where it stands in the list."""

    table: Mapping[str, object]
    index: int

    def rule(self) -> Rule:
        if not isinstance(self.table, Mapping):
            raise self.refused("is a table")
        self.only(self.table, _KEYS)
        rule_id = self.id()
        forbidden = self.expression("forbid")
        required = self.expression("require")
        if (required is None) == (forbidden is None):
            raise self.refused("has exactly one of require and forbid")
        when = self.expression("when")
        hits = both(when, forbidden) if required is None else both(when, f"!({required}\n)")
        self.compile("when" if when else "require", hits)  # together they may be too long
        fix, applies, safe = self.fix()
        place = fix.pointer if fix else ""
        reason = _reason(when, required, forbidden)
        check = CustomCheck(
            hits, fix, self.one_of("on_failure", get_args(OnFailure), "open"), applies=applies, reason=reason
        )
        return Rule(
            id=rule_id,
            check=check,
            scope="customer",
            at=self.pointer("pointer", self.table.get("pointer", place)),
            message=self.text("message"),
            level=self.one_of("level", get_args(Level), "error"),
            fix=("safe" if safe else "guess") if applies else "none",
            reads=check.reads,
            writes=frozenset((fix.pointer,)) if fix and applies else frozenset(),
            bad=None,
            good=None,
            since="",
        )

    def id(self) -> str:
        rule_id = self.text("id")
        if not _ID.fullmatch(rule_id):
            raise self.refused("is a family, a dot and a name, such as custom.gstin-missing", "id")
        family = rule_id.partition(".")[0]
        if family in {rule.family for rule in all_rules()}:
            raise self.refused(f"has the family {family!r}, which is taken; use custom or a family of your own", "id")
        return rule_id

    def expression(self, key: str) -> str | None:
        if key not in self.table:
            return None
        source = self.text(key)
        if not self.compile(key, source):
            raise self.unusable(key, Mistake("the expression must be true or false"), source)
        return source

    def compile(self, key: str, source: str) -> bool:
        """Whether an expression that is sound may be true or false."""
        try:
            return compile_expression(source).is_bool
        except Mistake as mistake:
            raise self.unusable(key, mistake, source) from None

    def fix(self) -> tuple[Fix | None, bool, bool]:
        """The fix, whether it may be applied, and whether it is safe."""
        if "fix" not in self.table:
            return None, False, False
        table = self.table["fix"]
        if not isinstance(table, Mapping):
            raise self.refused('is a table such as { set = "/custom_data/tier", to = "free" }', "fix")
        self.only(table, _FIX_KEYS, "fix")
        pointer = self.pointer("fix", table.get("set"))
        if not pointer or ("to" in table) == ("expression" in table):
            raise self.refused("has set, and exactly one of to and expression", "fix")
        safe = table.get("safe", False)
        if not isinstance(safe, bool):
            raise self.refused("has safe as true or false", "fix")
        applies = may_apply(pointer, all_rules())
        if safe and not applies:
            raise self.refused(
                f"cannot be safe: built-in rules have read {pointer} by then, so its value is only offered", "fix"
            )
        if "to" in table:
            constant = self.constant(table["to"])
            if applies and not is_sound(pointer, constant):
                raise self.refused(f"sets {pointer} to a value that another rule would complain of", "fix")
            return Fix(pointer, constant=constant), applies, safe
        source = table["expression"]
        if not isinstance(source, str):
            raise self.refused("has expression as a text", "fix")
        self.compile("fix", source)
        return Fix(pointer, expression=source), applies, safe

    def constant(self, value: object) -> Value:
        if isinstance(value, (str, bool, int)) or (isinstance(value, float) and abs(value) < float("inf")):
            return value
        raise self.refused("sets a text, a number, true or false", "fix")

    def pointer(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not _POINTER.fullmatch(value):
            raise self.refused("is a pointer into the customer, such as /address/zipCode", key)
        shapes = schema()
        steps, fields = steps_of(value), shapes.customer.fields
        for step in steps:
            if step.isdecimal() and fields is shapes.tax_info.fields:
                continue
            if step not in fields:
                raise self.refused(f"names no field of a customer: {step!r}{did_you_mean(step, fields)}", key)
            if fields[step] == "free":
                break
            inner = {"address": shapes.address, "ship_to_address": shapes.address, "connector": shapes.connector}
            inner |= {"tax_info": shapes.tax_info}
            fields = inner[step].fields if step in inner and fields is shapes.customer.fields else {}
        return value

    def text(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip() or (key == "message" and len(value) > LONGEST):
            raise self.refused("is a text that is not empty", key)
        return value

    def one_of(self, key: str, allowed: tuple[T, ...], default: T) -> T:
        value = self.table.get(key, default)
        for choice in allowed:
            if value == choice:
                return choice
        raise self.refused(f"is one of {', '.join(map(str, allowed))}", key)

    def only(self, table: Mapping[Any, object], known: Sequence[str], *at: str) -> None:
        for key in table:
            if key not in known:
                raise self.refused(f"is not a key that is known here{did_you_mean(str(key), known)}", *at, str(key))

    def unusable(self, key: str, mistake: Mistake, source: str) -> PolicyError:
        return self.refused(f"cannot be used: {mistake.shown_in(source)}", key)

    def refused(self, reason: str, *at: str) -> PolicyError:
        rule_id = self.table.get("id") if isinstance(self.table, Mapping) else None
        name = repr(rule_id) if isinstance(rule_id, str) else f"number {self.index + 1}"
        return PolicyError(f"{' '.join((*at, 'of'))} rule {name} {reason}".removeprefix("of "), at=(self.index, *at))


def _reason(when: str | None, required: str | None, forbidden: str | None) -> str:
    """What the rule says of itself in the catalogue."""
    wanted = f"requires {required}" if required is not None else f"forbids {forbidden}"
    return f"A rule of the policy: it {wanted}" + (f", when {when}." if when else ".")


def _refuse_together(earlier: Rule, rule: Rule, index: int) -> None:
    """Refuse a rule that writes what an earlier custom one has read: a second check would read something else."""
    if earlier.id == rule.id:
        raise PolicyError(f"two rules are called {rule.id!r}", at=(index, "id"))
    for written in rule.writes:
        if any(overlaps(written, place) for place in (*_places(earlier), *earlier.writes)):
            raise PolicyError(
                f"fix of rule {rule.id!r} writes {written}, which {earlier.id!r} has read by then; put that rule after it",
                at=(index, "fix"),
            )


def _places(rule: Rule) -> frozenset[str]:
    return rule.check.places - {"location"} if isinstance(rule.check, CustomCheck) else frozenset()
