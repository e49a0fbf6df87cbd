"""`cleanbill policy` and `cleanbill try`, and the policy that `cleanbill check` finds."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import fastjsonschema
import pytest

from cleanbill import Policies, PolicyError
from cleanbill.custom import custom_rules
from cleanbill.custom.check import OnFailure
from cleanbill.policy_schema import policy_schema

SCHEMA = Path(__file__).parents[2] / "rules/cleanbill/cleanbill.schema.json"
NORTH = "3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10"
STRICT = f"""\
fixes = "none"

[levels]
"address.po-box" = "error"

[[required]]
fields = ["/tax_info"]
when = {{ country = ["DE"] }}

[organisations.{NORTH}]
fixes = "safe"
"""
BOX = {"customer_name": "Nilgiri", "address": {"line1": "Postfach 12", "country": "Germany", "country_code": "DE"}}
SPACED = {"customer_name": " Nilgiri Analytics"}
PLAIN = {"customer_name": "Nilgiri Analytics"}


def cleanbill(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", *arguments]
    settings = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=settings, cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory with a policy and customers."""
    (tmp_path / "cleanbill.toml").write_text(STRICT)
    (tmp_path / "customers.ndjson").write_text("".join(json.dumps(body) + "\n" for body in (BOX, SPACED, PLAIN)))
    return tmp_path


def test_sound_file_is_said_to_be_sound(folder: Path) -> None:
    done = cleanbill("policy", "check", cwd=folder)
    assert (done.returncode, done.stdout) == (
        0,
        "cleanbill.toml is sound; organisations with a policy of their own: 1\n",
    )


def test_mistake_is_told_with_file_and_line(folder: Path) -> None:
    wrong = folder / "ours.toml"
    wrong.write_text(STRICT.replace("address.po-box", "address.po-bax"))
    for done in (
        cleanbill("policy", "check", "ours.toml", cwd=folder),
        cleanbill("policy", "check", cwd=folder, CLEANBILL_POLICY="ours.toml"),
        cleanbill("check", "customers.ndjson", "--policy", "ours.toml", cwd=folder),
    ):
        assert (done.returncode, done.stdout) == (2, "")
        assert (
            "ours.toml:4: the policy names an unknown rule 'address.po-bax', did you mean 'address.po-box'"
            in done.stderr
        )
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["policy", "check"], ["policy", "check", "no.toml"], ["policy", "show", "no.toml"]]
)
def test_file_that_is_not_there_is_told(tmp_path: Path, arguments: list[str]) -> None:
    done = cleanbill(*arguments, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "no.toml" in done.stderr or "there is no cleanbill.toml here" in done.stderr


def test_shown_policy_is_one_and_means_the_same(folder: Path) -> None:
    policies = Policies.from_toml(STRICT)
    for organisation, arguments in ((None, []), (NORTH, ["--organisation", NORTH])):
        shown = cleanbill("policy", "show", *arguments, cwd=folder).stdout
        assert Policies.from_toml(shown).base == policies.of(organisation)
        assert tomllib.loads(shown)["state"] == "code"


def test_organisation_without_a_policy_of_its_own_is_said_to_have_none(folder: Path) -> None:
    own, other = (cleanbill("policy", "show", "--organisation", name, cwd=folder) for name in (NORTH.upper(), "other"))
    assert own.stderr == ""
    assert "says nothing of this organisation" in other.stderr
    assert Policies.from_toml(other.stdout).base == Policies.from_toml(STRICT).base


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[gateway]\nmode = 'observe'", ""),
        ("fixes = 'all'\n[gateway]\nmode = 'observ'", "ours.toml:3: mode in the policy is one of"),
        (f"[organisations.{NORTH}.gateway]\nmods = 'observe'", "ours.toml:2: unknown key 'mods' in the policy"),
    ],
)
def test_table_of_the_gateway_is_judged_where_the_service_is_installed(folder: Path, text: str, mistake: str) -> None:
    (folder / "ours.toml").write_text(text)
    done = cleanbill("policy", "check", "ours.toml", cwd=folder)
    assert done.returncode == (2 if mistake else 0)
    assert mistake in done.stderr
    without = "import sys; sys.modules['starlette'] = None; from cleanbill.cli import main; main()"
    command = [sys.executable, "-c", without, "policy", "check", "ours.toml"]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, "COLUMNS": "200"}
    )
    assert said.returncode == 0
    assert "[gateway] was not judged, since the service is not installed" in said.stdout


