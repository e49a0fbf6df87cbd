"""How the number is written: what is safe to write another way, and what may have been meant."""

from __future__ import annotations

from cleanbill.parts import TaxId
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.tax_ids.dress import compact
from cleanbill.tax_ids.read import NumberReading, hint_text

rule = rule_on(TaxId, unless="in_order")

READS = frozenset(("country_code", "tax_code", "tax_id", "/address/country", "/address/country_code"))


@rule(
    "tax_id.not-canonical",
    at="/tax_id",
    level="info",
    fix="safe",
    reads=READS,
    writes={"tax_id"},
    message="Write the {scheme} in capitals and digits without separators, such as {example}.{hint}",
    bad={"tax_info": [{"country_code": "GR", "tax_code": "VAT", "tax_id": "gr 094259216"}]},
    good={"tax_info": [{"country_code": "GR", "tax_code": "VAT", "tax_id": "EL094259216"}]},
    since="0.1",
)
def not_canonical(tax_id: TaxId) -> Found:
    """Registries, invoices and duplicate checks compare numbers letter by letter, so one number has one spelling."""
    reading = tax_id.reading
    if reading is None or reading.canonical in (None, tax_id.text("tax_id")) or "prefix-added" in reading.remarks:
        return None
    scheme = reading.scheme
    return Hit(
        {"/tax_id": reading.canonical},
        fix="guess" if "group-member" in reading.remarks else None,
        words={"scheme": scheme.name, "example": scheme.example, "hint": _hint(tax_id.text("tax_id") or "", reading)},
    )


def _hint(written: str, reading: NumberReading) -> str:
    """What the reading says to do, or that the prefix is not the country's code."""
    scheme = reading.scheme
    if reading.hint:
        return f" {hint_text(reading.hint)}"
    wrong_prefix = (
        scheme.prefix and not compact(written).startswith(scheme.prefix) and len(scheme.country) == len(scheme.prefix)
    )
    return f" It begins with {scheme.prefix}, not {scheme.country}." if wrong_prefix else ""


@rule(
    "tax_id.prefix-missing",
    at="/tax_id",
    level="info",
    fix="safe",
    reads=READS,
    writes={"tax_id"},
    message="Write the {scheme} with {prefix} in front, as an invoice does.",
    bad={"tax_info": [{"country_code": "ES", "tax_code": "VAT", "tax_id": "B58378431"}]},
    good={"tax_info": [{"country_code": "ES", "tax_code": "VAT", "tax_id": "ESB58378431"}]},
    since="0.1",
)
def prefix_missing(tax_id: TaxId) -> Found:
    """Without the prefix the number counts as a domestic one, and an invoice to another country needs the other form."""
    reading, inference = tax_id.reading, tax_id.inference
    if reading is None or inference is None or "prefix-added" not in reading.remarks:
        return None
    named = inference.how in ("scheme", "pair") or (inference.how == "country" and len(inference.candidates) == 1)
    right = reading.problem is None or "soft" in reading.remarks
    certain = named and right and "group-member" not in reading.remarks
    scheme = reading.scheme
    return Hit(
        {"/tax_id": reading.canonical},
        fix=None if certain else "guess",
        words={"scheme": scheme.name, "prefix": scheme.prefix},
    )


@rule(
    "tax_id.number-typo",
    at="/tax_id",
    level="warn",
    fix="guess",
    reads=READS,
    writes={"tax_id"},
    message="Somebody may have typed O for 0 or I for 1, or the reverse: so read, the check digit of the {scheme} holds."
    " Have it confirmed.",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU96O3R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def number_typo(tax_id: TaxId) -> Found:
    """A number with one wrong character is nobody's, and an invoice that bears it can be refused."""
    reading = tax_id.reading
    if reading is None or not reading.repairs:
        return None
    return Hit({"/tax_id": reading.repairs[0]}, words={"scheme": reading.scheme.name}, candidates=reading.repairs)


RULES = (not_canonical, prefix_missing, number_typo)
