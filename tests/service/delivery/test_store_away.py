"""A store that cannot be written to: nothing is promised that is not kept, and what is known is told."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet

from cleanbill_service.app import create_app
from cleanbill_service.delivery.ledger import Ledger
from cleanbill_service.server import background
from cleanbill_service.settings import Settings
from cleanbill_service.store import StoreUnavailable
from cleanbill_service.store import jobs as jobs_module

New = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def read_only(sandbox_url: str, postgres_url: str) -> Iterator[str]:
    """The service on a PostgreSQL that only reads, as one is after a failover."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(postgres_url, autocommit=True) as server, pytest.MonkeyPatch.context() as patched:
        patched.setattr(jobs_module, "PATIENCE", 0.1)
        server.execute("CREATE DATABASE read_only")
        url = postgres_url.replace("/postgres?", "/read_only?", 1)
        settings = Settings(
            zenskar_url=sandbox_url,  # type: ignore[arg-type]
            database_url=url,  # type: ignore[arg-type]
            encryption_key=Fernet.generate_key().decode(),  # type: ignore[arg-type]
        )
        with background(create_app(settings)) as service:
            server.execute("ALTER DATABASE read_only SET default_transaction_read_only = on")
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'read_only'")
            yield service
        server.execute("DROP DATABASE read_only")


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"Idempotency-Key": "k"}, 503, "store-unavailable"),
        ({"Idempotency-Key": "k", "Prefer": "respond-async"}, 503, "store-unavailable"),
        ({"Prefer": "respond-async"}, 504, "acceptance-unknown"),
    ],
    ids=["key", "key and later", "later"],
)
def test_database_that_only_reads_is_away(
    read_only: str, sandbox: Any, customer: New, headers: dict[str, str], status: int, kind: str
) -> None:
    answer = httpx2.post(f"{read_only}/zenskar/customers", json=customer(), headers=sandbox.credentials | headers)
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (status, f"cleanbill.{kind}")
    assert sandbox.requests() == []
    if location := answer.headers.get("location"):
        assert httpx2.get(read_only + location, headers=sandbox.credentials).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/checks/%00", 404),
        ("/v1/deliveries/a%00b", 404),
        ("/v1/deliveries?cursor=MS4wIGEAYg==", 400),  # 1.0 a\0b
        ("/v1/deliveries?cursor=MS4wIA==", 400),
    ],
)
def test_what_no_database_holds_is_unknown(api: httpx2.Client, path: str, status: int) -> None:
    assert api.get(path).status_code == status


def test_outcome_that_is_known_is_told_though_it_cannot_be_written(
    serve_stored: Callable[..., AbstractContextManager[str]],
    sandbox: Any,
    customer: New,
    disturb: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable

    body = customer()
    disturb("close", when="after")
    with serve_stored(sandbox.url) as url:
        monkeypatch.setattr(Ledger, "write", away)
        answer = httpx2.post(f"{url}/zenskar/customers", json=body, headers=sandbox.credentials)
        monkeypatch.undo()
    assert (answer.status_code, answer.json()["external_id"]) == (200, body["external_id"])
    assert sandbox.state()["creates"] == 1
