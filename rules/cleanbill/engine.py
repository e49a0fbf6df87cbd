"""Run rules over one customer: in order, each seeing what earlier ones fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from .policy import Policy
from .record import SUBJECTS, Customer, own
from .report import Edit, Finding, Level, Report
from .rule import REMOVE, Found, Hit, Rule, Scope, Undecided
from .schema import schema, steps_of


class Step(NamedTuple):
    """One rule as one policy wants it."""

    check: Callable[[object], Found]
    rule: Rule
    level: Level


class Group(NamedTuple):
    """Rules in a row on the same subjects: all of one scope but those of which the fact `unless` holds."""

    subjects: Callable[[Customer], Iterable[Any]]
    unless: str
    steps: tuple[Step, ...]


class Engine:
    """A fixed list of rules, compiled once for each policy."""

    def __init__(self, rules: Iterable[Rule], more: Callable[[], tuple[Rule, ...]] = tuple) -> None:
        """`more` gives rules that are found at first use."""
        self.rules = tuple(rules)
        self.more = more
        self.plan = lru_cache(maxsize=4096)(self._plan)

    def _plan(self, policy: Policy, part: str = "") -> tuple[Group, ...]:
        """The rules that speak under `policy`, those in a row that judge the same subjects together.

        `part` is the pointer of the one value that is judged, "" for all: rules on what is no part of it are left out.
        """
        rules = (*self.rules, *self.more(), *policy.custom)
        policy.refuse_unknown(rules)
        judging = (rule for rule in rules if not part or _may_judge(rule, part))
        steps = [Step(rule.check, rule, level) for rule in judging if (level := policy.level(rule))]
        groups = groupby(steps, key=lambda step: (step.rule.scope, step.rule.unless))
        return tuple(Group(SUBJECTS[scope], unless, tuple(group)) for (scope, unless), group in groups)

    def run(self, customer: Customer) -> Report:
        """Judge `customer`, whose working copy is changed; what the caller gave is not."""
        findings = self._pass(customer)
        while findings and _freed_a_field(customer, findings):
            before = [finding for finding in findings if finding.applied]
            again = self._pass(customer)
            findings = before + again
            if not any(finding.applied for finding in again):
                break
        decides = customer.tax_address
        return Report(
            customer.clean,
            tuple(findings),
            decides.location if decides else None,
            customer.duplicate_keys(),
        )

    def _pass(self, customer: Customer) -> list[Finding]:
        """Run every rule once."""
        findings: list[Finding] = []
        for subjects, unless, steps in self.plan(customer.policy, customer.part):
            for subject in subjects(customer):
                if unless and getattr(subject, unless):
                    continue
                for check, rule, level in _judging_partial(subject, steps) if customer.partial else steps:
                    try:
                        found = check(subject)
                        if found is not None:
                            for hit in (found,) if isinstance(found, Hit) else found:
                                findings.append(_settle(customer, subject.base, rule, level, hit))  # noqa: PERF401
                    except Undecided as why:
                        findings.append(
                            Finding(rule.id, customer.relative(subject.base + rule.at), why.level, why.message)
                        )
                    except Exception:  # noqa: BLE001  a broken rule must not stop a customer
                        findings.append(Finding(rule.id, customer.relative(subject.base), "warn", BROKEN))
        return findings


def _may_judge(rule: Rule, part: str) -> bool:
    """Whether the rule has something to say of the part: it judges such a part, or what holds it."""
    member = part.split("/")[1]
    if rule.scope == "customer":
        return rule.at.split("/")[1:2] == [member]
    return rule.scope in ("body", "object", "field", "text", *_SCOPES_OF[member])


_SCOPES_OF: Mapping[str, tuple[Scope, ...]] = {
    "address": ("address",),
    "tax_info": ("tax_id",),
    "phone_number": ("phone",),
    "email": ("email",),
    "customer_name": ("name",),
}


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
    """Say what the hit says, and make its edits where the policy applies them."""
    places = _places(customer, base, hit.edits)
    edits = tuple([place.edit for place in places])
    fix = hit.fix or rule.fix if edits else "none"
    applied = customer.policy.applies(fix) and not _overwrites(rule, edits)
    if customer.partial:
        held_back = applied and not all(_keeps_the_rest(customer, place) for place in places)
        stored = rule.scope in ("customer", "phone") and rule.id.endswith("-missing")  # it may stand in Zenskar
        if held_back or stored:
            level = "warn"
        applied = applied and not held_back
    if applied:
        for place in places:
            place.make()
            customer.edited.add(place.pointer)
        customer.forget()
    at = customer.relative(base + (rule.at if hit.at is None else hit.at))
    message = _sentence(rule.message.format_map(hit.words)) if hit.words else rule.message
    return Finding(rule.id, at, level, message, fix, edits, applied, hit.candidates)


def _keeps_the_rest(customer: Customer, place: _Place) -> bool:
    """Whether an edit of a partial body leaves the rest of the customer as it is: it adds, removes and nulls no key.

    Inside an address that is sent whole, fields may be added and keys that are no fields removed.
    """
    base, _, key = place.pointer.rpartition("/")
    edit = place.edit
    whole = any(address.base == base and address.is_whole for address in customer.addresses)
    if edit.op == "remove":
        return whole and steps_of("/" + key)[0] not in schema().address.fields
    return edit.after is not None and (edit.op == "replace" or whole)


def _overwrites(rule: Rule, edits: tuple[Edit, ...]) -> bool:
    """Whether the edits would hide a value of a wrong JSON type, which is an error that only the sender can mend."""
    return rule.scope in ("address", "tax_id") and any(
        edit.before is not None and not isinstance(edit.before, str) for edit in edits
    )


def _sentence(text: str) -> str:
    return text if "_" in text.partition(" ")[0] else text[0].upper() + text[1:]


class _Place(NamedTuple):
    """Where one edit is made: under `key` in an object or list. `pointer` begins at the body, the edit's own at what is judged."""

    container: Any
    key: Any
    pointer: str
    edit: Edit

    def make(self) -> None:
        """Make the edit, whose own objects stay as they are."""
        if self.edit.op == "remove":
            del self.container[self.key]
        else:
            self.container[self.key] = own(self.edit.after)


def _places(customer: Customer, base: str, edits: Mapping[str, object]) -> list[_Place]:
    """The edits that would change something, with their places. Raises LookupError where one has none, or lies inside another."""
    if len(edits) > 1 and any(one.startswith(other + "/") for one in edits for other in edits):
        raise LookupError("an edit lies inside another")
    places = []
    for relative, after in edits.items():
        pointer = base + relative
        container, key = _container(customer.body, pointer)
        there = key in container if isinstance(container, dict) else key < len(container)
        before, shown = container[key] if there else None, pointer.removeprefix(customer.part)
        if after is not REMOVE:
            places.append(_Place(container, key, pointer, Edit("replace" if there else "add", shown, before, after)))
        elif there:
            places.append(_Place(container, key, pointer, Edit("remove", shown, before)))
    return places


def _container(body: object, pointer: str) -> tuple[Any, Any]:
    """The object or list that holds what the pointer names, and its key there. Raises LookupError where there is none."""
    *path, last = steps_of(pointer) or ("",)
    container: Any = body
    for step in path:
        container = container[int(step) if isinstance(container, list) else step]
    if isinstance(container, dict):
        return container, last
    if isinstance(container, list) and last.isdecimal():
        return container, int(last)
    raise LookupError("an edit has no object to be made in")
