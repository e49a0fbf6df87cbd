"""Rules of a company's own in CEL: what they say, what they may write, and what is refused when the policy is loaded."""

import copy
import gc
import pickle
import subprocess
import sys
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill import Finding, Policy, PolicyError, Report, Rule, check_address, check_customer, check_email
from cleanbill.checks import ENGINE
from cleanbill.custom import custom_rules
from cleanbill.engine import BROKEN

BLANK = {"id": "custom.x", "message": "Say so."}
NILGIRI: dict[str, Any] = {
    "customer_name": "Nilgiri Analytics Pvt Ltd",
    "email": "ap@nilgiri-analytics.in",
    "address": {"line1": "12 MG Road", "city": "Bengaluru", "state": "KA", "zipCode": "560025", "country": "India"},
}
GSTIN = {"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}
FORGED = GSTIN | {"tax_id": "29AABCU9603R1ZA"}
VAT_ID = {"country_code": "DEU", "tax_code": "VAT", "tax_id": "DE 811 907 980"}
BERLIN = {"line1": "Torstr. 1", "city": "Berlin", "zipCode": "10119", "country": "Germany", "country_code": "DE"}
L = "customer.custom_data.l"
EXAMPLES = tomllib.loads((files("cleanbill") / "examples" / "rules.toml").read_text("utf-8"))["rules"]


def policy(*tables: dict[str, Any], **chosen: Any) -> Policy:
    return Policy(custom=custom_rules([BLANK | table for table in tables]), **chosen)


def said(report: Report, family: str = "custom.") -> list[Finding]:
    return [finding for finding in report.findings if finding.rule.startswith(family)]


def says(body: object, **table: Any) -> list[Finding]:
    return said(check_customer(body, policy=policy(table)))


def test_family_may_be_any_that_a_package_may_have() -> None:
    made = policy({"id": "our_team.terms-missing", "forbid": "true"})
    assert [finding.rule for finding in said(check_customer({}, policy=made), "our_team.")] == [
        "our_team.terms-missing"
    ]


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("custom.gstin-missing", NILGIRI, NILGIRI | {"tax_info": [GSTIN]}),
        ("custom.gstin-missing", NILGIRI | {"tax_info": [FORGED]}, NILGIRI | {"customer_name": "Asha Rao"}),
        ("custom.ship-to-po-box", {"ship_to_address": BERLIN | {"line1": "Postfach 12"}}, {"ship_to_address": BERLIN}),
        ("custom.enterprise-ship-to-missing", {"custom_data": {"tier": "enterprise"}}, {"custom_data": {"tier": "free"}}),
        (
            "custom.vat-id-missing",
            {"customer_name": "Spree GmbH", "address": BERLIN},
            {"customer_name": "Spree GmbH", "address": BERLIN, "custom_data": {"b2c": True}},
        ),
        (
            "custom.vat-id-missing",
            {"customer_name": "Spree GmbH", "address": BERLIN, "custom_data": {"b2c": "yes"}},
            {"customer_name": "Spree GmbH", "address": BERLIN, "tax_info": [VAT_ID]},
        ),
        ("custom.email-domain-blocked", {"email": "jo@Competitor.example"}, {"email": "jo@nilgiri.in"}),
        ("custom.test-account", {"customer_name": "QA-Nilgiri"}, {"customer_name": "Qantas"}),
    ],
)  # fmt: skip
def test_shipped_example_hits_and_passes(name: str, bad: dict[str, Any], good: dict[str, Any]) -> None:
    shipped = Policy(custom=custom_rules(EXAMPLES))
    table = next(table for table in EXAMPLES if table["id"] == name)
    (finding,) = [f for f in check_customer(bad, policy=shipped).findings if f.rule == name]
    assert (finding.message, finding.level, finding.pointer) == (
        table["message"], table.get("level", "error"), table.get("pointer", ""),
    )  # fmt: skip
    assert not [f for f in check_customer(good, policy=shipped).findings if f.rule == name]


