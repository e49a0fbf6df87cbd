"""country_code and tax_code: how Zenskar's table writes them."""

from __future__ import annotations

from cleanbill.record import TaxId
from cleanbill.rule import Found, Hit, rule_on
from cleanbill.tax_ids.pairs import find_pair, plain_word, respell

rule = rule_on(TaxId)


@rule(
    "tax_id.pair-spelling",
    at="/country_code",
    level="info",
    fix="safe",
    reads={"country_code", "tax_code"},
    writes={"country_code", "tax_code"},
    message="Zenskar's table writes this country_code and tax_code as {pair}.",
    bad={"tax_info": [{"country_code": "IN", "tax_code": "gst", "tax_id": "29AABCU9603R1ZJ"}]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def pair_spelling(tax_id: TaxId) -> Found:
    """The pair decides what the invoice calls the number, and its country codes are not those of addresses."""
    country, code = tax_id.text("country_code"), tax_id.text("tax_code")
    wanted = respell(country, code) if country and code else None
    if wanted is None:
        return None
    fields = zip(("/country_code", "/tax_code"), (country, code), wanted, strict=True)
    edits = {pointer: right for pointer, given, right in fields if given != right}
    return Hit(edits, words={"pair": " and ".join(wanted)}, at=next(iter(edits)))


@rule(
    "tax_id.pair-contested",
    at="/country_code",
    level="warn",
    reads={"country_code", "tax_code"},
    message="The vendor's pages disagree about this pair: another one writes {pair}. It is sent on as it is.",
    bad={"tax_info": [{"country_code": "USA", "tax_code": "VAT", "tax_id": "91-1144442"}]},
    good={"tax_info": [{"country_code": "USA", "tax_code": "TIN", "tax_id": "91-1144442"}]},
    since="0.1",
)
def pair_contested(tax_id: TaxId) -> Found:
    """No page says which of the two is enforced, so only who configured the account knows."""
    country, code = tax_id.text("country_code"), tax_id.text("tax_code")
    pair = find_pair(country, code)
    if pair is None or not pair.is_contested(plain_word(country), plain_word(code)):
        return None
    return Hit(words={"pair": f"{pair.country} and {pair.code}"})


RULES = (pair_spelling, pair_contested)