OWN_RULES = f"""\
[[rules]]
id = "acme.tier-missing"
require = "has(customer.custom_data.tier)"
message = "Give a tier."

[[organisations.{NORTH}.rules]]
id = "acme.no-box"
forbid = "is_po_box(customer.address.line1)"
message = "No boxes."
level = "warn"
"""


def test_rule_of_the_policy_is_explained(folder: Path) -> None:
    (folder / "cleanbill.toml").write_text(OWN_RULES)
    shown = cleanbill("explain", "acme.tier-missing", cwd=folder).stdout
    assert "acme.tier-missing  error · no fix · of the policy" in shown
    assert "it requires has(customer.custom_data.tier)" in shown
    assert "says: Give a tier." in shown
    own = cleanbill("explain", "acme.no-box", "--organisation", NORTH, cwd=folder)
    assert "it forbids is_po_box(customer.address.line1)" in own.stdout
    stranger = cleanbill("explain", "acme.no-box", cwd=folder)
    assert (stranger.returncode, stranger.stdout) == (2, "")
    near = cleanbill("explain", "acme.tier-mising", cwd=folder)
    assert "did you mean 'acme.tier-missing'?" in near.stderr


def test_built_in_rule_is_explained_beside_a_broken_policy(folder: Path) -> None:
    (folder / "cleanbill.toml").write_text("fixs = 1")
    assert "address.po-box" in cleanbill("explain", "address.po-box", cwd=folder).stdout


def test_defaults_are_shown_where_there_is_no_file(tmp_path: Path) -> None:
    assert Policies.from_toml(cleanbill("policy", "show", cwd=tmp_path).stdout).base == Policies().base


def test_schema_is_todays(tmp_path: Path) -> None:
    text = SCHEMA.read_text("utf-8")
    assert json.loads(text) == policy_schema(), (
        "write it again: cleanbill policy schema > rules/cleanbill/cleanbill.schema.json"
    )
    assert cleanbill("policy", "schema", cwd=tmp_path).stdout == text


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (STRICT, True),
        ("[[pairs]]\ncountry = 'IND'\ncode = 'GST'\nissuer = 'IN'\nschemes = ['in_gst']", True),
        ("phone_types = ['mobile']\n[levels]\n'*' = 'warn'\nparty = 'off'\n'acme.no-credit' = 'error'", True),
        ("[gateway]\nmode = 'observe'", True),
        ("[[rules]]\nid = 'acme.x'\nrequire = 'true'\nmessage = 'Do.'\nfix = {set = '/custom_data/a', to = 1}", True),
        ("[[rules]]\nid = 'acme.x'\nrequires = 'true'\nmessage = 'Do.'", False),
        ("fixes = 'some'", False),
        ("level = {}", False),
        ("[levels]\nparty = 'loud'", False),
        ("[levels]\n'party.name-mising' = 'off'", False),
        ("[[required]]\nlevel = 'warn'", False),
        ("[[required]]\nfields = ['/email']\nwhen.customer = 'firm'", False),
        ("[[pairs]]\ncountry = 'IND'", False),
        (f"[organisations.{NORTH}]\nstat = 'iso'", False),
    ],
)
def test_editor_is_told_what_a_load_would_tell(text: str, sound: bool) -> None:
    validate = fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")))
    table = tomllib.loads(text)
    if sound:
        validate(table)
    else:
        with pytest.raises(fastjsonschema.JsonSchemaException):
            validate(table)


