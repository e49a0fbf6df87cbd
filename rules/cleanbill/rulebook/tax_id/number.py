"""What is wrong with the number, and what is unusual about it."""

from __future__ import annotations

from cleanbill.parts import TaxId
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.tax_ids.read import NumberReading, hint_text

from .spelling import READS

rule = rule_on(TaxId, unless="in_order")


def _words(reading: NumberReading) -> dict[str, str]:
    scheme = reading.scheme
    hint = f" {hint_text(reading.hint)}" if reading.hint else ""
    return {"scheme": scheme.name, "example": scheme.example, "hint": hint}


def _problem(tax_id: TaxId, problem: str, *, soft: bool = False) -> Found:
    """A hit where this is what is wrong with the number, and the evidence is as good as asked for."""
    reading = tax_id.reading
    if reading is None or reading.problem != problem or ("soft" in reading.remarks) is not soft:
        return None
    return Hit(words=_words(reading))


def _remark(tax_id: TaxId, remark: str) -> Found:
    """A hit where the number bears this remark."""
    reading = tax_id.reading
    return Hit(words=_words(reading)) if reading and remark in reading.remarks else None


@rule(
    "tax_id.shape",
    at="/tax_id",
    level="error",
    reads=READS,
    message="The {scheme} looks like {example}, and this does not; compare it with a document.{hint}",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603RXXX"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def shape(tax_id: TaxId) -> Found:
    """A number of no possible shape is a typing slip or the number of something else, and no tax authority accepts it."""
    return _problem(tax_id, "shape")


@rule(
    "tax_id.length",
    at="/tax_id",
    level="error",
    reads=READS,
    message="The {scheme} is shorter or longer than this, as in {example}; compare it with a document.{hint}",
    bad={"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE81112813"}]},
    good={"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128135"}]},
    since="0.1",
)
def length(tax_id: TaxId) -> Found:
    """A character was lost or doubled, and no registry knows the number."""
    return _problem(tax_id, "length")


@rule(
    "tax_id.component",
    at="/tax_id",
    level="error",
    reads=READS,
    message="A part of this {scheme} does not exist, such as an office, a state, a type or a date; compare it with a"
    " document.{hint}",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "45AABCU9603R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def component(tax_id: TaxId) -> Found:
    """The authority issues no such number, so the customer cannot have it and an invoice with it can be refused."""
    return _problem(tax_id, "component")


@rule(
    "tax_id.check-digit",
    at="/tax_id",
    level="error",
    reads=READS,
    message="The check digit does not fit this {scheme}, so at least one character is wrong; compare it with a document.{hint}",
    bad={"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128136"}]},
    good={"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128135"}]},
    since="0.1",
)
def check_digit(tax_id: TaxId) -> Found:
    """A number with a wrong check digit is nobody's, and an invoice that bears it can be refused."""
    return _problem(tax_id, "check-digit")


@rule(
    "tax_id.check-digit-soft",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="The check digit does not fit this {scheme}, and some real ones have the same fault; compare it with a document.{hint}",
    bad={"tax_info": [{"country_code": "ZA", "tax_code": "VAT", "tax_id": "4010104462"}]},
    good={"tax_info": [{"country_code": "ZA", "tax_code": "VAT", "tax_id": "4010104463"}]},
    since="0.1",
)
def check_digit_soft(tax_id: TaxId) -> Found:
    """The check is not official or is known to fail on real numbers, so the number may be right."""
    return _problem(tax_id, "check-digit", soft=True)


