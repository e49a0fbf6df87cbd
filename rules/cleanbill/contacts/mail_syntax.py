"""The two halves of an e-mail address: what each may hold when an invoice is to arrive."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from .email import Problem
from .mail_domains import domain_flags, is_tld
from .mail_typos import meant_domain

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LONGEST_LOCAL = 64  # bytes; RFC 5321, 4.5.3.1.1

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-")
# RFC 6761 and RFC 6762: names that never lead anywhere. `.example` is known for documentation, so it is a placeholder.
_RESERVED = frozenset(
    {"test", "invalid", "local", "localhost", "onion", "internal", "lan", "home", "corp", "localdomain", "arpa"}
)


@dataclass(frozen=True, slots=True)
class Domain:
    """The domain of an address: its name in Unicode and in ASCII, the one a typo may stand for, and its flags."""

    name: str = ""
    ascii: str = ""
    problem: Problem | None = None
    typo: str | None = None
    flags: frozenset[str] = frozenset()


def read_local(local: str) -> tuple[Problem | None, str]:
    """What is wrong with the local part, and the part in composed form (NFC)."""
    local = unicodedata.normalize("NFC", local)
    if not local:
        return "no-local", local
    if len(local) > 1 and local[0] == local[-1] == '"':
        return "quoted-local", local
    if len(local.encode(errors="replace")) > LONGEST_LOCAL:
        return "local-too-long", local
    if not all(map(_is_letter, local)):
        return "space" if " " in local else "local-characters", local
    return "dot-misplaced" if "." in (local[0], local[-1]) or ".." in local else None, local


def _is_letter(char: str) -> bool:
    """Whether a local part may hold it: letters of a script that has no narrow twin, and what ASCII allows."""
    if char < "\x80":
        return char in _LOCAL
    return unicodedata.category(char)[0] in "LM" and unicodedata.normalize("NFKC", char) == unicodedata.normalize(
        "NFC", char
    )


def read_domain(domain: str) -> Domain:
    """Read a domain as written."""
    problem = _problem(domain)
    if problem:
        return Domain(problem=problem)
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  costs 50 ms; domains are cached

    lower = domain.lower()
    ending = lower.rpartition(".")[2]
    if ending in _RESERVED:
        return Domain(problem="reserved-domain")
    try:
        found = validate_email(f"a@{lower}", check_deliverability=False, strict=True)
    except EmailNotValidError:
        return Domain(problem="domain-characters")
    name, in_ascii = found.domain, found.ascii_domain
    ending = in_ascii.rpartition(".")[2]
    if ending != "example" and not is_tld(ending):
        return Domain(problem="unknown-tld")
    flags = domain_flags(in_ascii)
    if ending == "example":
        flags |= {"placeholder"}
    if in_ascii != name and _looks_latin(name):
        flags |= {"homograph"}
    if not flags <= {"disposable"}:
        return Domain(name, in_ascii, flags=flags)
    typo = meant_domain(in_ascii)  # some misspellings are held by throw-away services
    return Domain(name, in_ascii, typo=typo, flags=flags if typo is None else frozenset())


def _problem(domain: str) -> Problem | None:
    if not domain:
        return "no-domain"
    if domain[0] == "[" or domain.replace(".", "").isdecimal():
        return "ip-literal"
    if " " in domain:
        return "space"
    if domain[0] == "." or domain[-1] == "." or ".." in domain:
        return "dot-misplaced"
    if "." not in domain:
        return "reserved-domain" if domain.lower() == "localhost" else "no-dot"
    return "too-long" if len(domain) > 253 else None


def _looks_latin(name: str) -> bool:
    """Whether a label mixes Latin with Cyrillic or Greek letters, or is made of their Latin look-alikes alone."""
    for label in name.split(".")[:-1]:
        letters = [char for char in label if char.isalpha()]
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in letters}
        foreign = scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
        if foreign and ("LATIN" in scripts or len(scripts) > 1 or _LATIN_LIKE.issuperset(letters)):
            return True
    return False


_LATIN_LIKE = frozenset("асеорхуіјѕԁһԛԝӏвкмнтгьбԍүѵοορνκιατυχεγ")
