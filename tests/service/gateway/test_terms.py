"""What a policy file says of the gateway, for everyone and for single organisations."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx2
import pytest

from cleanbill import PolicyError
from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

OWN, OTHER = "3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10", "b6f0a2f4-37c1-4f0e-9d5e-1f6c1f7c0a11"
CATEGORY, ENTITY = "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0001", "7d0e6a52-5f6e-4c37-8d7b-3c1f5a9e0c44"
REJECTED = {"customer_name": "Nilgiri Analytics", "email": "nobody"}
BODY = {
    "customer_name": "Nilgiri Analytics",
    "external_id": "C-1",
    "address": {
        "line1": "1 Ferry Building",
        "city": "San Francisco",
        "state": "california",
        "zipCode": "94105",
        "country": "US",
    },
}
RATE = {"country_code": "US", "state_code": "CA", "city": "San Francisco", "zip_code": "94105"}

Serve = Callable[..., httpx2.Client]


@pytest.fixture(scope="module")
def services(sandbox_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts a service with a policy, once for equal ones; gives its URL."""
    running: dict[object, str] = {}
    with ExitStack() as stack:

        def start(policy: str, **settings: Any) -> str:
            asked = (policy, *settings.items())
            if asked not in running:
                path = tmp_path_factory.mktemp("policy") / "cleanbill.toml"
                path.write_text(policy)
                known = {"policy": path, "database_url": f"sqlite:///{path.parent}/c.db", "zenskar_url": sandbox_url}
                running[asked] = stack.enter_context(background(create_app(Settings(**known | settings))))
            return running[asked]

        yield start


@pytest.fixture
def serve(services: Callable[..., str], sandbox: Any) -> Iterator[Serve]:
    """Gives a client of the first organisation whose base URL is that of a gateway with this policy."""
    with ExitStack() as stack:

        def client(policy: str, **settings: Any) -> httpx2.Client:
            headers = sandbox.credentials | {"organisation": OWN}
            url = f"{services(policy, **settings)}/zenskar"
            return stack.enter_context(httpx2.Client(base_url=url, headers=headers, timeout=10))

        yield client


def seed(sandbox: Any, organisation: str = OWN, **what: Any) -> Any:
    what = {"business_entities": [{"id": ENTITY, "name": "Nilgiri"}]} | what
    answer = httpx2.post(f"{sandbox.url}/__sandbox__/seed", json={"organisation": organisation, **what})
    return answer.raise_for_status().json()


def findings(client: httpx2.Client, answer: httpx2.Response) -> dict[str, Any]:
    """The kept report's findings, by rule."""
    kept = client.get(str(client.base_url.join(f"/v1/checks/{answer.headers['cleanbill-check']}")))
    return {finding["rule"]: finding for finding in kept.raise_for_status().json()["findings"]}


def test_organisation_has_the_terms_of_the_base_where_it_has_none_of_its_own(serve: Serve, sandbox: Any) -> None:
    policy = f'[gateway]\nmode = "observe"\nduplicate_check = true\n[organisations."{OWN}".gateway]\nmode = "enforce"\n'
    client = serve(policy)
    assert client.post("/customers", json=REJECTED).status_code == 422
    assert sandbox.requests() == []
    answer = client.post("/customers", json=REJECTED, headers={"organisation": OTHER})
    assert (answer.status_code, answer.headers["cleanbill-verdict"]) == (422, "rejected")
    assert sandbox.last_body() == answer.request.content
    for organisation in (OWN, OTHER):  # what the organisation's own table does not say is as in the base
        headers = {"organisation": organisation.upper()}
        twins = [client.post("/customers", json=BODY, headers=headers) for _ in range(2)]
        assert [twin.status_code for twin in twins] == [200, 409]


def test_organisation_that_zenskar_does_not_hear_of_has_no_say(serve: Serve, sandbox: Any) -> None:
    client = serve(f'[gateway]\nmode = "enforce"\n[organisations."{OWN}".gateway]\nmode = "observe"\n')
    assert client.post("/customers", json=REJECTED, headers={"Connection": "organisation"}).status_code == 422
    assert sandbox.requests() == []


def test_organisation_has_the_policy_of_its_own(serve: Serve) -> None:
    client = serve(f'state = "iso"\n[organisations."{OWN}"]\nstate = "code"\n')
    assert client.post("/customers", json=BODY).json()["address"]["state"] == "CA"
    there = client.post("/customers", json=BODY, headers={"organisation": OTHER})
    assert there.json()["address"]["state"] == "US-CA"