def test_shipped_example_of_a_fix_is_applied() -> None:
    report = check_customer({"customer_name": "Test Nilgiri"}, policy=Policy(custom=custom_rules(EXAMPLES)))
    assert report.clean == {"customer_name": "Test Nilgiri", "communications_enabled": False}
    assert report.patch() == [{"op": "add", "path": "/communications_enabled", "value": False}]


def test_rule_sees_the_corrected_customer_and_its_tax_location() -> None:
    sent = {"name": "Nilgiri", "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"}}
    seen = "customer.customer_name == 'Nilgiri' && customer.address.state == 'KA' && location.subdivision == 'IN-KA'"
    assert says(sent, forbid=seen)
    assert says(
        sent, forbid="location.gst_state_code == '29' && 'IN' in location.jurisdictions && has(location.postcode)"
    )


@pytest.mark.parametrize(
    "expression",
    [
        "!has(customer.email) && customer.email == ''",
        "!has(customer.ship_to_address) && customer.ship_to_address.city == ''",
        "customer.?email.orValue('none') == 'none'",
        "customer.custom_data.?tier.orValue('free') == 'free'",
        "customer.tax_info.size() == 0",
        "!has(customer.auto_charge_enabled) && !customer.auto_charge_enabled",
        "location.country == '' && !has(location.country)",
    ],
)
@pytest.mark.parametrize(
    "absent",
    [{}, {"email": None, "ship_to_address": None}, {"email": [3], "auto_charge_enabled": 1.5, "tax_info": [7]}],
)
def test_absent_value_is_easy_to_write_about(expression: str, absent: dict[str, Any]) -> None:
    assert [finding.message for finding in says(absent, forbid=expression)] == ["Say so."]


@pytest.mark.parametrize(
    "expression",
    [
        "tax_id_valid('29AABCU9603R1ZJ', 'in_gst') && !tax_id_valid('29AABCU9603R1ZA', 'in_gst')",
        "tax_id_scheme('29AABCU9603R1ZJ', 'IN') == 'in_gst' && tax_id_scheme('?', 'IN') == ''",
        "tax_id_holder('29AABCU9603R1ZJ', 'in_gst') == 'company' && tax_id_holder('?', 'in_gst') == ''",
        "email_domain('a@Nilgiri.IN') == 'nilgiri.in' && email_domain('nobody') == ''",
        "is_disposable_email('a@mailinator.com') && !is_disposable_email('a@gmail.com') && !is_disposable_email('')",
        "phone_region('+919845012345') == 'IN' && phone_region('none') == ''",
        "has_legal_form('Spree GmbH', 'DE') && !has_legal_form('Spree', 'DE') && !has_legal_form('', 'DE')",
        "is_placeholder_name('n/a') && !is_placeholder_name('Nilgiri')",
        "is_po_box('P.O. Box 7') && !is_po_box('Boxhagener Str. 7') && !is_po_box('')",
        "in_eu('DE') && !in_eu('GB') && !in_eu(customer.email) && !in_eu(location.country)",
        "email_domain(email_domain('a@b@c') + '@' + [email_domain('a@x'), 'y'][0]) == 'x' // in_eu(",
        """ !is_po_box('Box )",:[in_eu("DE"), 7') && in_eu(['FR', "DE"][ size('a, b') - 3 ]) """,
        "'Ab'.lowerAscii() == 'ab' && customer.customer_name.startsWith('N')",
    ],
)
def test_functions_of_the_library(expression: str) -> None:
    assert says({"customer_name": "Nilgiri"}, require=expression) == []


