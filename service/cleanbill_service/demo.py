"""The main job before your eyes: messy customers go through the gateway to a sandbox Zenskar."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from collections import Counter
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from pydantic import HttpUrl, SecretStr
from rich.markup import escape

from cleanbill.commands.console import out, show

from .app import create_app
from .sandbox import create_app as create_sandbox
from .server import background
from .settings import Settings

CREDENTIALS = {"x-api-key": "sandbox_demo", "organisation": "3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10"}


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the way to this machine is no proxy's business


def run() -> None:
    """Start sandbox and service, send every customer of `demo.ndjson`, print what became of each."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines = (files(__package__) / "demo.ndjson").read_bytes().splitlines()
    with background(create_sandbox()) as zenskar, TemporaryDirectory() as folder:
        database = SecretStr(f"sqlite:///{folder}/demo.db")
        settings = Settings(_env_prefix="CLEANBILL_DEMO_", zenskar_url=HttpUrl(zenskar), database_url=database)
        with background(create_app(settings)) as cleanbill:
            out.print(f"{len(lines)} customers → gateway {cleanbill}/zenskar → sandbox Zenskar {zenskar}\n")
            verdicts = Counter(_send(cleanbill, number, line) for number, line in enumerate(lines, 1))
            stored = len(_call(f"{zenskar}/customers?limit=100")[1]["results"])
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    out.print(f"\n[bold]{len(lines)} customers: {counted}; {stored} are in Zenskar.[/]")


def _send(cleanbill: str, number: int, line: bytes) -> str:
    """Ask for the report, then create the customer through the gateway; give the verdict."""
    _, report = _call(f"{cleanbill}/v1/check", line)
    status, answer = _call(f"{cleanbill}/zenskar/customers", line)
    name = json.loads(line).get("customer_name") or json.loads(line).get("name") or "(no name)"
    show(out, f"{number:2} [bold]{escape(name.strip())}[/]", report)
    told = f"Zenskar gave it the id {answer['id']}" if status == 200 else f"not sent to Zenskar: answered {status}"
    out.print(f"   → {told}\n")
    return str(report["verdict"])


def _call(url: str, body: bytes | None = None) -> tuple[int, Any]:
    headers = CREDENTIALS | ({"Content-Type": "application/json"} if body else {})
    request = urllib.request.Request(url, body, headers)  # noqa: S310  an address of our own
    try:
        with _DIRECT.open(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
