"""The command line: `cleanbill check`, `rules`, `explain`, `schemes`, `country`; other packages add commands by entry point."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

from . import Policy, PolicyError, check_customer
from .body import MalformedBody, SentBody, read_bodies
from .checks import ENGINE
from .countries.country import country
from .countries.form import address_form
from .plugins import PluginError, all_rules
from .rule import Rule
from .tax_ids.scheme import display_form, schemes

try:
    import typer
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table
except ModuleNotFoundError:  # pragma: no cover  the library alone has no command line
    sys.exit("the command line needs the extra: pip install 'cleanbill[cli]'")

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
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
_BRACES = re.compile(r"\{(\w+)\}")  # what a finding's own facts fill
COMMANDS = "cleanbill.commands"  # entry-point group of functions that take the typer app and add commands to it


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks an arrow still shows the rest
    for entry in entry_points(group=COMMANDS):
        entry.load()(app)
    app()


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="JSON or NDJSON with create-customer bodies; - for standard input")],
    policy: Annotated[Path | None, typer.Option(help="TOML file with the policy")] = None,
) -> None:
    """Check customers; exit 1 when one is rejected, 2 when the file cannot be read.

    On a terminal each customer is shown with what was found; a program gets one report a line.
    """
    rules = _policy(policy)
    rejected = False
    for number, sent in enumerate(_bodies(file), 1):
        report = check_customer(sent, policy=rules)
        rejected |= report.verdict == "rejected"
        if sys.stdout.isatty():
            show(out, number, report.to_dict())
        else:
            sys.stdout.buffer.write(sent.report(report) + b"\n")
    sys.stdout.flush()
    raise typer.Exit(int(rejected))


@app.command("rules")
def list_rules(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON array with everything that explain says")] = False,  # noqa: FBT002
) -> None:
    """List every rule."""
    if as_json:
        out.print_json(json.dumps([rule.to_dict() for rule in _rules()]))
        return
    table = Table("rule", "level", "fix", "message", box=None)
    for rule in _rules():
        table.add_row(rule.id, f"[{COLOURS[rule.level]}]{rule.level}[/]", rule.fix, escape(rule.message))
    out.print(table, soft_wrap=not out.is_terminal)


@app.command()
def explain(rule_id: Annotated[str, typer.Argument(metavar="RULE", help="a rule's id")]) -> None:
    """Say what one rule does and why."""
    rule = next((rule for rule in _rules() if rule.id == rule_id), None)
    if rule is None:
        _fail(f"no rule is called {rule_id!r}; `cleanbill rules` lists them")
    out.print(f"[bold]{rule.id}[/]  {rule.level}, fix {rule.fix}, since {rule.since}\n")
    out.print(escape(_BRACES.sub(r"<\1>", rule.message)))
    out.print(escape(rule.reason), end="\n\n")
    for name, example in (("hit by", rule.bad), ("passes", rule.good)):
        text = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
        out.print(f"{name}: {escape(text)}")


@app.command("schemes")
def list_schemes(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON array with everything that is known")] = False,  # noqa: FBT002
) -> None:
    """List every scheme of tax identifiers."""
    if as_json:
        out.print_json(json.dumps([scheme.to_dict() for scheme in schemes()]))
        return
    table = Table("scheme", "country", "name", "check digit", "example", box=None)
    for scheme in schemes():
        table.add_row(
            scheme.id, scheme.country, escape(scheme.name), scheme.grade, display_form(scheme, scheme.example)
        )
    out.print(table, soft_wrap=not out.is_terminal)


@app.command("country")
def show_country(code: Annotated[str, typer.Argument(help="ISO 3166-1 alpha-2")]) -> None:
    """Show the address form of a country: fields in order, postcode, subdivisions."""
    found = country(code.upper())
    if found is None:
        _fail(f"no country has the code {code!r}; use ISO 3166-1 alpha-2, such as IN")
    form = address_form(found)
    out.print(f"[bold]{form.country}[/] {form.country_code}\n")
    for field in form.fields:
        out.print(f"{field.name:12} {field.label}{', required' if field.required else ''}")
    if form.postcode_pattern:
        out.print(f"\npostcode such as {form.postcode_example}, {escape(form.postcode_pattern)}")
    if form.subdivisions:
        out.print("\n" + ", ".join(f"{code} {escape(name)}" for code, name in form.subdivisions.items()))


def show(console: Console, label: object, report: Mapping[str, Any]) -> None:
    """Print one report, as JSON has it, for a person: the verdict, then a line for each finding."""
    console.print(f"{label}  [{COLOURS[report['verdict']]} bold]{report['verdict']}[/]")
    for finding in report["findings"]:
        level, pointer = finding["level"], escape(finding["pointer"])
        line = f"   [{COLOURS[level]}]{level:5}[/] {pointer}  {escape(finding['message'])}"
        if finding["edits"]:
            line += f" [cyan]{'changed' if finding['applied'] else 'suggested'}: {escape(_change(finding['edits']))}[/]"
        console.print(f"{line} [dim]{finding['rule']}[/]")


def _change(edits: list[dict[str, Any]]) -> str:
    """What the edits do, on one line: a move of values, or the first value before and after."""
    gone = [edit["pointer"] for edit in edits if edit["op"] == "remove"]
    if gone and len(edits) > len(gone):
        return f"{', '.join(gone)} → {', '.join(edit['pointer'] for edit in edits if edit['op'] != 'remove')}"
    first = edits[0]
    return " → ".join(json.dumps(first[key], ensure_ascii=False) for key in ("before", "after"))


def _rules() -> tuple[Rule, ...]:
    try:
        return all_rules()
    except PluginError as error:
        _fail(str(error))


def _policy(path: Path | None) -> Policy:
    try:
        policy = Policy.load(path) if path else Policy()
        ENGINE.plan(policy)
    except (OSError, PluginError, PolicyError) as error:
        _fail(str(error))
    return policy


def _bodies(file: Path) -> Iterator[SentBody]:
    """The customers in a file: one JSON value, an array of them, or one a line."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    try:
        yield from read_bodies(raw)
    except MalformedBody as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    err.print(f"[red]cleanbill:[/] {escape(message)}")
    raise typer.Exit(2)
