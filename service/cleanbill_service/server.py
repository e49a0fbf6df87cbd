"""Run an ASGI application: in the foreground for a command, on a thread of its own for the demo and the tests."""

from __future__ import annotations

import asyncio
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import lru_cache
from time import time

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .protocol import GuardedProtocol

GRACE = 30.0  # seconds


def config(
    app: ASGIApp,
    host: str,
    port: int,
    protocol: type[asyncio.Protocol] = GuardedProtocol,
    *,
    grace: float = GRACE,
) -> uvicorn.Config:
    """uvicorn as cleanbill runs it: no access log (an URL can hold an e-mail), no `Server` header, no second `Date`.

    `grace` is for how long requests under way may go on once it is told to end, in seconds.
    """
    return uvicorn.Config(
        Dated(app),
        host=host,
        port=port,
        http=protocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=math.ceil(grace),
    )


class Dated:
    """ASGI middleware that dates each answer, but for one that comes from elsewhere with its own date."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a `Date`."""

        async def date(message: Message) -> None:
            if message["type"] == "http.response.start" and all(
                name.lower() != b"date" for name, _ in message["headers"]
            ):
                message["headers"] = [*message["headers"], (b"date", _date(int(time())))]
            await send(message)

        await self._app(scope, receive, date if scope["type"] == "http" else send)


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    """A second since 1970 as HTTP writes it."""
    return formatdate(second, usegmt=True).encode()


def serve(app: ASGIApp, host: str, port: int, *, grace: float = GRACE) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first, for at most `grace` seconds."""
    uvicorn.Server(config(app, host, port, grace=grace)).run()


@contextmanager
def background(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, protocol: type[asyncio.Protocol] = GuardedProtocol
) -> Iterator[str]:
    """Serve on a thread for the length of the `with` block; gives the base URL. Port 0 takes a free one."""
    server = uvicorn.Server(config(app, host, port, protocol))
    with socket.create_server((host, port)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.01)
        if not server.started:
            raise RuntimeError("the server did not start")
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
