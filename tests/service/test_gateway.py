"""The gateway, over HTTP, in front of the sandbox Zenskar."""

import http.client
import json
from typing import Any

import httpx2
import pytest

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

CLEAN = {
    "customer_name": "Nilgiri Analytics",
    "address": {"country": "India", "country_code": "IN", "state": "KA", "zipCode": "560025"},
}
DIRTY = {
    "name": " Nilgiri Analytics",
    "billing_address": {"country": "India", "state": "Karnataka", "postal_code": "560 025"},
}
REJECTED = {"customer_name": "Nilgiri Analytics", "email": "nobody", "address": {"country": "India"}}
paths = pytest.mark.parametrize("path", ["/customers", "/customer"])


@paths
def test_corrected_customer_reaches_zenskar_clean(zenskar: httpx2.Client, sandbox: Any, path: str) -> None:
    answer = zenskar.post(path, json=DIRTY)
    assert answer.status_code == 200
    assert answer.headers["cleanbill-verdict"] == "corrected"
    stored = zenskar.get(f"/customers/{answer.json()['id']}").json()
    assert stored["customer_name"] == "Nilgiri Analytics"
    assert {key: value for key, value in stored["address"].items() if value is not None} == CLEAN["address"]
    assert sandbox.state()["unknown_keys"] == {}


@paths
def test_accepted_customer_goes_on_as_the_callers_own_bytes(zenskar: httpx2.Client, sandbox: Any, path: str) -> None:
    body = (
        b' { "customer_name":"Nilgiri Analytics" , "custom_data": {"price": 1.50, "ledger": 1180591620717411303424} }\n'
    )
    answer = zenskar.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.headers["cleanbill-verdict"] == "accepted"
    assert sandbox.last_body() == body


def test_corrected_customer_keeps_the_characters_of_custom_data(zenskar: httpx2.Client, sandbox: Any) -> None:
    custom = b'{"price": 1.50, "ledger": 1180591620717411303424, "rate": 1e5, "twice": 1, "twice": 2}'
    body = b'{"customer_name": " Nilgiri Analytics", "custom_data": %s}' % custom
    answer = zenskar.post("/customers", content=body, headers={"content-type": "application/json"})
    assert answer.headers["cleanbill-verdict"] == "corrected"
    assert b'"custom_data":' + custom in sandbox.last_body()


@paths
def test_rejected_customer_never_reaches_zenskar(zenskar: httpx2.Client, sandbox: Any, path: str) -> None:
    answer = zenskar.post(path, json=REJECTED)
    assert answer.status_code == 422
    assert answer.headers["cleanbill-verdict"] == "rejected"
    (error,) = answer.json()["detail"]
    assert error["loc"] == ["body", "email"]
    assert error["type"].startswith("cleanbill.email.")
    assert "nobody" not in answer.text
    assert sandbox.requests() == []


def test_client_that_asks_for_it_gets_a_problem(zenskar: httpx2.Client) -> None:
    answer = zenskar.post("/customers", json=REJECTED, headers={"accept": "application/problem+json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/email"
    assert error["help"] == f"/v1/rules/{error['rule']}"


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b'{"customer_name": "zqx', "application/json", 400),
        (b'{"customer_name": "zqx"}', "text/plain", 415),
        (b'"%s"' % (b"zqx" * 500_000), "application/json", 413),
        (b'["zqx"]', "application/json", 422),
    ],
)
def test_what_is_no_customer_is_refused_in_zenskars_words(
    zenskar: httpx2.Client, sandbox: Any, content: bytes, media: str, status: int
) -> None:
    answer = zenskar.post("/customers", content=content, headers={"content-type": media})
    assert answer.status_code == status
    assert answer.json()["detail"][0]["loc"] == ["body"]
    assert "zqx" not in answer.text
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    "path", ["/customers/", "//customers", "/x/../customers", "/./customer", "/customers//", "/%63ustomers/"]
)
def test_no_other_spelling_of_a_create_slips_past(service_url: str, sandbox: Any, path: str) -> None:
    connection = http.client.HTTPConnection(service_url.removeprefix("http://"))  # it leaves the path as it is
    headers = {"content-type": "application/json", **sandbox.credentials}
    connection.request("POST", f"/zenskar{path}", json.dumps(REJECTED), headers)
    assert connection.getresponse().status in (400, 422)
    connection.close()
    assert sandbox.requests() == []


