"""Rules of other packages: found where they are installed, told where they are broken, and tested as the built-in ones are."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cleanbill import RULES, Hit, Policy, Rule
from cleanbill.authoring import REMOVE, Address, Customer, Found, rule_on
from cleanbill.engine import Engine
from cleanbill.testing import check_order, check_rule

MODULE = '''
from cleanbill.authoring import Address, Found, Hit, rule_on

rule = rule_on(Address)


@rule(
    "acme.depot-city",
    at="/city",
    level="warn",
    reads={"city"},
    message="Nobody lives at the depot.",
    bad={"address": {"city": "Depot"}},
    good={"address": {"city": "Pune"}},
    since="1.0",
)
def depot_city(address: Address) -> Found:
    """The depot is where parcels wait, and taxed elsewhere."""
    return Hit() if address.text("city") == "Depot" else None


RULES = (depot_city,)
'''


def install(site: Path, name: str, entries: str, module: str = MODULE) -> Path:
    """A package as pip leaves it."""
    (site / f"{name}.py").write_text(module)
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[cleanbill.rules]\n{entries}\n")
    return site


def run(site: Path, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{code}"]
    return subprocess.run(command, check=False, capture_output=True, text=True)


CHECK = """
from cleanbill import Policy, check_customer
report = check_customer({"customer_name": "Nilgiri", "address": {"city": "Depot"}}, policy=Policy(levels={"acme": "info"}))
print([(f.rule, f.pointer, f.level) for f in report.findings if f.rule.startswith("acme")])
"""


def test_rules_of_an_installed_package_run(tmp_path: Path) -> None:
    site = install(tmp_path, "acme_rules", "acme = acme_rules:RULES")
    assert run(site, CHECK).stdout == "[('acme.depot-city', '/address/city', 'info')]\n"


def test_command_line_knows_them(tmp_path: Path) -> None:
    site = install(tmp_path, "acme_rules", "acme = acme_rules:RULES")
    command = "from cleanbill.cli import main; sys.argv[1:] = {}; main()"
    assert "where parcels wait" in run(site, command.format(["explain", "acme.depot-city"])).stdout
    listed = json.loads(run(site, command.format(["rules", "--json"])).stdout)
    assert [rule["id"] for rule in listed[len(RULES) :]] == ["acme.depot-city"]
    (tmp_path / "policy.toml").write_text("[levels]\n'acme.depot-city' = 'error'")
    (tmp_path / "customer.json").write_text('{"customer_name": "Nilgiri", "address": {"city": "Depot"}}')
    checked = run(site, command.format(["check", f"{tmp_path}/customer.json", "--policy", f"{tmp_path}/policy.toml"]))
    assert json.loads(checked.stdout)["verdict"] == "rejected"


def test_importing_the_library_looks_for_no_package(tmp_path: Path) -> None:
    site = install(tmp_path, "acme_rules", "acme = acme_rules:RULES", "raise SystemExit('imported')")
    assert run(site, "import cleanbill; print('fine')").stdout == "fine\n"


@pytest.mark.parametrize(
    ("entries", "module", "reason"),
    [
        ("acme = acme_rules:RULES", "1/0", "cannot be loaded: ZeroDivisionError"),
        ("acme = acme_rules:RULES", "import no_such_module_zqx", "cannot be loaded: ModuleNotFoundError"),
        ("acme = acme_rules:RULE", MODULE, "cannot be loaded: AttributeError"),
        ("acme = acme_rules:rule", MODULE, "is not a tuple of rules"),
        ("acme = acme_rules:RULES", MODULE + "RULES = (depot_city, 7)", "is not a tuple of rules"),
        ("acme = acme_rules:RULES", MODULE + "RULES = (depot_city, depot_city)", "'acme.depot-city', which the entry acme"),
        ("acme = acme_rules:RULES", MODULE.replace("acme.depot-city", "party.name-missing"), "which cleanbill declares too"),
        ("acme = acme_rules:RULES", MODULE.replace("acme.depot-city", "Depot City"), "is called 'Depot City'"),
    ],
)  # fmt: skip
def test_broken_package_is_named_and_not_left_out(tmp_path: Path, entries: str, module: str, reason: str) -> None:
    site = install(tmp_path, "acme_rules", entries, module)
    failed = run(site, CHECK)
    assert failed.returncode == 1
    last = next(
        line for line in reversed(failed.stderr.splitlines()) if line.startswith("cleanbill.plugins.PluginError")
    )
    assert entries in last
    assert "of acme_rules 1.2" in last
    assert reason in last
    shown = run(site, "from cleanbill.cli import main; sys.argv[1:] = ['rules']; main()")
    assert shown.returncode == 2
    assert "Traceback" not in shown.stderr
    assert reason.split(":", maxsplit=1)[0] in " ".join(shown.stderr.split())


def test_two_packages_with_one_rule_are_both_named(tmp_path: Path) -> None:
    install(tmp_path, "acme_rules", "acme = acme_rules:RULES")
    last = run(install(tmp_path, "bcme_rules", "bcme = bcme_rules:RULES"), CHECK).stderr.splitlines()[-1]
    assert "of acme_rules 1.2" in last
    assert "of bcme_rules 1.2" in last


on_address, on_customer = rule_on(Address), rule_on(Customer)


@on_address(
    "acme.depot",
    at="/line3",
    level="warn",
    fix="safe",
    reads={"line3"},
    writes={"line3"},
    message="A depot is no part of the address.",
    bad={"address": {"line3": "Our depot"}},
    good={"address": {}},
    since="1.0",
)
def depot(address: Address) -> Found:
    """A note for the driver is printed on every invoice."""
    return Hit({"/line3": REMOVE}) if "depot" in (address.text("line3") or "") else None


def test_rule_that_keeps_the_contract_passes() -> None:
    check_rule(depot)
    check_order((*RULES[:8], depot))


def changed(**fields: object) -> Rule:
    return replace(depot, **fields)  # type: ignore[arg-type]


def undocumented(address: Address) -> Found:
    return depot.check(address)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (changed(bad={"address": {}}), "says nothing of its bad example"),
        (changed(good={"address": {"line3": "A depot"}}), "speaks of its good example"),
        (changed(good={"address": {"line1": "12 MG Road"}}), "does not turn its bad example into its good one"),
        (changed(fix="none", check=lambda _: Hit({"/line3": REMOVE}, fix="safe")), "speaks of its good example"),
        (changed(message="Our depot is no part of it."), "repeats the customer's data"),
        (changed(message="no part of it."), "does not begin as a sentence"),
        (changed(message="No part of it"), "does not end as a sentence"),
        (changed(message="No part of {place}."), "a place that no word fills"),
        (changed(check=undocumented), "no docstring"),
        (changed(since=""), "since when"),
    ],
)
def test_rule_that_breaks_the_contract_is_told_how(rule: Rule, reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        check_rule(rule)


def test_fix_that_a_second_check_repeats_is_told() -> None:
    def longer(customer: Customer) -> Found:
        """It never ends."""
        name = customer.data.get("customer_name")
        return Hit({"/customer_name": f"{name}!"}) if str(name).startswith("Nilgiri") else None

    body = {"customer_name": "Nilgiri"}
    endless = on_customer(
        "acme.longer", fix="safe", reads={"customer_name"}, writes={"customer_name"}, message="Too short.", since="1.0",
        bad=body, good={"customer_name": "Deccan"},
    )(longer)  # fmt: skip
    with pytest.raises(AssertionError, match="does not turn its bad example|changes it again"):
        check_rule(endless)


def test_rules_that_do_not_go_together_are_told() -> None:
    with pytest.raises(AssertionError, match=r"declared twice: \['acme\.depot'\]"):
        check_order((depot, changed(since="2.0")))
    reader = changed(id="acme.reader", fix="none", writes=frozenset())
    check_order((depot, reader))
    with pytest.raises(AssertionError, match=r"acme\.depot writes /\w*address/line3, which acme\.reader has read"):
        check_order((reader, depot))


def test_rule_of_a_package_is_asked_of_what_is_plainly_in_order() -> None:
    rule = rule_on(Address)

    @rule("acme.depot-city", reads={"city"}, message="Nobody lives at the depot.", bad={}, good={}, since="1.0")
    def depot_city(address: Address) -> Found:
        return Hit() if address.text("city") == "Depot" else None

    place = {"line1": "12 Residency Road", "city": "Depot", "state": "KA", "zipCode": "560025"}
    customer = Customer({"address": {**place, "country": "India", "country_code": "IN"}}, Policy())
    assert customer.billing
    assert customer.billing.in_order
    assert [finding.rule for finding in Engine((*RULES, depot_city)).run(customer).findings] == [
        "party.name-missing",
        "acme.depot-city",
    ]
