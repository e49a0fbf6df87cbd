"""The control endpoints, and what the sandbox remembers of requests."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import sys

import httpx2
import pytest

from cleanbill_service.sandbox import Switches, create_app
from cleanbill_service.server import background

ORGANISATION = "5a1f5d0e-93a5-4d3c-8f0b-0d6c7c2f1a01"


def test_every_request_is_kept_as_it_came_and_in_order(zenskar: httpx2.Client) -> None:
    body = b'{ "customer_name" : "A\\u00e9" }'
    headers = {"content-type": "application/json", "Sandbox-Fault": "latency; seconds=0.01"}
    zenskar.post("/customers?x=1", content=body, headers=headers)
    zenskar.get("/customers/a%2Fb", headers={"x-api-key": ""})
    state = zenskar.get("/__sandbox__/state").json()
    first, second = state["requests"]
    assert state["requests_seen"] == 2
    assert (first["method"], first["path"], first["query"], first["fault"]) == ("POST", "/customers", "x=1", "latency")
    assert base64.b64decode(first["body_base64"]) == body
    assert first["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert ["x-api-key", "sandbox_key"] in first["headers"]
    assert (second["method"], second["path"], second["fault"]) == ("GET", "/customers/a%2Fb", None)


def test_a_request_that_never_arrives_whole_is_not_kept(zenskar: httpx2.Client) -> None:
    address = (zenskar.base_url.host, zenskar.base_url.port or 80)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(b'POST /customers HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"customer_name":')
    state = zenskar.get("/__sandbox__/state").json()
    assert (state["requests_seen"], state["creates"]) == (0, 0)


def test_control_requests_need_no_key_and_leave_no_trace(zenskar: httpx2.Client) -> None:
    zenskar.post("/__sandbox__/faults", json=[{"name": "error", "repeat": None}]).raise_for_status()
    answer = httpx2.get(f"{zenskar.base_url}/__sandbox__/state")
    assert (answer.status_code, answer.json()["requests"]) == (200, [])


def test_reset_forgets_everything(zenskar: httpx2.Client) -> None:
    pristine = zenskar.get("/__sandbox__/state").json()
    zenskar.put("/__sandbox__/switches", json={"phone": "strict"})
    zenskar.post("/customers", json={"customer_name": "A", "fax": "1"})
    zenskar.post("/__sandbox__/faults", json=[{"name": "null"}])
    zenskar.post("/__sandbox__/seed", json={"organisation": ORGANISATION, "revoked_keys": ["sandbox_key"]})
    assert zenskar.get("/__sandbox__/state").json() != pristine
    assert zenskar.post("/__sandbox__/reset").status_code == 204
    assert zenskar.get("/__sandbox__/state").json() == pristine
    assert zenskar.get("/customers").json()["results"] == []


def test_switches_change_one_by_one(zenskar: httpx2.Client) -> None:
    before = zenskar.get("/__sandbox__/state").json()["switches"]
    answer = zenskar.put("/__sandbox__/switches", json={"created_status": 201, "envelope": "data"})
    assert answer.json() == before | {"created_status": 201, "envelope": "data"}


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"phone": "loose"}, {"visibility_delay": -1}, []])
def test_a_wrong_switch_is_refused(zenskar: httpx2.Client, changes: object) -> None:
    before = zenskar.get("/__sandbox__/state").json()["switches"]
    assert zenskar.put("/__sandbox__/switches", json=changes).status_code == 422
    assert zenskar.get("/__sandbox__/state").json()["switches"] == before


def test_the_switches_of_the_start_are_those_of_a_reset() -> None:
    with background(create_app(Switches(created_status=201))) as url:
        httpx2.put(f"{url}/__sandbox__/switches", json={"created_status": 200})
        httpx2.post(f"{url}/__sandbox__/reset")
        assert httpx2.get(f"{url}/__sandbox__/state").json()["switches"]["created_status"] == 201


def test_seeded_customers_are_not_creates(zenskar: httpx2.Client) -> None:
    customers = [{"customer_name": "A", "email": "jane@acme.io"}]
    seed = {"organisation": ORGANISATION, "customers": customers}
    (customer,) = zenskar.post("/__sandbox__/seed", json=seed).json()["customers"]
    assert zenskar.get(f"/customers/{customer}").json()["email"] == "jane@acme.io"
    state = zenskar.get("/__sandbox__/state").json()
    assert (state["creates"], state["customers"]) == (0, {ORGANISATION: 1})
    assert zenskar.post("/__sandbox__/seed", json=seed).status_code == 400


@pytest.mark.parametrize("seed", [{}, {"organisation": "acme"}, {"organisation": ORGANISATION, "custmers": []}])
def test_a_wrong_seed_is_refused(zenskar: httpx2.Client, seed: object) -> None:
    assert zenskar.post("/__sandbox__/seed", json=seed).status_code == 422


def test_the_sandbox_needs_nothing_of_what_it_tests() -> None:
    code = "import cleanbill_service.sandbox, sys; print(*[m for m in sys.modules if m.startswith('cleanbill')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {name.split(".sandbox")[0] for name in loaded} == {"cleanbill_service"}
