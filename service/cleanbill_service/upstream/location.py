"""Where an answer points: at the gateway where it pointed at Zenskar, so that a client that follows it stays on its way."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yarl import URL

from .headers import Headers

_POINTING = frozenset((b"location", b"content-location"))
_ABSOLUTE = re.compile(rb"(?:(https?):)?//([^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_AUTHORITY = re.compile(rb"(\[[^\]]*\]|[^@:\[\]]+)(?::([0-9]*))?")
_DEFAULT_PORTS = {b"http": b"80", b"https": b"443"}


class Location:
    """Rewrites what points at the Zenskar of `base` to the path where the gateway shows it.

    A host counts under http and https alike: one behind a proxy that ends TLS does not know which of them its clients use.
    """

    def __init__(self, base: str, shown_at: str) -> None:
        url = URL(base)
        self._scheme = url.scheme.encode()
        self._host = _host(self._scheme, url.raw_authority.encode())
        self._path = url.raw_path.rstrip("/").encode()
        self._shown_at = shown_at.encode()

    def at_gateway(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """The headers with `Location` and `Content-Location` rewritten; those that point elsewhere, or are relative, stay."""
        return [
            (name, self._rewritten(value)) if name.lower() in _POINTING else (name, value) for name, value in headers
        ]

    def _rewritten(self, reference: bytes) -> bytes:
        rest = reference
        if absolute := _ABSOLUTE.fullmatch(reference):
            scheme, authority, rest = absolute.groups()
            if _host((scheme or self._scheme).lower(), authority) != self._host:
                return reference
        elif not reference.startswith(b"/"):
            return reference
        below = rest.removeprefix(self._path)
        if not rest.startswith(self._path) or (self._path and below[:1] not in (b"", b"/", b"?", b"#")):
            return reference
        return self._shown_at + (below if below.startswith(b"/") else b"/" + below)


def _host(scheme: bytes, authority: bytes) -> tuple[bytes, bytes] | None:
    """Host and port, without the port that goes without saying; None where there is no plain host."""
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        return None
    host, port = found[1].lower(), found[2] or b""
    return host, b"" if port == _DEFAULT_PORTS.get(scheme) else port
