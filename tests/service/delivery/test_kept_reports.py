"""GET /v1/checks/{id}: the kept report of a gateway request, without values, for its caller alone."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import httpx2
import pytest

DIRTY = {"customer_name": " Zqxcanary ", "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"}}
REJECTED = {"customer_name": "Zqxcanary", "email": "zqxcanary"}


@pytest.mark.parametrize(("body", "verdict"), [(DIRTY, "corrected"), (REJECTED, "rejected")])
def test_report_is_kept_without_values(
    zenskar: httpx2.Client, api: httpx2.Client, body: dict[str, Any], verdict: str
) -> None:
    answer = zenskar.post("/customers", json=body)
    kept = api.get(f"/v1/checks/{answer.headers['cleanbill-check']}")
    assert kept.status_code == 200
    assert kept.json()["verdict"] == verdict == answer.headers["cleanbill-verdict"]
    told = api.post("/v1/check", json=body).json()["findings"]
    assert [(f["rule"], f["pointer"], f["level"], f["fix"], f["applied"]) for f in kept.json()["findings"]] == [
        (f["rule"], f["pointer"], f["level"], f["fix"], f["applied"]) for f in told
    ]
    assert all(edit.keys() == {"op", "pointer"} for finding in kept.json()["findings"] for edit in finding["edits"])
    assert all(finding["help"] == f"/v1/rules/{finding['rule']}" for finding in kept.json()["findings"])
    assert "zqxcanary" not in kept.text.lower()
    assert "560" not in kept.text


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"x-api-key": "sandbox_other"}, 404),
        ({"authorization": "Bearer eyJother"}, 404),
        ({"organisation": "b6f0a2f4-37c1-4f0e-9d5e-1f6c1f7c0a11"}, 404),
        ({"organisation": ""}, 401),
        ({"x-api-key": ""}, 401),
    ],
)
def test_report_is_for_its_caller_alone(
    zenskar: httpx2.Client, api: httpx2.Client, other: dict[str, str], status: int
) -> None:
    check = zenskar.post("/customers", json=DIRTY).headers["cleanbill-check"]
    assert api.get(f"/v1/checks/{check}", headers=other).status_code == status
    assert api.get(f"/v1/checks/{check}").status_code == 200
    assert api.get("/v1/checks/0123").status_code == 404


def test_credential_beyond_ascii_reads_its_own(stored_url: str, sandbox: Any, customer: Callable[..., Any]) -> None:
    headers = [
        (b"x-api-key", "sandbox_\u00e9".encode()),
        (b"organisation", sandbox.credentials["organisation"].encode()),
    ]
    later = [*headers, (b"prefer", b"respond-async")]
    answer = httpx2.post(f"{stored_url}/zenskar/customers", json=customer(), headers=later)
    for place in (f"/v1/checks/{answer.headers['cleanbill-check']}", answer.headers["location"]):
        assert httpx2.get(stored_url + place, headers=headers).status_code == 200


def test_report_that_names_half_a_character_is_kept_like_the_others(
    serve_stored: Callable[..., AbstractContextManager[str]], sandbox: Any
) -> None:
    odd = rb'{"customer_name": " Nilgiri", "x\ud800": 1, "email": "nobody"}'
    headers = {**sandbox.credentials, "content-type": "application/json"}
    with serve_stored(sandbox.url) as url:
        checks = [
            httpx2.post(f"{url}/zenskar/customers", content=body, headers=headers).headers["cleanbill-check"]
            for body in (odd, json.dumps(DIRTY).encode())
        ]
    with serve_stored(sandbox.url) as url:
        kept = [httpx2.get(f"{url}/v1/checks/{check}", headers=headers).raise_for_status().json() for check in checks]
    assert [report["verdict"] for report in kept] == ["rejected", "corrected"]
    assert "/x\ud800" in [finding["pointer"] for finding in kept[0]["findings"]]


def test_accepted_customer_has_a_report_too(
    zenskar: httpx2.Client, api: httpx2.Client, customer: Callable[..., Any]
) -> None:
    body = customer(address={"country": "India", "country_code": "IN", "state": "KA", "zipCode": "560025"})
    check = zenskar.post("/customers", json=body).headers["cleanbill-check"]
    assert api.get(f"/v1/checks/{check}").json()["verdict"] == "accepted"
