"""Billing and ship-to address: what stands in the wrong field, then country, state and postcode, then what follows from them."""

from . import country, lines, postcode, status, subdivision

RULES = (*lines.RULES, *country.RULES, *subdivision.RULES, *postcode.RULES, *status.RULES)
