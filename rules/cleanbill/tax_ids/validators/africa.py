"""African numbers where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

from stdnum import luhn

from .number import Number, Refusal


def za_vat(body: str) -> Number:
    """South Africa: ten digits from 4; modulus 10 is what accounting systems use, SARS does not publish it."""
    if not luhn.is_valid(body):
        raise Refusal("check-digit", soft=True)
    return Number(body)
