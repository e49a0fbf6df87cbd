"""`cleanbill deliveries`: what an operator sees of the table and does with it, for every organisation."""

# ruff: noqa: PLC0415  each command imports what it runs when it runs

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from time import time
from typing import Annotated, Any, TypeVar

import typer

from cleanbill_service.extras import needs_service

from .states import State

T = TypeVar("T")
Id = Annotated[str, typer.Argument(help="id of a delivery")]

deliveries = typer.Typer(no_args_is_help=True)


@deliveries.callback()
def installed() -> None:
    """Deferred deliveries; CLEANBILL_DATABASE_URL says where they are kept."""
    with needs_service():
        import_module(".api", __package__)


@deliveries.command("list")
def list_deliveries(
    state: Annotated[State | None, typer.Option(help="only those in this state")] = None,
    limit: Annotated[int, typer.Option(min=1, help="how many, newest first")] = 50,
) -> None:
    """List deliveries."""
    from rich.table import Table

    from cleanbill.commands.console import print_table

    from .api import shown

    found = _with_ledger(lambda ledger: ledger.page(None, state, before=None, limit=limit))
    table = Table("id", "organisation", "state", "reason", "attempts", "accepted", "customer", box=None)
    for delivery in found:
        row = shown(delivery)
        cells = [
            delivery.id,
            delivery.organisation,
            delivery.state,
            delivery.reason,
            row["attempts"],
            row["accepted_at"],
        ]
        table.add_row(*(str(cell or "") for cell in (*cells, delivery.customer_id)))
    print_table(table)


@deliveries.command()
def show(delivery_id: Id) -> None:
    """Show one delivery as JSON."""
    from cleanbill.commands.console import out

    from .api import shown

    found = _with_ledger(lambda ledger: ledger.get(delivery_id, None))
    if found is None:
        _refuse("no delivery has this id")
    else:
        out.print_json(data=shown(found))


@deliveries.command()
def replay(delivery_id: Id) -> None:
    """Set a dead letter going again; a running service takes it up."""
    from .ledger import NotPossible

    try:
        _with_ledger(lambda ledger: ledger.replay(delivery_id, time()))
    except NotPossible:
        _refuse("only a dead letter is replayed, and only where that can double nobody")


@deliveries.command()
def cancel(delivery_id: Id) -> None:
    """Cancel what was never sent, and erase its request."""
    from .ledger import NotPossible

    try:
        _with_ledger(lambda ledger: ledger.cancel(delivery_id, time()))
    except NotPossible:
        _refuse("only what was never sent can be cancelled")


@deliveries.command()
def purge() -> None:
    """Delete what was decided longer ago than CLEANBILL_DELIVERIES_KEPT."""
    from cleanbill_service.settings import Settings

    settings = Settings()
    _with_ledger(lambda ledger: ledger.purge(time(), settings.deliveries_kept, settings.give_up_after))


@deliveries.command("new-key")
def new_key() -> None:
    """Make a key for CLEANBILL_ENCRYPTION_KEY."""
    from cryptography.fernet import Fernet

    typer.echo(Fernet.generate_key().decode())


def _with_ledger(work: Callable[[Any], Awaitable[T]]) -> T:
    from pydantic import ValidationError

    from cleanbill_service.settings import Settings, reason
    from cleanbill_service.store import StoreUnavailable, open_store

    from .ledger import Ledger

    async def run() -> T:
        settings = Settings()
        async with open_store(settings.database_url.get_secret_value()) as store:
            return await work(Ledger(store, str(settings.zenskar_url)))

    try:
        return asyncio.run(run())
    except (ValidationError, StoreUnavailable) as error:
        typer.echo(f"cleanbill: {reason(error) if isinstance(error, ValidationError) else error}", err=True)
        raise typer.Exit(2) from None


def _refuse(reason: str) -> None:
    typer.echo(f"cleanbill: {reason}", err=True)
    raise typer.Exit(1)
