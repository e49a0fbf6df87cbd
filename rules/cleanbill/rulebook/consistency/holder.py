"""Who holds a tax identifier, and whose the name beside it is."""

from __future__ import annotations

import re

from cleanbill.contacts.names import has_legal_form, is_personal
from cleanbill.parts import TaxId
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(TaxId)

_READS = frozenset(("country_code", "tax_code", "tax_id", "/address", "/customer_name"))

# Numbers that only bodies corporate hold, by scheme; elsewhere sole traders have a company's number. Sources: the schemes'.
_CORPORATE = {
    scheme: re.compile(pattern)
    for scheme, pattern in {
        "au_acn": r".*",
        "ar_cuit": r"3[034].*",
        "cr_tin": r"3101.*",
        "es_cif": r"[AB].*",
        "eu_vat": r"ES[AB].*|PT5.*",
        "ic_nif": r"[AB].*",
        "in_gst": r"..[A-Z]{3}C.*",  # the fourth letter of the PAN
        "jp_cn": r".*",
        "ke_pin": r"P.*",
        "mx_rfc": r"[A-ZÑ&]{3}[0-9].*",
        "pe_ruc": r"20.*",
        "ru_inn": r"[0-9]{10}",
        "ve_rif": r"J.*",
    }.items()
}

# Whose company law holds where the issuer is no country.
_LAWS = {"XI": "GB", "IC": "ES"}


@rule(
    "consistency.person-number-of-company",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="This {scheme} is one of a natural person, and the customer's name is a company's; ask for the company's own number.",
    bad={
        "customer_name": "Nilgiri Analytics Private Limited",
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABPU9603R1ZS"}],
    },
    good={
        "customer_name": "Nilgiri Analytics Private Limited",
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}],
    },
    since="0.1",
)
def person_number_of_company(tax_id: TaxId) -> Found:
    """A director's or owner's number on a company's invoice earns it no tax credit, and is personal data."""
    reading, name = tax_id.reading, tax_id.customer.name
    if reading is None or reading.problem or reading.kind != "person" or name is None:
        return None
    scheme = reading.scheme
    return (
        Hit(words={"scheme": scheme.name})
        if has_legal_form(name.text, _LAWS.get(scheme.country, scheme.country))
        else None
    )


@rule(
    "consistency.company-number-of-person",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="This {scheme} is a company's, and the customer's name is a person's; put the company's legal name on the invoice.",
    bad={
        "customer_name": "Mr. Arjun Rao",
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}],
    },
    good={
        "customer_name": "Mr. Arjun Rao",
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABPU9603R1ZS"}],
    },
    since="0.1",
)
def company_number_of_person(tax_id: TaxId) -> Found:
    """An invoice in the name of the person who signed up earns the company no tax credit."""
    reading, name = tax_id.reading, tax_id.customer.name
    if reading is None or reading.problem or reading.canonical is None or name is None:
        return None
    corporate = _CORPORATE.get(reading.scheme.id)
    if corporate is None or not corporate.fullmatch(reading.canonical) or not is_personal(name.text):
        return None
    return Hit(words={"scheme": reading.scheme.name})


RULES = (person_number_of_company, company_number_of_person)
