"""`cleanbill deliveries`, on a table that a service has left behind."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from cryptography.fernet import Fernet

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings


def deliveries(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", "deliveries", *arguments]
    environment = {**os.environ, "CLEANBILL_DATABASE_URL": database, "COLUMNS": "200"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_operator_lists_shows_replays_and_cancels(
    sandbox: Any, tmp_path: Path, customer: Callable[..., dict[str, Any]]
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
    listed = deliveries(database, "list", "--state", "dead")
    assert delivery_id in listed.stdout, listed.stderr
    assert "credential-refused" in listed.stdout
    assert json.loads(deliveries(database, "show", delivery_id).stdout)["state"] == "dead"
    assert deliveries(database, "cancel", delivery_id).returncode == 1
    assert deliveries(database, "replay", delivery_id).returncode == 0
    assert deliveries(database, "replay", delivery_id).returncode == 1
    assert deliveries(database, "show", "nothing").returncode == 1
    assert deliveries(database, "purge").returncode == 0
    with background(create_app(settings)) as url:
        while (found := httpx2.get(url + location, headers=headers).json())["state"] not in ("done", "dead"):
            time.sleep(0.05)
    assert found["state"] == "done"
    assert deliveries("mysql://x", "list").returncode == 2


def test_new_key_is_one(tmp_path: Path) -> None:
    Fernet(deliveries(f"sqlite:///{tmp_path}/c.db", "new-key").stdout.strip())
