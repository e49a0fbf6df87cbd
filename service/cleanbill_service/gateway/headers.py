"""Which headers travel through a proxy (RFC 9110 section 7.6, RFC 9112)."""

from __future__ import annotations

from collections.abc import Iterable

Headers = list[tuple[str, str]]

_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
# Set anew for the upstream connection; `Expect` is answered by our own server.
_OURS = frozenset(("host", "content-length", "expect"))
VIA = "1.1 cleanbill"


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """The headers without those that concern one connection only, `Connection` and what it names among them."""
    headers = list(headers)
    named = {name.strip().lower() for key, value in headers if key.lower() == "connection" for name in value.split(",")}
    return [(key, value) for key, value in headers if key.lower() not in _HOP_BY_HOP and key.lower() not in named]


def to_upstream(headers: Iterable[tuple[str, str]], client: str | None) -> Headers:
    """What goes on to Zenskar: the end-to-end headers, `Via`, and who the client is."""
    kept = [(key, value) for key, value in end_to_end(headers) if key.lower() not in _OURS]
    kept.append(("Via", VIA))
    if client:
        kept.append(("Forwarded", f'for="[{client}]"' if ":" in client else f"for={client}"))
    return kept


def to_client(headers: Iterable[tuple[str, str]]) -> Headers:
    """What comes back from Zenskar, in its order, with `Via`."""
    return [*end_to_end(headers), ("Via", VIA)]


def prefers(values: Iterable[str], preference: str) -> bool:
    """Whether a `Prefer` header names this preference (RFC 7240)."""
    named = (part.partition(";")[0].strip().lower() for value in values for part in value.split(","))
    return preference in named
