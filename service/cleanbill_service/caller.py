"""Who asks: what belongs to a caller is read with the same organisation and credential again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

CREDENTIAL = ("x-api-key", "authorization")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the organisation and the credential, as the request's headers name them."""

    organisation: str
    credential: str = field(repr=False)

    @classmethod
    def of(cls, headers: Iterable[tuple[str, str]]) -> Self:
        """The caller of a request with these headers; a header that is not there counts as empty."""
        given = {name.lower(): value for name, value in headers}
        credential = json.dumps([given.get(name, "") for name in CREDENTIAL])
        return cls(given.get("organisation", "").strip().lower(), credential)