@rule(
    "tax_id.structure",
    at="/tax_id",
    level="error",
    reads=READS,
    message="A number inside this {scheme} cannot be right; compare it with a document.{hint}",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABXU9603R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def structure(tax_id: TaxId) -> Found:
    """The number is built from another one; where that is impossible, no authority has issued this."""
    return _problem(tax_id, "structure")


@rule(
    "tax_id.never-issued",
    at="/tax_id",
    level="error",
    reads=READS,
    message="The authority never issues this {scheme}; ask the customer for the real one, or leave it out.",
    bad={"tax_info": [{"country_code": "BR", "tax_code": "CNPJ", "tax_id": "111.111.111-11"}]},
    good={"tax_info": [{"country_code": "BR", "tax_code": "CNPJ", "tax_id": "248.438.034-80"}]},
    since="0.1",
)
def never_issued(tax_id: TaxId) -> Found:
    """Such numbers satisfy a check digit and are typed to get past a form; an invoice with one earns no tax credit."""
    return _problem(tax_id, "never-issued")


@rule(
    "tax_id.wrong-kind",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="This is another number of the same country; send the {scheme}.{hint}",
    bad={"tax_info": [{"country_code": "AUS", "tax_code": "GST", "tax_id": "005 749 986"}]},
    good={"tax_info": [{"country_code": "AUS", "tax_code": "GST", "tax_id": "51 824 753 556"}]},
    since="0.1",
)
def wrong_kind(tax_id: TaxId) -> Found:
    """The number may be real, but on an invoice it does not count as the one that the tax needs."""
    return _problem(tax_id, "wrong-kind")


@rule(
    "tax_id.generic",
    at="/tax_id",
    level="info",
    reads=READS,
    message="This {scheme} stands for any customer without a number and earns no tax credit; ask whether the customer"
    " has one.",
    bad={"tax_info": [{"country_code": "MX", "tax_code": "RFC", "tax_id": "XAXX010101000"}]},
    good={"tax_info": [{"country_code": "MX", "tax_code": "RFC", "tax_id": "SAT970701NN3"}]},
    since="0.1",
)
def generic(tax_id: TaxId) -> Found:
    """The authority gives it for sales to the public and to foreigners, and nobody owns it."""
    return _remark(tax_id, "generic")


@rule(
    "tax_id.placeholder",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="This {scheme} is a sample from documentation or a run of digits; make sure that it is the customer's own.",
    bad={"tax_info": [{"country_code": "PT", "tax_code": "VAT", "tax_id": "PT123456789"}]},
    good={"tax_info": [{"country_code": "PT", "tax_code": "VAT", "tax_id": "PT507297687"}]},
    since="0.1",
)
def placeholder(tax_id: TaxId) -> Found:
    """Samples satisfy the check digit and are left in forms; a few of them are real numbers of somebody."""
    return _remark(tax_id, "placeholder")


@rule(
    "tax_id.person-number",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="This is a person's number; send the {scheme} instead.{hint}",
    bad={"tax_info": [{"country_code": "USA", "tax_code": "TIN", "tax_id": "123-45-6780"}]},
    good={"tax_info": [{"country_code": "USA", "tax_code": "TIN", "tax_id": "91-1144442"}]},
    since="0.1",
)
def person_number(tax_id: TaxId) -> Found:
    """Personal numbers are protected by law and have no place on invoices."""
    return _personal(tax_id)


@rule(
    "tax_id.suffix-missing",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="The {scheme} does not say that its holder is registered.{hint}",
    bad={"tax_info": [{"country_code": "NO", "tax_code": "MVA", "tax_id": "919405619"}]},
    good={"tax_info": [{"country_code": "NO", "tax_code": "MVA", "tax_id": "919405619MVA"}]},
    since="0.1",
)
def suffix_missing(tax_id: TaxId) -> Found:
    """The mark is what makes a register number a tax number, and only the customer knows whether it is due."""
    return _remark(tax_id, "suffix-missing")


@rule(
    "tax_id.seller-number",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="This is a seller's number, not a customer's.{hint}",
    bad={"tax_info": [{"country_code": "EU", "tax_code": "VAT", "tax_id": "EU372022452"}]},
    good={"tax_info": [{"country_code": "IE", "tax_code": "VAT", "tax_id": "IE6388047V"}]},
    since="0.1",
)
def seller_number(tax_id: TaxId) -> Found:
    """A one-stop-shop number says where a seller declares tax, and gives a buyer no rights."""
    return _remark(tax_id, "seller")


@rule(
    "tax_id.group-member",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="The holder of this {scheme} belongs to a VAT group; ask for the group's number.{hint}",
    bad={"tax_info": [{"country_code": "HU", "tax_code": "VAT", "tax_id": "13122605-4-41"}]},
    good={"tax_info": [{"country_code": "HU", "tax_code": "VAT", "tax_id": "HU13122605"}]},
    since="0.1",
)
def group_member(tax_id: TaxId) -> Found:
    """Inside a VAT group only the group is registered, and an invoice without its number earns no tax credit."""
    return _remark(tax_id, "group-member")


def _personal(tax_id: TaxId) -> Found:
    """A hit where the spelling is that of a person's number in a scheme that has no such numbers."""
    reading = tax_id.reading
    if reading is None or reading.canonical is not None or "person" not in reading.remarks:
        return None
    return Hit(words=_words(reading))


RULES = (
    shape,
    length,
    component,
    check_digit,
    check_digit_soft,
    structure,
    never_issued,
    wrong_kind,
    generic,
    placeholder,
    person_number,
    suffix_missing,
    seller_number,
    group_member,
)
