# ruff: noqa: INP001  a script, no package
"""Rebuild data/leading_zeros.json: every postcode with a leading zero, of the countries that GeoNames has in full.

    python rules/scripts/build_leading_zeros.py allCountries.txt

The file is that of https://download.geonames.org/export/zip/, tab-separated: country, postcode, place, ...
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from cleanbill.countries.postcodes import read_postcode

TABLE = Path(__file__).parents[1] / "cleanbill" / "countries" / "data" / "leading_zeros.json"

#: Not those of which GeoNames has towns alone (BR, CN), nor those that have almost every number (KR), nor the US and its
#: territories, where a lost zero is believed only beside its state.
COUNTRIES = (
    "AU", "CO", "DE", "DK", "DZ", "EC", "ES", "FI", "FR", "GT", "IT", "JP", "MX", "MY", "NO", "NZ", "PE", "PH", "PL", "RO", "SG",
    "SK", "TR", "UA", "ZA",
)  # fmt: skip


def main(source: str) -> None:
    """Write the table: for each country its codes in order, unbroken runs of them as first-last."""
    found = defaultdict[str, set[str]](set)
    with Path(source).open(encoding="utf-8") as rows:
        for row in rows:
            code, text = row.split("\t")[:2]
            if code in COUNTRIES and (canonical := read_postcode(code, text).canonical):
                digits = "".join(filter(str.isdecimal, canonical))
                if digits.startswith("0"):
                    found[code].add(digits)
    about = {"source": "GeoNames postal codes, 2024-08", "licence": "CC BY 4.0"}
    entries: dict[str, object] = {"_about": about} | {code: " ".join(runs(sorted(found[code]))) for code in COUNTRIES}
    lines = (f" {json.dumps(code)}: {json.dumps(entry)}" for code, entry in entries.items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def runs(codes: list[str]) -> Iterator[str]:
    """The codes, those that follow one another as one."""
    breaks = [at for at, (one, other) in enumerate(pairwise(codes), 1) if int(other) != int(one) + 1]
    for first, end in pairwise([0, *breaks, len(codes)]):
        yield codes[first] if end - first == 1 else f"{codes[first]}-{codes[end - 1]}"


if __name__ == "__main__":
    main(sys.argv[1])
