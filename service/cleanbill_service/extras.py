"""What a command says where the packages of the service are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def needs_service() -> Iterator[None]:
    """Say which extra is missing where the service's packages are not installed."""
    try:
        yield
    except ModuleNotFoundError:
        typer.echo("cleanbill: this command needs the extra: pip install 'cleanbill[service]'", err=True)
        raise typer.Exit(2) from None
