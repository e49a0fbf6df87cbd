"""What is not known of Zenskar, as switches. The defaults are the best reading of its public documentation."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Switches(BaseModel):
    """One reading of Zenskar's behaviour. Also changed while running, see `PUT /__sandbox__/switches`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    created_status: Literal[200, 201] = 200
    """The status of a successful create."""
    error_body: Literal["detail", "message", "html"] = "detail"
    """The shape of every error but 422: `{"detail": …}`, `{"message": …}` or a page of HTML."""
    validation_wording: Literal["v1", "v2"] = "v2"
    """422 bodies in the words of pydantic 1 or 2."""
    email_case_insensitive: bool = True
    """Whether `Jane@acme.io` and `jane@acme.io` are one e-mail when duplicates are looked for."""
    duplicate_external_id: Literal["refuse", "allow"] = "refuse"
    """Whether a second customer may have the external_id of another one."""
    uuid_external_id: Literal["id", "both"] = "id"
    """A UUID external_id becomes the customer's id; `both` shows it as external_id too."""
    phone: Literal["lenient", "strict"] = "lenient"
    """`strict` takes only numbers that libphonenumber calls valid, with their country code."""
    phone_status: Literal[400, 422] = 400
    """The status of a refused phone number."""
    empty_name: Literal["accept", "refuse"] = "accept"
    """Whether customer_name may be the empty string; refused with 422."""
    unknown_entity: Literal[400, 404] = 400
    """The status when business_entity_id names no entity of the organisation."""
    validation_status: Literal["stored", "pending"] = "stored"
    """An address's validation_status as the client sent it, or always `pending`."""
    patch_address: Literal["replace", "merge"] = "replace"
    """Whether PATCH replaces a nested address or merges the sent fields into it."""
    envelope: Literal["results", "data"] = "results"
    """List answers as results/next/previous/total_count or as data/next/total."""
    rates_case_sensitive: bool = True
    """Whether a tax rate look-up distinguishes `San Francisco` from `SAN FRANCISCO`."""
    visibility_delay: float = Field(default=0, ge=0)
    """Seconds for which a new customer is missing from lists; GET by id and the duplicate check see it at once."""


DEFAULTS = Switches()
