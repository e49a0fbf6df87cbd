"""Log lines tell what happened and nothing of whom."""

import contextlib
import json
import subprocess
import sys
import time
from typing import Any

import httpx2

SECRETS = ("zqxname", "zqxkey", "zqxmail", "zqxquery", "zqxpath", "9f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10")


def test_no_log_line_holds_personal_data_or_a_credential() -> None:
    command = [
        sys.executable,
        "-c",
        "from cleanbill.cli import main; main()",
        "serve",
        "--with-sandbox",
        "--port",
        "18087",
    ]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        client = connect("http://127.0.0.1:18087")
        headers = {"x-api-key": "zqxkey", "organisation": SECRETS[-1], "Sandbox-Fault": "truncate"}
        for body in ({"customer_name": "zqxname"}, {"customer_name": "zqxname", "email": "zqxmail"}, ["zqxname"]):
            client.post("/v1/check?zqxquery=1", json=body)
            client.post("/zenskar/customers?zqxquery=1", json=body, headers=headers)
        with contextlib.suppress(httpx2.HTTPError):  # the sandbox cuts this answer off, and so does the gateway
            client.get("/zenskar/customers/zqxpath", headers=headers)
        client.get("/zqxpath")
    finally:
        service.terminate()
        out, err = service.communicate(timeout=30)
    assert service.returncode == 0
    lines: list[Any] = [json.loads(line) for line in out.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) >= 8
    assert {"route", "status", "ms", "verdict", "method"} <= lines[0].keys()
    for secret in SECRETS:
        assert secret not in out
        assert secret not in err


def connect(url: str) -> httpx2.Client:
    client = httpx2.Client(base_url=url, timeout=10)
    for _ in range(100):
        try:
            client.get("/live")
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return client
    raise TimeoutError
