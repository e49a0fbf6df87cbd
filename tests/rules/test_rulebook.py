"""What every rule owes its reader, asked of all of them at once."""

import pytest

from cleanbill import RULES, Policy, Rule, check_customer
from cleanbill.body import read_body
from cleanbill.record import SUBJECTS, Customer
from cleanbill.rulebook import example_policies
from cleanbill.testing import check_order, check_rule

each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

#: Rules that change no meaning of what they write: under both of its country codes a territory is the same place.
SAME_PLACE = frozenset({"location.territory-own-code"})


@each
def test_rule_keeps_the_contract(rule: Rule) -> None:
    check_rule(rule, policy=example_policies().get(rule.id, Policy()))


@each
def test_every_finding_is_of_a_rule_in_the_catalogue(rule: Rule) -> None:
    known = {rule.id for rule in RULES}
    for example in (rule.bad, rule.good):
        body = read_body(example.encode()) if isinstance(example, str) else example
        report = check_customer(body, policy=Policy(fixes="all"), partial=rule.partial)
        assert {finding.rule for finding in report.findings} <= known


@each
def test_id_is_its_address(rule: Rule) -> None:
    family, _, name = rule.id.partition(".")
    assert f".rulebook.{family}" in rule.check.__module__
    assert rule.check.__name__ == name.replace("-", "_")


def test_no_rule_writes_what_an_earlier_one_has_read() -> None:
    check_order(RULES, same=SAME_PLACE)


def bodies() -> list[object]:
    """The rules' examples and what each becomes."""
    given = [example for rule in RULES for example in (rule.bad, rule.good) if isinstance(example, dict)]
    return [*given, *(check_customer(example).clean for example in given)]


def test_rules_that_are_not_asked_have_nothing_to_say() -> None:
    skipped = 0
    for body in bodies():
        customer = Customer(body, Policy())
        for rule in RULES:
            for subject in SUBJECTS[rule.scope](customer) if rule.unless else ():
                if getattr(subject, rule.unless):
                    skipped += 1
                    assert not rule.check(subject), rule.id
    assert skipped > 5_000
