"""What every rule owes its reader, for the tests of rules of your own; nothing of it needs pytest.

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_rule_keeps_the_contract(rule):
        check_rule(rule)

    def test_rules_go_together():
        check_order((*cleanbill.RULES, *RULES))

Both raise AssertionError.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from .body import read_body
from .countries.country import codes, country
from .engine import Engine
from .policy import Policy
from .record import Customer
from .report import Finding, Report
from .rule import Rule
from .rulebook import RULES
from .schema import overlaps, schema

__all__ = ["check_order", "check_rule"]

_DEFAULT = Policy()
_STRENGTH = {"none": 0, "guess": 1, "safe": 2}
_SCOPES: Mapping[str, tuple[str, ...]] = {
    "address": ("/address", "/ship_to_address"),
    "tax_id": ("/tax_info",),
    "phone": ("/phone_number",),
    "email": ("/email",),
    "name": ("/customer_name",),
}


def check_rule(rule: Rule, rules: tuple[Rule, ...] = RULES, policy: Policy = _DEFAULT) -> None:
    """Hold a rule against its own examples, run among `rules`, after which it comes where it is none of them.

    It speaks of its bad example and not of its good one, at its level and with no stronger fix than it declares. Its fix turns
    the bad example into what the good one becomes, and a second check changes nothing more. Switched off it is silent. Its message
    is a sentence without the customer's data. `policy` is one under which the rule speaks, where it does not under the default.
    """
    engine = _engine(rules if rule in rules else (*rules, rule))
    everything = Policy(fixes="all")
    findings = _of(rule, _check(engine, rule, rule.bad, policy))
    assert findings, f"{rule.id} says nothing of its bad example"
    assert not _of(rule, _check(engine, rule, rule.good, policy)), f"{rule.id} speaks of its good example"
    for finding in findings:
        assert finding.level == rule.level, f"{rule.id} speaks at level {finding.level}"
        assert _STRENGTH[finding.fix] <= _STRENGTH[rule.fix], f"{rule.id} claims a {finding.fix} fix"
        _check_message(rule, finding)
    if rule.fix != "none":
        wanted = everything if rule.fix == "guess" else policy
        fixed = _check(engine, rule, rule.bad, wanted)
        assert any(finding.applied for finding in _of(rule, fixed)), f"{rule.id} applies no fix to its bad example"
        same = fixed.clean == _check(engine, rule, rule.good, wanted).clean
        assert same, f"{rule.id} does not turn its bad example into its good one"
    for each in (_DEFAULT, everything):
        again = _check(engine, rule, _check(engine, rule, rule.bad, each).clean, each)
        assert again.patch() == [], f"{rule.id} leaves its bad example so that a second check changes it again"
    silent = replace(policy, levels={rule.id: "off"})
    assert not _of(rule, _check(engine, rule, rule.bad, silent)), f"{rule.id} speaks when it is off"
    assert rule.reason.endswith("."), f"{rule.id} has no docstring that says why"
    assert rule.since, f"{rule.id} does not say since when"


def check_order(rules: Iterable[Rule], same: frozenset[str] = frozenset()) -> None:
    """Hold rules against each other, in the order in which they run: ids are unique, and none writes what an earlier one has read.

    Else a second check would read something else. A rule that writes what it reads makes it canonical, and may. `same` are ids of
    rules that change no meaning of what they write.
    """
    rules = tuple(rules)
    ids = [rule.id for rule in rules]
    assert len(set(ids)) == len(ids), f"declared twice: {sorted({one for one in ids if ids.count(one) > 1})}"
    for at, earlier in enumerate(rules):
        if earlier.scope in ("body", "object", "field", "text"):
            continue
        read = _places(earlier, earlier.reads) - _places(earlier, earlier.writes)
        for later in rules[at + 1 :]:
            written = _places(later, later.writes) if later.id not in same else set()
            met = [place for place in written if any(overlaps(place, other) for other in read)]
            assert not met, f"{later.id} writes {met[0]}, which {earlier.id} has read before it"


@lru_cache(maxsize=8)
def _engine(rules: tuple[Rule, ...]) -> Engine:
    return Engine(rules)


def _check(engine: Engine, rule: Rule, example: object, policy: Policy) -> Report:
    """Judge an example of the rule: a body, or JSON text where the text itself matters."""
    sent = read_body(example.encode()) if isinstance(example, str) else None
    value, duplicates = (sent.value, sent.duplicates) if sent else (example, ())
    return engine.run(Customer(value, policy, duplicates=duplicates, partial=rule.partial))


def _of(rule: Rule, report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule.id]


def _check_message(rule: Rule, finding: Finding) -> None:
    first = finding.message.split()[0]
    assert first[0].isupper() or first in _fields(), f"the message of {rule.id} does not begin as a sentence does"
    assert finding.message.endswith("."), f"the message of {rule.id} does not end as a sentence does"
    assert "{" not in finding.message, f"the message of {rule.id} has a place that no word fills"
    for text in _strings(json.loads(rule.bad) if isinstance(rule.bad, str) else rule.bad):
        if len(text) > 5 and text not in _names():  # shorter ones are codes and common words
            assert text not in finding.message, f"the message of {rule.id} repeats the customer's data"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(member)


def _fields() -> set[str]:
    shapes = schema()
    return {field for shape in (shapes.customer, shapes.address, shapes.tax_info) for field in shape.fields} | {
        "exempt_tax"
    }


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Names of countries and states, which a message may hold: it has them from a pack."""
    lands = [country(code) for code in codes()]
    return frozenset(name for land in lands if land for name in (land.name, *land.subdivisions.values()))


def _places(rule: Rule, names: frozenset[str]) -> set[str]:
    """Fields as pointers into the customer; of an address both, since one rule judges both."""
    found = set()
    for name in names:
        for base in _SCOPES.get(rule.scope, ("",)):
            found.add(name if name.startswith("/") else base if name in ("", "*") else f"{base}/{name}")
    return found
