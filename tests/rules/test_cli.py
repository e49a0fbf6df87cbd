"""The command line, as a person and as a program calls it."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

CLEAN = {
    "customer_name": "Nilgiri Analytics",
    "address": {"country": "India", "country_code": "IN", "state": "KA", "zipCode": "560025"},
}
DIRTY = {
    "customer_name": "Nilgiri Analytics",
    "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"},
}
REJECTED = {"email": "ap@nilgiri-analytics.in"}


def cleanbill(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", *arguments]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def verdicts(out: str) -> list[str]:
    return [json.loads(line)["verdict"] for line in out.splitlines()]


def test_program_gets_a_report_a_line(tmp_path: Path) -> None:
    file = tmp_path / "customers.ndjson"
    file.write_text("\n".join(json.dumps(body) for body in (CLEAN, DIRTY)) + "\n\n")
    done = cleanbill("check", str(file))
    assert done.returncode == 0
    assert verdicts(done.stdout) == ["accepted", "corrected"]
    assert json.loads(done.stdout.splitlines()[1])["clean"] == CLEAN


@pytest.mark.parametrize(
    "text", [json.dumps([CLEAN, REJECTED]), f"{json.dumps(CLEAN)}\n{json.dumps(REJECTED)}"], ids=["array", "ndjson"]
)
def test_rejected_customer_makes_the_exit_status_1(text: str) -> None:
    done = cleanbill("check", "-", stdin=text)
    assert (done.returncode, verdicts(done.stdout)) == (1, ["accepted", "rejected"])


def test_one_customer_over_many_lines_is_one_customer() -> None:
    assert verdicts(cleanbill("check", "-", stdin=json.dumps(DIRTY, indent=2)).stdout) == ["corrected"]


def test_person_sees_what_was_changed_and_why(tmp_path: Path) -> None:
    file = tmp_path / "customer.json"
    file.write_text(json.dumps(DIRTY | {"phone": "+14155552671"}))
    shown = on_a_terminal("check", str(file))
    assert "corrected" in shown
    assert '"Karnataka" → "KA"' in shown
    assert "/phone → /phone_number" in shown
    assert shown.count("cleanbill explain") == 1
    file.write_text(json.dumps(CLEAN))
    assert "cleanbill explain" not in on_a_terminal("check", str(file))


def on_a_terminal(*arguments: str) -> str:
    """What a person sees."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", *arguments]
    with subprocess.Popen(command, stdout=theirs, env={**os.environ, "COLUMNS": "200"}) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while chunk := os.read(ours, 65536):
                shown += chunk
        os.close(ours)
        process.wait()
    return shown.decode()


def test_program_gets_a_report_a_line_whatever_colours_are_forced() -> None:
    assert verdicts(cleanbill("check", "-", stdin=json.dumps(DIRTY), FORCE_COLOR="1").stdout) == ["corrected"]


def test_array_keeps_numbers_and_tells_keys_that_stand_twice() -> None:
    done = cleanbill(
        "check",
        "-",
        stdin='[{"customer_name":" N","custom_data":{"x":1.50}}, {"customer_name":"A","customer_name":"B"}]',
    )
    assert verdicts(done.stdout) == ["corrected", "rejected"]
    assert '"custom_data":{"x":1.50}' in done.stdout


def test_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "customer.json"
    file.write_text(json.dumps(CLEAN), "utf-8-sig")
    assert verdicts(cleanbill("check", str(file)).stdout) == ["accepted"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (["check", "no-such-file.json"], "", "no-such-file.json"),
        (["check", "-"], '{"customer_name": \n{"a"', "line 2 column 5"),
        (["check", "-"], '{"customer_name": "N"}\n{"a"', "line 2: "),
        (["check", "-"], "", ""),
        (["explain", "party.no-such"], "", "cleanbill rules"),
    ],
)
def test_mistake_is_told_without_a_traceback(arguments: list[str], stdin: str, told: str) -> None:
    done = cleanbill(*arguments, stdin=stdin)
    assert done.returncode == (2 if told else 0)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_policy_decides_what_is_said(tmp_path: Path) -> None:
    policy = tmp_path / "cleanbill.toml"
    policy.write_text('[levels]\n"party.name-missing" = "warn"\n')
    assert cleanbill("check", "-", "--policy", str(policy), stdin=json.dumps(REJECTED)).returncode == 0
    policy.write_text('[levels]\n"party.nam-missing" = "warn"\n')
    wrong = cleanbill("check", "-", "--policy", str(policy), stdin=json.dumps(REJECTED))
    assert (wrong.returncode, "did you mean" in wrong.stderr) == (2, True)