def test_schema_offers_for_a_rule_what_a_load_takes() -> None:
    rule = policy_schema()["definitions"]["rules"]["items"]["properties"]
    offered = [{key: 0} for key in rule] + [{"fix": {key: 0}} for key in rule["fix"]["properties"]]
    for table in (*offered, {"keys": 0}, {"fix": {"keys": 0}}):
        with pytest.raises(PolicyError) as refused:
            custom_rules([{"id": "acme.x", "require": "true", **table}])
        assert ("not a key that is known" in str(refused.value)) == (table not in offered)
    assert rule["on_failure"]["enum"] == list(get_args(OnFailure))


def test_check_uses_the_policy_that_it_finds(folder: Path) -> None:
    def verdicts(*arguments: str) -> list[str]:
        done = cleanbill("check", "customers.ndjson", *arguments, cwd=folder)
        return [json.loads(line)["verdict"] for line in done.stdout.splitlines()]

    assert verdicts() == ["rejected", "accepted", "accepted"]
    assert verdicts("--organisation", NORTH) == ["rejected", "corrected", "accepted"]
    (folder / "empty.toml").write_text("")
    assert verdicts("--policy", "empty.toml") == ["accepted", "corrected", "accepted"]


def test_trial_says_whose_verdict_changes_and_why(folder: Path) -> None:
    (folder / "now.toml").write_text("")
    done = cleanbill("try", "customers.ndjson", "--policy", "cleanbill.toml", "--against", "now.toml", cwd=folder)
    assert done.returncode == 1
    box, spaced, summary = map(json.loads, done.stdout.splitlines())
    assert (box["record"], box["before"], box["after"]) == (1, "accepted", "rejected")
    assert box["findings"] == [
        {"rule": "address.po-box", "pointer": "/address/line1"},
        {"rule": "required.field-missing", "pointer": "/tax_info"},
    ]
    assert (spaced["record"], spaced["before"], spaced["after"]) == (2, "corrected", "accepted")
    assert [finding["rule"] for finding in spaced["findings"]] == ["text.space-extra"]
    assert summary["summary"] == {
        "records": 3,
        "changed": 2,
        "changes": [
            {"before": "accepted", "after": "rejected", "records": 1},
            {"before": "corrected", "after": "accepted", "records": 1},
        ],
        "rules": {"address.po-box": 1, "required.field-missing": 1, "text.space-extra": 1},
    }
    assert "Nilgiri" not in done.stdout


def test_person_sees_what_a_trial_changes(folder: Path) -> None:
    (folder / "now.toml").write_text("")
    ours, theirs = pty.openpty()
    arguments = ["try", "customers.ndjson", "--policy", "cleanbill.toml", "--against", "now.toml"]
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", *arguments]
    with subprocess.Popen(command, stdout=theirs, cwd=folder, env={**os.environ, "TERM": "dumb"}) as process:
        os.close(theirs)
        shown = ""
        with contextlib.suppress(OSError):  # the end of a terminal
            while chunk := os.read(ours, 65536).decode():
                shown += chunk
        os.close(ours)
    lines = shown.splitlines()
    assert process.returncode == 1
    assert "1  accepted → rejected" in lines
    assert "2 of 3 change" in lines
    assert lines.count("   1  address.po-box") == 1


def test_trial_is_against_the_usual_policy_and_of_one_organisation(folder: Path) -> None:
    (folder / "empty.toml").write_text("")
    same = cleanbill("try", "customers.ndjson", "--policy", "cleanbill.toml", cwd=folder)
    assert (same.returncode, json.loads(same.stdout)["summary"]["changed"]) == (0, 0)
    own = cleanbill("try", "customers.ndjson", "--policy", "empty.toml", "--organisation", NORTH, cwd=folder)
    assert (own.returncode, json.loads(own.stdout.splitlines()[-1])["summary"]["changed"]) == (1, 1)


@pytest.mark.parametrize(
    ("file", "policy"),
    [("no.json", "cleanbill.toml"), ("customers.ndjson", "no.toml"), ("cleanbill.toml", "cleanbill.toml")],
)
def test_trial_that_cannot_be_made_ends_with_2(folder: Path, file: str, policy: str) -> None:
    done = cleanbill("try", file, "--policy", policy, cwd=folder)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert done.stderr
