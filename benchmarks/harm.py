"""No harm: what checks do to customers in which nothing is to be corrected.

    python benchmarks/harm.py [number of customers, 100000 by default] [seed]

Every customer that is changed or rejected is listed with the rule and the pointer, and counted. Warnings are counted too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from clean_customers import clean_customers

from cleanbill import check_customer

COUNT, SEED = 100_000, 2026
LISTED = 50  # rows that are printed of each rule and pointer


class Harm(NamedTuple):
    """One finding that changed or rejected a clean customer."""

    row: int
    rule: str
    pointer: str
    applied: bool
    before: object
    after: object


class Outcome(NamedTuple):
    """What became of the customers: verdicts, harm in the order found, and rules that only spoke."""

    verdicts: Counter[str]
    harms: list[Harm]
    told: Counter[tuple[str, str]]


def judge(customers: Iterable[dict[str, Any]]) -> Outcome:
    """Check every customer and collect what was done to it."""
    outcome = Outcome(Counter(), [], Counter())
    for row, customer in enumerate(customers):
        report = check_customer(customer)
        outcome.verdicts[report.verdict] += 1
        for finding in report.findings:
            if finding.applied or finding.level == "error":
                harm = Harm(row, finding.rule, finding.pointer, finding.applied, finding.before, finding.after)
                outcome.harms.append(harm)
            else:
                outcome.told[finding.rule, finding.level] += 1
    return outcome


def lines(outcome: Outcome) -> Iterator[str]:
    """The outcome as text."""
    yield ", ".join(f"{verdict}: {count}" for verdict, count in sorted(outcome.verdicts.items()))
    shown = Counter[tuple[str, str]]()
    for harm in outcome.harms:
        shown[harm.rule, harm.pointer] += 1
        if shown[harm.rule, harm.pointer] <= LISTED:
            did = f"{harm.before!r} -> {harm.after!r}" if harm.applied else "rejected"
            yield f"row {harm.row}: {harm.rule} at {harm.pointer}: {did}"
    for (rule, pointer), count in shown.most_common():
        yield f"{count:7} {rule} at {pointer}"
    for (rule, level), count in outcome.told.most_common():
        yield f"{count:7} {rule} ({level}, value kept)"


def main() -> None:
    """Judge as many customers as asked for."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    print("\n".join(lines(judge(clean_customers(count, seed)))))


if __name__ == "__main__":
    main()
