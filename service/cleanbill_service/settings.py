"""Settings of the service: environment variables with the prefix CLEANBILL_."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from .gateway.terms import Mode


class Settings(BaseSettings):
    """What an operator sets. Each field is the variable CLEANBILL_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="CLEANBILL_", frozen=True)

    zenskar_url: HttpUrl = Field(
        HttpUrl("https://api.zenskar.com"), description="base URL that the gateway forwards to"
    )
    policy: Path | None = Field(None, description="TOML file with the policy; the default policy where it is not set")
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


def reason(error: ValidationError) -> str:
    """What is wrong with the settings, by variable, without their values."""
    return "; ".join(f"CLEANBILL_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False))
