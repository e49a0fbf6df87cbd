"""`cleanbill policy`: whether a policy file is sound, what holds for one organisation, and the schema for editors."""

from __future__ import annotations

import json
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import tomli_w
import typer

from cleanbill.policy_error import PolicyError
from cleanbill.policy_file import FILE, SECTIONS, VARIABLE, Policies, find_policy
from cleanbill.policy_schema import policy_schema

from .console import Organisation, err, fail, load_policies, out

JUDGES = "cleanbill.policy_sections"  # entry-point group of functions that refuse such a table where it cannot be used

File = Annotated[Path | None, typer.Argument(help=f"the policy; else the one that {VARIABLE} names, or ./{FILE}")]

policy = typer.Typer(no_args_is_help=True, help="Check and show the policy file.")


@policy.command()
def check(file: File = None) -> None:
    """Say whether a policy can be used; exit 2 where it cannot, with the line and what to change."""
    found = find_policy(file)
    if found is None:
        fail(f"there is no {FILE} here; name a file")
    policies = load_policies(found)
    try:
        unjudged = [name for name in SECTIONS if policies.has(name) and not _judged(name, policies)]
    except PolicyError as error:
        fail(str(error))
    own = len(policies.organisations)
    said = [f"{found} is sound", *([f"organisations with a policy of their own: {own}"] if own else [])]
    said += [f"[{name}] was not judged, since the service is not installed" for name in unjudged]
    out.print("; ".join(said), markup=False)


def _judged(section: str, policies: Policies) -> bool:
    """Whether a table of the service was judged, for which the service is needed. Raises PolicyError where it cannot be used."""
    entry = next(iter(entry_points(group=JUDGES, name=section)), None)
    try:
        judge = entry and entry.load()
    except ModuleNotFoundError:
        return False
    if judge:
        judge(policies)
    return bool(judge)


@policy.command()
def show(file: File = None, organisation: Organisation = None) -> None:
    """Print what holds, as TOML: the defaults, what the file says, and what it says for one organisation."""
    policies = load_policies(file)
    if organisation and organisation.lower() not in policies.organisations:
        err.print("the policy says nothing of this organisation; what holds for all holds for it")
    sys.stdout.write(tomli_w.dumps(policies.effective(organisation)))


@policy.command()
def schema() -> None:
    """Print the JSON Schema of a policy file; a file that begins with `#:schema PATH` is checked by editors as it is written."""
    sys.stdout.write(json.dumps(policy_schema(), indent=2) + "\n")
