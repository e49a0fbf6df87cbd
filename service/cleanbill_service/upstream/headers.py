"""Which headers travel through a proxy (RFC 9110 section 7.6, RFC 9112), and how they are written on either side."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.types import Scope

from cleanbill_service.problems import Problem

#: As they stand on the wire, in order, duplicates and all.
Headers = list[tuple[bytes, bytes]]

_HOP_BY_HOP = frozenset((b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"))
# Set anew for the upstream connection; `Expect` is answered by our own server.
_OURS = frozenset((b"host", b"content-length", b"expect"))

_CODINGS = frozenset(("gzip", "x-gzip", "deflate", "identity"))

_NOT_A_NAME = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_NOT_A_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_IPV4 = re.compile(r"[0-9.]+")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+")


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers without those that concern one connection only, `Connection` and what it names among them."""
    kept: Headers = []
    named: set[bytes] = set()
    for header in headers:
        name = header[0].lower()
        if name == b"connection":
            named.update(token.strip().lower() for token in header[1].split(b","))
        elif name not in _HOP_BY_HOP and not name.startswith(b"proxy-"):
            kept.append(header)
    return [header for header in kept if header[0].lower() not in named] if named else kept


def to_upstream(scope: Scope) -> list[tuple[str, str]]:
    """What goes on to Zenskar: the end-to-end headers, `Via`, and `Forwarded` with who the client is. Names are in lower case.

    Raises Problem 400 for a header that is not UTF-8, which could not be sent on unchanged.
    """
    try:
        kept = [
            (name.decode("utf-8"), value.decode("utf-8"))
            for name, value in end_to_end(scope["headers"])
            if name not in _OURS
        ]
    except UnicodeDecodeError:
        raise Problem(400, "header-not-utf8", "A header is not text in UTF-8; send it so.") from None
    kept.append(("via", f"{scope['http_version']} cleanbill"))
    kept.append(("forwarded", f"for={_node(scope)};proto={scope['scheme']}"))
    return kept


def readable(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of a request whose answer must be understood: it is compressed in no way that is not known here."""
    return [(name, _known_codings(value) if name == "accept-encoding" else value) for name, value in headers]


def _known_codings(accepted: str) -> str:
    known = [part.strip() for part in accepted.split(",") if part.partition(";")[0].strip().lower() in _CODINGS]
    return ", ".join(known) or "identity"


def _node(scope: Scope) -> str:
    """The client as `Forwarded` names it (RFC 7239 section 6)."""
    host: str = (scope["client"] or ("unknown", 0))[0]
    if _IPV4.fullmatch(host):
        return host
    return f'"[{host}]"' if _IPV6.fullmatch(host) else "unknown"


def to_client(headers: Iterable[tuple[bytes, bytes]], status: int) -> Headers:
    """What comes back from Zenskar, in its order, with `Via`; nothing of it goes under our own name.

    A length that the answer's body does not have is left out.
    """
    headers = list(headers)
    kept = [header for header in end_to_end(headers) if not header[0].lower().startswith(b"cleanbill-")]
    if status in (204, 304) or any(name.lower() == b"transfer-encoding" for name, _ in headers):
        kept = [header for header in kept if header[0].lower() != b"content-length"]
    return [*kept, (b"via", b"1.1 cleanbill")]


def are_sound(headers: Headers) -> bool:
    """Whether these can be written to a client: no name or value holds what would end it."""
    names = b"".join([name for name, _ in headers])
    values = b"".join([value for _, value in headers])
    return not _NOT_A_NAME.search(names) and not _NOT_A_VALUE.search(values)


def tokens(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """The members of a list header, of all its lines together, in lower case."""
    lines = [value.decode("latin-1") for key, value in headers if key == name]
    return [token for line in lines for part in line.split(",") if (token := part.strip().lower())]