def test_rules_are_listed_and_explained() -> None:
    rules = json.loads(cleanbill("rules", "--json").stdout)
    assert len(cleanbill("rules", COLUMNS="80").stdout.splitlines()) == len(rules) + 1
    assert {"id", "message", "reason", "level", "fix", "bad", "good", "since"} <= rules[0].keys()
    assert all(rule["id"] in cleanbill("rules").stdout for rule in rules[:3])
    explained = cleanbill("explain", "party.name-missing").stdout
    assert "customer_name" in explained
    assert "hit by" in explained
    corrected = cleanbill("explain", "text.html-entity").stdout
    assert 'becomes: {"customer_name": "Widgets & Sons"}' in corrected
    unseen = cleanbill("explain", "text.character-invisible").stdout
    assert "\\u200b" in unseen


def test_old_id_is_explained_under_its_new_name() -> None:
    explained = cleanbill("explain", "party.address-missing").stdout
    assert explained.startswith("party.address-missing is called location.address-missing now.")
    assert "hit by" in explained


@pytest.mark.parametrize("notice", ["location.rate-missing", "location.rate-unknown", "party.external-id-missing"])
def test_what_the_gateway_finds_is_explained_and_no_level_reaches_it(tmp_path: Path, notice: str) -> None:
    explained = cleanbill("explain", notice).stdout
    assert explained.startswith(notice)
    assert "found by: the gateway alone" in explained
    assert notice in cleanbill("explain", notice[:-1]).stderr
    policy = tmp_path / "cleanbill.toml"
    policy.write_text(f'fixes = "safe"\n\n[levels]\n"{notice}" = "off"\n')
    refused = cleanbill("policy", "check", str(policy))
    assert refused.returncode == 2
    told = " ".join(refused.stderr.split())
    assert "cleanbill.toml:4" in told
    assert f"levels do not reach '{notice}': the gateway says it" in told


def test_schemes_and_countries_are_shown() -> None:
    assert "in_gst" in cleanbill("schemes").stdout
    assert len(json.loads(cleanbill("schemes", "--json").stdout)) >= 135
    shown = cleanbill("country", "in").stdout
    assert all(word in shown for word in ("zipCode", "PIN code", "KA Karnataka"))
    assert cleanbill("country", "ZZ").returncode == 2


def test_commands_of_the_service_are_there() -> None:
    shown = cleanbill("--help").stdout
    assert all(command in shown for command in ("check", "rules", "explain", "serve", "sandbox", "demo"))


@pytest.mark.parametrize(
    "command", [["serve"], ["sandbox"], ["demo"], ["deliveries", "list"], ["deliveries", "new-key"]]
)
def test_command_without_its_extra_says_which(command: list[str]) -> None:
    absent = (
        "import sys; sys.modules.update(dict.fromkeys(('fastapi', 'uvicorn', 'cryptography', 'orjson', 'structlog')))"
    )
    start = f"{absent}; from cleanbill.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", start, *command], capture_output=True, text=True, check=False)
    assert (done.returncode, "pip install 'cleanbill[service]'" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_wrong_setting_is_told_by_its_variable() -> None:
    done = cleanbill("serve", CLEANBILL_UPSTREAM_TIMEOUT="soon")
    assert done.returncode == 2
    assert "CLEANBILL_UPSTREAM_TIMEOUT" in done.stderr
    assert "Traceback" not in done.stderr
