"""A second Zenskar that is not ours: a plain server that keeps what it was sent, byte for byte, and replays any answer."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from cleanbill_service.app import create_app
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Replay:
    """Answers every request with `answer`; None is a reset. `after` runs between request and answer."""

    port: int
    answer: bytes | None = OK
    keep: bool = True  # whether the connection stays open after the answer
    after: Callable[[], object] = lambda: None
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    broken: int = 0  # requests that ended before they were whole

    def headers(self) -> dict[str, list[str]]:
        """The latest request's headers, names in lower case, each with its lines in order."""
        found: dict[str, list[str]] = {}
        for line in self.heads[-1].decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(": ")
            found.setdefault(name.lower(), []).append(value)
        return found

    def target(self) -> str:
        return self.heads[-1].split(b" ")[1].decode("latin-1")

    def serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as file:
            while self.one(client, file):
                pass

    def one(self, client: socket.socket, file: "socket.SocketIO") -> bool:  # type: ignore[name-defined]
        head = b"".join(iter(file.readline, b"\r\n")) if (first := file.readline()) else b""
        if not first:
            return False
        head = (first + head).removesuffix(b"\r\n")
        self.heads.append(head)
        lower = head.lower()
        body: bytes | None = b""
        if b"\r\ntransfer-encoding: chunked" in lower:
            body = chunked(file)
        elif b"\r\ncontent-length: " in lower:
            length = int(lower.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
            body = file.read(length)
            body = body if len(body) == length else None
        if body is None:
            self.broken += 1
            return False
        self.bodies.append(body)
        self.after()
        if self.answer is None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        client.sendall(self.answer)
        return self.keep


def chunked(file: "socket.SocketIO") -> bytes | None:  # type: ignore[name-defined]
    body = b""
    while line := file.readline():
        size = int(line, 16)
        piece = file.read(size + 2)
        if len(piece) < size + 2:
            return None
        if not size:
            return body
        body += piece[:-2]
    return None


@pytest.fixture(scope="session")
def replaying() -> Iterator[Replay]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        replay = Replay(listener.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=quietly, args=(replay, client), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield replay
        listener.shutdown(socket.SHUT_RDWR)


def quietly(replay: Replay, client: socket.socket) -> None:
    try:
        replay.serve(client)
    except OSError:
        replay.broken += 1


@pytest.fixture
def replay(replaying: Replay) -> Replay:
    fresh = Replay(replaying.port)
    vars(replaying).update(vars(fresh))
    return replaying


@pytest.fixture(scope="session")
def gateway_url(replaying: Replay) -> Iterator[str]:
    settings = Settings(
        zenskar_url=f"http://127.0.0.1:{replaying.port}",  # type: ignore[arg-type]
        upstream_timeout=1,
        connect_timeout=0.3,
        upstream_connections=2,
        body_timeout=1,
    )
    with background(create_app(settings)) as url:
        yield url


@dataclass(frozen=True)
class Wire:
    """The gateway as a client with its bare hands reaches it."""

    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def ask(self, head: str, body: bytes = b"", *, host: str = "gateway") -> tuple[int, bytes, bytes]:
        """Send one request on a connection of its own; give the answer's status, head and body to the connection's end."""
        with self.connect() as client:
            line, *headers = head.split("\n")
            lines = [f"{line} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
            client.sendall("\r\n".join(lines).encode("latin-1") + body)
            return split(everything(client))


def everything(client: socket.socket) -> bytes:
    got = b""
    while piece := client.recv(65536):
        got += piece
    return got


def split(answer: bytes) -> tuple[int, bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head, body


@pytest.fixture
def wire(gateway_url: str, replay: Replay) -> Wire:
    assert replay
    return Wire(int(gateway_url.rpartition(":")[2]))
