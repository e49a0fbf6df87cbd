"""E-mail addresses: what a written one says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

How = Literal["canonical", "repair", "invalid"]
Problem = Literal[
    "empty",
    "no-at",
    "no-local",
    "no-domain",
    "two-addresses",
    "many-ats",
    "space",
    "no-dot",
    "dot-misplaced",
    "unknown-tld",
    "reserved-domain",
    "ip-literal",
    "quoted-local",
    "local-characters",
    "domain-characters",
    "local-too-long",
    "too-long",
]


class EmailReading(NamedTuple):
    """How one text reads as an e-mail address.

    `address` is the normalised address: the domain in lower case, the local part as written. `how` says whether it stood there
    or had to be freed of what stood around it. `guess` is what an unreadable text may have meant, `typo` what a readable address
    of a misspelt provider may have. `candidates` are the addresses where there are several. `flags`: "display-name",
    "placeholder", "disposable", "homograph", "no-reply".
    """

    address: str | None = None
    how: How = "invalid"
    problem: Problem | None = None
    guess: str | None = None
    typo: str | None = None
    candidates: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()


def read_email(text: str) -> EmailReading:
    """Read `text`; nothing is looked up in DNS.

    >>> read_email("Jane Roe <Jane@Nilgiri.EXAMPLE>").address
    'Jane@nilgiri.example'
    >>> read_email("jane@gmial.com").typo
    'jane@gmail.com'
    """
    return _reader()(text)


@cache
def _reader() -> Callable[[str], EmailReading]:
    from .email_reader import read  # noqa: PLC0415  what it needs costs 20 ms, and many records hold no address

    return read
