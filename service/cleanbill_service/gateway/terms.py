"""On what terms a request is checked: how strictly, by which policy, and what is done for its creates."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args
from uuid import UUID

from starlette.types import Scope

from cleanbill import Policies, Policy, PolicyError
from cleanbill_service.delivery.create import Options
from cleanbill_service.policies import organisation_of
from cleanbill_service.settings import Mode, Settings
from cleanbill_service.upstream.headers import tokens

from .rates import RateCheck

#: What the table `gateway` of a policy may hold.
KEYS = (
    "mode",
    "accept_on_outage",
    "duplicate_check",
    "external_id_is_key",
    "mint_external_id",
    "rate_tax_category_id",
    "rate_business_entity_id",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a checked request is treated.

    `options` are for creates. With `mints_external_id` one that has neither external_id nor e-mail gets a UUID; with
    `rate_check` Zenskar is asked whether it has a tax rate for the address.
    """

    mode: Mode
    policy: Policy
    options: Options
    mints_external_id: bool
    rate_check: RateCheck | None


def all_terms(policies: Policies, settings: Settings) -> Mapping[str, Terms]:
    """The terms of each organisation with a policy of its own, and under "" those of all others. Raises PolicyError."""
    terms: dict[str, Terms] = {}
    for organisation in ("", *policies.organisations):
        table = policies.section("gateway", organisation)
        try:
            terms[organisation] = read_terms(table, settings, policies.of(organisation))
        except PolicyError as error:
            raise policies.mistake(str(error), error.at, organisation) from None
    return terms


def read_terms(table: Mapping[str, object], settings: Settings, policy: Policy) -> Terms:
    """The terms of a policy's table `gateway`; what it does not say is as in the settings. Raises PolicyError."""
    for key in table:
        if key not in KEYS:
            raise PolicyError(f"unknown key {key!r} in the policy{_hint(key, KEYS)}", at=("gateway", key))
    return Terms(
        _mode(table.get("mode", settings.mode)),
        policy,
        Options(
            accept_on_outage=_flag(table, "accept_on_outage", usual=settings.accept_on_outage),
            duplicate_check=_flag(table, "duplicate_check", usual=settings.duplicate_check),
            external_id_is_key=_flag(table, "external_id_is_key", usual=settings.external_id_is_key),
        ),
        _flag(table, "mint_external_id", usual=False),
        _rate_check(table, settings.rate_timeout),
    )


def _mode(value: object) -> Mode:
    modes = get_args(Mode)
    if value not in modes:
        near = _hint(value, modes) if isinstance(value, str) else ""
        raise PolicyError(f"mode in the policy is one of {', '.join(modes)}{near}", at=("gateway", "mode"))
    return cast("Mode", value)


def _flag(table: Mapping[str, object], key: str, *, usual: bool) -> bool:
    value = table.get(key, usual)
    if not isinstance(value, bool):
        raise PolicyError(f"{key} in the policy is true or false", at=("gateway", key))
    return value


def _rate_check(table: Mapping[str, object], within: float) -> RateCheck | None:
    category, entity = _uuid(table, "rate_tax_category_id"), _uuid(table, "rate_business_entity_id")
    if entity and not category:
        at = ("gateway", "rate_business_entity_id")
        raise PolicyError("rate_business_entity_id in the policy does nothing without rate_tax_category_id", at=at)
    return RateCheck(category, entity, within) if category else None


def _uuid(table: Mapping[str, object], key: str) -> str | None:
    value = table.get(key)
    try:
        return None if value is None else str(UUID(cast("str", value)))
    except (ValueError, TypeError, AttributeError):
        raise PolicyError(f"{key} in the policy is an id of Zenskar's, a UUID", at=("gateway", key)) from None


def _hint(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def terms_for(scope: Scope, terms: Mapping[str, Terms]) -> Terms:
    """The terms of one request, by the organisation that it names.

    `Prefer: handling=strict` (RFC 7240) asks for enforcement; `handling=lenient` is ignored, so that no client can ask for less.
    """
    usual = terms.get(organisation_of(scope["headers"])) or terms[""]
    if usual.mode != "enforce" and any(map(_is_strict, tokens(scope["headers"], b"prefer"))):
        return replace(usual, mode="enforce")
    return usual


def _is_strict(preference: str) -> bool:
    name, _, value = preference.partition(";")[0].partition("=")
    return (name.strip(), value.strip(' "')) == ("handling", "strict")
