"""What twenty rules of a policy's own, written in CEL, add to a check.

The rules are those that `rules/cleanbill/examples/` shows, three times over with other constants, as a company with entities in
several countries has them. They read fields, lists, the tax location and custom_data, match patterns and call functions.
"""

import json
import timeit
import tomllib
from importlib.resources import files
from time import process_time

from cleanbill import Policy, check_customer
from cleanbill.custom import custom_rules

REPEATS = 15
CONSTANTS = ("IN", "in_gst", "enterprise", "b2c", "competitor", "spam", "test|demo|qa")
OTHERS = (
    CONSTANTS,
    ("GB", "gb_vat", "platinum", "private", "rival", "junk", "sample|trial|dummy"),
    ("AU", "au_abn", "partner", "consumer", "bad", "throwaway", "staging|uat|internal"),
)


def policy_of(count: int) -> Policy:
    source = (files("cleanbill") / "examples" / "rules.toml").read_text("utf-8")
    tables = []
    for others in OTHERS:
        written = source
        for constant, other in zip(CONSTANTS, others, strict=True):
            written = written.replace(constant, other)
        tables += [
            {key: value for key, value in table.items() if key != "fix"} for table in tomllib.loads(written)["rules"]
        ]
    return Policy(custom=custom_rules([{**table, "id": f"custom.rule-{n}"} for n, table in enumerate(tables[:count])]))


def main() -> None:
    lines = (files("cleanbill_service") / "demo.ndjson").read_bytes().splitlines()
    dirty = [json.loads(line) for line in lines]
    clean = [report.clean for report in map(check_customer, dirty) if report.verdict != "rejected"]
    for record in clean:
        record["custom_data"] = {"tier": "enterprise", "seats": 12, "owner": "ops"}
    policies = {count: policy_of(count) for count in (0, 1, 20)}

    def microseconds(records: list[dict[str, object]]) -> list[float]:
        """For each policy, the best of many runs in turn, as the machine has better and worse moments."""

        def check_all(policy: Policy) -> float:
            return timeit.timeit(
                lambda: [check_customer(record, policy=policy) for record in records], timer=process_time, number=3
            )

        turns = [[check_all(policy) for policy in policies.values()] for _ in range(REPEATS)]
        return [min(times) / 3 / len(records) * 1e6 for times in zip(*turns, strict=True)]

    print(f"{'':20}{'without':>10}{'1 rule':>10}{'20 rules':>10}{'ratio':>8}{'added':>8}   µs a record")
    for name, records in (("messy customers", dirty), ("the same, clean", clean)):
        none, one, twenty = microseconds(records)
        added = twenty - none
        print(f"{name:20}{none:10.1f}{one:10.1f}{twenty:10.1f}{twenty / none:8.2f}{added:8.1f}   over {len(records)}")


if __name__ == "__main__":
    main()
