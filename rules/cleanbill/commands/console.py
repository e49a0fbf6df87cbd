"""What the commands share: where they print, how a mistake is told, what they read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cleanbill.body import MalformedBody, SentBody, read_bodies
from cleanbill.policy_error import PolicyError
from cleanbill.policy_file import FILE, VARIABLE, Policies, find_policy

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

COLOURS = {
    "accepted": "green",
    "corrected": "yellow",
    "rejected": "red",
    "info": "dim",
    "warn": "yellow",
    "error": "red",
}

Bodies = Annotated[Path, typer.Argument(help="JSON or NDJSON with create-customer bodies; - for standard input")]
PolicyFile = Annotated[
    Path | None, typer.Option(help=f"TOML file with the policy; else the one that {VARIABLE} names, or ./{FILE}")
]
Organisation = Annotated[str | None, typer.Option(help="id of the organisation whose policy counts")]


def show(console: Console, label: object, report: Mapping[str, Any]) -> None:
    """Print one report, as JSON has it, for a person: the verdict, then a line for each finding."""
    console.print(f"{label}  [{COLOURS[report['verdict']]} bold]{report['verdict']}[/]")
    for finding in report["findings"]:
        level, pointer = finding["level"], escape(finding["pointer"])
        line = f"   [{COLOURS[level]}]{level:5}[/] {pointer}  {escape(finding['message'])}"
        if finding["edits"]:
            line += f" [cyan]{'changed' if finding['applied'] else 'suggested'}: {escape(_change(finding['edits']))}[/]"
        console.print(f"{line} [dim]{finding['rule']}[/]")


def print_table(table: Table) -> None:
    """Print a table: a terminal gets it in its width, a program a row a line."""
    Console(highlight=False, width=None if sys.stdout.isatty() else 1000).print(table)


def _change(edits: list[dict[str, Any]]) -> str:
    """What the edits do, on one line: a move of values, or the first value before and after."""
    gone = [edit["pointer"] for edit in edits if edit["op"] == "remove"]
    if gone and len(edits) > len(gone):
        return f"{', '.join(gone)} → {', '.join(edit['pointer'] for edit in edits if edit['op'] != 'remove')}"
    first = edits[0]
    return " → ".join(json.dumps(first[key], ensure_ascii=False) for key in ("before", "after"))


def load_policies(path: Path | None) -> Policies:
    """The policies of a file, or of the one that is found; the default policy where there is none."""
    try:
        found = find_policy(path)
        return Policies.load(found) if found else Policies()
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    except PolicyError as error:
        fail(str(error))


def bodies(file: Path) -> Iterator[SentBody]:
    """The customers in a file: one JSON value, an array of them, or one a line."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    try:
        yield from read_bodies(raw)
    except MalformedBody as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """Tell a mistake and end with 2."""
    err.print(f"[red]cleanbill:[/] {escape(message)}")
    raise typer.Exit(2)
