"""The command line; `commands/` has those of its commands that are longer, and other packages add some by entry point."""

from __future__ import annotations

import json
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

from . import check_customer
from .catalogue import becomes, example_text, heading, page, said
from .commands.console import (
    COLOURS,
    Bodies,
    Organisation,
    PolicyFile,
    bodies,
    err,
    fail,
    load_policies,
    out,
    print_table,
    show,
)
from .commands.policy import policy
from .commands.trial import try_policy
from .countries.country import country
from .countries.form import address_form
from .notice import Notice
from .plugins import PluginError, all_rules, find_notice, find_rule, notices
from .policy_error import did_you_mean
from .rule import Rule
from .tax_ids.scheme import display_form, schemes

app = typer.Typer(
    help="Check and correct customers before they reach Zenskar.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(policy, name="policy")
app.command("try")(try_policy)
COMMANDS = "cleanbill.commands"  # entry-point group of functions that take the typer app and add commands to it


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks an arrow still shows the rest
    for entry in entry_points(group=COMMANDS):
        entry.load()(app)
    try:
        app()
    except PluginError as error:
        err.print(f"[red]cleanbill:[/] {escape(str(error))}")
        sys.exit(2)


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
    rejected = found = False
    for number, sent in enumerate(bodies(file), 1):
        report = check_customer(sent, policy=rules)
        rejected |= report.verdict == "rejected"
        found |= bool(report.findings)
        if sys.stdout.isatty():
            show(out, number, report.to_dict())
        else:
            sys.stdout.buffer.write(sent.report(report) + b"\n")
    if found and sys.stdout.isatty():
        out.print("[dim]`cleanbill explain ID` says more of a rule, whose id ends each line.[/]")
    sys.stdout.flush()
    raise typer.Exit(int(rejected))


@app.command("rules")
def list_rules(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON array with everything that explain says")] = False,  # noqa: FBT002
    as_markdown: Annotated[bool, typer.Option("--markdown", help="the same as one page in Markdown")] = False,  # noqa: FBT002
) -> None:
    """List every rule."""
    if as_json:
        out.print_json(json.dumps([rule.to_dict() for rule in all_rules()]))
        return
    if as_markdown:
        sys.stdout.buffer.write(page().encode())
        return
    table = Table("rule", "level", "fix", "message", box=None)
    for rule in all_rules():
        table.add_row(rule.id, f"[{COLOURS[rule.level]}]{rule.level}[/]", rule.fix, escape(said(rule)))
    print_table(table)


@app.command()
def explain(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="a rule's id, such as address.state-missing")],
    policy: PolicyFile = None,
    organisation: Organisation = None,
) -> None:
    """Say what one rule does and why: a built-in one, one of a package or of the policy; or what the gateway finds beside them."""
    own: tuple[Rule, ...] = ()
    rule: Rule | Notice | None = find_rule(rule_id) or find_notice(rule_id)
    if rule is None:
        own = load_policies(policy).of(organisation).custom
        rule = find_rule(rule_id, own)
    if rule is None:
        known: tuple[Rule | Notice, ...] = (*all_rules(), *own, *notices())
        near = did_you_mean(rule_id, [entry.id for entry in known])
        fail(f"no rule is called {rule_id!r}{near or ';'} `cleanbill rules` lists them")
    if rule.id != rule_id:
        out.print(f"{escape(rule_id)} is called {rule.id} now.\n")
    out.print(f"[bold]{rule.id}[/]  {' · '.join(heading(rule))}\n")
    out.print(escape(" ".join(rule.reason.split())), end="\n\n")
    if isinstance(rule, Notice):
        out.print(f"says: {escape(rule.message)}")
        out.print("found by: the gateway alone, at this level whatever the policy's levels say")
        return
    if rule.bad is None:  # a policy gives no examples
        out.print(f"says: {escape(rule.message)}")
        return
    out.print(f"hit by: {escape(example_text(rule.bad))}{' in a PATCH' if rule.partial else ''}")
    out.print(f"says: {escape(said(rule))}")
    if (corrected := becomes(rule)) is not None:
        out.print(f"becomes: {escape(example_text(corrected))}")
    out.print(f"passes: {escape(example_text(rule.good))}")


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
    print_table(table)


@app.command("country")
def show_country(code: Annotated[str, typer.Argument(help="ISO 3166-1 alpha-2 code, such as IN")]) -> None:
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
