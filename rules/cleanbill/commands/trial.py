"""`cleanbill try`: what another policy would change."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cleanbill.checks import check_customer
from cleanbill.report import Finding, Report, Verdict

from .console import COLOURS, Bodies, Organisation, bodies, load_policies, out

Tried = Annotated[Path, typer.Option(help="TOML file with the policy to try")]
Against = Annotated[Path | None, typer.Option(help="TOML file with the policy to hold it against; else the usual one")]


@dataclass(frozen=True, slots=True)
class Change:
    """A record, counted from 1, whose verdict another policy changes, with the findings that did it: rules and pointers."""

    record: int
    before: Verdict
    after: Verdict
    findings: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, object]:
        """The change as JSON; it holds no values."""
        return {
            "record": self.record,
            "before": self.before,
            "after": self.after,
            "findings": [{"rule": rule, "pointer": pointer} for rule, pointer in self.findings],
        }


def try_policy(file: Bodies, policy: Tried, against: Against = None, organisation: Organisation = None) -> None:
    """Say whose verdict changes from one policy to another; exit 1 where any does, 2 when a file cannot be read.

    On a terminal each change is shown, and then the counts; a program gets a line for each, and the counts as the last line.
    """
    after, before = load_policies(policy).of(organisation), load_policies(against).of(organisation)
    records, counts, rules = 0, Counter[tuple[str, str]](), Counter[str]()
    for records, sent in enumerate(bodies(file), 1):
        change = _change(records, check_customer(sent, policy=before), check_customer(sent, policy=after))
        if change:
            counts[change.before, change.after] += 1
            rules.update({rule for rule, _ in change.findings})
            _tell(change)
    _sum_up(records, counts, rules)
    raise typer.Exit(int(bool(counts)))


def _change(record: int, before: Report, after: Report) -> Change | None:
    if before.verdict == after.verdict:
        return None
    only_one = set(_deciding(before)) ^ set(_deciding(after))
    places = dict.fromkeys(found[:2] for found in (*_deciding(before), *_deciding(after)) if found in only_one)
    return Change(record, before.verdict, after.verdict, tuple(places))


def _deciding(report: Report) -> Iterator[tuple[str, str, bool]]:
    """The findings that a verdict rests on: what is applied, and errors that are not."""
    decides = (finding for finding in report.findings if finding.applied or finding.level == "error")
    return (_key(finding) for finding in decides)


def _key(finding: Finding) -> tuple[str, str, bool]:
    return finding.rule, finding.pointer, finding.applied


def _tell(change: Change) -> None:
    if not sys.stdout.isatty():
        print(json.dumps(change.to_dict()))  # noqa: T201
        return
    verdicts = " → ".join(f"[{COLOURS[verdict]}]{verdict}[/]" for verdict in (change.before, change.after))
    out.print(f"{change.record}  {verdicts}")
    for rule, pointer in change.findings:
        out.print(f"   {escape(pointer)} [dim]{rule}[/]")


def _sum_up(records: int, counts: Counter[tuple[str, str]], rules: Counter[str]) -> None:
    changed = counts.total()
    if not sys.stdout.isatty():
        changes = [{"before": before, "after": after, "records": n} for (before, after), n in counts.most_common()]
        summary = {"records": records, "changed": changed, "changes": changes, "rules": dict(rules.most_common())}
        print(json.dumps({"summary": summary}))  # noqa: T201
        return
    out.print(f"{changed} of {records} change")
    for (before, after), n in counts.most_common():
        out.print(f"   {n}  {before} → {after}")
    for rule, n in rules.most_common():
        out.print(f"   {n}  [dim]{rule}[/]")
