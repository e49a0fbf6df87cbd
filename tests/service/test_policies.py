"""Policies of organisations in the service: each gets its own, and a file that changes is read again."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from cleanbill import PolicyError
from cleanbill.checks import ENGINE
from cleanbill_service import policies
from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

NORTH, SOUTH, OTHER = (f"3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a1{n}" for n in range(3))
FILE = f"""\
[organisations.{NORTH}]
state = "iso"

[[organisations.{NORTH}.required]]
fields = ["/custom_data/cost_centre"]

[organisations.{SOUTH}]
country = "alpha-2"
fixes = "safe"
[organisations.{SOUTH}.levels]
location = "off"
"""
BODY = {"customer_name": " Nilgiri", "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"}}

Serve = Callable[[str], Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "cleanbill.toml"
    file.write_text(FILE)
    return file


@contextmanager
def served(file: Path, sandbox_url: str) -> Iterator[httpx2.Client]:
    database = f"sqlite:///{file.parent}/cleanbill.db"
    settings = Settings(zenskar_url=sandbox_url, policy=file, database_url=database)  # type: ignore[arg-type]
    with background(create_app(settings)) as url, httpx2.Client(base_url=url) as client:
        yield client


def judged(client: httpx2.Client, organisation: str | None, body: Any = BODY) -> Any:
    headers = {"organisation": organisation} if organisation else {}
    return client.post("/v1/check", json=body, headers=headers).json()


def test_organisation_has_its_own_policy_and_others_the_base(file: Path, sandbox: Any) -> None:
    with served(file, sandbox.url) as client:
        north, south, other, nobody = (judged(client, organisation) for organisation in (NORTH, SOUTH, OTHER, None))
        assert (north["verdict"], north["clean"]["address"]["state"]) == ("rejected", "IN-KA")
        assert (south["verdict"], south["clean"]["address"]["country"]) == ("corrected", "IN")
        assert other == nobody
        assert (other["clean"]["address"]["state"], other["clean"]["address"]["country"]) == ("KA", "India")
        part = client.post("/v1/check/address", json=BODY["address"], headers={"organisation": NORTH.upper()})
        assert part.json()["clean"]["state"] == "IN-KA"


def test_gateway_judges_by_the_callers_organisation(file: Path, sandbox: Any) -> None:
    def create(organisation: str) -> httpx2.Response:
        return client.post(
            "/zenskar/customers", json=BODY, headers={**sandbox.credentials, "organisation": organisation}
        )

    with served(file, sandbox.url) as client:
        refused = create(NORTH)
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["type"] == "cleanbill.required.field-missing"
        assert sandbox.requests() == []
        assert create(SOUTH).status_code == 200
        assert json.loads(sandbox.last_body())["address"]["country"] == "IN"
        assert create(OTHER).status_code == 200
        assert json.loads(sandbox.last_body())["address"]["country"] == "India"


def test_no_policy_leaves_a_trace_in_another_organisations_answers(file: Path, sandbox: Any) -> None:
    with served(file, sandbox.url) as client:
        alone = {organisation: judged(client, organisation) for organisation in (NORTH, SOUTH, OTHER)}
        compiled = ENGINE.plan.cache_info().misses
        together = [NORTH, SOUTH, OTHER] * 60
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda organisation: judged(client, organisation), together))
        assert all(answer == alone[organisation] for organisation, answer in zip(together, answers, strict=True))
        assert ENGINE.plan.cache_info().misses == compiled


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come")


def test_changed_file_holds_without_a_restart_and_a_bad_edit_keeps_the_old(
    file: Path, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "LOOK_EVERY", 0.05)

    def ready() -> Any:
        answer = client.get("/ready")
        assert answer.status_code == 200
        return answer.json()

    with served(file, sandbox.url) as client:
        before = judged(client, NORTH)
        assert ready() == {"status": "ready"}
        with capture_logs() as logs:
            file.write_text(FILE.replace('"iso"', '"isu"'))
            until(lambda: "policy_file_refused" in ready())
            until(lambda: any("policy" in line["event"] for line in logs))
        told = next(line for line in logs if "policy" in line["event"])
        assert (told["log_level"], told["line"], "isu" in str(told)) == ("warning", 2, False)
        assert ready()["policy_file_refused"] == "line 2"
        assert judged(client, NORTH) == before
        with capture_logs() as logs:
            file.unlink()
            until(lambda: ready()["policy_file_refused"] == "the whole file (FileNotFoundError)")
            until(lambda: any("policy" in line["event"] for line in logs))
        assert next(line["error"] for line in logs if "policy" in line["event"]) == "FileNotFoundError"
        assert judged(client, NORTH) == before
        file.write_text(FILE.replace('"iso"', '"code"'))
        until(lambda: ready() == {"status": "ready"})
        assert judged(client, NORTH)["clean"]["address"]["state"] == "KA"


def test_answers_are_of_one_file_or_the_other_while_it_changes(
    file: Path, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "LOOK_EVERY", 0.01)
    other = file.with_name("other.toml")
    old, new = 'country = "alpha-2"\nstate = "code"\n', 'country = "alpha-3"\nstate = "iso"\n'
    stop = threading.Event()

    def edit() -> None:
        while not stop.is_set():
            for text in (old, new):
                other.write_text(text)
                other.replace(file)
                time.sleep(0.03)

    file.write_text(old)
    with served(file, sandbox.url) as client:
        editing = threading.Thread(target=edit)
        editing.start()
        seen = set()
        try:
            for number in range(3000):
                found = judged(client, OTHER)["clean"]["address"]
                seen.add((found["country"], found["state"]))
                if number > 200 and len(seen) > 1:
                    break
        finally:
            stop.set()
            editing.join()
    assert seen == {("IN", "KA"), ("IND", "IN-KA")}


def test_service_does_not_start_with_a_file_that_cannot_be_used(file: Path) -> None:
    file.write_text(FILE + "fixes = 'some'\n")
    with pytest.raises(ValueError, match=r"cleanbill\.toml:12: levels\.fixes in the policy is one of off"):
        create_app(Settings(policy=file))


def test_table_gateway_decides_the_terms_of_each_organisation(file: Path, sandbox: Any) -> None:
    def create(organisation: str) -> httpx2.Response:
        body = {"customer_name": "Nilgiri", "email": "nobody"}
        return client.post(
            "/zenskar/customers", json=body, headers={**sandbox.credentials, "organisation": organisation}
        )

    file.write_text(f'[gateway]\nmode = "observe"\n[organisations.{NORTH}.gateway]\nmode = "enforce"\n')
    with served(file, sandbox.url) as client:
        assert (create(NORTH).status_code, sandbox.requests()) == (422, [])
        assert create(OTHER).headers["cleanbill-verdict"] == "rejected"
        assert len(sandbox.requests()) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [('[gateway]\nmode = "of"', 2), (f'[gateway]\n[organisations.{NORTH}.gateway]\nmods = "observe"', 3)],
)
def test_mistake_in_the_table_gateway_is_told_with_its_line(file: Path, text: str, line: int) -> None:
    file.write_text(text)
    with pytest.raises(PolicyError, match=rf"cleanbill\.toml:{line}: "):
        create_app(Settings(policy=file))


RULE = """\
fixes = "safe"

