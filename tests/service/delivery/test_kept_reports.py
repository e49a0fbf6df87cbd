"""GET /v1/checks/{id}: the kept report of a gateway request, without values, for its caller alone."""

from collections.abc import Callable
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


def test_accepted_customer_has_a_report_too(
    zenskar: httpx2.Client, api: httpx2.Client, customer: Callable[..., Any]
) -> None:
    body = customer(address={"country": "India", "country_code": "IN", "state": "KA", "zipCode": "560025"})
    check = zenskar.post("/customers", json=body).headers["cleanbill-check"]
    assert api.get(f"/v1/checks/{check}").json()["verdict"] == "accepted"
