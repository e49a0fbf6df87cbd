"""Who asks: what belongs to a caller is read with the same organisation and credential again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

import orjson

from .problems import Problem

CREDENTIAL = ("x-api-key", "authorization")
#: The header that names an organisation, as OpenAPI describes it.
ORGANISATION = {
    "name": "organisation",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "whose policy counts, where it has one of its own",
}
_CARRIED = frozenset((*CREDENTIAL, "organisation", "apiversion"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the organisation and the credential, as the request's headers name them."""

    organisation: str
    credential: str = field(repr=False)

    @classmethod
    def of(cls, headers: Iterable[tuple[str, str]]) -> Self:
        """The caller of a request with these headers; one that is not there counts as empty.

        Raises Problem 400 where one stands twice: Zenskar might go by the other.
        """
        given: dict[str, str] = {}
        for name, value in headers:
            key = name.lower()
            if key in _CARRIED and given.setdefault(key, value) is not value:
                raise _doubled(key)
        credential = orjson.dumps([given.get(name, "") for name in CREDENTIAL]).decode()
        return cls(_organisation(given.get("organisation", "")), credential)


def organisation_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The organisation that a request names, empty where it names none. Raises Problem 400 where its header stands twice."""
    named = [value for name, value in headers if name == b"organisation"]
    if len(named) > 1:
        raise _doubled("organisation")
    return _organisation(named[0].decode("utf-8", "replace")) if named else ""


def on_behalf(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of a question of our own to Zenskar that belongs to a request with these headers."""
    carried = [(name, value) for name, value in headers if name.lower() in _CARRIED]
    return [*carried, ("Accept", "application/json"), ("Accept-Encoding", "identity"), ("Via", "1.1 cleanbill")]


def _organisation(header: str) -> str:
    return header.strip().lower()


def _doubled(header: str) -> Problem:
    return Problem(400, "credential-doubled", f"The header {header} stands twice; send it once.")
