"""Phone numbers and e-mail addresses read right, beside stock phonenumbers and email-validator on the same texts.

The cases are made here: every region's example numbers and some addresses, each in many dresses, and texts that are none.
"right" is the number or address itself, "other" a different one, which nobody notices until the wrong person is called.

    python benchmarks/accuracy_contacts.py
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from cleanbill.contacts.email import read_email
from cleanbill.contacts.phone import read_phone

ABROAD: dict[str, Callable[[str], str]] = {
    "international": lambda text: text,
    "00 for the plus": lambda text: "00" + text[1:],
    "+00": lambda text: "+00" + text[1:],
    "plus escaped": lambda text: "%2B" + text[1:],
    "code twice": lambda text: f"+{text[1:].split(' ')[0]} {text[1:]}",
    "no plus": lambda text: text[1:].replace(" ", "").replace("-", ""),
    "spreadsheet float": lambda text: text[1:].replace(" ", "").replace("-", "") + ".0",
    "underscores": lambda text: text.replace(" ", "_"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "chat link": lambda text: "https://wa.me/" + text[1:].replace(" ", "").replace("-", ""),
    "kind behind": lambda text: f"{text} (mobile)",
    "name behind": lambda text: f"{text} - Jane Roe",
    "extension": lambda text: f"{text} ext. 22",
    "letter O in it": lambda text: text.replace("0", "O", 1) if "0" in text[4:] else text[:-1] + "O",
}
NONE = ["2024-01-02", "02/01/2024", "555-5555", "123-456-7890", "n/a", "INV-20240012345", "192.168.0.1", "4.42079E+11"]
ADDRESSES = ["jane@nilgiri.co", "jane.roe+ap@mail.nilgiri.co.uk", "o'brien@nilgiri.com", "ap_1@n-1.de"]
DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "spaces": lambda text: f" {text}\u00a0",
    "zero-width mark": lambda text: f"\ufeff{text}",
    "mailto": lambda text: f"mailto:{text}",
    "display name": lambda text: f"Jane Roe <{text}>",
    "quotes": lambda text: f"'{text}'",
    "full stop": lambda text: f"{text}.",
    "line end": lambda text: f"{text}\n",
}


class Case(NamedTuple):
    """A text, the region it comes from, and the number it means; None where it is none."""

    dress: str
    text: str
    region: str
    meant: str | None


def phone_cases() -> Iterator[Case]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            abroad = phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL)
            yield Case("national", phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL), region, e164)
            for dress, written in ABROAD.items():
                yield Case(dress, written(abroad), region, None if "letter" in dress else e164)
            yield Case("no plus, read in DE", ABROAD["no plus"](abroad), "DE", e164)
    for text in NONE:
        for region in ("DE", "GB", "IN"):
            yield Case("no number", text, region, None)


def stock_phone(text: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(parsed) else None


def stock_email(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return None


def outcome(found: str | None, meant: str | None) -> str:
    return "right" if found == meant else "refused" if found is None else "other"


def table(title: str, rows: dict[str, list[Counter[str]]]) -> None:
    print(f"\n{title:24}{'cleanbill':>26}{'stock':>26}\n{'':24}" + f"{'right':>8}{'refused':>9}{'other':>9}" * 2)
    for dress, pair in rows.items():
        print(f"{dress:24}" + "".join(f"{c['right']:8}{c['refused']:9}{c['other']:9}" for c in pair))


def main() -> None:
    phones: dict[str, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
    for case in phone_cases():
        ours, stock = read_phone(case.text, (case.region,)).e164, stock_phone(case.text, case.region)
        phones[case.dress][0][outcome(ours, case.meant)] += 1
        phones[case.dress][1][outcome(stock, case.meant)] += 1
    table("phone", phones)
    emails: dict[str, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
    for dress, written in DRESSES.items():
        for address in ADDRESSES:
            emails[dress][0][outcome(read_email(written(address)).address, address)] += 1
            emails[dress][1][outcome(stock_email(written(address)), address)] += 1
    table("e-mail", emails)


if __name__ == "__main__":
    main()
