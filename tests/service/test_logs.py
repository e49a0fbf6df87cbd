"""Log lines tell what happened and nothing of whom."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

PORT = 18087
SECRETS = ("zqxname", "zqxkey", "zqxmail", "zqxquery", "zqxpath", "9f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10")


@pytest.fixture
def service() -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-c",
        "from cleanbill.cli import main; main()",
        "serve",
        "--with-sandbox",
        "--port",
        str(PORT),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_no_log_line_holds_personal_data_or_a_credential(service: subprocess.Popen[str]) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=10) as client:
        wait_for(client)
        headers = {"x-api-key": "zqxkey", "organisation": SECRETS[-1], "Sandbox-Fault": "truncate"}
        for body in ({"customer_name": "zqxname"}, {"customer_name": "zqxname", "email": "zqxmail"}, ["zqxname"]):
            client.post("/v1/check?zqxquery=1", json=body)
            client.post("/zenskar/customers?zqxquery=1", json=body, headers=headers)
        with contextlib.suppress(httpx2.HTTPError):  # the sandbox cuts this answer off, and so does the gateway
            client.get("/zenskar/customers/zqxpath", headers=headers)
        client.get("/zqxpath")
    service.terminate()
    out, err = service.communicate(timeout=30)
    assert service.returncode in (0, -signal.SIGTERM)
    lines: list[Any] = [json.loads(line) for line in out.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) >= 8
    assert {"route", "status", "ms", "verdict", "method"} <= lines[0].keys()
    for secret in SECRETS:
        assert secret not in out
        assert secret not in err


def wait_for(client: httpx2.Client) -> None:
    for _ in range(100):
        try:
            client.get("/live")
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError
