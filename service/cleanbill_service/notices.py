"""What the gateway finds of a customer beside the rules. Each has an entry in the catalogue, as a rule has."""

from __future__ import annotations

from dataclasses import dataclass

from cleanbill import Edit, Finding
from cleanbill.report import Fix, Level


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of finding that only the gateway makes. `reason` says why it matters for billing."""

    id: str
    level: Level
    message: str
    reason: str
    fix: Fix = "none"
    since: str = "0.1"

    def finding(self, pointer: str, *edits: Edit) -> Finding:
        """The finding at a pointer into the customer; its edits, if there are any, were applied."""
        return Finding(self.id, pointer, self.level, self.message, self.fix, edits, applied=bool(edits))

    def to_dict(self) -> dict[str, object]:
        """Its entry in the catalogue: as a rule's, without examples."""
        return {
            "id": self.id,
            "family": self.id.partition(".")[0],
            "message": self.message,
            "reason": self.reason,
            "level": self.level,
            "fix": self.fix,
            "since": self.since,
        }


RATE_MISSING = Notice(
    "location.rate-missing",
    "warn",
    "Zenskar finds no tax rate for the address as it is written; check it, or set a rate up for it.",
    "Without a rate the first invoice cannot be taxed, and it is held up or goes out without tax.",
)
RATE_UNKNOWN = Notice(
    "location.rate-unknown",
    "info",
    "Zenskar has not said whether there is a tax rate for this address.",
    "A missing rate is then noticed only when the first invoice is made.",
)
EXTERNAL_ID_MISSING = Notice(
    "party.external-id-missing",
    "info",
    "The customer has neither external_id nor e-mail, by which it could be found after a lost answer; cleanbill has given it a"
    " UUID as external_id, which becomes its id.",
    "A customer that cannot be found again cannot be kept from being created twice.",
    "safe",
)
NOTICES = (RATE_MISSING, RATE_UNKNOWN, EXTERNAL_ID_MISSING)
