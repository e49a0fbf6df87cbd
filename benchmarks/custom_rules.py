"""What twenty rules of a policy's own, written in CEL, add to a check.

The rules are of the kinds that `rules/cleanbill/examples/` shows, so each record reads fields, the tax location, custom_data and
calls functions of the library.
"""

import json
import timeit
from importlib.resources import files
from time import process_time

from cleanbill import Policy, check_customer
from cleanbill.custom import custom_rules

REPEATS = 7
EXPRESSIONS = (
    "!has(customer.email) || email_domain(customer.email) != 'example.org'",
    "location.country != 'IN' || customer.tax_info.exists(t, tax_id_valid(t.tax_id, 'in_gst'))",
    "!has(customer.ship_to_address) || !is_po_box(customer.ship_to_address.line1)",
    "customer.custom_data.?tier.orValue('') != 'trial' || has(customer.external_id)",
    "!customer.customer_name.lowerAscii().matches('^(test|qa)[ _-]')",
    "customer.address.line1.size() < 200",
    "!in_eu(location.country) || customer.tax_info.size() > 0 || has(customer.address.country)",
    "has(customer.external_id) || has(customer.customer_name)",
    "location.sufficiency != 'none'",
    "!(location.country in ['KP', 'CU'])",
)


def policy_of(count: int) -> Policy:
    tables = [
        {"id": f"custom.rule-{n}", "require": EXPRESSIONS[n % len(EXPRESSIONS)], "message": "Say so.", "level": "info"}
        for n in range(count)
    ]
    return Policy(custom=custom_rules(tables))


def main() -> None:
    lines = (files("cleanbill_service") / "demo.ndjson").read_bytes().splitlines()
    dirty = [json.loads(line) for line in lines]
    clean = [report.clean for report in map(check_customer, dirty) if report.verdict != "rejected"]
    for record in clean:
        record["custom_data"] = {"tier": "enterprise", "seats": 12, "owner": "ops"}
    policies = {count: policy_of(count) for count in (0, 1, 20)}

    def microseconds(records: list[dict[str, object]], policy: Policy) -> float:
        def all_records() -> None:
            for record in records:
                check_customer(record, policy=policy)

        all_records()
        return min(timeit.repeat(all_records, timer=process_time, number=5, repeat=REPEATS)) / 5 / len(records) * 1e6

    print(f"{'':20}{'without':>10}{'1 rule':>10}{'20 rules':>10}{'ratio':>8}   µs a record")
    for name, records in (("messy customers", dirty), ("the same, clean", clean)):
        none, one, twenty = (microseconds(records, policies[count]) for count in (0, 1, 20))
        print(f"{name:20}{none:10.1f}{one:10.1f}{twenty:10.1f}{twenty / none:8.2f}   over {len(records)}")


if __name__ == "__main__":
    main()
