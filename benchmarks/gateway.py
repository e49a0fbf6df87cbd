"""The gateway beside nginx and beside a bare Starlette + aiohttp proxy, in front of an upstream that takes 0 and 50 ms.

Requests a second, processor time a request, and what each adds to the upstream's own time. The servers take turns in short rounds,
so that a busy machine troubles all alike; medians are shown. A committed create has an Idempotency-Key, so it is on disk before it
is sent. nginx is left out where it is not installed.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from service import CUSTOMER, PROXY_CODE, UPSTREAM_CODE, load, process

ROUNDS, SECONDS = 5, 1.0
UPSTREAM, NGINX, PROXY, GATEWAY = 18111, 18112, 18113, 18114
CONNECTIONS = {0.0: 16, 0.05: 64}  # by the upstream's delay in seconds
BARE = "bare proxy"

NGINX_CONF = f"""
daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  upstream zenskar {{ server 127.0.0.1:{UPSTREAM}; keepalive 128; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{NGINX};
    location / {{ proxy_pass http://zenskar; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


@contextmanager
def nginx() -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nginx.conf").write_text(NGINX_CONF, "utf-8")
        with process(["nginx", "-p", folder, "-c", "nginx.conf"], NGINX) as pid:
            yield pid


def processor_seconds(pid: int) -> float:
    """What a process has used since its start."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(delay: float, pids: dict[str, int]) -> None:
    """Run every case in turn and print the table for an upstream that takes `delay` seconds."""
    cases = [
        (server, port, method, path, body, kind)
        for method, path, body, kind in (
            ("GET", "/customers", b"", ""),
            ("POST", "/usage", CUSTOMER, ""),
            ("POST", "/customers", CUSTOMER, "checked"),
            ("POST", "/customers", CUSTOMER, "committed"),
        )
        for server, port in (("upstream", UPSTREAM), ("nginx", NGINX), (BARE, PROXY), ("gateway", GATEWAY))
        if server in pids and (server == "gateway" or kind != "committed")
    ]
    seen: dict[tuple[str, ...], list[tuple[float, ...]]] = defaultdict(list)
    for _ in range(ROUNDS):
        for server, port, method, path, body, kind in cases:
            before = processor_seconds(pids[server])
            there = ("/zenskar" if server == "gateway" else "") + path
            keyed = kind == "committed"
            work = load(port, method, there, body, CONNECTIONS[delay], seconds=SECONDS, keyed=keyed)
            rate, p50, p99 = asyncio.run(work)
            used = processor_seconds(pids[server]) - before
            _, alone, _ = asyncio.run(load(port, method, there, body, 1, seconds=SECONDS / 4, keyed=keyed))
            seen[server, method, path, kind].append((rate, used / (rate * SECONDS) * 1e6, p50, p99, alone))
    print(f"\nupstream takes {delay * 1000:.0f} ms, {CONNECTIONS[delay]} connections")
    print(f"{'':36}{'req/s':>8}{'to bare':>9}{'CPU µs':>8}{'+p50 ms':>9}{'+p99 ms':>9}{'alone +p50':>12}")
    for server, _, method, path, _, kind in cases:
        beside = kind.replace("committed", "checked")
        rate, used, p50, p99, alone = (median(column) for column in zip(*seen[server, method, path, kind], strict=True))
        base = [median(column) for column in zip(*seen["upstream", method, path, beside], strict=True)]
        bare = median(row[0] for row in seen[BARE, method, path, beside])
        shown = f"{server} ({kind})" if kind and server == "gateway" else server
        print(
            f"{method + ' ' + path:18}{shown:22}{rate:6.0f}{rate / bare:9.2f}{used:8.0f}"
            f"{p50 - base[2]:9.2f}{p99 - base[3]:9.2f}{alone - base[4]:12.2f}"
        )


def main() -> None:
    python = sys.executable
    for delay in CONNECTIONS:
        with ExitStack() as stack:
            pids = {
                "upstream": stack.enter_context(
                    process([python, "-c", UPSTREAM_CODE, str(UPSTREAM), str(delay)], UPSTREAM)
                ),
                BARE: stack.enter_context(process([python, "-c", PROXY_CODE, str(PROXY), str(UPSTREAM)], PROXY)),
                "gateway": stack.enter_context(
                    process(
                        [str(Path(python).with_name("cleanbill")), "serve", "--port", str(GATEWAY)],
                        GATEWAY,
                        CLEANBILL_ZENSKAR_URL=f"http://127.0.0.1:{UPSTREAM}",
                        CLEANBILL_DATABASE_URL=f"sqlite:///{mkdtemp()}/cleanbill.db",
                    )
                ),
            }
            if shutil.which("nginx"):
                pids["nginx"] = stack.enter_context(nginx())
            compare(delay, pids)


if __name__ == "__main__":
    main()
