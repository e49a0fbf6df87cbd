"""Thirty bodies of the shapes that are really sent: the verdict, what is found, and what goes on to Zenskar."""

import json
from pathlib import Path
from typing import Any

import pytest

from cleanbill import check_customer

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))["examples"]


def holds(whole: Any, part: Any) -> bool:
    """Whether `part` is found in `whole`: objects may have more members, lists are as long."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_example(example: dict[str, Any]) -> None:
    report = check_customer(example["payload"])
    found = [[finding.rule, finding.pointer, finding.level] for finding in report.findings]
    assert report.verdict == example["verdict"]
    assert [expected for expected in example["findings"] if expected not in found] == []
    assert holds(report.clean, example["clean"])