def test_what_a_policy_does_not_say_is_as_in_the_settings(serve: Serve) -> None:
    client = serve("[gateway]\nduplicate_check = false\n", external_id_is_key=True, duplicate_check=True)
    client.post("/customers", json=BODY)
    assert client.post("/customers", json=BODY).headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mod = 'observe'", "unknown key 'mod' in the policy, did you mean 'mode'?"),
        ("mode = 'observed'", "mode in the policy is one of enforce, correct, observe, did you mean 'observe'?"),
        ("mode = ['observe']", "mode in the policy is one of enforce, correct, observe"),
        ("duplicate_check = 1", "duplicate_check in the policy is true or false"),
        ("rate_tax_category_id = 'gst'", "rate_tax_category_id in the policy is an id of Zenskar's, a UUID"),
        ("rate_tax_category_id = 7", "rate_tax_category_id in the policy is an id of Zenskar's, a UUID"),
        ("accept_on_outage = true", "accept_on_outage in the policy needs the setting CLEANBILL_ENCRYPTION_KEY"),
        (f"rate_business_entity_id = '{CATEGORY}'", "does nothing without rate_tax_category_id"),
    ],
)
@pytest.mark.parametrize("table", ["gateway", f'organisations."{OWN}".gateway'])
def test_terms_that_cannot_be_used_are_refused_at_start(serve: Serve, table: str, line: str, message: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(message)) as error:
        serve(f"fixes = 'safe'\n\n[{table}]\n{line}\n")
    assert "cleanbill.toml:4" in str(error.value)


RATES = f'[gateway]\nrate_tax_category_id = "{CATEGORY}"\nrate_business_entity_id = "{ENTITY}"\n'


@pytest.mark.parametrize(
    ("rates", "said", "rule", "level"),
    [
        ([RATE], "found", None, None),
        ([], "missing", "location.rate-missing", "warn"),
        ([{**RATE, "state_code": "California"}], "missing", "location.rate-missing", "warn"),
        ([RATE, RATE], "unknown", "location.rate-unknown", "info"),
    ],
)
def test_new_customer_without_a_tax_rate_is_warned_of(
    serve: Serve, sandbox: Any, rates: list[Any], said: str, rule: str | None, level: str | None
) -> None:
    seed(sandbox, rates=rates)
    client = serve(RATES)
    answer = client.post("/customers", json=BODY)
    assert (answer.status_code, answer.headers["cleanbill-rate"]) == (200, said)
    assert answer.headers["cleanbill-verdict"] == "corrected"
    told = {name: found for name, found in findings(client, answer).items() if name.startswith("location.rate")}
    assert [(name, found["pointer"], found["level"]) for name, found in told.items()] == (
        [(rule, "/address", level)] if rule else []
    )
    (look,) = [request for request in sandbox.requests() if request["path"].endswith("/rates/lookup")]
    asked = json.loads(base64.b64decode(look["body_base64"]))
    assert {key: asked[key] for key in RATE} == RATE
    carried = {key.lower() for key, _ in look["headers"]}
    assert {"x-api-key", "organisation"} <= carried
    assert "idempotency-key" not in carried


def test_entity_and_address_are_those_of_the_customer(serve: Serve, sandbox: Any) -> None:
    own = seed(sandbox, business_entities=[{"name": "Acme India"}])["business_entities"][0]
    client = serve('tax_address = "ship_to"\n' + RATES)
    ship_to = {**BODY["address"], "city": "Oakland"}  # type: ignore[dict-item]
    answer = client.post("/customers", json={**BODY, "business_entity_id": own, "ship_to_address": ship_to})
    assert findings(client, answer)["location.rate-missing"]["pointer"] == "/ship_to_address"
    (look,) = [request for request in sandbox.requests() if "/rates/" in request["path"]]
    assert own in look["path"]
    assert json.loads(base64.b64decode(look["body_base64"]))["city"] == "Oakland"


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "hang", "seconds": 5},
        {"name": "drip", "seconds": 5},
        {"name": "reset"},
        {"name": "truncate"},
        {"name": "error", "status": 401},
        {"name": "error", "status": 403},
        {"name": "error", "status": 404},  # as where Zenskar has no such path
        {"name": "error", "status": 500},
        {"name": "login"},
        {"name": "null"},
        {"name": "not-json"},
    ],
    ids=str,
)
def test_look_up_of_a_rate_that_fails_holds_nobody_up(serve: Serve, sandbox: Any, fault: dict[str, Any]) -> None:
    seed(sandbox, rates=[RATE])
    client = serve(RATES, rate_timeout=0.2)
    script = [{**fault, "method": "POST", "path": "/tax/*"}]
    httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=script).raise_for_status()
    answer = client.post("/customers", json=BODY, timeout=3)
    assert (answer.status_code, answer.headers["cleanbill-rate"]) == (200, "unknown")
    assert findings(client, answer)["location.rate-unknown"]["level"] == "info"
    assert sandbox.state()["creates"] == 1


