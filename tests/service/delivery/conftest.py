"""The service on each kind of store, in front of the sandbox Zenskar."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from cryptography.fernet import Fernet

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

ENCRYPTION_KEY = Fernet.generate_key().decode()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Each kind of store, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('store')}/cleanbill.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


def settings(zenskar_url: str, database_url: str, **others: Any) -> Settings:
    """Quick ones."""
    quick: dict[str, Any] = {
        "upstream_timeout": 0.4,
        "connect_timeout": 0.5,
        "settle_after": 0.5,
        "encryption_key": ENCRYPTION_KEY,
        "deliveries_per_second": 1000,
    }
    return Settings(zenskar_url=zenskar_url, database_url=database_url, **quick | others)


@pytest.fixture(scope="session")
def stored_url(sandbox_url: str, database_url: str) -> Iterator[str]:
    with background(create_app(settings(sandbox_url, database_url))) as url:
        yield url


@pytest.fixture
def serve_stored(database_url: str) -> Callable[..., AbstractContextManager[str]]:
    """Starts one more service on the store."""

    def start(zenskar_url: str, **others: Any) -> AbstractContextManager[str]:
        return background(create_app(settings(zenskar_url, database_url, **others)))

    return start


@pytest.fixture
def sandbox(sandbox: Any) -> Any:
    """The sandbox with an organisation of this test's own, so that nothing of another test counts."""
    return replace(sandbox, credentials=sandbox.credentials | {"organisation": str(uuid4())})


@pytest.fixture(autouse=True)
def nothing_left_under_way(request: pytest.FixtureRequest, sandbox: Any) -> Iterator[None]:
    """The next test does not begin before what this one has set going is decided."""
    url = request.getfixturevalue("stored_url") if "stored_url" in request.fixturenames else None
    yield
    end = time.monotonic() + 8
    while url and time.monotonic() < end:
        kept = httpx2.get(f"{url}/v1/deliveries", headers=sandbox.credentials).json()["results"]
        if all(delivery["state"] in ("done", "dead", "cancelled") for delivery in kept):
            break
        time.sleep(0.05)


@pytest.fixture
def zenskar(stored_url: str, sandbox: Any) -> Iterator[httpx2.Client]:
    """A client of Zenskar whose base URL is the gateway's."""
    with httpx2.Client(base_url=f"{stored_url}/zenskar", headers=sandbox.credentials, timeout=10) as client:
        yield client


@pytest.fixture
def api(stored_url: str, sandbox: Any) -> Iterator[httpx2.Client]:
    """The same caller at cleanbill's own routes."""
    with httpx2.Client(base_url=stored_url, headers=sandbox.credentials, timeout=10) as client:
        yield client


@pytest.fixture
def settled(api: httpx2.Client) -> Callable[[str], dict[str, Any]]:
    """Waits until a delivery is decided."""

    def wait(location: str, *states: str) -> dict[str, Any]:
        end = time.monotonic() + 8
        while time.monotonic() < end:
            delivery: dict[str, Any] = api.get(location).raise_for_status().json()
            if delivery["state"] in (states or ("done", "dead", "cancelled")):
                return delivery
            time.sleep(0.02)
        raise AssertionError(delivery)

    return wait


_numbers = itertools.count(1)


@pytest.fixture
def customer() -> Callable[..., dict[str, Any]]:
    """A new customer that needs no correction."""

    def new(**fields: Any) -> dict[str, Any]:
        number = next(_numbers)
        known = {"external_id": f"C-{number}", "email": f"ap{number}@nilgiri-analytics.in"}
        return {"customer_name": f"Nilgiri Analytics {number}", **known, **fields}

    return new


@pytest.fixture
def key() -> str:
    """A new Idempotency-Key."""
    return f"key-{next(_numbers)}-{time.time_ns()}"


@pytest.fixture
def posts(sandbox: Any) -> Callable[[], int]:
    """How many creates Zenskar has received, whatever became of them."""
    ours = ["organisation", sandbox.credentials["organisation"]]
    return lambda: sum(request["method"] == "POST" and ours in request["headers"] for request in sandbox.requests())


def fault(sandbox: Any, name: str, **fields: Any) -> None:
    """Disturb the next create."""
    script = [{"name": name, "method": "POST", "path": "/customer*", **fields}]
    httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=script).raise_for_status()


@pytest.fixture
def disturb(sandbox: Any) -> Callable[..., None]:
    return lambda name, **fields: fault(sandbox, name, **fields)
