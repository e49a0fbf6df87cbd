"""Log lines: one a request, as JSON, of fields from a list. No path parameter, query, header or body is ever among them."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED = frozenset(
    ("event", "level", "timestamp", "method", "route", "status", "ms", "verdict", "version", "error", "line")
)


def configure() -> None:
    """Send all logging of the process through the allow-list to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _allowed,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    handler = _Forward()
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _allowed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


class _Forward(logging.Handler):
    """Other packages' warnings: that there was one and from where, without its text, which may quote a request."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on the logger's name and the kind of exception."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().log(record.levelno, f"{record.name} reported a problem", error=kind)


class RequestLog:
    """ASGI middleware that logs each request when its answer is finished."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, seen = time.perf_counter(), {"status": 500, "verdict": None}

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                seen["verdict"] = next((v.decode() for k, v in message["headers"] if k == b"cleanbill-verdict"), None)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 2)
            route = getattr(scope.get("route"), "path", "unknown")
            self._log.info("request", method=scope["method"], route=route, ms=milliseconds, **seen)