@pytest.mark.parametrize("place", ["city", "business_entity_id"])
def test_rate_can_be_asked_for_half_a_character(serve: Serve, sandbox: Any, place: str) -> None:
    address = {"country": "US", "country_code": "US", "city": "\ud800" if place == "city" else "Austin"}
    body = {"customer_name": "Nilgiri Analytics", "address": address} | ({} if place == "city" else {place: "\ud800"})
    answer = serve(RATES, mode="observe").post(
        "/customers", content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert answer.headers["cleanbill-rate"] in ("missing", "unknown")
    assert len([request for request in sandbox.requests() if "/rates/" in request["path"]]) == 1


def test_no_rate_is_asked_for_what_is_no_new_customer_or_goes_nowhere(serve: Serve, sandbox: Any) -> None:
    seed(sandbox)
    client = serve(RATES)
    for body in (REJECTED, {"customer_name": "N"}, {"customer_name": "N", "address": {"city": "Oakland"}}):
        assert "cleanbill-rate" not in client.post("/customers", json=body).headers
    made = client.post("/customers", json={"customer_name": "N"}).json()["id"]
    client.patch(f"/customers/{made}", json={"address": BODY["address"]})
    assert not [request for request in sandbox.requests() if "/rates/" in request["path"]]


def test_customer_with_nothing_to_find_it_by_is_given_an_external_id(serve: Serve, sandbox: Any) -> None:
    client = serve("[gateway]\nmint_external_id = true\n")
    script = [{"name": "reset", "when": "after", "method": "POST", "path": "/customer*"}]
    for body in ({"customer_name": "N"}, {"customer_name": "N", "external_id": None, "email": None}):
        httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=script).raise_for_status()
        answer = client.post("/customers", json=body)  # whose outcome can now be settled
        assert (answer.status_code, answer.headers["cleanbill-verdict"]) == (200, "corrected")
        assert str(UUID(json.loads(sandbox_post(sandbox))["external_id"])) == answer.json()["id"]
        assert findings(client, answer)["party.external-id-missing"]["applied"] is True
    assert sandbox.state()["creates"] == 2


def sandbox_post(sandbox: Any) -> bytes:
    return base64.b64decode([r for r in sandbox.requests() if r["method"] == "POST"][-1]["body_base64"])


def test_repeat_of_what_was_given_an_external_id_looks_for_the_same(serve: Serve, sandbox: Any) -> None:
    """Also where the second answer is not a replay, because the first one freed the key."""
    client = serve("[gateway]\nmint_external_id = true\n")
    sent = []
    for key, body in (
        ("a", {}),
        ("a", {}),
        ("b", {}),
        ("a", {"phone_number": "+919845012345"}),
        (None, {}),
        (None, {}),
    ):
        script = [{"name": "error", "status": 429, "method": "POST", "path": "/customer*"}]
        httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=script).raise_for_status()
        headers = {"Idempotency-Key": key} if key else {}
        assert client.post("/customers", json={"customer_name": "N", **body}, headers=headers).status_code == 429
        sent.append(json.loads(sandbox_post(sandbox))["external_id"])
    assert sent[0] == sent[1]
    assert len(set(sent)) == 5


@pytest.mark.parametrize("known", [{"external_id": "C-1"}, {"email": "ap@nilgiri-analytics.in"}])
def test_customer_that_can_be_found_keeps_what_it_has(serve: Serve, sandbox: Any, known: dict[str, str]) -> None:
    client = serve("[gateway]\nmint_external_id = true\n")
    client.post("/customers", json={"customer_name": "N", **known})
    assert json.loads(sandbox.last_body()) == {"customer_name": "N", **known}


def test_nothing_is_added_where_every_byte_goes_on_as_it_came(serve: Serve, sandbox: Any) -> None:
    client = serve('[gateway]\nmint_external_id = true\nmode = "observe"\n')
    client.post("/customers", json={"customer_name": "N"})
    assert json.loads(sandbox.last_body()) == {"customer_name": "N"}
