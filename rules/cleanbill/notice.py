"""What the gateway finds of a customer beside the rules. Each has an entry in the catalogue, as a rule has."""

from __future__ import annotations

from dataclasses import dataclass

from .report import Edit, Finding, Fix, Level


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
