"""What an expression means does not depend on how it is asked: alone, with others, beforehand or by the engine."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill import Policy, check_customer
from cleanbill.countries.location import TaxLocation, locate
from cleanbill.custom import custom_rules
from cleanbill.custom.expression import bind, compile_expression, places_read
from cleanbill.custom.functions import FUNCTIONS, tax_id_valid
from cleanbill.custom.patterns import simple_pattern
from cleanbill.custom.variables import fields
from cleanbill.tax_ids.infer import infer
from cleanbill.tax_ids.scheme import schemes

BERLIN = {"line1": "Torstr. 1", "city": "Berlin", "zipCode": "10119", "country_code": "DE"}
SPREE: dict[str, Any] = {
    "customer_name": "Spree GmbH",
    "email": "ap@spree.de",
    "address": BERLIN,
    "tax_info": [{"tax_id": "DE811907980"}],
    "custom_data": {"tier": "gold", "seats": 12, "inner": {"deep": [1, "x"]}},
}


def value(expression: str, data: dict[str, Any]) -> object:
    return compile_expression(expression).evaluate(bind(data, None, places_read(expression)))


def hits(body: dict[str, Any], *tables: dict[str, str]) -> list[str]:
    rules = custom_rules([{"id": f"custom.r{n}", "message": "Say so."} | table for n, table in enumerate(tables)])
    report = check_customer(body, policy=Policy(custom=rules))
    return [finding.rule for finding in report.findings if finding.rule.startswith("custom.")]


@pytest.mark.parametrize(
    "forbid",
    [
        "location.country == 'IN' || has(customer.email)",
        "location.country == 'IN' && false || has(customer.email)",
        "location.country == 'IN' ? false : true",
        "has(customer.email) && (location.country == 'IN' || location.country == 'DE')",
        "!(location.country == 'IN' && has(customer.email))",
        "(location.country == 'DE') && in_eu(location.country) && has_legal_form(customer.customer_name, location.country)",
        "location.country != 'IN' // && location.country == 'IN'",
        "['location.country == 1 && false'].size() == 1 && location.country.startsWith('D')",
        "customer.tax_info.exists(customer, customer.tax_id.matches('^DE'))",
        "customer.tax_info.exists(location, tax_id_valid(location.tax_id, 'eu_vat')) && location.country == 'DE'",
        "customer.tax_info.exists(t, tax_id_scheme(t.tax_id, location.country) == 'eu_vat')",
        "in_eu(phone_region('+4930901820'))",
        "email_domain(customer.email) == 'spree.de' && email_domain('a@b') == 'b'",
        "[customer.address.line1, customer.address.line2].all(line, !is_po_box(line))",
        "customer.custom_data.seats * 2.0 == 24.0 && customer.custom_data['seats'] == 12",
        "customer.custom_data.?none.orValue(1) == 1 && !has(customer.custom_data.none)",
        "customer.custom_data.exists(key, key == 'tier') && customer.custom_data.inner.deep[1] == 'x'",
        "has(customer.custom_data) && 'tier' in customer.custom_data",
        "customer.custom_data == {'tier': 'gold', 'seats': 12.0, 'inner': {'deep': [1.0, 'x']}}",
    ],
)
def test_rule_hits_alone_and_beside_others(forbid: str) -> None:
    assert hits(SPREE, {"forbid": forbid}) == ["custom.r0"]
    others = [{"forbid": "has(customer.external_id)"}, {"when": "location.country == 'IN'", "require": "false"}]
    assert hits(SPREE, others[0], {"forbid": forbid}, others[1]) == ["custom.r1"]


def test_rule_of_another_country_is_not_asked_for_what_it_would_miss() -> None:
    missing = {"when": "location.country == 'IN'", "require": "customer.custom_data.none == 1"}
    assert hits(SPREE, missing, {"forbid": "has(customer.email)"}) == ["custom.r1"]
    assert hits(SPREE | {"address": BERLIN | {"country_code": "IN"}}, missing) == ["custom.r0"]


TEXTS = st.text(st.sampled_from("aAbß1 ._-@\n\t\v"), max_size=8) | st.text(max_size=5)
ATOMS = st.sampled_from(
    ["a", "A", "b", "1", " ", "_", "-", "@", ".", r"\d", r"\.", "[ab]", "[^a]", "[a-b1_-]", r"[\d ]", "[^ .]"]
)
ROWS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "", "", "{2}"])).map("".join), max_size=3).map("".join)
VARYING = st.tuples(ATOMS, st.sampled_from(["*", "+", "?", "{1,2}", "{2,}"])).map("".join)
GROUPS = st.lists(ROWS.filter(bool), min_size=1, max_size=3).map("|".join)
PATTERNS = st.builds(
    "{}{}{}({}){}{}".format,
    st.sampled_from(["", "^"]),
    ROWS,
    VARYING | st.just(""),
    GROUPS,
    ROWS,
    st.sampled_from(["", "$"]),
)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, TEXTS)
def test_pattern_on_a_field_finds_what_the_engine_finds(pattern: str, text: str) -> None:
    for field in ("customer.customer_name", "customer.customer_name.lowerAscii()"):
        data = {"customer_name": text}
        asked = value(f"{field}.matches(r'{pattern}')", data)
        assert asked == value(f"({field} + '').matches(r'{pattern}')", data)


@pytest.mark.parametrize(
    "pattern", [r"^(test|demo|qa)[ _-]", r"^[A-Z]{2}\d{9}$", r"@example\.(com|org)$", "^a.*b", "test"]
)
def test_simple_pattern_is_answered_beforehand(pattern: str) -> None:
    assert simple_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "^(a|aa)+$", "a*b", "^a*a*b", "^a??b", r"\bx", r"\w+", "(?i)x", "a|b", "^é", "[[:alpha:]]", "^a{2}{3}"],
)
def test_pattern_that_could_take_long_or_mean_another_thing_is_left_to_the_engine(pattern: str) -> None:
    assert simple_pattern(pattern) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)), TEXTS)
def test_call_on_a_field_answers_as_a_call_on_any_text(name: str, text: str) -> None:
    constant = {"tax_id_valid": ", 'in_gst'", "tax_id_holder": ", 'in_gst'"}
    more = constant.get(name, ", 'DE'" if len(FUNCTIONS[name].parameters) == 2 else "")
    data = {"customer_name": text}
    assert value(f"{name}(customer.customer_name{more})", data) == value(
        f"{name}(customer.customer_name + ''{more})", data
    )


HELD = st.sampled_from([None, "", "Pune", "x" * 1001, "\ud800", True, False, 3, [], {}])
FIELDS = {path.removeprefix("customer."): path for path in fields() if path.startswith("customer.")}
CUSTOMERS = st.dictionaries(
    st.sampled_from(sorted({path.partition(".")[0] for path in FIELDS})),
    HELD | st.dictionaries(st.sampled_from(sorted({path.rpartition(".")[2] for path in FIELDS})), HELD, max_size=9),
)
PUNE = locate("IN", state="MH", postcode="411001", city="Pune")


@settings(max_examples=200, deadline=None)
@given(CUSTOMERS, st.sampled_from([None, PUNE, locate("XX", state=None, postcode=None, city=None)]))
def test_field_read_beforehand_is_what_the_engine_reads(data: dict[str, Any], location: TaxLocation | None) -> None:
    paths = [path for path, field in fields().items() if field.kind != "object"]
    asked = ", ".join([*paths, *(f"has({path})" for path in fields()), *(f"has(({path}))" for path in fields())])
    by_engine = [re.sub(r"^(customer|location)(.*)", r"[\1].map(r, r\2)[0]", path) for path in paths]
    by_engine += [re.sub(r"^(customer|location)(.*)", r"[\1].exists(r, has(r\2))", path) for path in [*fields()] * 2]
    variables = bind(data, location, frozenset({"", "location"}))
    answers = [compile_expression(f"[{part}]").evaluate(variables) for part in asked.split(", ")]
    assert answers == [compile_expression(f"[{part}]").evaluate(variables) for part in by_engine]


LISTED = st.lists(st.sampled_from(["customer.customer_name", "customer.address.line1", "location.country"]), min_size=1)
ITEMS = st.lists(st.dictionaries(st.sampled_from(["tax_id", "tax_code"]), TEXTS | st.just("P.O. Box 7") | HELD) | HELD)


@settings(max_examples=200, deadline=None)
@given(LISTED, ITEMS | HELD, TEXTS, st.sampled_from(["exists", "all"]), st.sampled_from(["is_po_box", "in_eu"]))
def test_macro_over_a_call_answers_as_any_macro(
    fields: list[str], items: Any, text: str, macro: str, name: str
) -> None:
    data = {"customer_name": text, "address": {"line1": "PO Box 7"}, "tax_info": items}
    for over, item in ((f"[{', '.join(fields)}]", "x"), ("customer.tax_info", "x.tax_id")):
        asked, by_engine = (f"{over}.{macro}(x, {name}({item}){more})" for more in ("", " && true"))
        assert value(asked, data) == value(by_engine, data)
        assert value(f"!{asked} || {asked}", data) is True


def test_macro_over_tax_info_reads_no_more_than_it_would() -> None:
    items = [{"tax_id": "IN"}] * 20 + [{"tax_id": "DE"}]
    for macro in ("in_eu(t.tax_id)", "has_legal_form(t.tax_id, 'DE')"):
        assert value(f"customer.tax_info.exists(t, {macro})", {"tax_info": items}) is False


@pytest.mark.parametrize("number", ["DE811907980", "DE811907981", "811907980", "de 811 907 980", "FR40303265045", "29AABCU9603R1ZJ",
    "29AABCU9603R1ZA", "51824753556", "ATU13585627", "EL094259216", "GR094259216", "NL004495445B01", "x", ""])  # fmt: skip
def test_number_is_valid_where_it_is_read_as_one_of_the_scheme(number: str) -> None:
    for scheme in {scheme.id for scheme in schemes()}:
        reading = infer(number, scheme=scheme).reading
        assert tax_id_valid(number, scheme) == bool(reading and reading.canonical and not reading.problem), scheme
