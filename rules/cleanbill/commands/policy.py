"""`cleanbill policy`: whether a policy file is sound, what holds for one organisation, and the schema for editors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import tomli_w
import typer

from cleanbill.policy_file import FILE, VARIABLE, find_policy
from cleanbill.policy_schema import policy_schema

from .console import Organisation, fail, load_policies, out

File = Annotated[Path | None, typer.Argument(help=f"the policy; else the one that {VARIABLE} names, or ./{FILE}")]

policy = typer.Typer(no_args_is_help=True, help="Check and show the policy file.")


@policy.command()
def check(file: File = None) -> None:
    """Say whether a policy can be used; exit 2 where it cannot, with the line and what to change."""
    found = find_policy(file)
    if found is None:
        fail(f"there is no {FILE} here; name a file")
    own = len(load_policies(found).organisations)
    out.print(f"{found} is sound{f'; organisations with a policy of their own: {own}' if own else ''}", markup=False)


@policy.command()
def show(file: File = None, organisation: Organisation = None) -> None:
    """Print what holds, as TOML: the defaults, what the file says, and what it says for one organisation."""
    sys.stdout.write(tomli_w.dumps(load_policies(file).effective(organisation)))


@policy.command()
def schema() -> None:
    """Print the JSON Schema of a policy file; a file that begins with `#:schema PATH` is checked by editors as it is written."""
    sys.stdout.write(json.dumps(policy_schema(), indent=2) + "\n")
