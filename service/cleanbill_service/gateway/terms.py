"""On what terms a request is checked: how strictly, and by which policy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.types import Scope

from cleanbill import Policy
from cleanbill_service.settings import Mode
from cleanbill_service.upstream.headers import tokens


@dataclass(frozen=True, slots=True)
class Terms:
    """How a checked request is treated."""

    mode: Mode
    policy: Policy


def terms_for(scope: Scope, usual: Terms) -> Terms:
    """The terms of one request. Here is the place for those of its organisation.

    `Prefer: handling=strict` (RFC 7240) asks for enforcement; `handling=lenient` is ignored, so that no client can ask for less.
    """
    if usual.mode != "enforce" and any(map(_is_strict, tokens(scope["headers"], b"prefer"))):
        return replace(usual, mode="enforce")
    return usual


def _is_strict(preference: str) -> bool:
    name, _, value = preference.partition(";")[0].partition("=")
    return (name.strip(), value.strip(' "')) == ("handling", "strict")
