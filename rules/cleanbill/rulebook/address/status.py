"""What a tax provider once said of an address counts for that address and no other."""

from __future__ import annotations

from cleanbill.parts import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on

rule = rule_on(Address, unless="is_unremarkable")


@rule(
    "address.validation-status-stale",
    at="/validation_status",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"validation_status"},
    message="The address was corrected, so its earlier validation no longer counts; Zenskar or its tax provider must repeat it.",
    bad={"address": {"country": "USA", "country_code": "US", "validation_status": "valid"}},
    good={"address": {"country": "United States", "country_code": "US"}},
    since="0.1",
)
def validation_status_stale(address: Address) -> Found:
    """An address that nobody has validated must not pass as validated, since its tax is then trusted."""
    if address.data.get("validation_status") is None or not _is_corrected(address):
        return None
    return Hit({"/validation_status": REMOVE})


@rule(
    "address.validation-status-unproven",
    at="/validation_status",
    level="warn",
    reads={"validation_status"},
    message="Leave the status out: only a tax provider can say that an address is valid, and Zenskar stores this word"
    " without asking one.",
    bad={"address": {"country": "United States", "country_code": "US", "validation_status": "valid"}},
    good={"address": {"country": "United States", "country_code": "US", "validation_status": "pending"}},
    since="0.1",
)
def validation_status_unproven(address: Address) -> Found:
    """A validation that only the sender claims hides that the address, and with it the tax, was never checked."""
    status = address.text("validation_status")
    return Hit() if status and status.strip().lower() == "valid" else None


def _is_corrected(address: Address) -> bool:
    return any(pointer.startswith(address.base + "/") for pointer in address.customer.edited)


RULES = (validation_status_stale, validation_status_unproven)
