"""Which domain a misspelt one was probably meant to be. A suggestion, never a correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from .mail_domains import is_tld, mail_domains

# Endings that are offered for one that does not exist, the commonest first.
_COMMON = (
    "com",
    "net",
    "org",
    "co.uk",
    "com.au",
    "com.br",
    "co.in",
    "edu",
    "gov",
    "info",
    "biz",
    "de",
    "fr",
    "it",
    "es",
    "nl",
    "uk",
    "in",
    "io",
)
# Neighbours on a keyboard of the letters that providers begin with: a first letter is seldom mistyped otherwise.
_BESIDE = {
    "g": "fhtvb",
    "y": "tugh7",
    "h": "gjyubn",
    "o": "ip0",
    "i": "uo8",
    "p": "o0",
    "r": "et",
    "f": "dgr",
    "m": "nk",
    "a": "sq",
}


def meant_domain(domain: str) -> str | None:
    """The domain (ASCII, lower case) that `domain` was probably meant to be: a provider's, or its own with an ending mended."""
    lists = mail_domains()
    if domain in lists.real:
        return None
    name, dot, ending = domain.partition(".")
    if not dot:
        return _dot_put_in(domain)
    for providers, forgiven in ((lists.worldwide, 2), (lists.regional, 1), (lists.short, 0)):
        provider, slips = _nearest(name, providers)
        if slips > forgiven or not _recognisable(name, provider, slips):
            continue
        endings = providers[provider]
        likely = endings if forgiven else endings[:1]  # live.io is nobody's live.it
        meant = ending if ending in endings else _meant_ending(ending, likely, only=forgiven == 2 and len(endings) == 1)
        if meant:
            return f"{provider}.{meant}"
    return _ending_mended(domain)


def _recognisable(name: str, provider: str, slips: int) -> bool:
    """Whether so many slips leave no other word likely: a short name with two, or another first letter, is one."""
    if slips == 0 or name[:1] == provider[0]:
        return slips < 2 or len(provider) >= 7 or sorted(name) == sorted(provider)
    dropped_or_doubled = name == provider[1:] or name[1:] == provider
    swapped = name[:2] == provider[1::-1]
    beside = name[1:] == provider[1:] and name[0] in _BESIDE.get(provider[0], "")
    return slips == 1 and (dropped_or_doubled or swapped or beside)


def _meant_ending(ending: str, endings: tuple[str, ...], *, only: bool) -> str | None:
    """The provider's ending that `ending` is a slip of. `only`: it has no other, so that any common one is a slip."""
    near, slips = _nearest(ending, endings)
    if not is_tld(ending.rpartition(".")[2]):
        return near if slips <= 2 else endings[0] if "." not in ending else None
    if ending in mail_domains().slips:
        return near if only or slips <= 1 else None
    return None


def _ending_mended(domain: str) -> str | None:
    """The domain with an ending one slip away, where its own does not exist."""
    name, _, ending = domain.rpartition(".")
    if is_tld(ending) or ending == "example" or not name:
        return None
    near, slips = _nearest(ending, _COMMON)
    return f"{name}.{near}" if slips == 1 else None


def _dot_put_in(domain: str) -> str | None:
    """gmail.com for gmailcom, acme.com for acmecom."""
    lists = mail_domains()
    whole = {name + ends[0]: f"{name}.{ends[0]}" for name, ends in (*lists.worldwide.items(), *lists.regional.items())}
    near, slips = _nearest(domain, whole)
    if slips <= 1:
        return whole[near]
    for ending in ("com", "net", "org"):
        if domain.endswith(ending) and len(domain) > len(ending) + 2:
            return f"{domain.removesuffix(ending)}.{ending}"
    return None


def _nearest(text: str, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, int]:
    distance = _distance()
    slips, near = min((distance(text, candidate), at, candidate) for at, candidate in enumerate(known))[::2]
    return near, slips


@cache
def _distance() -> Callable[[str, str], int]:
    from rapidfuzz.distance import OSA  # noqa: PLC0415  costs 50 ms, and most domains are asked once

    return OSA.distance
