"""The reading of a written e-mail address, from its dress to its flags."""

from __future__ import annotations

import re
from functools import lru_cache

from . import email_text
from .email import EmailReading
from .mail_domains import mail_domains
from .mail_syntax import LONGEST, LONGEST_LOCAL, Domain, read_domain, read_local
from .mail_typos import meant_domain


def read(text: str) -> EmailReading:
    """Read `text` as `email.read_email` describes."""
    if len(text) <= LONGEST and (found := _PLAIN.fullmatch(text)) and len(found[1]) <= LONGEST_LOCAL:
        reading = _joined(found[1], _domain(found[2]))
        if reading.address == text:
            return reading
    return _dressed(text)


def _dressed(text: str) -> EmailReading:
    found = email_text.undress(text)
    if found.problem == "two-addresses":
        return EmailReading(problem="two-addresses", candidates=_each(found.addresses))
    if found.problem:
        return EmailReading(problem=found.problem, guess=_guess(text))
    local, _, domain = found.addresses[0].rpartition("@")
    reading = _address(local, _domain(domain))
    if reading.address is None:
        return reading._replace(guess=_guess(found.addresses[0]))
    flags = reading.flags | {"display-name"} if found.display_name else reading.flags
    return reading._replace(how="canonical" if reading.address == text else "repair", flags=flags)


def _address(local: str, domain: Domain) -> EmailReading:
    problem, local = read_local(local)
    return EmailReading(problem=problem) if problem else _joined(local, domain)


def _joined(local: str, domain: Domain) -> EmailReading:
    """The address of a local part that is in order."""
    if domain.problem:
        return EmailReading(problem=domain.problem)
    if len(local) + 1 + len(domain.ascii) > LONGEST:
        return EmailReading(problem="too-long")
    typo = f"{local}@{domain.typo}" if domain.typo else None
    return EmailReading(
        f"{local}@{domain.name}", "canonical", typo=typo, flags=domain.flags | _local_flags(local, domain)
    )


@lru_cache(maxsize=4096)
def _domain(domain: str) -> Domain:
    return read_domain(domain)


def _local_flags(local: str, domain: Domain) -> frozenset[str]:
    """What the local part alone says: a mailbox that nobody reads, or that nobody has."""
    bare = local.partition("+")[0].lower()
    domains = mail_domains()
    if bare in domains.no_reply:
        return frozenset({"no-reply"})
    name = domain.name.partition(".")[0]
    if bare in domains.placeholder_locals or (bare == name and len(bare) <= 4) or _ONE_LETTER.fullmatch(bare):
        return frozenset({"placeholder"})
    return frozenset()


def _guess(text: str) -> str | None:
    """The address that `text` may have meant, after slips of the hand are put right."""
    for guess in email_text.slips_undone(text):
        local, _, domain = guess.rpartition("@")
        reading = _address(local, _domain(domain))
        if reading.address:
            return reading.typo or reading.address
        if reading.problem in ("no-dot", "unknown-tld") and (meant := meant_domain(domain.lower())):
            problem, local = read_local(local)
            return None if problem else f"{local}@{meant}"
    return None


def _each(texts: tuple[str, ...]) -> tuple[str, ...]:
    readings = (read(text) for text in texts)
    return tuple(dict.fromkeys(reading.address for reading in readings if reading.address))


_PLAIN = re.compile(
    r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
)
_ONE_LETTER = re.compile(r"([a-z])\1{2,}")
