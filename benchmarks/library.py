"""The library beside the glue a user would write with the same four libraries.

The glue does less: it finds a country by name, a state by name, and calls the stock validators. It stands for what teams have
today, so the ratio is what a check costs them, or saves.
"""

import json
import timeit
from importlib.resources import files
from typing import Any

import phonenumbers
import pycountry
from email_validator import EmailNotValidError, validate_email
from stdnum import exceptions, get_cc_module

from cleanbill import check_customer

REPEATS = 7


def glue(body: dict[str, Any]) -> dict[str, Any]:
    clean = json.loads(json.dumps(body))
    address = clean.get("address")
    country = None
    if isinstance(address, dict):
        try:
            country = pycountry.countries.lookup(address.get("country_code") or address.get("country") or "")
        except LookupError:
            address["error"] = "country"
        if country:
            address |= {"country_code": country.alpha_2, "country": country.name}
            for state in pycountry.subdivisions.get(country_code=country.alpha_2) or ():
                if state.name.casefold() == str(address.get("state")).casefold():
                    address["state"] = state.code.partition("-")[2]
    if clean.get("email"):
        try:
            clean["email"] = validate_email(clean["email"], check_deliverability=False).normalized
        except EmailNotValidError:
            clean["email"] = None
    if clean.get("phone_number"):
        try:
            number = phonenumbers.parse(clean["phone_number"], country.alpha_2 if country else None)
            if phonenumbers.is_valid_number(number):
                clean["phone_number"] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        except phonenumbers.NumberParseException:
            clean["phone_number"] = None
    for item in clean.get("tax_info") or ():
        module = get_cc_module(str(item.get("country_code"))[:2].lower(), "vat")
        if module:
            try:
                item["tax_id"] = module.validate(item["tax_id"])
            except exceptions.ValidationError:
                item["error"] = "tax_id"
    return clean


def microseconds(work: Any, records: list[Any]) -> float:
    """The best time of one record."""

    def all_records() -> None:
        for record in records:
            work(record)

    all_records()
    return min(timeit.repeat(all_records, number=5, repeat=REPEATS)) / 5 / len(records) * 1e6


def main() -> None:
    lines = (files("cleanbill_service") / "demo.ndjson").read_bytes().splitlines()
    dirty = [json.loads(line) for line in lines]
    clean = [report.clean for report in map(check_customer, dirty) if report.verdict != "rejected"]
    print(f"{'':26}{'cleanbill':>12}{'glue':>12}{'ratio':>8}   µs a record")
    for name, records in (("messy customers", dirty), ("the same, clean", clean)):
        ours, theirs = microseconds(check_customer, records), microseconds(glue, records)
        print(f"{name:26}{ours:12.1f}{theirs:12.1f}{ours / theirs:8.2f}   over {len(records)}")


if __name__ == "__main__":
    main()