def test_everything_else_passes_through_untouched(zenskar: httpx2.Client, sandbox: Any) -> None:
    created = zenskar.post("/customers", json=CLEAN).json()
    fetched = zenskar.get(
        f"/customers/{created['id']}", params={"expand": "contacts"}, headers={"apiversion": "20240301", "x-mine": "1"}
    )
    assert fetched.json()["id"] == created["id"]
    assert "cleanbill-verdict" not in fetched.headers
    assert sandbox.requests()[-1]["method"] == "GET"
    headers = sandbox.last_headers()
    assert (headers["apiversion"], headers["x-mine"]) == ("20240301", "1")
    assert headers.items() >= sandbox.credentials.items()
    assert zenskar.patch(f"/customers/{created['id']}", json={"external_id": "C001"}).json()["external_id"] == "C001"
    assert zenskar.get("/customers", params={"external_id": "C001"}).json()["results"][0]["id"] == created["id"]
    assert zenskar.get("/no-such-path").status_code == 404


def test_body_that_is_not_checked_is_streamed_as_it_is(zenskar: httpx2.Client, sandbox: Any) -> None:
    def chunks() -> Any:
        yield b"first,"
        yield b"second"

    zenskar.post("/usage", content=chunks())
    assert sandbox.last_body() == b"first,second"
    zenskar.post("/usage", content=b"x" * 3_000_000)
    assert len(sandbox.last_body()) == 3_000_000


def test_zenskar_sees_a_proxy_that_keeps_to_the_rules(zenskar: httpx2.Client, sandbox: Any) -> None:
    zenskar.post("/customers", json=CLEAN, headers={"connection": "x-hop", "x-hop": "1", "te": "trailers"})
    headers = sandbox.last_headers()
    assert "x-hop" not in headers
    assert "te" not in headers
    assert headers["host"] == sandbox.url.removeprefix("http://")
    assert headers["via"] == "1.1 cleanbill"
    assert not [key for key in headers if key.startswith("cleanbill")]


def test_zenskars_own_refusal_comes_back_as_it_is(zenskar: httpx2.Client) -> None:
    body = {**CLEAN, "email": "ap@nilgiri-analytics.in"}
    assert zenskar.post("/customers", json=body).status_code == 200
    second = zenskar.post("/customers", json=body)
    assert second.status_code == 400
    assert second.headers["cleanbill-verdict"] == "accepted"
    assert zenskar.post("/customers", json=CLEAN, headers={"x-api-key": ""}).status_code == 401


def test_redirect_is_not_followed(zenskar: httpx2.Client) -> None:
    answer = zenskar.get("/customers", headers={"Sandbox-Fault": "login"}, follow_redirects=False)
    assert answer.status_code in (302, 303, 307)


@paths
@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [("hang; when=after", 504, "outcome-unknown"), ("reset; when=before", 504, "outcome-unknown")],
)
def test_zenskar_that_does_not_answer_is_said_to_be_unknown(
    zenskar: httpx2.Client, path: str, fault: str, status: int, kind: str
) -> None:
    answer = zenskar.post(path, json=CLEAN, headers={"Sandbox-Fault": fault})
    assert answer.status_code == status
    assert answer.json()["detail"][0]["type"] == f"cleanbill.{kind}"


def test_zenskar_that_is_not_there_is_said_to_be_unreached() -> None:
    with (
        background(create_app(Settings(zenskar_url="http://127.0.0.1:9", connect_timeout=1))) as url,  # type: ignore[arg-type]
        httpx2.Client(base_url=f"{url}/zenskar") as client,
    ):
        for answer in (client.post("/customers", json=CLEAN), client.get("/customers")):
            assert answer.status_code == 502
            assert answer.json()["detail"][0]["type"] == "cleanbill.upstream-unreachable"
