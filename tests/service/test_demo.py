"""The demo does the main job from end to end and ends by itself."""

import subprocess
import sys


def test_demo_shows_every_verdict_and_the_ids() -> None:
    command = [sys.executable, "-c", "from cleanbill.cli import main; main()", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    for verdict in ("accepted", "corrected", "rejected"):
        assert f"  {verdict}\n" in done.stdout
    assert "failed to run" not in done.stdout
    assert done.stdout.count("Zenskar gave it the id") >= 15
    assert done.stdout.count("not sent to Zenskar: answered 422") >= 4
