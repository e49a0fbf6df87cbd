"""On what terms a request is checked: how strictly, and by which policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from starlette.types import Scope

from cleanbill import Policies, Policy
from cleanbill_service.policies import organisation_of

from .headers import tokens

#: enforce: a rejected customer is not sent. correct: sent with the safe fixes all the same. observe: sent as it came.
Mode = Literal["enforce", "correct", "observe"]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a checked request is treated."""

    mode: Mode
    policy: Policy


def terms_for(scope: Scope, usual: Terms, policies: Policies) -> Terms:
    """The terms of one request: the usual ones with the policy of its organisation.

    `Prefer: handling=strict` (RFC 7240) asks for enforcement; `handling=lenient` is ignored, so that no client can ask for less.
    """
    policy = policies.of(organisation_of(scope["headers"]))
    if policy is not usual.policy:
        usual = replace(usual, policy=policy)
    if usual.mode != "enforce" and any(map(_is_strict, tokens(scope["headers"], b"prefer"))):
        return replace(usual, mode="enforce")
    return usual


def _is_strict(preference: str) -> bool:
    name, _, value = preference.partition(";")[0].partition("=")
    return (name.strip(), value.strip(' "')) == ("handling", "strict")
