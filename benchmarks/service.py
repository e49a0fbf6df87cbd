"""The service beside bare ones, over real HTTP, all in one run.

`POST /v1/check` beside a FastAPI route that parses and echoes; the gateway beside a bare Starlette + aiohttp proxy, both in front
of an upstream that always gives the same answer. Every server is a process of its own; the load comes from this one.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from uuid import uuid4

SECONDS = 3.0
CONNECTIONS = 16
UPSTREAM, ECHO, PROXY, SERVICE = 18101, 18102, 18103, 18104
CUSTOMER = json.dumps({
    "customer_name": "Nilgiri Analytics Pvt Ltd", "external_id": "IN-0042", "email": "ap@nilgiri-analytics.in",
    "phone_number": "+919845012345",
    "address": {
        "line1": "12 Residency Road", "city": "Bengaluru", "state": "KA", "zipCode": "560025", "country": "India", "country_code": "IN",
    },
    "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}],
    "custom_data": {"industry": "Technology", "company_size": "50-200", "tags": ["a", "b", "c"]},
}).encode()  # fmt: skip

CREATED = json.dumps(json.loads(CUSTOMER) | {"id": "1ba67a0d-1373-4e5a-bd6f-3ab313500e15"}).encode()

UPSTREAM_CODE = f"""
import asyncio, sys
PORT, DELAY = int(sys.argv[1]), float(sys.argv[2])
BODY = {CREATED!r}
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(BODY), BODY)
class Answering(asyncio.Protocol):
    def connection_made(self, transport): self.transport, self.left, self.head = transport, 0, b""
    def answer(self): asyncio.get_running_loop().call_later(DELAY, self.transport.write, ANSWER) if DELAY else self.transport.write(ANSWER)
    def data_received(self, data):
        while data:
            if self.left:
                taken = min(self.left, len(data)); self.left -= taken; data = data[taken:]
                if not self.left: self.answer()
                continue
            self.head += data; data = b""
            if b"\\r\\n\\r\\n" in self.head:
                head, data = self.head.split(b"\\r\\n\\r\\n", 1); self.head = b""
                length = [l for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length:")]
                self.left = int(length[0].split(b":")[1]) if length else 0
                if not self.left: self.answer()
async def main():
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", PORT)
    await server.serve_forever()
asyncio.run(main())
"""

ECHO_CODE = f"""
import orjson, uvicorn
from fastapi import FastAPI, Request, Response
app = FastAPI()
@app.post("/echo")
async def echo(request: Request):
    return Response(orjson.dumps(orjson.loads(await request.body())), media_type="application/json")
uvicorn.run(app, port={ECHO}, log_level="error", access_log=False)
"""

PROXY_CODE = """
import aiohttp, sys, uvicorn
PORT, UPSTREAM = map(int, sys.argv[1:])
from contextlib import asynccontextmanager
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
@asynccontextmanager
async def lifespan(app):
    async with aiohttp.ClientSession(auto_decompress=False) as app.state.session:
        yield
async def proxy(request):
    body = await request.body()
    url = f"http://127.0.0.1:{UPSTREAM}" + request.url.path
    async with request.app.state.session.request(request.method, url, data=body or None, headers={"content-type": "application/json"}) as got:
        return Response(await got.read(), got.status, media_type="application/json")
uvicorn.run(Starlette(routes=[Route("/{p:path}", proxy, methods=["GET", "POST"])], lifespan=lifespan), port=PORT, log_level="error", access_log=False)
"""


@contextmanager
def process(arguments: list[str], port: int, **environment: str) -> Iterator[int]:
    """A server for the length of the block; gives its process id."""
    server = subprocess.Popen(
        arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        asyncio.run(_answering(port))
        yield server.pid
    finally:
        server.terminate()
        server.wait()


async def _answering(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


async def load(
    port: int, method: str, path: str, body: bytes, connections: int, *, seconds: float = SECONDS, keyed: bool = False
) -> tuple[float, float, float]:
    """Requests a second, and the 50th and 99th percentile of one request in milliseconds; `keyed` ones are all different."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n" if body else ""
    request = f"{head}\r\n".encode() + body
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (start := time.perf_counter()) < end:
            writer.write(f"{head}Idempotency-Key: {uuid4()}\r\n\r\n".encode() + body if keyed else request)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer[:100])
            length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            took.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    took.sort()
    return len(took) / seconds, median(took) * 1e3, took[int(len(took) * 0.99)] * 1e3


def main() -> None:
    python = sys.executable
    cleanbill = str(Path(python).with_name("cleanbill"))
    cases = [
        ("bare FastAPI echo", ECHO, "POST", "/echo", CUSTOMER, None),
        ("POST /v1/check", SERVICE, "POST", "/v1/check", CUSTOMER, 0),
        ("bare proxy, POST", PROXY, "POST", "/customers", CUSTOMER, None),
        ("gateway, create checked", SERVICE, "POST", "/zenskar/customers", CUSTOMER, 2),
        ("bare proxy, GET", PROXY, "GET", "/customers", b"", None),
        ("gateway, passed through", SERVICE, "GET", "/zenskar/customers", b"", 4),
    ]
    with (
        process([python, "-c", UPSTREAM_CODE, str(UPSTREAM), "0"], UPSTREAM),
        process([python, "-c", ECHO_CODE], ECHO),
        process([python, "-c", PROXY_CODE, str(PROXY), str(UPSTREAM)], PROXY),
        process(
            [cleanbill, "serve", "--port", str(SERVICE)],
            SERVICE,
            CLEANBILL_ZENSKAR_URL=f"http://127.0.0.1:{UPSTREAM}",
            CLEANBILL_DATABASE_URL=f"sqlite:///{mkdtemp()}/cleanbill.db",
        ),
    ):
        print(f"{'':26}{'req/s':>8}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'alone p50':>11}")
        rates: list[float] = []
        for name, port, method, path, body, beside in cases:
            rate, p50, p99 = asyncio.run(load(port, method, path, body, CONNECTIONS))
            _, alone, _ = asyncio.run(load(port, method, path, body, 1))
            rates.append(rate)
            ratio = "" if beside is None else f"{rate / rates[beside]:.2f}"
            print(f"{name:26}{rate:8.0f}{ratio:>8}{p50:9.2f}{p99:9.2f}{alone:11.2f}")


if __name__ == "__main__":
    main()
