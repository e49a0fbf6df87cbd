"""What a check answers: a report, its findings, and the edits that each finding made or offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from .countries.location import TaxLocation

Level = Literal["info", "warn", "error"]
Fix = Literal["none", "safe", "guess"]
Verdict = Literal["accepted", "corrected", "rejected"]


class Patch(TypedDict, total=False):
    """One operation of RFC 6902; `value` is left out of a removal."""

    op: Literal["add", "replace", "remove"]
    path: str
    value: object


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one value. `before` is None for an `add`, `after` for a `remove`."""

    op: Literal["add", "replace", "remove"]
    pointer: str
    before: object = field(default=None, repr=False)
    after: object = field(default=None, repr=False)

    def to_dict(self) -> dict[str, object]:
        """The change as JSON, with the value before and after."""
        return {"op": self.op, "pointer": self.pointer, "before": self.before, "after": self.after}

    def to_patch(self) -> Patch:
        """The same change as an RFC 6902 operation."""
        patch: Patch = {"op": self.op, "path": self.pointer}
        if self.op != "remove":
            patch["value"] = self.after
        return patch


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one field.

    `message` says what to do and never repeats the customer's data; `pointer` is RFC 6901 into the checked value. `edits` are
    applied together or not at all: `applied` tells which. `candidates` are values for `pointer` where several are possible.
    The values are left out of `repr`, so that a logged finding holds no personal data.
    """

    rule: str
    pointer: str
    level: Level
    message: str
    fix: Fix = "none"
    edits: tuple[Edit, ...] = field(default=(), repr=False)
    applied: bool = False
    candidates: tuple[object, ...] = field(default=(), repr=False)

    @property
    def before(self) -> object:
        """The value that the first edit replaces, or None."""
        return self.edits[0].before if self.edits else None

    @property
    def after(self) -> object:
        """The value that the first edit puts there, or None."""
        return self.edits[0].after if self.edits else None

    @property
    def help(self) -> str:
        """Where the service says what the rule does and why; on the page of all rules the anchor is the rule's id.

        A rule that a policy brings is told there to who names the same organisation in the header `organisation`.
        """
        return f"/v1/rules/{self.rule}"

    def to_dict(self) -> dict[str, object]:
        """The finding as JSON: the fields above, `before`, `after` and `help`."""
        return {
            "rule": self.rule,
            "pointer": self.pointer,
            "level": self.level,
            "message": self.message,
            "fix": self.fix,
            "applied": self.applied,
            "before": self.before,
            "after": self.after,
            "edits": [edit.to_dict() for edit in self.edits],
            "candidates": list(self.candidates),
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement on one value.

    `clean` is the corrected value: for a customer a create-customer body, for a part the part. It is a new object; what no rule
    writes, such as `custom_data`, is the caller's own, so copy it before you change it.
    It keeps its shape when the verdict is rejected. `tax_location` is that of the address that decides the tax, None where
    no country is known. `duplicate_keys` maps pointers of e-mail, phone, tax ids and name to the keys under which two records of
    one customer meet; a key is for comparing, never an address to send to.
    """

    clean: object = field(repr=False)
    findings: tuple[Finding, ...] = ()
    tax_location: TaxLocation | None = field(default=None, repr=False)
    duplicate_keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def verdict(self) -> Verdict:
        """Rejected when an error stands unapplied, corrected when anything was applied, else accepted."""
        corrected = False
        for finding in self.findings:
            if finding.applied:
                corrected = True
            elif finding.level == "error":
                return "rejected"
        return "corrected" if corrected else "accepted"

    def patch(self) -> list[Patch]:
        """The applied corrections as an RFC 6902 patch: applied to the checked value it gives `clean`."""
        return [edit.to_patch() for finding in self.findings if finding.applied for edit in finding.edits]

    def to_dict(self) -> dict[str, object]:
        """The report as JSON, as the HTTP API answers it."""
        return {
            "verdict": self.verdict,
            "clean": self.clean,
            "findings": [finding.to_dict() for finding in self.findings],
            "patch": self.patch(),
            "tax_location": self.tax_location and self.tax_location.to_dict(),
            "duplicate_keys": dict(self.duplicate_keys),
        }
