"""Who may ask, and which paths there are."""

import httpx2
import pytest

OTHER_ORGANISATION = "5a1f5d0e-93a5-4d3c-8f0b-0d6c7c2f1a02"


@pytest.mark.parametrize(
    "wrong",
    [
        {"x-api-key": ""},
        {"organisation": ""},
        {"organisation": "acme"},
        {"x-api-key": "", "authorization": "Bearer opaque"},
        {"x-api-key": "", "authorization": "Basic eyJhbGciOiJub25lIn0"},
    ],
)
def test_a_request_needs_an_organisation_and_a_key(zenskar: httpx2.Client, wrong: dict[str, str]) -> None:
    answer = zenskar.post("/customers", json={"customer_name": "Acme"}, headers=wrong)
    assert answer.status_code == 401
    assert isinstance(answer.json()["detail"], str)


def test_a_body_that_does_not_fit_is_no_excuse_for_a_missing_key(zenskar: httpx2.Client) -> None:
    assert zenskar.post("/customers", json={}, headers={"x-api-key": ""}).status_code == 401


def test_a_json_web_token_serves_as_key(zenskar: httpx2.Client) -> None:
    headers = {"x-api-key": "", "authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    assert zenskar.get("/customers", headers=headers).status_code == 200


def test_keys_can_be_revoked_and_forbidden_while_running(zenskar: httpx2.Client) -> None:
    assert zenskar.get("/customers").status_code == 200
    seed = {"organisation": OTHER_ORGANISATION, "revoked_keys": ["sandbox_key"], "forbidden_keys": ["read-only"]}
    zenskar.post("/__sandbox__/seed", json=seed).raise_for_status()
    assert zenskar.get("/customers").status_code == 401
    assert zenskar.get("/customers", headers={"x-api-key": "read-only"}).status_code == 403
    assert zenskar.get("/customers", headers={"x-api-key": "rotated"}).status_code == 200


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("detail", '{"detail":"'), ("message", '{"message":"'), ("html", "<html>")],
)
def test_errors_take_the_shape_that_the_switch_says(zenskar: httpx2.Client, shape: str, expected: str) -> None:
    zenskar.put("/__sandbox__/switches", json={"error_body": shape}).raise_for_status()
    for answer in (zenskar.get("/customers", headers={"x-api-key": ""}), zenskar.get("/no/such/path")):
        assert answer.status_code in {401, 404}
        assert answer.text.startswith(expected)


def test_both_spellings_of_the_path_serve_the_same_customers(zenskar: httpx2.Client) -> None:
    created = zenskar.post("/customer", json={"customer_name": "Acme"}).json()
    assert zenskar.get(f"/customers/{created['id']}").json() == created
    assert zenskar.get(f"/customer/{created['id']}").json() == created


@pytest.mark.parametrize("path", ["/v2/customers", "/v1/customer", "/customerz"])
def test_there_is_no_version_prefix(zenskar: httpx2.Client, path: str) -> None:
    assert zenskar.post(path, json={"customer_name": "Acme"}).status_code == 404


def test_put_is_not_a_method_of_customers(zenskar: httpx2.Client) -> None:
    created = zenskar.post("/customers", json={"customer_name": "Acme"}).json()
    assert zenskar.put(f"/customers/{created['id']}", json={}).status_code == 405


def test_organisations_do_not_see_each_other(zenskar: httpx2.Client) -> None:
    body = {"customer_name": "Acme", "email": "jane@acme.io", "external_id": "a-1"}
    created = zenskar.post("/customers", json=body).json()
    other = {"organisation": OTHER_ORGANISATION}
    assert zenskar.get(f"/customers/{created['id']}", headers=other).status_code == 404
    assert zenskar.get("/customers", headers=other).json()["results"] == []
    assert zenskar.post("/customers", json=body, headers=other).status_code == 200
    assert sorted(zenskar.get("/__sandbox__/state").json()["customers"].values()) == [1, 1]


def test_any_apiversion_is_taken_and_recorded(zenskar: httpx2.Client) -> None:
    assert zenskar.get("/customers", headers={"apiversion": "20240301"}).status_code == 200
    (request,) = zenskar.get("/__sandbox__/state").json()["requests"]
    assert ["apiversion", "20240301"] in request["headers"]
