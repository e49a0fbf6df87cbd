"""country_code and tax_code: how Zenskar's table writes them."""

from __future__ import annotations

from cleanbill.countries.country import country
from cleanbill.parts import TaxId
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.tax_ids.pairs import country_of

rule = rule_on(TaxId, unless="in_order")

_NO_COUNTRIES = {
    "EU": "the European Union",
    "XI": "Northern Ireland",
}  # issuers of the table without a country of their own


@rule(
    "tax_id.pair-spelling",
    at="/country_code",
    level="info",
    fix="safe",
    reads={"country_code", "tax_code"},
    writes={"country_code", "tax_code"},
    message="Write country_code and tax_code as Zenskar's table does, {pair}.",
    bad={"tax_info": [{"country_code": "IN", "tax_code": "gst", "tax_id": "29AABCU9603R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def pair_spelling(tax_id: TaxId) -> Found:
    """The pair decides what the invoice calls the number, and its country codes are not those of addresses."""
    given, code = tax_id.text("country_code"), tax_id.text("tax_code")
    wanted = tax_id.pair.respelt(given, code) if tax_id.pair and given and code else None
    if wanted is None:
        return None
    fields = zip(("/country_code", "/tax_code"), (given, code), wanted, strict=True)
    edits = {pointer: right for pointer, written, right in fields if written != right}
    return Hit(edits, words={"pair": " and ".join(wanted)}, at=next(iter(edits)))


@rule(
    "tax_id.pair-contested",
    at="/country_code",
    level="warn",
    reads={"country_code", "tax_code"},
    message="Zenskar's pages disagree about this pair: another one writes {pair}. Ask who set up the account. It is sent"
    " on as it is.",
    bad={"tax_info": [{"country_code": "USA", "tax_code": "VAT", "tax_id": "91-1144442"}]},
    good={"tax_info": [{"country_code": "USA", "tax_code": "TIN", "tax_id": "91-1144442"}]},
    since="0.1",
)
def pair_contested(tax_id: TaxId) -> Found:
    """The pair decides what the invoice calls the number, and no page says which of the two counts."""
    pair = tax_id.pair
    if pair is None or not pair.is_contested(tax_id.text("country_code"), tax_id.text("tax_code")):
        return None
    return Hit(words={"pair": f"{pair.country} and {pair.code}"})


@rule(
    "tax_id.pair-unknown",
    at="/tax_code",
    level="info",
    reads={"country_code", "tax_code"},
    message="Zenskar's table has no such tax_code for numbers of {country}; send its own, {pair}. This one is sent on as"
    " it is.",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "VAT", "tax_id": "29AABCU9603R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def pair_unknown(tax_id: TaxId) -> Found:
    """The invoice then calls the number by a name that the country does not use."""
    given, code = tax_id.text("country_code"), tax_id.text("tax_code")
    if not given or not code or tax_id.pair:
        return None
    issuer = country_of(given)
    known = tax_id.pairs.of_issuer(issuer) if issuer else ()
    if not known:
        return None
    pairs = ", or ".join(f"{pair.country} and {pair.code}" for pair in known)
    return Hit(words={"country": _in_text(known[0].issuer), "pair": pairs})


def _in_text(issuer: str) -> str:
    """The issuing country's name inside a sentence."""
    named = country(issuer)
    return named.in_text if named else _NO_COUNTRIES[issuer]


RULES = (pair_spelling, pair_contested, pair_unknown)
