"""A whole answer of Zenskar's."""

from __future__ import annotations

import json
from typing import NamedTuple, Self

from .headers import Headers


class Answer(NamedTuple):
    """An answer in the bytes that came; `Location` and `Content-Location` point at the gateway."""

    status: int
    headers: Headers
    content: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status})"

    def header(self, name: bytes) -> str:
        """The value of a header, whose name is given in lower case, or the empty text."""
        return next((value.decode("latin-1").strip() for key, value in self.headers if key.lower() == name), "")

    def replayed(self) -> Answer:
        """The same answer, said to be a repeat."""
        return self._replace(headers=[*self.headers, (b"Idempotent-Replayed", b"true")])

    def pack(self) -> bytes:
        """The answer as bytes, for `unpack`."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]
        return json.dumps([self.status, headers]).encode() + b"\n" + self.content

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The answer that `pack` packed."""
        head, _, content = packed.partition(b"\n")
        status, headers = json.loads(head)
        return cls(status, [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers], content)
