"""/ready says whether the store can be used, /live whether the process answers."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import psycopg

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings


def wait_until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.1)


def assert_unready(url: str, secret: str) -> None:
    answer = httpx2.get(f"{url}/ready", timeout=10)
    assert (answer.status_code, answer.json()["failing"]) == (503, ["store"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert secret not in answer.text
    assert httpx2.get(f"{url}/live").status_code == 200


def test_sqlite_that_cannot_be_written_is_told_until_it_can(sandbox_url: str, tmp_path: Path) -> None:
    path = tmp_path / "zqxcanary.db"
    with background(create_app(Settings(zenskar_url=sandbox_url, database_url=f"sqlite:///{path}"))) as url:
        assert httpx2.get(f"{url}/ready").json() == {"status": "ready"}
        other = sqlite3.connect(path)
        other.execute("BEGIN EXCLUSIVE")
        assert_unready(url, "zqxcanary")
        other.rollback()
        other.close()
        wait_until(lambda: httpx2.get(f"{url}/ready", timeout=10).status_code == 200)


def test_postgresql_that_goes_away_is_told_until_it_is_back(sandbox_url: str, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE zqxcanary")
        database = postgres_url.replace("/postgres?", "/zqxcanary?")
        with background(create_app(Settings(zenskar_url=sandbox_url, database_url=database))) as url:  # type: ignore[arg-type]
            assert httpx2.get(f"{url}/ready").json() == {"status": "ready"}
            admin.execute("ALTER DATABASE zqxcanary WITH ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'zqxcanary'")
            assert_unready(url, "zqxcanary")
            admin.execute("ALTER DATABASE zqxcanary WITH ALLOW_CONNECTIONS true")
            wait_until(lambda: httpx2.get(f"{url}/ready", timeout=10).status_code == 200)
