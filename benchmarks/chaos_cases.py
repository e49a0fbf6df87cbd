"""What the chaos benchmark sends, and what the sandbox Zenskar does to it."""

import random
from typing import Any

ORGANISATIONS = [f"3f0c2a5e-6d4b-4a8e-9b1f-{number:012x}" for number in range(8)]
NO_ANSWER: list[dict[str, Any]] = [  # each before and after it takes effect
    {"name": "reset"}, {"name": "close"}, {"name": "hang", "seconds": 3},
    {"name": "not-json"}, {"name": "null"}, {"name": "login"},
    *({"name": "error", "status": status, "body": body} for status in (500, 502, 503, 504) for body in ("json", "html", "empty")),
]  # fmt: skip
ODD_ANSWER: list[dict[str, Any]] = [
    {"name": "truncate"}, {"name": "gzip"}, {"name": "drip", "seconds": 0.2}, {"name": "drip", "seconds": 2},
    {"name": "latency", "seconds": 0.1, "max_seconds": 0.9}, {"name": "latency", "seconds": 0.2},
    {"name": "error", "status": 429}, {"name": "error", "status": 429, "retry_after": "1"},
    {"name": "error", "status": 401}, {"name": "error", "status": 401, "repeat": 4}, {"name": "error", "status": 403},
]  # fmt: skip
POST_FAULTS = [
    *({**fault, "when": when} for fault in NO_ANSWER for when in ("before", "after")),
    *ODD_ANSWER, {"name": "crash"}, {"name": "invisible", "seconds": 0.6},
]  # fmt: skip
GET_FAULTS = [*NO_ANSWER, *ODD_ANSWER]
QUIET = {"name": "latency", "seconds": 0.001}
LARGE = "x" * 1_000_000  # of custom_data, in characters


def credentials(number: int) -> dict[str, str]:
    return {"organisation": ORGANISATIONS[number % len(ORGANISATIONS)], "x-api-key": "sandbox_chaos"}


def name_of(number: int) -> str:
    return f"Customer {number}"


def is_nameless(number: int) -> bool:
    return number % 17 == 0


def has_twin(number: int) -> bool:
    return number % 15 == 0 and not is_nameless(number)


def customer(number: int) -> dict[str, Any]:
    """Every fifth is known by its e-mail alone, the others by their external_id alone, every seventeenth by nothing."""
    known = {"email": f"ap{number}@nilgiri-analytics.in"} if number % 5 == 0 else {"external_id": f"C-{number}"}
    large = {"custom_data": {"notes": LARGE}} if number % 100 == 7 else {}
    return {"customer_name": name_of(number), **({} if is_nameless(number) else known), **large}


def faults(records: int, source: random.Random, share: float) -> list[dict[str, Any]]:
    posts = [
        (source.choice(POST_FAULTS) if source.random() < share else QUIET) | {"method": "POST", "path": "/customer*"}
        for _ in range(records * 3)
    ]
    gets = [
        (source.choice(GET_FAULTS) if source.random() < share else QUIET) | {"method": "GET", "path": "/customer*"}
        for _ in range(records * 2)
    ]
    mixed = posts + gets
    source.shuffle(mixed)
    return mixed
