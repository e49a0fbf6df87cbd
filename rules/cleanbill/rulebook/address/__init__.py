"""Billing and ship-to address: what moves to its field, what is spelt rightly, and then what is held against what."""

from . import country, lines, places, postcode, status, subdivision, telling

RULES = (
    *lines.WRITING,
    *telling.RULES,
    *country.RULES,
    *places.RULES,
    *subdivision.SPELLING,
    *postcode.SPELLING,
    *subdivision.AGREEMENT,
    *postcode.AGREEMENT,
    *lines.RULES,
)
#: What is said of an address after every correction of it.
AFTERWARDS = status.RULES
