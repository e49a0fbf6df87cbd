"""`cleanbill deliveries`, on a table that a service has left behind."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from cleanbill import cli
from cleanbill_service.app import create_app
from cleanbill_service.delivery import commands
from cleanbill_service.server import background
from cleanbill_service.settings import Settings


def deliveries(database: str, *arguments: str) -> Result:
    environment = {"CLEANBILL_DATABASE_URL": database, "COLUMNS": "200"}
    return CliRunner().invoke(commands.deliveries, arguments, env=environment)


def test_operator_lists_shows_replays_and_cancels(
    sandbox: Any, tmp_path: Path, customer: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = f"sqlite:///{tmp_path}/cleanbill.db"
    settings = Settings(zenskar_url=sandbox.url, database_url=database, encryption_key=Fernet.generate_key().decode())  # type: ignore[arg-type]
    headers = {**sandbox.credentials, "Prefer": "respond-async"}
    script = [{"name": "error", "status": 401, "method": "POST", "path": "/customer*"}]
    httpx2.post(f"{sandbox.url}/__sandbox__/faults", json=script).raise_for_status()
    with background(create_app(settings)) as url:
        location = httpx2.post(f"{url}/zenskar/customers", json=customer(), headers=headers).headers["location"]
        while httpx2.get(url + location, headers=headers).json()["state"] != "dead":
            time.sleep(0.05)
    delivery_id = location.rpartition("/")[2]
    monkeypatch.setattr(cli.out, "_width", 200)
    listed = deliveries(database, "list", "--state", "dead")
    assert delivery_id in listed.output
    assert "credential-refused" in listed.stdout
    assert json.loads(deliveries(database, "show", delivery_id).stdout)["state"] == "dead"
    assert deliveries(database, "cancel", delivery_id).exit_code == 1
    assert deliveries(database, "replay", delivery_id).exit_code == 0
    assert deliveries(database, "replay", delivery_id).exit_code == 1
    assert deliveries(database, "show", "nothing").exit_code == 1
    assert deliveries(database, "purge").exit_code == 0
    with background(create_app(settings)) as url:
        while (found := httpx2.get(url + location, headers=headers).json())["state"] not in ("done", "dead"):
            time.sleep(0.05)
    assert found["state"] == "done"


@pytest.mark.parametrize("database", ["mysql://zqxcanary@host", "sqlite:////no/such/folder/cleanbill.db"])
def test_database_that_cannot_be_used_is_said_plainly(database: str) -> None:
    told = deliveries(database, "list")
    assert told.exit_code == 2
    assert told.output.startswith("cleanbill: ")
    assert "zqxcanary" not in told.output


def test_new_key_is_one(tmp_path: Path) -> None:
    Fernet(deliveries(f"sqlite:///{tmp_path}/c.db", "new-key").stdout.strip())
