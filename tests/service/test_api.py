"""The check API, over HTTP."""

import json
from typing import Any

import httpx2
import pytest

from cleanbill import RULES
from cleanbill_service.notices import NOTICES

DIRTY = {
    "customer_name": " Nilgiri Analytics",
    "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"},
}


def test_answers_with_the_report_whatever_the_verdict(api: httpx2.Client) -> None:
    corrected = api.post("/v1/check", json=DIRTY)
    assert corrected.status_code == 200
    report = corrected.json()
    assert report["verdict"] == "corrected"
    assert report["clean"] == {
        "customer_name": "Nilgiri Analytics",
        "address": {"country": "India", "state": "KA", "zipCode": "560025", "country_code": "IN"},
    }
    assert report["tax_location"]["subdivision"] == "IN-KA"
    rejected = api.post("/v1/check", json={})
    assert (rejected.status_code, rejected.json()["verdict"]) == (200, "rejected")


def test_report_keeps_the_characters_of_custom_data(api: httpx2.Client) -> None:
    raw = '{"customer_name": " N", "custom_data": {"price": 1.50, "ledger": 1180591620717411303424, "a": 1, "a": 2}}'
    answer = api.post("/v1/check", content=raw, headers={"content-type": "application/json"})
    assert '"custom_data":{"price": 1.50, "ledger": 1180591620717411303424, "a": 1, "a": 2}' in answer.text


@pytest.mark.parametrize(
    ("path", "body", "clean"),
    [
        (
            "/v1/check/address",
            {"country": "India", "state": "Karnataka"},
            {"country": "India", "state": "KA", "country_code": "IN"},
        ),
        ("/v1/check/tax-id", {"value": "811 907 980", "scheme": "eu_vat", "country": "DE"}, "DE811907980"),
        ("/v1/check/tax-id", {"value": "DE811907980"}, "DE811907980"),
        ("/v1/check/phone", {"value": "030 901820", "region": "de"}, "+4930901820"),
        ("/v1/check/phone", {"value": "+1 (415) 555-2671"}, "+14155552671"),
        ("/v1/check/email", {"value": "mailto:AP@Nilgiri-Analytics.IN"}, "AP@nilgiri-analytics.in"),
    ],
)
def test_part_is_judged_alone(api: httpx2.Client, path: str, body: dict[str, Any], clean: object) -> None:
    answer = api.post(path, json=body)
    assert answer.status_code == 200
    assert answer.json()["clean"] == clean
    assert answer.json()["verdict"] == "corrected" if clean != body.get("value") else "accepted"


SECRET = "zqxcanary"


@pytest.mark.parametrize(
    "path", ["/v1/check", "/v1/check/address", "/v1/check/tax-id", "/v1/check/phone", "/v1/check/email"]
)
@pytest.mark.parametrize(
    ("content", "media", "status", "kind"),
    [
        (b'{"customer_name": "%s"' % SECRET.encode(), "application/json", 400, "body-malformed"),
        (b"\xff\xfe", "application/json", 400, "body-malformed"),
        (b'["%s"]' % SECRET.encode(), "application/json", 422, "body-not-object"),
        (b'{"x": "%s"}' % (SECRET.encode() * 200_000), "application/json", 413, "body-too-large"),
        (b'{"customer_name": "%s"}' % SECRET.encode(), "text/plain", 415, "content-type-wrong"),
        (b"", "", 415, "content-type-wrong"),
    ],
    ids=["cut off", "not utf-8", "a list", "too large", "text", "nothing"],
)  # fmt: skip
def test_bad_input_is_a_problem_that_repeats_nothing(
    api: httpx2.Client, path: str, content: bytes, media: str, status: int, kind: str
) -> None:
    answer = api.post(path, content=content, headers={"content-type": media} if media else {})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, f"urn:cleanbill:problem:{kind}")
    assert problem["detail"].endswith(".")
    assert SECRET not in answer.text


def test_body_that_does_not_say_its_length_is_cut_at_the_limit(api: httpx2.Client) -> None:
    def endless() -> Any:
        for _ in range(3):
            yield b" " * 600_000

    answer = api.post("/v1/check", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [({}, "field-missing"), ({"value": 3}, "field-not-text"), ({"value": "x", "regoin": "DE"}, "field-unknown")],
)
def test_part_with_wrong_fields_is_told_which(api: httpx2.Client, body: dict[str, object], kind: str) -> None:
    answer = api.post("/v1/check/phone", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:cleanbill:problem:{kind}")


def test_catalogue_lists_every_rule(api: httpx2.Client) -> None:
    listed = api.get("/v1/rules").json()
    assert [rule["id"] for rule in listed] == [entry.id for entry in (*RULES, *NOTICES)]
    for notice in NOTICES:
        assert api.get(notice.finding("").help).json() == notice.to_dict()
        assert notice.to_dict() in listed
    one = api.get("/v1/rules/party.name-missing").json()
    assert one == next(rule for rule in listed if rule["id"] == "party.name-missing")
    assert json.loads(json.dumps(one))["message"]


def test_finding_links_to_the_entry_of_its_rule(api: httpx2.Client) -> None:
    findings = api.post("/v1/check", json=DIRTY).json()["findings"]
    assert findings
    for finding in findings:
        assert api.get(finding["help"]).json()["id"] == finding["rule"]


def test_old_id_of_a_rule_leads_to_the_new_one(api: httpx2.Client) -> None:
    answer = api.get("/v1/rules/party.address-missing", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/v1/rules/location.address-missing")


def test_schemes_are_listed_with_what_a_client_needs(api: httpx2.Client) -> None:
    listed = {(scheme["id"], scheme["country"]): scheme for scheme in api.get("/v1/schemes").json()}
    assert listed["in_gst", "IN"]["check_digit"] == "hard"
    assert listed["au_abn", "AU"]["display"].replace(" ", "") == listed["au_abn", "AU"]["example"]
    assert len({scheme for scheme, _ in listed}) >= 135


def test_country_has_an_address_form(api: httpx2.Client) -> None:
    form = api.get("/v1/countries/in").json()
    assert {field["name"] for field in form["fields"]} >= {"line1", "city", "state", "zipCode", "country"}
    assert {"code": "KA", "name": "Karnataka"} in form["subdivisions"]
    assert api.get("/v1/countries/ZZ").status_code == 404


def test_unknown_rule_is_a_problem(api: httpx2.Client) -> None:
    answer = api.get("/v1/rules/party.no-such")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/live", "/ready"])
def test_orchestrator_sees_that_the_service_is_there(api: httpx2.Client, path: str) -> None:
    assert api.get(path).status_code == 200


def test_docs_describe_every_route_of_the_api(api: httpx2.Client) -> None:
    assert api.get("/docs").status_code == 200
    spec = api.get("/openapi.json").json()
    assert set(spec["paths"]) >= {
        "/v1/check", "/v1/check/address", "/v1/check/tax-id", "/v1/check/phone", "/v1/check/email",
        "/v1/rules", "/v1/rules/{rule_id}", "/v1/schemes", "/v1/countries/{code}", "/live", "/ready",
    }  # fmt: skip
    assert (
        spec["paths"]["/v1/check"]["post"]["requestBody"]["content"]["application/json"]["schema"]["type"] == "object"
    )


def test_unknown_path_and_method_are_problems_too(api: httpx2.Client) -> None:
    for answer, status in ((api.get("/v2/check"), 404), (api.get("/v1/check"), 405)):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
