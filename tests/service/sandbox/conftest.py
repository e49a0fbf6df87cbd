"""One sandbox for all tests of a worker, reset before each, and a client that may ask it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from cleanbill_service.sandbox import create_app
from cleanbill_service.server import background

ORGANISATION = "5a1f5d0e-93a5-4d3c-8f0b-0d6c7c2f1a01"


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with background(create_app()) as base:
        yield base


@pytest.fixture
def zenskar(url: str) -> Iterator[httpx2.Client]:
    """A client of one organisation; the sandbox is empty at first."""
    headers = {"organisation": ORGANISATION, "x-api-key": "sandbox_key"}
    with httpx2.Client(base_url=url, headers=headers, timeout=10) as client:
        client.post("/__sandbox__/reset").raise_for_status()
        yield client
