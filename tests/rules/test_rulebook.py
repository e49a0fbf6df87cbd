"""What every rule owes its reader, asked of all of them at once."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cleanbill import RULES, Finding, Policy, Report, Rule, check_customer
from cleanbill.body import read_body
from cleanbill.countries.country import codes, country
from cleanbill.rulebook import example_policies
from cleanbill.schema import schema

each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
fixable = pytest.mark.parametrize("rule", [r for r in RULES if r.fix != "none"], ids=lambda rule: rule.id)

DEFAULT = Policy()
#: Rules that change no meaning of what they write: under both of its country codes a territory is the same place.
SAME_PLACE = {"location.territory-own-code"}
EVERYTHING = Policy(fixes="all")


def check(rule: Rule, example: object, policy: Policy = DEFAULT) -> Report:
    """Examples are bodies, or JSON text where the text itself matters."""
    body = read_body(example.encode()) if isinstance(example, str) else example
    return check_customer(body, policy=policy, partial=rule.partial)


def hits(rule: Rule, example: object) -> list[Finding]:
    report = check(rule, example, example_policies().get(rule.id, DEFAULT))
    return [finding for finding in report.findings if finding.rule == rule.id]


@each
def test_speaks_of_its_bad_example_and_not_of_its_good_one(rule: Rule) -> None:
    assert hits(rule, rule.bad)
    assert not hits(rule, rule.good)


@each
def test_finding_has_the_rules_level_and_claims_no_more_than_the_rule(rule: Rule) -> None:
    strength = {"none": 0, "guess": 1, "safe": 2}
    for finding in hits(rule, rule.bad):
        assert finding.level == rule.level
        assert strength[finding.fix] <= strength[rule.fix]


@fixable
def test_fix_turns_bad_into_good(rule: Rule) -> None:
    policy = EVERYTHING if rule.fix == "guess" else example_policies().get(rule.id, DEFAULT)
    report = check(rule, rule.bad, policy)
    assert any(finding.applied for finding in report.findings if finding.rule == rule.id)
    assert report.clean == check(rule, rule.good, policy).clean


@each
@pytest.mark.parametrize("policy", [Policy(), EVERYTHING], ids=["safe", "all"])
def test_clean_body_needs_nothing_more(rule: Rule, policy: Policy) -> None:
    once = check(rule, rule.bad, policy)
    assert check(rule, once.clean, policy).patch() == []


@each
def test_switched_off_rule_is_silent(rule: Rule) -> None:
    silent = replace(example_policies().get(rule.id, DEFAULT), levels={rule.id: "off"})
    assert rule.id not in {finding.rule for finding in check(rule, rule.bad, silent).findings}


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)


FIELDS = {field for shape in (schema().customer, schema().address, schema().tax_info) for field in shape.fields} | {
    "exempt_tax"
}
PLACES = {name for code in codes() for name in (country(code).name, *country(code).subdivisions.values())}


@each
def test_message_is_a_sentence_of_pack_facts(rule: Rule) -> None:
    body = json.loads(rule.bad) if isinstance(rule.bad, str) else rule.bad
    for finding in hits(rule, rule.bad):
        first = finding.message.split()[0]
        assert first[0].isupper() or first in FIELDS
        assert finding.message.endswith(".")
        assert "{" not in finding.message
        for text in strings(body):
            if len(text) > 5 and text not in PLACES:  # shorter ones are codes and common words
                assert text not in finding.message


@each
def test_every_finding_is_of_a_rule_in_the_catalogue(rule: Rule) -> None:
    known = {rule.id for rule in RULES}
    for example in (rule.bad, rule.good):
        assert {finding.rule for finding in check(rule, example, EVERYTHING).findings} <= known


@each
def test_id_is_its_address(rule: Rule) -> None:
    family, _, name = rule.id.partition(".")
    assert f".rulebook.{family}" in rule.check.__module__
    assert rule.check.__name__ == name.replace("-", "_")
    assert rule.reason.endswith(".")
    assert rule.since


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def places(rule: Rule, names: frozenset[str]) -> set[str]:
    """Fields as pointers into the customer; of an address both, since one rule judges both."""
    bases = {
        "address": ("/address", "/ship_to_address"),
        "place": ("/address", "/ship_to_address"),
        "tax_id": ("/tax_info",),
        "phone": ("/phone_number",),
        "email": ("/email",),
        "name": ("/customer_name",),
        "customer": ("",),
    }.get(rule.scope, ("",))
    found = set()
    for name in names:
        for base in bases:
            found.add(name if name.startswith("/") else base if name in ("", "*") else f"{base}/{name}")
    return found


def overlaps(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def test_no_rule_writes_what_an_earlier_one_has_read() -> None:
    """Else a second check would read something else. A rule that writes what it reads makes it canonical, and is left out."""
    broken = []
    for at, earlier in enumerate(RULES):
        read = places(earlier, earlier.reads) - places(earlier, earlier.writes)
        for later in (later for later in RULES[at + 1 :] if later.id not in SAME_PLACE):
            written = places(later, later.writes)
            if earlier.scope not in ("body", "object", "field", "text") and any(
                overlaps(r, w) for r in read for w in written
            ):
                broken.append((earlier.id, later.id))
    assert broken == []
