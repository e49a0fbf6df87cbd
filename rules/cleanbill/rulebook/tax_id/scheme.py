"""Which scheme the number belongs to."""

from __future__ import annotations

from cleanbill.parts import TaxId
from cleanbill.rule import Found, Hit, rule_on

from .spelling import READS

rule = rule_on(TaxId, unless="in_order")

_MOST_NAMED = 4  # schemes that a message lists


@rule(
    "tax_id.number-missing",
    at="/tax_id",
    level="warn",
    reads={"tax_id"},
    message="This item of tax_info has no number; send its tax_id, or leave the item out.",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": ""}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def number_missing(tax_id: TaxId) -> Found:
    """The invoice shows a label without a number, and the customer counts as not registered."""
    given = tax_id.data.get("tax_id")
    missing = given is None or (isinstance(given, str) and not given.strip())
    return Hit() if missing else None


@rule(
    "tax_id.scheme-unknown",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="It is not known which country's number this is, so it was not checked; send its country_code and tax_code.",
    bad={"tax_info": [{"tax_id": "HRB 104"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def scheme_unknown(tax_id: TaxId) -> Found:
    """A number that cannot be checked may be right, but a wrong one would reach the invoice unseen."""
    inference = tax_id.inference
    return Hit() if inference and inference.scheme is None and not inference.candidates else None


@rule(
    "tax_id.scheme-ambiguous",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="This may be a number of several kinds: {schemes}. Send the country_code and tax_code that tell which.",
    bad={"tax_info": [{"tax_id": "B58378431"}]},
    good={"tax_info": [{"country_code": "ES", "tax_code": "VAT", "tax_id": "B58378431"}]},
    since="0.1",
)
def scheme_ambiguous(tax_id: TaxId) -> Found:
    """The same digits are a valid number of one country and a wrong one of another."""
    inference = tax_id.inference
    if inference is None or inference.scheme or not inference.candidates:
        return None
    names = list(dict.fromkeys(scheme.name for scheme in inference.candidates))
    more = [] if len(names) <= _MOST_NAMED else ["and others"]
    return Hit(words={"schemes": ", ".join(names[:_MOST_NAMED] + more)})


@rule(
    "tax_id.pair-mismatch",
    at="/country_code",
    level="warn",
    reads=READS,
    message="The number ({scheme}) is of another country than country_code says; correct one of the two.{pair}",
    bad={"tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "FR61954506077"}]},
    good={"tax_info": [{"country_code": "FR", "tax_code": "VAT", "tax_id": "FR61954506077"}]},
    since="0.1",
)
def pair_mismatch(tax_id: TaxId) -> Found:
    """Registries are asked by country, and one that has never heard of the customer proves no registration."""
    inference = tax_id.inference
    if inference is None or inference.scheme is None or inference.how != "prefix" or not tax_id.text("country_code"):
        return None
    pair = f" For this number it is {inference.pair[0]} and {inference.pair[1]}." if inference.pair else ""
    return Hit(words={"scheme": inference.scheme.name, "pair": pair})


@rule(
    "tax_id.country-mismatch",
    at="/tax_id",
    level="warn",
    reads=READS,
    message="The billing address is in {country}, and this is another country's number ({scheme}); have the customer confirm it.",
    bad={
        "address": {"country_code": "AT", "city": "Wien"},
        "tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128135"}],
    },
    good={
        "address": {"country_code": "DE", "city": "Berlin"},
        "tax_info": [{"country_code": "DE", "tax_code": "VAT", "tax_id": "DE811128135"}],
    },
    since="0.1",
)
def country_mismatch(tax_id: TaxId) -> Found:
    """Registering abroad is legal, but a copied or outdated number looks the same, and who owes the tax hangs on it."""
    reading, billing = tax_id.reading, tax_id.customer.billing
    if reading is None or reading.canonical is None or billing is None or billing.country is None:
        return None
    scheme = reading.scheme
    if scheme.foreign or scheme.may_stand_beside(billing.country.code):
        return None
    if any(_is_of(billing.country.code, other) for other in tax_id.customer.tax_ids):
        return None
    return Hit(words={"scheme": scheme.name, "country": billing.country.in_text})


def _is_of(country_code: str, tax_id: TaxId) -> bool:
    """Whether the number is one of the address's country: then the customer is registered in both."""
    reading = tax_id.reading
    return reading is not None and reading.canonical is not None and reading.scheme.may_stand_beside(country_code)


RULES = (number_missing, scheme_unknown, scheme_ambiguous, pair_mismatch, country_mismatch)
