"""Who asks: what belongs to a caller is read with the same organisation and credential again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from .problems import Problem

CREDENTIAL = ("x-api-key", "authorization")
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
                raise Problem(400, "credential-doubled", f"The header {key} stands twice; send it once.")
        credential = json.dumps([given.get(name, "") for name in CREDENTIAL])
        return cls(given.get("organisation", "").strip().lower(), credential)


def on_behalf(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of a question of our own to Zenskar that belongs to a request with these headers."""
    carried = [(name, value) for name, value in headers if name.lower() in _CARRIED]
    return [*carried, ("Accept", "application/json"), ("Accept-Encoding", "identity"), ("Via", "1.1 cleanbill")]
