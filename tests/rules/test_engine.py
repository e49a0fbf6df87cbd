"""The engine: what it promises of rules that behave, and of one that does not."""

import pytest

from cleanbill import Hit, Policy, Report, Rule
from cleanbill.engine import BROKEN, Engine
from cleanbill.parts import Address
from cleanbill.record import Customer
from cleanbill.rule import REMOVE, Found, rule_on

on_customer = rule_on(Customer)


def declared(check: object, fix: str = "safe", name: str = "party.example") -> Rule:
    declare = on_customer(name, reads={"*"}, writes={"*"}, message="Say so.", bad={}, good={}, since="0.1", fix=fix)  # type: ignore[arg-type]
    return declare(check)  # type: ignore[arg-type]


def run(body: object, *rules: Rule, policy: Policy | None = None) -> Report:
    return Engine(rules).run(Customer(body, policy or Policy()))


def test_later_rule_sees_what_an_earlier_one_fixed() -> None:
    def double(customer: Customer) -> Found:
        return Hit({"/n": customer.data["n"] * 2})

    assert run({"n": 2}, declared(double), declared(double, name="party.other")).clean == {"n": 8}


def test_broken_rule_is_told_and_stops_nothing() -> None:
    def broken(customer: Customer) -> Found:
        raise ValueError(customer.data["secret"])

    report = run({"secret": "zqx"}, declared(broken), declared(lambda _: Hit({"/n": 1}), name="party.other"))
    assert next((f.rule, f.level, f.message) for f in report.findings) == ("party.example", "warn", BROKEN)
    assert report.clean == {"secret": "zqx", "n": 1}
    assert "zqx" not in repr(report)


@pytest.mark.parametrize("edits", [{"/a": 1, "/none/b": 2}, {"/none/b": 2, "/a": 1}])
def test_edits_are_made_together_or_not_at_all(edits: dict[str, object]) -> None:
    report = run({"x": 0}, declared(lambda _: Hit(edits)))
    assert report.clean == {"x": 0}
    assert not report.patch()


def test_key_that_is_not_there_cannot_be_removed() -> None:
    report = run({"x": 0}, declared(lambda _: Hit({"/y": REMOVE})))
    assert report.patch() == []
    assert report.findings[0].fix == "none"


def test_hit_may_claim_less_than_its_rule() -> None:
    report = run({}, declared(lambda _: Hit({"/x": 1}, fix="guess")))
    assert (report.findings[0].fix, report.findings[0].applied, report.clean) == ("guess", False, {})


def test_moved_object_is_a_copy_in_the_clean_body_and_whole_in_the_patch() -> None:
    inner = {"city": "Pune"}
    body = {"old": inner}
    report = run(
        body,
        declared(lambda _: Hit({"/address": inner, "/old": REMOVE})),
        declared(lambda _: Hit({"/address/city": "Goa"}), name="party.other"),
    )
    assert report.clean == {"address": {"city": "Goa"}}
    assert body == {"old": {"city": "Pune"}}
    assert report.patch()[0] == {"op": "add", "path": "/address", "value": {"city": "Pune"}}


def test_facts_are_read_once_and_again_after_a_fix() -> None:
    customer = Customer({"address": {"country_code": "US"}}, Policy())
    address = customer.billing
    assert address
    assert address.country is address.country
    assert address.country.code == "US"  # type: ignore[union-attr]

    fix = rule_on(Address)(
        "address.example", at="/country_code", reads={"country_code"}, writes={"country_code"}, message="Say so.", bad={}, good={},
        since="0.1", fix="safe",
    )(lambda found: Hit({"/country_code": "GB"}) if found.country and found.country.code == "US" else None)  # fmt: skip
    Engine([fix]).run(customer)
    assert address.country.code == "GB"  # type: ignore[union-attr]


def test_one_sentence_starts_with_a_capital_whatever_its_first_word() -> None:
    rule = declared(lambda _: Hit(words={"country": "the United States"}))
    rule = Rule(**{f: getattr(rule, f) for f in Rule.__slots__} | {"message": "{country} has none."})
    assert run({}, rule).findings[0].message == "The United States has none."
