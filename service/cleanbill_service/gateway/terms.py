"""On what terms a request is checked: how strictly, by which policy, and what is done for its creates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args
from uuid import UUID

from starlette.types import Scope

from cleanbill import Policies, Policy, PolicyError
from cleanbill.policy_error import one_of, table_of, within
from cleanbill_service.caller import organisation_of
from cleanbill_service.delivery.create import Options
from cleanbill_service.settings import Mode, Settings
from cleanbill_service.upstream.headers import end_to_end, tokens

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


def judge(policies: Policies) -> None:
    """Raise PolicyError where a table `gateway` of a policy file cannot be used; `cleanbill policy check` asks."""
    TermsOf(policies, Settings.model_construct())


class TermsOf:
    """The terms of every organisation, read once from the policies of one file; what these do not say is as in the settings.

    Raises PolicyError for a table `gateway` that cannot be used.
    """

    def __init__(self, policies: Policies, settings: Settings) -> None:
        self._usual = _read(policies, settings, None)
        self._own = {name: _read(policies, settings, name) for name in policies.organisations}

    def request(self, scope: Scope) -> Terms:
        """The terms of one request; those of the base for an organisation without its own. Raises Problem 400 where it names two.

        `Prefer: handling=strict` (RFC 7240) asks for enforcement; `handling=lenient` is ignored, so that no client can ask for
        less.
        """
        terms = self._usual
        if self._own:
            terms = self._own.get(organisation_of(end_to_end(scope["headers"])), terms)
        if terms.mode != "enforce" and any(map(_is_strict, tokens(scope["headers"], b"prefer"))):
            return replace(terms, mode="enforce")
        return terms


def _read(policies: Policies, settings: Settings, organisation: str | None) -> Terms:
    try:
        return read_terms(policies.section("gateway", organisation), settings, policies.of(organisation))
    except PolicyError as error:
        raise policies.mistake(str(error), error.at, organisation) from None


def read_terms(table: Mapping[str, object], settings: Settings, policy: Policy) -> Terms:
    """The terms of a policy's table `gateway`; what it does not say is as in the settings. Raises PolicyError."""
    with within("gateway"):
        table_of(table, KEYS, "gateway")
        accepts = _flag(table, "accept_on_outage", usual=settings.accept_on_outage)
        if accepts and not settings.encryption_keys():
            message = "accept_on_outage in the policy needs the setting CLEANBILL_ENCRYPTION_KEY"
            raise PolicyError(message, at=("accept_on_outage",))
        return Terms(
            _mode(table.get("mode", settings.mode)),
            policy,
            Options(
                accept_on_outage=accepts,
                duplicate_check=_flag(table, "duplicate_check", usual=settings.duplicate_check),
                external_id_is_key=_flag(table, "external_id_is_key", usual=settings.external_id_is_key),
            ),
            _flag(table, "mint_external_id", usual=False),
            _rate_check(table, settings.rate_timeout),
        )


def _mode(value: object) -> Mode:
    one_of("mode", value, get_args(Mode), ("mode",))
    return cast("Mode", value)


def _flag(table: Mapping[str, object], key: str, *, usual: bool) -> bool:
    value = table.get(key, usual)
    if not isinstance(value, bool):
        raise PolicyError(f"{key} in the policy is true or false", at=(key,))
    return value


def _rate_check(table: Mapping[str, object], within: float) -> RateCheck | None:
    category, entity = _uuid(table, "rate_tax_category_id"), _uuid(table, "rate_business_entity_id")
    if entity and not category:
        message = "rate_business_entity_id in the policy does nothing without rate_tax_category_id"
        raise PolicyError(message, at=("rate_business_entity_id",))
    return RateCheck(category, entity, within) if category else None


def _uuid(table: Mapping[str, object], key: str) -> str | None:
    value = table.get(key)
    try:
        return None if value is None else str(UUID(cast("str", value)))
    except (ValueError, TypeError, AttributeError):
        raise PolicyError(f"{key} in the policy is an id of Zenskar's, a UUID", at=(key,)) from None


def _is_strict(preference: str) -> bool:
    name, _, value = preference.partition(";")[0].partition("=")
    return (name.strip(), value.strip(' "')) == ("handling", "strict")
