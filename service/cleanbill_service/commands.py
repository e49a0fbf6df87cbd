"""The service's commands: serve, sandbox, demo. Each imports what it runs when it runs, so that `cleanbill check` stays quick."""

# ruff: noqa: PLC0415

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from .extras import needs_service

Host = Annotated[str, typer.Option(help="address to listen on")]
Port = Annotated[int, typer.Option(help="port to listen on")]


def register(app: typer.Typer) -> None:
    """Add the service's commands to the command line."""
    app.command()(serve)
    app.command()(sandbox)
    app.command()(demo)
    from .delivery.commands import deliveries

    app.add_typer(deliveries, name="deliveries")


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8080,
    with_sandbox: Annotated[bool, typer.Option("--with-sandbox", help="forward to a sandbox Zenskar")] = False,  # noqa: FBT002
) -> None:
    """Serve the check API and the gateway; settings are environment variables that begin with CLEANBILL_."""
    with needs_service():
        from pydantic import HttpUrl, ValidationError

        from cleanbill import PolicyError
        from cleanbill.plugins import PluginError

        from . import logs, sandbox, server
        from .app import create_app
        from .settings import Settings, reason

    logs.configure()
    with ExitStack() as stack:
        try:
            settings = Settings()
            if with_sandbox:
                url = stack.enter_context(server.background(sandbox.create_app()))
                settings = settings.model_copy(update={"zenskar_url": HttpUrl(url)})
            app = create_app(settings)
        except (ValidationError, PluginError, PolicyError, OSError) as error:
            typer.echo(f"cleanbill: {reason(error) if isinstance(error, ValidationError) else error}", err=True)
            raise typer.Exit(2) from None
        if not settings.encryption_keys():
            typer.echo(
                "cleanbill: without CLEANBILL_ENCRYPTION_KEY, an outcome that is not known when this process ends stays so",
                err=True,
            )
        typer.echo(f"cleanbill on http://{host}:{port}, forwarding to {settings.zenskar_url}", err=True)
        server.serve(app, host, port, grace=settings.grace())


def sandbox(host: Host = "127.0.0.1", port: Port = 8090) -> None:
    """Serve a sandbox Zenskar: its routes and answers, faults on demand, everything in memory."""
    with needs_service():
        from . import logs, sandbox, server

    logs.configure()
    typer.echo(f"sandbox Zenskar on http://{host}:{port}, controls under /__sandbox__/", err=True)
    server.serve(sandbox.create_app(), host, port)


def demo() -> None:
    """Send messy customers through the gateway to a sandbox Zenskar and show what became of each."""
    with needs_service():
        from . import demo

    demo.run()
