"""A small run of the benchmark that kills, stops and drains the gateway: nothing lost, nothing doubled."""

import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parents[3] / "benchmarks" / "chaos.py"


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_nothing_is_lost_or_doubled(store: str) -> None:
    replicas = "1" if store == "sqlite" else "2"
    size = ["--records", "100", "--rate", "60", "--kills", "2", "--pause", "0.5"]
    command = [sys.executable, str(CHAOS), "--store", store, "--replicas", replicas, *size]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost       0" in done.stdout
    assert "doubled    0" in done.stdout
