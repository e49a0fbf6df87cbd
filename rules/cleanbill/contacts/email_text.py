"""An e-mail address as it was written: what stands around it, and the slips of the hand in it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from cleanbill.text import squeeze, visible

from .email import Problem
from .mail_domains import is_tld, mail_domains

LONGEST = 1000  # characters; an address has 254 and seldom a longer name before it


@dataclass(frozen=True, slots=True)
class Found:
    """The addresses in a text, or why there is none. `display_name` says that a name stood before the address."""

    addresses: tuple[str, ...] = ()
    display_name: bool = False
    problem: Problem | None = None


def undress(text: str) -> Found:
    """Find the address in `text` behind spaces, quotes, labels, links, a display name or full stops."""
    if len(text) > LONGEST:
        return Found(problem="too-long")
    plain = _plain(text)
    if not plain:
        return Found(problem="empty")
    if "@" not in plain:
        return Found(problem="no-at")
    if link := _LINK.fullmatch(plain):
        plain = link[1] if link[1] in link[2] or "@" not in link[1] else plain
        plain = link[2] if "@" not in plain else plain
    plain = _SCHEME.sub("", plain)
    if "@" in plain and "?" in plain.rpartition("@")[2]:
        plain = plain[: plain.rindex("?")]
    plain = _BULLET.sub("", plain)
    angled = [found for found in _ANGLED.findall(plain) if "@" in found]
    named = False
    if len(angled) == 1:
        outside = plain.replace(angled[0], " ")
        if "@" not in outside or angled[0][1:-1].strip().lower() in outside.lower():
            plain, named = _strip(angled[0][1:-1]), bool(outside.strip(_EDGES))
    if plain.startswith('"') and _QUOTED.fullmatch(plain):
        return Found(problem="quoted-local")
    plain = _strip(_REMARK.sub("", plain))
    if label := _LABEL.match(plain):
        plain, named = _strip(plain[label.end() :]), True
    return _one(plain, named=named)


def _one(plain: str, *, named: bool) -> Found:
    """The one address of a text without dress."""
    words = [_strip(word) for word in _BREAK.split(plain) if "@" in word]
    whole = list(dict.fromkeys(word for word in words if _WHOLE.fullmatch(word)))
    if len({word.lower() for word in whole}) > 1:
        return Found(tuple(whole), problem="two-addresses")
    if len(whole) == 1 and all(word.lower() == whole[0].lower() for word in words) and not _BREAK.search(plain):
        return Found((_domain_dots(whole[0]),), named)
    if len(whole) == 1 and len(words) > 1 and all(word.lower() == whole[0].lower() for word in words):
        return Found((_domain_dots(whole[0]),), named)  # one address twice
    if " " in plain:
        return Found(problem="space")
    if plain.count("@") > 1:
        return Found(problem="many-ats")
    return Found((_domain_dots(plain),), named)


def slips_undone(text: str) -> Iterator[str]:
    """What the text may have meant: (at), commas or spaces for dots, doubled signs, a missing @ before a provider."""
    if len(text) > LONGEST:
        return
    plain = _strip(_SCHEME.sub("", _plain(unicodedata.normalize("NFKC", text))))
    plain = _AT.sub("@", plain) if "@" not in plain else plain
    plain = _DOT.sub(".", plain)
    plain = _AROUND.sub(r"\1", plain)
    plain = _DOUBLED.sub(lambda run: "@" if "@" in run[0] else ".", plain).lstrip(".")
    plain = _GAP.sub(lambda gap: gap[1] + "." + gap[2] if is_tld(gap[2].lower()) else gap[0], plain)
    if "@" in plain and "@" not in (rest := plain.partition("@")[2]):
        plain = plain.partition("@")[0] + "@" + rest.replace(",", ".").replace(";", ".").strip(".")
    if "@" not in plain:
        yield from _before_provider(plain)
    elif " " not in plain and plain.count("@") == 1:
        yield plain
    else:
        whole = [word for word in map(_strip, plain.split(" ")) if _WHOLE.fullmatch(word)]
        if len(whole) == 1 and plain.count("@") == 1 and plain[0].isupper():  # Jane Roe jane@acme.com
            yield whole[0]


def _before_provider(text: str) -> Iterator[str]:
    lower = text.lower()
    for name, endings in mail_domains().worldwide.items():
        domain = f"{name}.{endings[0]}"
        if lower.endswith(domain) and len(text) > len(domain):
            yield text[: -len(domain)].rstrip(".#&") + "@" + domain


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "%40" in text:
        text = text.replace("%40", "@")
    return squeeze(visible(text))


def _strip(text: str) -> str:
    """The text without what stands around an address; a full stop before it may be the rest of a word."""
    return text.lstrip(_OPENING).rstrip(_EDGES)


def _domain_dots(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return local + at + domain.translate(_DOTS)


_OPENING = " \t\"'`’‘“”«»‹›<>()[]{},;:|*\\"
_EDGES = _OPENING + ".!?"
_DOTS = str.maketrans("。．｡", "...")
_LINK = re.compile(r"\[([^\]]*)\]\((?:mailto:)?([^)]*)\)", re.IGNORECASE)
_SCHEME = re.compile(r"^[\s<\"'(]*(?:mailto|smtp|e-?mail):(?://)?", re.IGNORECASE)
_ANGLED = re.compile(r"<[^<>]*>|(?<=\s)\([^()]*\)\Z")
_BULLET = re.compile(r"^[-–—•·*]\s+")
_QUOTED = re.compile(r'"[^"@]*"@\S+|"[^"]*@[^"]*"@\S+')
_REMARK = re.compile(r"\s\([^()@]*\)\Z|\s\[[^\[\]@]*\]\Z")
_LABEL = re.compile(r"[^\W\d_][^@:=<>,;]{0,40}(?::|=)\s?(?=\S+@)")
_BREAK = re.compile(r"[\s,;|/]+(?:(?:and|or|und|oder|et|ou|y|o|e)\s)?")
_WHOLE = re.compile(r"[^\s@,;]+@[^\s@,;]+[.。．｡][^\s@,;]+")
_AT = re.compile(r"\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+at\s+|_at_|\s+\(a\)\s+", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*|\s+dot\s+|_dot_", re.IGNORECASE)
_AROUND = re.compile(r"\s*([@.])\s*")
_GAP = re.compile(r"(@[\w-]+(?:\.com?)?) ([A-Za-z]{2,})\Z")
_DOUBLED = re.compile(r"[@.]{2,}")
