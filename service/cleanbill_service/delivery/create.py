"""One create-customer request on its way to Zenskar."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Self

from cleanbill_service.caller import Caller

Headers = list[tuple[str, str]]

_NAMED = re.compile(
    r".*<([^<>\s]+@[^<>\s]+)>\s*", re.DOTALL
)  # an e-mail address with a name, of which Zenskar keeps the address


@dataclass(frozen=True, slots=True)
class Options:
    """What an organisation wants for its creates beyond what is always done.

    With `accept_on_outage` one that cannot be sent now is accepted and delivered later; with `duplicate_check` a customer that
    Zenskar has already is not sent; with `external_id_is_key` an external_id serves where there is no Idempotency-Key.
    """

    accept_on_outage: bool = False
    duplicate_check: bool = False
    external_id_is_key: bool = False


@dataclass(frozen=True, slots=True)
class Create:
    """A checked create-customer request.

    `caller` is whose request it is; `headers` and `body` are what Zenskar gets. `external_id` and `email` are those of
    `body`, by which the customer can be found again. `key` is the Idempotency-Key, and `fingerprint`, which goes with a key,
    that of the body before correction.
    """

    caller: Caller
    target: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    external_id: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    fingerprint: str = field(default="", repr=False)
    respond_async: bool = False
    options: Options = Options()

    @property
    def identifiable(self) -> bool:
        """Whether the customer can be looked up."""
        return bool(self.external_id or self.email)

    @property
    def encoding(self) -> str:
        """How the body is compressed, or the empty text."""
        return next((value for name, value in self.headers if name.lower() == "content-encoding"), "")

    def pack(self) -> bytes:
        """The request as bytes, for `unpack`: what is needed to deliver it later."""
        known = [self.external_id, self.email, self.key, self.fingerprint, self.options.duplicate_check]
        return json.dumps([self.target, self.headers, *known]).encode() + b"\n" + self.body

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The request that `pack` packed."""
        head, _, body = packed.partition(b"\n")
        target, headers, external_id, email, key, fingerprint, duplicate_check = json.loads(head)
        pairs = [(name, value) for name, value in headers]
        options = Options(duplicate_check=duplicate_check)
        return cls(Caller.of(pairs), target, pairs, body, external_id, email, key, fingerprint, options=options)


def fingerprint(body: Any) -> str:
    """What two requests have in common whose JSON means the same: keys in any order, spaces anywhere."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def identity(body: Any) -> tuple[str | None, str | None]:
    """The external_id and the e-mail of a body, by which its customer can be found again."""
    given = body if isinstance(body, dict) else {}
    external_id, email = given.get("external_id"), given.get("email")
    return _text(external_id), _text(_NAMED.sub(r"\1", email).strip() if isinstance(email, str) else None)


def _text(value: object) -> str | None:
    """A text that can be asked for; nobody has one with half a character in it."""
    if not isinstance(value, str) or not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value
