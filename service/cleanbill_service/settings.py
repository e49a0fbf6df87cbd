"""Settings of the service: environment variables with the prefix CLEANBILL_."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .store import open_store
from .vault import Vault

#: enforce: a rejected customer is not sent. correct: sent with the safe fixes all the same. observe: sent as it came.
Mode = Literal["enforce", "correct", "observe"]


class Settings(BaseSettings):
    """What an operator sets. Each field is the variable CLEANBILL_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="CLEANBILL_", env_ignore_empty=True, frozen=True)

    zenskar_url: HttpUrl = Field(
        HttpUrl("https://api.zenskar.com"), description="base URL that the gateway forwards to"
    )
    policy: Path | None = Field(
        None, description="the policy file; cleanbill.toml in the working directory where not set"
    )
    mode: Mode = Field("enforce", description="what becomes of a rejected customer: enforce, correct, or observe")
    max_body: int = Field(1024 * 1024, gt=0, description="largest body that is checked, in bytes, unpacked")
    body_timeout: float = Field(
        60.0, gt=0, description="seconds that a client may take for a body on its way to Zenskar"
    )
    upstream_timeout: float = Field(
        30.0, gt=0, description="seconds that Zenskar may take to answer what is checked, or be silent"
    )
    connect_timeout: float = Field(5.0, gt=0, description="seconds that connecting to Zenskar may take")
    upstream_connections: int = Field(128, gt=0, description="connections to Zenskar at once")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///cleanbill.db"), description="where reports and deliveries are kept; or postgresql://…"
    )
    encryption_key: SecretStr | None = Field(
        None, description="Fernet key for requests that are delivered later; several with commas, the first one seals"
    )
    settle_after: float | None = Field(
        None,
        gt=0,
        description="seconds after a sending until nobody found means nobody there; twice the upstream time-out",
    )
    accept_on_outage: bool = Field(default=False, description="accept creates with 202 while Zenskar cannot be reached")
    duplicate_check: bool = Field(
        default=False,
        description="look for the e-mail and external_id before a create, and answer 409 where they are taken",
    )
    external_id_is_key: bool = Field(
        default=False, description="let external_id serve as Idempotency-Key where a create has none"
    )
    rate_timeout: float = Field(
        1.0, gt=0, description="seconds that the look-up of a tax rate may take, where a policy asks for it"
    )
    deliveries_per_second: float = Field(
        20.0, gt=0, description="steps of deferred deliveries a second and organisation"
    )
    give_up_after: float = Field(3 * 86400.0, gt=0, description="seconds until a delivery that gets nowhere is dead")
    deliveries_kept: float = Field(30 * 86400.0, gt=0, description="seconds for which a decided delivery is kept")
    reports_kept: float = Field(7 * 86400.0, gt=0, description="seconds for which the report of a check is kept")

    @field_validator("database_url")
    @classmethod
    def _store_is_known(cls, url: SecretStr) -> SecretStr:
        open_store(url.get_secret_value())
        return url

    @field_validator("encryption_key")
    @classmethod
    def _keys_are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        Vault(_listed(keys))
        return keys

    @field_validator("accept_on_outage")
    @classmethod
    def _what_is_accepted_can_be_sealed(cls, accept: bool, known: ValidationInfo) -> bool:  # noqa: FBT001
        if accept and not _listed(known.data.get("encryption_key")):
            raise ValueError("accepting for later needs CLEANBILL_ENCRYPTION_KEY")
        return accept

    def grace(self) -> float:
        """Seconds in which every request under way can have its answer: a turn in the pool, the answer, and a look-up."""
        return self.connect_timeout + self.upstream_timeout + 10

    def encryption_keys(self) -> list[str]:
        """The keys of `encryption_key`, the one that seals first."""
        return _listed(self.encryption_key)


def _listed(keys: SecretStr | None) -> list[str]:
    given = keys.get_secret_value() if keys else ""
    return [key.strip() for key in given.split(",") if key.strip()]


def reason(error: ValidationError) -> str:
    """What is wrong with the settings, by variable, without their values."""
    return "; ".join(f"CLEANBILL_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False))
