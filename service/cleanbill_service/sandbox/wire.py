"""The connection's side of the sandbox: record every request as it arrives, and answer it with its fault."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import socket
import struct
from dataclasses import dataclass
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleanbill_service.sandbox import faults
from cleanbill_service.sandbox.faults import Fault
from cleanbill_service.sandbox.refusals import Refusal, page, phrase, refusal_response
from cleanbill_service.sandbox.store import Seen, World
from cleanbill_service.sandbox.switches import Switches

CONTROL = "/__sandbox__/"
LOGIN = "/login"
DRIPS = 20


class Wire:
    """ASGI middleware around the routes. The control endpoints are neither recorded nor disturbed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        world: World = scope["app"].state.world
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        try:
            fault = _fault(scope, world)
        except ValueError:
            await JSONResponse({"detail": f"{faults.HEADER}: no such fault"}, 400)(scope, receive, send)
            return
        world.saw(_seen(scope, body, fault))
        exchange = Exchange(self.app, scope, body, receive, send)
        if fault is None:
            await self.app(scope, exchange.again, send)
        else:
            await exchange.disturb(fault, world.switches)


def _fault(scope: Scope, world: World) -> Fault | None:
    """The fault of a request; raises ValueError if its header names none. The login page always comes."""
    if scope["path"] == LOGIN:
        return None
    header = Headers(scope=scope).get(faults.HEADER)
    if header is not None:
        return faults.parse(header)
    return faults.take(world.script, scope["method"], scope["path"])


def _seen(scope: Scope, body: bytes, fault: Fault | None) -> Seen:
    return Seen(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
        body=body,
        fault=fault.name if fault else None,
    )


@dataclass(slots=True)
class Exchange:
    """One request whose body has been read, and the connection that waits for its answer."""

    app: ASGIApp
    scope: Scope
    body: bytes | None
    receive: Receive
    send: Send

    async def again(self) -> Message:
        """ASGI's receive: the body once more, and then what the connection says."""
        if self.body is None:
            return await self.receive()
        body, self.body = self.body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def disturb(self, fault: Fault, switches: Switches) -> None:
        """Let the request take effect, unless the fault comes before that, and do what the fault says."""
        if fault.name == "latency":
            await asyncio.sleep(random.uniform(fault.seconds, fault.max_seconds or fault.seconds))  # noqa: S311
        if fault.name == "invisible":
            self.scope["sandbox.invisible"] = fault.seconds
        answer = Response() if fault.prevents else await self.true_answer()
        match fault.name:
            case "hang":
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.client_left(), fault.seconds)
                await self.end()
            case "reset" | "close":
                await self.end(reset=fault.name == "reset")
            case "drip":
                await self.drip(answer, fault.seconds)
            case "truncate":
                await self.start(answer)
                await self.write(bytes(answer.body)[: len(answer.body) // 2])
                await self.end()
            case _:
                await replacement(fault, answer, switches)(self.scope, self.receive, self.send)

    async def true_answer(self) -> Response:
        """What the routes answer; the request has taken effect then."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(self.scope, self.again, keep)
        start, *parts = messages
        return _response(start["status"], Headers(raw=list(start["headers"])), b"".join(part["body"] for part in parts))

    async def start(self, answer: Response) -> None:
        """Send the status and the headers."""
        await self.send({"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers})

    async def write(self, piece: bytes, *, more: bool = True) -> None:
        """Send some of the body."""
        await self.send({"type": "http.response.body", "body": piece, "more_body": more})

    async def drip(self, answer: Response, seconds: float) -> None:
        """Send an answer little by little."""
        await self.start(answer)
        size = len(answer.body) // DRIPS + 1
        for place in range(0, len(answer.body), size):
            await asyncio.sleep(seconds / DRIPS)
            await self.write(bytes(answer.body[place : place + size]))
        await self.write(b"", more=False)

    async def client_left(self) -> None:
        """Wait for the end of the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def end(self, *, reset: bool = False) -> None:
        """End the connection. uvicorn's `receive` is a method of the object that holds the transport."""
        transport = cast("asyncio.Transport", self.receive.__self__.transport)  # type: ignore[attr-defined]
        if reset:
            no_linger = struct.pack("ii", 1, 0)  # the socket's end is then RST in place of FIN
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
            transport.abort()
        else:
            transport.close()
        await self.client_left()


def replacement(fault: Fault, answer: Response, switches: Switches) -> Response:
    """The response that a fault makes of the true answer."""
    response = answer
    match fault.name:
        case "error":
            response = _error(fault, switches)
        case "gzip" if answer.body:
            response = _gzip(answer)
        case "not-json":
            response = Response("OK", media_type="text/plain")
        case "null":
            response = JSONResponse(None)
        case "login":
            response = RedirectResponse(LOGIN, 302)
        case "crash" if answer.status_code in {400, 422}:
            response = refusal_response(Refusal(500, "Internal Server Error"), switches)
    return response


async def login_page(_request: Request) -> Response:
    """The page of HTML that the fault `login` leads to."""
    return HTMLResponse("<html><head><title>Sign in</title></head><body><form method=post></form></body></html>")


def _error(fault: Fault, switches: Switches) -> Response:
    response: Response
    match fault.body:
        case "json":
            response = refusal_response(Refusal(fault.status, phrase(fault.status)), switches)
        case "html":
            response = HTMLResponse(page(fault.status), fault.status)
        case "empty":
            response = Response(status_code=fault.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


def _gzip(answer: Response) -> Response:
    packed = gzip.compress(bytes(answer.body))
    headers = MutableHeaders(raw=list(answer.raw_headers))
    headers["Content-Length"] = str(len(packed))
    headers["Content-Encoding"] = "gzip"
    return _response(answer.status_code, headers, packed)


def _response(status: int, headers: Headers, body: bytes) -> Response:
    response = Response(body, status)
    response.raw_headers = list(headers.raw)
    return response
