"""Mail domains as lists: the big providers, placeholders, throw-away mailboxes, endings that exist."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cleanbill.data_files import read_data


@dataclass(frozen=True, slots=True, eq=False)
class MailDomains:
    """The lists of `data/mail_domains.toml`. Providers map a name to its endings, the usual one first."""

    worldwide: Mapping[str, tuple[str, ...]]
    regional: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    real: frozenset[str]
    slips: frozenset[str]
    placeholder_domains: frozenset[str]
    placeholder_locals: frozenset[str]
    no_reply: frozenset[str]
    relays: frozenset[str]
    plus: frozenset[str]
    dots: frozenset[str]
    same: Mapping[str, str]
    worldwide_endings: frozenset[str]


@cache
def mail_domains() -> MailDomains:
    """The lists; read once."""
    data = tomllib.loads(read_data(__package__, "data/mail_domains.toml"))
    worldwide, regional, short = (
        {name: tuple(ends) for name, ends in data[group].items()} for group in ("worldwide", "regional", "short")
    )
    given = {f"{name}.{end}" for group in (worldwide, regional, short) for name, ends in group.items() for end in ends}
    return MailDomains(
        worldwide=worldwide,
        regional=regional,
        short=short,
        real=frozenset(given | set(data["real"]["domains"])),
        slips=frozenset(data["real"]["slips"]),
        placeholder_domains=frozenset(data["placeholder"]["domains"]),
        placeholder_locals=frozenset(data["placeholder"]["locals"]),
        no_reply=frozenset(data["no_reply"]["locals"]),
        relays=frozenset(data["relay"]["domains"]),
        plus=frozenset(data["folding"]["plus"]),
        dots=frozenset(data["folding"]["dots"]),
        same=data["folding"]["same"],
        worldwide_endings=frozenset(data["country"]["worldwide_endings"]),
    )


def country_of_domain(domain: str) -> str | None:
    """The country (ISO 3166-1) that the domain's ending stands for; None for endings that the whole world uses.

    >>> country_of_domain("nilgiri.co.in"), country_of_domain("acme.co.uk"), country_of_domain("acme.io")
    ('IN', 'GB', None)
    """
    ending = domain.rpartition(".")[2].lower()
    if len(ending) != 2 or ending in mail_domains().worldwide_endings:
        return None
    return "GB" if ending == "uk" else ending.upper()


def domain_flags(domain: str) -> frozenset[str]:
    """Those of "placeholder" and "disposable" that the domain (ASCII, lower case) or one above it earns."""
    lists = mail_domains()
    above = [domain]
    while above[-1].count(".") > 1:
        above.append(above[-1].partition(".")[2])
    if not lists.placeholder_domains.isdisjoint(above):
        return frozenset({"placeholder"})
    if lists.relays.isdisjoint(above) and domain not in lists.real and not _disposable().isdisjoint(above):
        return frozenset({"disposable"})
    return frozenset()


def is_tld(ending: str) -> bool:
    """Whether the ending, in ASCII, stands in the root zone."""
    return ending in _tlds()


@cache
def _tlds() -> frozenset[str]:
    text = read_data(__package__, "data/tlds.txt")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist  # noqa: PLC0415  10,000 domains

    return frozenset(blocklist)