@pytest.mark.parametrize(
    ("table", "key", "reason", "mark"),
    [
        ({"require": "has(customer.emial)"}, "require", "Customer has no field 'emial', did you mean 'email'?", "emial"),
        ({"require": "true", "when": "customer.tax_info.exists(t,\n t.tax_idd == '')"}, "when", "no field 'tax_idd'", "tax_idd"),
        ({"forbid": "customer.ship_to_address.zip == ''"}, "forbid", "did you mean 'zipCode'?", "zip"),
        ({"require": "emal == ''"}, "require", "nothing is called 'emal', did you mean 'customer.email'?", "emal"),
        ({"require": "custmer.email == ''"}, "require", "did you mean 'customer'?", "custmer"),
        ({"require": "customer.email.startWith('a')"}, "require", "did you mean 'startsWith'?", "startWith"),
        ({"require": "tax_id_vald('', 'in_gst')"}, "require", "did you mean 'tax_id_valid'?", "tax_id_vald"),
        ({"require": "tax_id_valid('')"}, "require", "is called as tax_id_valid(number, scheme)", "tax_id_valid"),
        ({"require": "tax_id_valid('', 'in_gts')"}, "require", "no scheme 'in_gts', did you mean 'in_gst'?", "in_gts"),
        ({"require": "in_eu('Germany')"}, "require", "there is no country 'Germany'", "Germany"),
        ({"require": "phone_region(1) == ''"}, "require", "phone_region(number) takes texts, not (int)", "(1)"),
        ({"require": "customer.email.matches('(')"}, "require", "a pattern that RE2 can read: missing ): (", "(')"),
        ({"require": "true", "when": "has(customer.email) &&\n matches(customer.email, r'a**')"}, "when", "bad repetition", "a**"),
        ({"require": "customer.email.matches('''(?=x)\n''')"}, "require", "RE2 can read: invalid perl operator", "(?="),
        ({"require": "customer.email == 3"}, "require", "== cannot be used on (text, int)", "=="),
        ({"require": "customer.email"}, "require", "must be true or false", "customer"),
        ({"require": "customer.email = ''"}, "require", "syntax error", "= "),
        ({"require": "true &&"}, "require", "syntax error", ""),
        ({"require": "(" * 99 + "true" + ")" * 99}, "require", "nested too deeply", "("),
        ({"require": "true || " * 400 + "true"}, "require", "2000 characters at most", "true"),
        ({"require": "customer.email == '\x00'"}, "require", "no control characters", "customer"),
        ({"require": "customer.email == '\ud800'"}, "require", "no control characters", "customer"),
        ({"require": "true", "fix": {"set": "/custom_data/a", "expression": "customer.emial"}}, "fix", "mean 'email'?", "emial"),
    ],
)  # fmt: skip
def test_mistake_in_an_expression_is_shown_with_a_caret(
    table: dict[str, Any], key: str, reason: str, mark: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        custom_rules([BLANK | {"require": "true", "id": "custom.first"}, BLANK | table])
    first, line, caret = str(refused.value).split("\n")
    assert first.startswith(f"{key} of rule 'custom.x' cannot be used: ")
    assert reason in first
    assert line[caret.index("^") :].startswith(mark)
    assert refused.value.at == (1, key)


@pytest.mark.parametrize(
    ("table", "at", "reason"),
    [
        ({}, (), "exactly one of require and forbid"),
        ({"require": "true", "forbid": "true"}, (), "exactly one of require and forbid"),
        ({"requires": "true"}, ("requires",), "did you mean 'require'?"),
        ({"require": True}, ("require",), "is a text"),
        ({"require": "true", "id": "x"}, ("id",), "such as custom.gstin-missing"),
        ({"require": "true", "id": None}, ("id",), "is a text"),
        ({"require": "true", "id": "address.x"}, ("id",), "the family 'address', which is taken"),
        ({"require": "true", "message": " "}, ("message",), "is a text that is not empty"),
        ({"require": "true", "level": "loud"}, ("level",), "is one of info, warn, error"),
        ({"require": "true", "level": []}, ("level",), "is one of info, warn, error"),
        ({"require": "true", "on_failure": "shut"}, ("on_failure",), "is one of open, closed"),
        ({"require": "true", "pointer": "email"}, ("pointer",), "such as /address/zipCode"),
        ({"require": "true", "pointer": "/adress/city"}, ("pointer",), "did you mean 'address'?"),
        ({"require": "true", "pointer": "/address/city/x"}, ("pointer",), "names no field"),
        ({"require": "true", "pointer": "/tax_info/0/tax"}, ("pointer",), "names no field"),
        ({"require": "true", "fix": "a"}, ("fix",), "is a table"),
        ({"require": "true", "fix": {"set": "/custom_data/a"}}, ("fix",), "exactly one of to and expression"),
        ({"require": "true", "fix": {"set": "", "to": 1}}, ("fix",), "has set"),
        ({"require": "true", "fix": {"set": "/custom_data/a", "to": []}}, ("fix",), "sets a text, a number"),
        ({"require": "true", "fix": {"set": "/custom_data/a", "to": "=1+1"}}, ("fix",), "another rule would complain"),
        ({"require": "true", "fix": {"set": "/custom_data/exempt_tax", "to": "yes"}}, ("fix",), "would complain"),
        ({"require": "true", "fix": {"set": "/auto_charge_enabled", "to": "yes"}}, ("fix",), "would complain"),
        ({"require": "true", "fix": {"set": "/custom_data/a", "to": 1, "safe": 1}}, ("fix",), "true or false"),
        ({"require": "true", "fix": {"set": "/custom_data/a", "too": 1}}, ("fix", "too"), "did you mean 'to'?"),
        (
            {"require": "true", "fix": {"set": "/address/country_code", "to": "IN", "safe": True}},
            ("fix",),
            "only offered",
        ),
    ],
)
def test_mistake_in_a_table_is_refused_with_its_place(table: dict[str, Any], at: tuple[str, ...], reason: str) -> None:
    with pytest.raises(PolicyError) as refused:
        custom_rules([BLANK | table])
    assert reason in str(refused.value)
    assert refused.value.at == (0, *at)


@pytest.mark.parametrize("table", [None, 3, "x", []])
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(PolicyError, match="rule number 1 is a table"):
        custom_rules([table])


def test_ids_are_unique() -> None:
    with pytest.raises(PolicyError, match=r"two rules are called 'custom\.x'"):
        policy({"require": "true"}, {"require": "true"})


@pytest.mark.parametrize(
    ("expression", "body", "reason"),
    [
        ("customer.custom_data.tier == 'a'", {}, "reads a value that is not there"),
        ("1 / customer.custom_data.n > 1", {"custom_data": {"n": "zqxcanary"}}, "has no answer"),
        ("customer.custom_data.n", {"custom_data": {"n": "zqxcanary"}}, "has no answer"),
        ("customer.custom_data.n.matches('a' + '(')", {"custom_data": {"n": "zqxcanary"}}, "has no answer"),
        (f"{L}.all(a, {L}.all(b, a + b != ''))", {"custom_data": {"l": ["zqx"] * 200}}, "steps"),
        (f"{L}.all(a, {L}.all(b, !in_eu(a + b)))", {"custom_data": {"l": [f"zqx{n}" for n in range(90)]}}, "steps"),
        ("has(customer.custom_data.l)", {"custom_data": {"l": ["zqx"] * 2000}}, "more than a rule of the policy may read"),
        ("has(customer.custom_data.l)", {"custom_data": {"l": ["zqx" * 300] * 30}}, "more than a rule of the policy may read"),
        ("has(customer.custom_data.l)", {"custom_data": {"l": "zqx" * 500}}, "more than a rule of the policy may read"),
        ("has(customer.custom_data.l)", {"custom_data": {"l": "zqx\ud800"}}, "more than a rule of the policy may read"),
    ],
)  # fmt: skip
def test_expression_without_an_answer_is_a_finding_of_its_own(
    expression: str, body: dict[str, Any], reason: str
) -> None:
    for count in (1, 2):
        others = [{"id": f"custom.y{n}", "require": "false"} for n in range(1, count)]
        for on_failure, level in (("open", "warn"), ("closed", "error")):
            table = {"require": expression, "level": "info", "on_failure": on_failure}
            report = check_customer(body, policy=policy(table, *others))
            failed, *rest = said(report)
            assert (failed.rule, failed.level) == ("custom.x", level)
            assert reason in failed.message
            assert "zqx" not in failed.message
            assert len(rest) == len(others)  # the others are not kept from speaking


def test_custom_data_that_is_too_large_keeps_no_other_rule_from_its_answer() -> None:
    tables = ({"require": "has(customer.custom_data.a)"}, {"id": "custom.y", "require": "has(customer.email)"})
    report = check_customer({"custom_data": {"l": [0] * 5000}}, policy=policy(*tables))
    assert [finding.message for finding in said(report)][1:] == ["Say so."]


def test_records_leave_nothing_in_memory() -> None:
    chosen = policy({"require": "email_domain(customer.email) != 'x' && customer.custom_data.?a.orValue('') == ''"})

    def blocks_after(count: int) -> int:
        for n in range(count):
            check_customer({"customer_name": "Nilgiri", "email": f"jo{n}@nilgiri.in"}, policy=chosen)
        gc.collect()
        return sys.getallocatedblocks()

    before = blocks_after(500)
    assert blocks_after(1000) - before < 500  # of a thousand records


def test_condition_that_is_false_asks_no_further() -> None:
    assert says({}, when="has(customer.custom_data.tier)", require="customer.custom_data.tier == 'a'") == []


TIER: dict[str, Any] = {
    "require": "customer.custom_data.?tier.orValue('') != ''",
    "fix": {"set": "/custom_data/tier", "to": "free"},
}


def test_guess_is_offered_and_a_safe_fix_applied() -> None:
    given_data = {"custom_data": {"owner": {"name": "ops"}}}
    before = copy.deepcopy(given_data)
    offered = check_customer(given_data, policy=policy(TIER))
    assert (offered.clean, said(offered)[0].fix, said(offered)[0].applied) == (given_data, "guess", False)
    safe = policy(TIER | {"fix": TIER["fix"] | {"safe": True}})
    applied = check_customer(given_data, policy=safe)
    assert applied.clean == {"custom_data": {"owner": {"name": "ops"}, "tier": "free"}}
    assert given_data == before
    assert said(check_customer(applied.clean, policy=safe)) == []
    assert check_customer(given_data, policy=policy(TIER, fixes="all")).clean == applied.clean


def test_computed_value_is_written_as_json() -> None:
    table = {
        "require": "has(customer.custom_data.twice)",
        "fix": {"set": "/custom_data/twice", "expression": "customer.custom_data.seats * 2.0", "safe": True},
    }
    report = check_customer({"custom_data": {"seats": 21}}, policy=policy(table))
    assert report.clean == {"custom_data": {"seats": 21, "twice": 42}}
    assert said(check_customer({"custom_data": {"seats": "many"}}, policy=policy(table)))[0].edits == ()


@pytest.mark.parametrize(
    ("body", "table"),
    [
        (
            {},
            {"require": "customer.custom_data.?tier.orValue('') == 'paid'", "fix": TIER["fix"]},
        ),  # not content with it
        ({}, {"require": "has(customer.email)", "fix": TIER["fix"]}),  # does not even ask for it
        ({"custom_data": {"tier": {"a": 1}}}, {"require": "false", "fix": {"set": "/custom_data/tier/b/c", "to": 1}}),
        ({"custom_data": {"tier": 1}}, {"require": "false", "fix": {"set": "/custom_data/tier/b", "to": 1}}),
        ({"custom_data": "x"}, TIER),
        (
            {"address": {"city": "Pune"}},
            {"require": "has(customer.address.country)", "fix": {"set": "/address/country", "to": "India"}},
        ),
        (
            {"customer_name": "=1+1"},
            {
                "require": "has(customer.custom_data.n)",
                "fix": {"set": "/custom_data/n", "expression": "customer.customer_name"},
            },
        ),
    ],
)
def test_fix_that_would_not_hold_is_only_offered(body: dict[str, Any], table: dict[str, Any]) -> None:
    everything = policy(table, fixes="all")
    report = check_customer(body, policy=everything)
    (finding,) = said(report)
    assert (finding.applied, finding.fix, finding.pointer) == (False, "none", table["fix"]["set"])
    assert len(finding.candidates) == 1
    assert check_customer(report.clean, policy=everything).patch() == []


def test_fix_of_what_an_earlier_rule_has_read_is_refused() -> None:
    reader = {"id": "custom.reader", "forbid": "customer.custom_data.exists(key, key == 'tier')"}
    with pytest.raises(PolicyError, match="put that rule after it") as refused:
        policy(reader, TIER)
    assert refused.value.at == (1, "fix")
    policy(TIER, reader)
    policy({"id": "custom.other", "require": "customer.custom_data.?owner.orValue('') == ''"}, TIER)


def test_policy_with_custom_rules_goes_to_another_process_and_back() -> None:
    chosen = policy(TIER, {"id": "custom.y", "when": "has(customer.email)", "forbid": "in_eu(location.country)"})
    again = pickle.loads(pickle.dumps(chosen))
    body = {"email": "a@nilgiri.in", "address": BERLIN}
    assert check_customer(body, policy=again).to_dict() == check_customer(body, policy=chosen).to_dict()
    assert [rule.to_dict() for rule in again.custom] == [rule.to_dict() for rule in chosen.custom]


def test_levels_of_a_policy_hold_for_its_own_rules() -> None:
    body = {"customer_name": "Nilgiri"}
    assert said(check_customer(body, policy=policy({"require": "false"}, levels={"custom.x": "off"}))) == []
    assert said(check_customer(body, policy=policy({"require": "false"}, levels={"custom": "info"})))[0].level == "info"
    with pytest.raises(PolicyError, match="did you mean"):
        ENGINE.plan(policy({"require": "false"}, levels={"custom.xx": "off"}))


GSTIN_RULE = next(table for table in EXAMPLES if table["id"] == "custom.gstin-missing")


def test_change_of_a_customer_is_judged_only_by_what_it_holds() -> None:
    own = Policy(custom=custom_rules([GSTIN_RULE]))
    whole = {key: NILGIRI[key] for key in ("customer_name", "address")} | {"tax_info": []}
    assert said(check_customer(whole, policy=own, partial=True))
    for key in whole:
        assert said(check_customer({k: v for k, v in whole.items() if k != key}, policy=own, partial=True)) == []
    assert said(check_customer(whole | {"address": {"country": "India"}}, policy=own, partial=True)) == []


def test_part_is_judged_by_rules_that_read_nothing_else() -> None:
    own = policy(
        {"forbid": "customer.address.city == 'Pune'", "pointer": "/address/city"},
        {"id": "custom.y", "require": "has(customer.tax_info[0].tax_id)"},
        {"id": "custom.z", "forbid": "email_domain(customer.email) == 'spam.example'", "pointer": "/email"},
    )
    assert [f.pointer for f in said(check_address({"city": "Pune", "country": "India"}, policy=own))] == ["/city"]
    assert [f.rule for f in said(check_email("a@spam.example", policy=own))] == ["custom.z"]


def test_rule_explains_itself() -> None:
    (rule,) = custom_rules([BLANK | {"when": "has(customer.email)", "require": "in_eu(location.country)"}])
    assert rule.reason == "A rule of the policy: it requires in_eu(location.country), when has(customer.email)."
    assert rule.to_dict()["id"] == "custom.x"


def test_without_the_extra_a_policy_says_what_to_install() -> None:
    code = """
import sys
sys.modules["cel_expr_python"] = None
from cleanbill import PolicyError
from cleanbill.custom import custom_rules
assert custom_rules([]) == ()
try:
    custom_rules([{"id": "custom.x", "require": "true", "message": "Say so."}])
except PolicyError as error:
    print(error, error.at)
"""
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert "pip install 'cleanbill[cel]'" in shown
    assert "(0,)" in shown


def test_importing_the_library_loads_no_expression_engine() -> None:
    code = "import cleanbill, cleanbill.custom, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"cel_expr_python", "google.protobuf", "importlib.metadata"} & set(loaded)


TEXTS = st.sampled_from(
    ["", "zqxcanary one", "Nilgiri", "=1+1", "DE", "free", "a@b.example", "x" * 1200, "\ud800", " x "]
)
JUNK = st.sampled_from([None, True, False, 0, 3, 2.5, 2**70, [], {}, {"a": 1}, ["x"]]) | TEXTS
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "customer_name": JUNK,
        "email": JUNK,
        "metadata": JUNK,
        "auto charge": JUNK,
        "auto_charge_enabled": JUNK,
        "communications_enabled": JUNK,
        "custom_data": st.dictionaries(
            st.sampled_from(["tier", "owner", "n", "exempt_tax", "l"]), JUNK | st.lists(JUNK)
        )
        | JUNK,
        "address": st.dictionaries(st.sampled_from(["country", "city", "country_code"]), JUNK) | JUNK,
        "tax_info": st.lists(st.dictionaries(st.sampled_from(["tax_id", "tax_code"]), JUNK) | JUNK, max_size=2) | JUNK,
    },
)
CONDITIONS = st.sampled_from(
    [
        "has(customer.email)",
        "customer.custom_data.tier == 'free'",
        "customer.custom_data.?tier.orValue('') == 'free'",
        "customer.custom_data.size() > 1",
        "customer.custom_data.n * 2.0 > 4.0",
        "customer.auto_charge_enabled",
        "!customer.communications_enabled && has(customer.communications_enabled)",
        "customer.tax_info.exists(t, tax_id_valid(t.tax_id, 'in_gst'))",
        "in_eu(location.country)",
        "customer.address.city != '' && customer.customer_name.matches('^N')",
        "has(customer.custom_data.owner)",
    ]
)
FIXES = st.one_of(
    st.builds(
        lambda pointer, to, safe: {"set": pointer, "to": to, "safe": safe},
        st.sampled_from(
            ["/custom_data/tier", "/custom_data/owner/name", "/custom_data/exempt_tax", "/auto_charge_enabled"]
        ),
        st.sampled_from(["free", True, False, 3]),
        st.booleans(),
    ),
    st.builds(
        lambda pointer, expression: {"set": pointer, "expression": expression},
        st.sampled_from(["/custom_data/tier", "/custom_data/n", "/communications_enabled", "/address/city"]),
        st.sampled_from(
            ["customer.customer_name", "customer.custom_data.n + 1.0", "has(customer.email)", "location.country"]
        ),
    ),
)
TABLES = st.lists(
    st.fixed_dictionaries(
        {"require": CONDITIONS},
        optional={"when": CONDITIONS, "fix": FIXES, "on_failure": st.sampled_from(["open", "closed"])},
    ),
    min_size=1,
    max_size=4,
)


def rules_of(tables: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """As many of the tables as go together."""
    accepted: list[dict[str, Any]] = []
    for n, table in enumerate(tables):
        candidate = {"id": f"custom.rule-{n}", "message": "Say so."} | table
        try:
            custom_rules([*accepted, candidate])
        except PolicyError:
            continue
        accepted.append(candidate)
    return custom_rules(accepted)


@settings(max_examples=400, deadline=None)
@given(BODIES, TABLES, st.sampled_from(["none", "safe", "all"]))
def test_whatever_the_rules_an_answer_comes_and_stays(
    body: dict[str, Any], tables: list[dict[str, Any]], fixes: Any
) -> None:
    chosen = Policy(custom=rules_of(tables), fixes=fixes)
    before = copy.deepcopy(body)
    report = check_customer(body, policy=chosen)
    assert body == before
    assert BROKEN not in [finding.message for finding in report.findings]
    again = check_customer(report.clean, policy=chosen)
    assert (again.patch(), again.clean) == ([], report.clean)
    assert not [finding for finding in report.findings if "zqxcanary" in finding.message + repr(finding)]
