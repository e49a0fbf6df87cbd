"""An external_id for a new customer that has neither one nor an e-mail, so that an unknown outcome can be settled."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from cleanbill import Edit, Report
from cleanbill_service.delivery.create import identity
from cleanbill_service.notices import EXTERNAL_ID_MISSING
from cleanbill_service.vault import Hashes


def with_external_id(report: Report, key: tuple[str, ...] | None, hashes: Hashes) -> Report:
    """The report with an external_id added to `clean` where there is nothing to find the customer by.

    The same `key` gives the same external_id, so that a repeat looks for the customer that was sent; None gives a new one.
    """
    clean = report.clean
    if not isinstance(clean, dict) or any(identity(clean)):
        return report
    minted = str(UUID(hex=hashes.of("external_id", *key)[:32], version=4) if key else uuid4())
    edit = Edit("replace" if "external_id" in clean else "add", "/external_id", clean.get("external_id"), minted)
    finding = EXTERNAL_ID_MISSING.finding("/external_id", edit)
    return replace(report, clean={**clean, "external_id": minted}, findings=(*report.findings, finding))
