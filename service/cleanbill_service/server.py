"""Run an ASGI application: in the foreground for a command, on a thread of its own for the demo and the tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


def config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """uvicorn as cleanbill runs it: no access log (an URL can hold an e-mail), no `Server` header of its own."""
    return uvicorn.Config(
        app, host=host, port=port, access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=30
    )


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    uvicorn.Server(config(app, host, port)).run()


@contextmanager
def background(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve on a thread for the length of the `with` block; gives the base URL. Port 0 takes a free one."""
    server = uvicorn.Server(config(app, host, port))
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
