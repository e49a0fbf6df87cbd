"""The command line; `commands/` has those of its commands that are longer, and other packages add some by entry point."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import entry_points
from io import TextIOWrapper
from typing import Annotated

try:
    import typer
    from rich.markup import escape
    from rich.table import Table
except ModuleNotFoundError:  # pragma: no cover  the library alone has no command line
    sys.exit("the command line needs the extra: pip install 'cleanbill[cli]'")

from . import RULES, check_customer
from .commands.console import COLOURS, Bodies, Organisation, PolicyFile, bodies, fail, load_policies, out, show
from .commands.policy import policy
from .commands.trial import try_policy
from .countries.country import country
from .countries.form import address_form
from .tax_ids.scheme import display_form, schemes

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(policy, name="policy")
app.command("try")(try_policy)
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
    file: Bodies,
    policy: PolicyFile = None,
    organisation: Organisation = None,
) -> None:
    """Check customers; exit 1 when one is rejected, 2 when the file cannot be read.

    On a terminal each customer is shown with what was found; a program gets one report a line.
    """
    rules = load_policies(policy).of(organisation)
    rejected = False
    for number, sent in enumerate(bodies(file), 1):
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
        out.print_json(json.dumps([rule.to_dict() for rule in RULES]))
        return
    table = Table("rule", "level", "fix", "message", box=None)
    for rule in RULES:
        table.add_row(rule.id, f"[{COLOURS[rule.level]}]{rule.level}[/]", rule.fix, escape(rule.message))
    out.print(table, soft_wrap=not out.is_terminal)


@app.command()
def explain(rule_id: Annotated[str, typer.Argument(metavar="RULE", help="a rule's id")]) -> None:
    """Say what one rule does and why."""
    rule = next((rule for rule in RULES if rule.id == rule_id), None)
    if rule is None:
        fail(f"no rule is called {rule_id!r}; `cleanbill rules` lists them")
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
        fail(f"no country has the code {code!r}; use ISO 3166-1 alpha-2, such as IN")
    form = address_form(found)
    out.print(f"[bold]{form.country}[/] {form.country_code}\n")
    for field in form.fields:
        out.print(f"{field.name:12} {field.label}{', required' if field.required else ''}")
    if form.postcode_pattern:
        out.print(f"\npostcode such as {form.postcode_example}, {escape(form.postcode_pattern)}")
    if form.subdivisions:
        out.print("\n" + ", ".join(f"{code} {escape(name)}" for code, name in form.subdivisions.items()))