[[rules]]
id = "acme.terms-missing"
require = "has(customer.custom_data.terms)"
message = "Ask for the payment terms."
"""


def test_rules_of_the_file_are_run_and_those_of_an_organisation_with_them(file: Path, sandbox: Any) -> None:
    own = RULE.replace("fixes", "# fixes").replace("[[rules]]", f"[[organisations.{NORTH}.rules]]")
    own = own.replace("acme.terms-missing", "acme.owner-missing").replace("data.terms", "data.owner")
    file.write_text(RULE + own)
    with served(file, sandbox.url) as client:
        found = {
            organisation: {f["rule"] for f in judged(client, organisation)["findings"] if f["rule"].startswith("acme.")}
            for organisation in (NORTH, OTHER)
        }
    assert found == {NORTH: {"acme.terms-missing", "acme.owner-missing"}, OTHER: {"acme.terms-missing"}}


def test_finding_leads_its_organisation_to_the_rule_and_nobody_else(file: Path, sandbox: Any) -> None:
    file.write_text(RULE.replace("[[rules]]", f"[[organisations.{NORTH}.rules]]"))

    def entry(path: str, organisation: str) -> httpx2.Response:
        return client.get(path, headers={"organisation": organisation})

    with served(file, sandbox.url) as client:
        links = {found["rule"]: found["help"] for found in judged(client, NORTH)["findings"]}
        assert "acme.terms-missing" in links
        entries = {rule: entry(link, NORTH.upper()) for rule, link in links.items()}
        assert {rule: answer.json().get("id") for rule, answer in entries.items()} == {rule: rule for rule in links}
        assert entries["acme.terms-missing"].json()["reason"].endswith("has(customer.custom_data.terms).")
        assert entry(links["acme.terms-missing"], SOUTH).status_code == 404
        own, everyones = entry("/v1/rules", NORTH).json(), client.get("/v1/rules").json()
        assert [rule["id"] for rule in own if rule not in everyones] == ["acme.terms-missing"]


@pytest.mark.parametrize("second", [NORTH, SOUTH])
def test_organisation_that_stands_twice_is_refused_wherever_it_counts(file: Path, sandbox: Any, second: str) -> None:
    twice = [("organisation", NORTH), ("Organisation", second)]
    with served(file, sandbox.url) as client:
        for path in ("/v1/check", "/zenskar/customers"):
            answer = client.post(path, json=BODY, headers=[*twice, ("x-api-key", "sandbox_key")])
            assert answer.status_code == 400
            assert "stands twice" in answer.text
        assert client.get("/v1/rules", headers=twice).status_code == 400
        assert sandbox.requests() == []
        client.get("/zenskar/customers", headers=[*twice, ("x-api-key", "sandbox_key")])
        assert len(sandbox.requests()) == 1, "what is not checked passes through"


def test_policy_mounted_as_a_config_map_is_read_when_it_is_swapped(
    tmp_path: Path, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "LOOK_EVERY", 0.05)

    def publish(name: str, text: str) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "cleanbill.toml").write_text(text)
        (tmp_path / "..new").symlink_to(name)
        (tmp_path / "..new").rename(tmp_path / "..data")

    publish("..1", "state = 'iso'")
    file = tmp_path / "cleanbill.toml"
    file.symlink_to("..data/cleanbill.toml")
    with served(file, sandbox.url) as client:
        assert judged(client, None)["clean"]["address"]["state"] == "IN-KA"
        publish("..2", "state = 'cod'")
        until(lambda: client.get("/ready").json().get("policy_file_refused") == "line 1")
        assert judged(client, None)["clean"]["address"]["state"] == "IN-KA"
        publish("..3", "state = 'code'")
        until(lambda: judged(client, None)["clean"]["address"]["state"] == "KA")


def test_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANBILL_POLICY", "")
    assert Settings().policy is None


def test_mistake_in_a_rule_of_the_file_is_told_with_its_line(file: Path) -> None:
    file.write_text(RULE.replace("customer.custom_data", "customer.custom_dta"))
    with pytest.raises(PolicyError, match=r"cleanbill\.toml:5: .*custom_dta"):
        create_app(Settings(policy=file))
    file.write_text(RULE + RULE.partition("\n\n")[2].replace("[[rules]]", f"[[organisations.{NORTH}.rules]]"))
    with pytest.raises(PolicyError, match=r"cleanbill\.toml:8: two rules are called 'acme\.terms-missing'"):
        create_app(Settings(policy=file))
