"""What the README says is true: its examples run, its settings and paths are the real ones."""

import doctest
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from cleanbill import Policies, Policy, check_customer
from cleanbill.checks import ENGINE
from cleanbill.custom import custom_rules
from cleanbill.custom.functions import FUNCTIONS
from cleanbill.testing import check_rule
from cleanbill_service.app import create_app
from cleanbill_service.gateway.terms import TermsOf
from cleanbill_service.sandbox import create_app as create_sandbox
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = f"sqlite:///{tmp_path_factory.mktemp('store')}/cleanbill.db"
    with (
        background(create_sandbox()) as zenskar,
        background(create_app(Settings(zenskar_url=zenskar, database_url=database))) as url,
    ):
        yield url


def test_library_example() -> None:
    for block in blocks("python"):
        test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0
    assert blocks("python")


def curl(command: str, service: str) -> Any:
    """Send what a curl command would send."""
    words = shlex.split(command)
    url = next(word for word in words if word.startswith("localhost:8080")).removeprefix("localhost:8080")
    headers = dict(words[n + 1].split(": ", 1) for n, word in enumerate(words) if word == "-H")
    return httpx2.post(service + url, content=words[words.index("-d") + 1], headers=headers).json()


@pytest.mark.parametrize("block", blocks("console"))
def test_http_example_answers_as_shown(block: str, service: str) -> None:
    command, shown = block.strip().removeprefix("$ ").split("\n", 1)
    answer = curl(command, service)
    for key, value in json.loads(shown).items():
        given = answer[key]
        assert ({k: v for k, v in given.items() if v is not None} if isinstance(given, dict) else given) == value


@pytest.mark.parametrize("block", blocks("toml"))
def test_policy_example_is_a_policy(block: str) -> None:
    policies = Policies.from_toml(block)
    for policy in (policies.base, *policies.organisations.values()):
        ENGINE.plan(policy, "")
    TermsOf(policies, Settings(encryption_key=SecretStr(Fernet.generate_key().decode())))


def test_the_example_of_a_policy_has_every_setting() -> None:
    known = {f.name for f in fields(Policy) if f.init} - {"pairs", "custom"}
    assert any(tomllib.loads(block).keys() >= known for block in blocks("toml"))


def test_example_of_own_rules_is_one() -> None:
    (block,) = [block for block in blocks("toml") if "[[rules]]" in block]
    policy = Policy(custom=custom_rules(tomllib.loads(block)["rules"]))
    report = check_customer({"customer_name": "Nilgiri Pvt Ltd", "address": {"country": "India"}}, policy=policy)
    assert {rule.id for rule in policy.custom} <= {finding.rule for finding in report.findings}
    assert report.clean["custom_data"] == {"tier": "free"}  # type: ignore[index]


def test_functions_of_own_rules_are_all_there() -> None:
    shown = set(re.findall(r"^\| `(\w+\([\w, ]+\))` \|", README, re.MULTILINE))
    assert shown == {function.signature for function in FUNCTIONS.values()}


def test_example_of_a_rule_in_a_package_keeps_the_contract() -> None:
    (block,) = [block for block in blocks("python") if "cleanbill.authoring" in block]
    names: dict[str, Any] = {}
    exec(block, names)
    check_rule(names["depot_city"])


def test_settings_table_is_complete() -> None:
    shown = dict(re.findall(r"^\| `CLEANBILL_(\w+)` \| `?(.*?)`? \|", README, re.MULTILINE))
    real = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert shown.keys() == real.keys()
    for name, default in real.items():
        assert shown[name] == written(default)


def written(default: object) -> str:
    """A default as the table writes it."""
    if default is None:
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return f"{default:.0f}" if isinstance(default, float) else str(default).rstrip("/")


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert "rules/RULES.md" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_commands_named_are_there() -> None:
    start = [sys.executable, "-c", "from cleanbill.cli import main; main()", "--help"]
    told = subprocess.run(start, capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"`cleanbill\s+([a-z]+)", README))
    assert {name for name in named if f" {name} " not in told} == set()
    assert "check" in named


def test_paths_named_are_there() -> None:
    for path in re.findall(r"`((?:rules|service|tests|benchmarks)/[\w./]+)`", README):
        assert (ROOT / path).exists(), path
