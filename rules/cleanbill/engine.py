"""Run rules over one customer: in order, each seeing what earlier ones fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from .policy import Policy
from .record import Customer, own
from .report import Edit, Finding, Level, Report
from .rule import REMOVE, Found, Hit, Rule, Scope
from .schema import schema, steps_of


class Step(NamedTuple):
    """One rule as one policy wants it."""

    check: Callable[[object], Found]
    rule: Rule
    level: Level


class Engine:
    """A fixed list of rules, compiled once for each policy."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.plan = lru_cache(maxsize=256)(self._plan)

    def _plan(self, policy: Policy) -> tuple[tuple[Scope, tuple[Step, ...]], ...]:
        """The rules that speak under `policy`, those in a row that judge the same kind of subject together."""
        rules = (*self.rules, *policy.custom)
        policy.refuse_unknown(rules)
        steps = [Step(rule.check, rule, level) for rule in rules if (level := policy.level(rule))]
        return tuple((scope, tuple(group)) for scope, group in groupby(steps, key=lambda step: step.rule.scope))

    def run(self, customer: Customer) -> Report:
        """Judge `customer`, whose working copy is changed; what the caller gave is not."""
        findings = self._pass(customer)
        while _freed_a_field(customer, findings):
            before = [finding for finding in findings if finding.applied]
            again = self._pass(customer)
            findings = before + again
            if not any(finding.applied for finding in again):
                break
        decides = customer.tax_address
        return Report(
            customer.body,
            tuple(findings),
            decides.location if decides else None,
            dict(customer.duplicate_keys()),
        )

    def _pass(self, customer: Customer) -> list[Finding]:
        """Run every rule once."""
        findings: list[Finding] = []
        for scope, steps in self.plan(customer.policy):
            for subject in customer.subjects(scope):
                for check, rule, level in _judging_partial(subject, steps) if customer.partial else steps:
                    try:
                        found = check(subject)
                        if found is not None:
                            for hit in (found,) if isinstance(found, Hit) else found:
                                findings.append(_settle(customer, subject.base, rule, level, hit))  # noqa: PERF401
                    except Exception:  # noqa: BLE001  a broken rule must not stop a customer
                        findings.append(Finding(rule.id, subject.base, "warn", BROKEN))
        return findings


def _freed_a_field(customer: Customer, findings: list[Finding]) -> bool:
    """Whether a fix took a value away while keys wait beside it that may be moved to its place."""
    taken = any(edit.after is None for finding in findings if finding.applied for edit in finding.edits)
    return taken and any(found.strange_keys for found in customer.objects())


BROKEN = "This rule failed to run, so the value was not checked by it; please report this with the rule's id."


def _judging_partial(subject: Any, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The rules that may judge a part of a customer: those that would read what is absent are left out."""
    if subject.scope == "customer" or (subject.scope == "address" and not subject.is_whole):
        return tuple(step for step in steps if step.rule.partial or step.rule.reads <= subject.data.keys())
    return steps


def _settle(customer: Customer, base: str, rule: Rule, level: Level, hit: Hit) -> Finding:
    edits = tuple(_edits(customer.body, base, hit))
    if not all(look_up(customer.body, edit.pointer.rpartition("/")[0])[0] for edit in edits):
        raise LookupError("an edit has no object to be made in")
    fix = hit.fix or rule.fix if edits else "none"
    applied = customer.policy.applies(fix) and not any(_overwrites(rule, edit) for edit in edits)
    if customer.partial:
        held_back = applied and not all(_keeps_the_rest(customer, edit) for edit in edits)
        stored = rule.scope in ("customer", "phone") and rule.id.endswith("-missing")  # it may stand in Zenskar
        if held_back or stored:
            level = "warn"
        applied = applied and not held_back
    if applied:
        for edit in edits:
            _apply(customer.data, edit)
            customer.edited.add(edit.pointer)
        customer.forget()
    return Finding(
        rule.id,
        base + (rule.at if hit.at is None else hit.at),
        level,
        _sentence(rule.message.format_map(hit.words)) if hit.words else rule.message,
        fix,
        edits,
        applied,
        hit.candidates,
    )


def _keeps_the_rest(customer: Customer, edit: Edit) -> bool:
    """Whether an edit of a partial body leaves the rest of the customer as it is: it adds, removes and nulls no key.

    Inside an address that is sent whole, fields may be added and keys that are no fields removed.
    """
    base, _, key = edit.pointer.rpartition("/")
    whole = any(address.base == base and address.is_whole for address in customer.addresses)
    if edit.op == "remove":
        return whole and steps_of("/" + key)[0] not in schema().address.fields
    return edit.after is not None and (edit.op == "replace" or whole)


def _overwrites(rule: Rule, edit: Edit) -> bool:
    """Whether the edit would hide a value of a wrong JSON type, which is an error that only the sender can mend."""
    return rule.scope in ("address", "place", "tax_id") and not isinstance(edit.before, (str, type(None)))


def _sentence(text: str) -> str:
    return text if "_" in text.partition(" ")[0] else text[0].upper() + text[1:]


def _edits(body: object, base: str, hit: Hit) -> Iterator[Edit]:
    for relative, after in hit.edits.items():
        pointer = base + relative
        there, before = look_up(body, pointer)
        if after is not REMOVE:
            yield Edit("replace" if there else "add", pointer, before=before, after=after)
        elif there:
            yield Edit("remove", pointer, before=before)


def look_up(value: object, pointer: str) -> tuple[bool, object]:
    """Whether `pointer` leads to something in `value`, and to what."""
    for step in steps_of(pointer):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False, None
    return True, value


def _apply(body: dict[str, object], edit: Edit) -> None:
    """Make the edit in `body`; the edit's own objects stay as they are."""
    *path, last = steps_of(edit.pointer)
    container: Any = body
    for step in path:
        container = container[int(step) if isinstance(container, list) else step]
    if edit.op == "remove":
        container.pop(last, None)
    else:
        container[int(last) if isinstance(container, list) else last] = own(edit.after)
