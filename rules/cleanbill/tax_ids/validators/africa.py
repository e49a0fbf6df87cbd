"""African numbers where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

from .number import Number, Refusal, luhn_holds


def za_vat(body: str) -> Number:
    """South Africa: ten digits from 4; modulus 10 is what accounting systems use, SARS does not publish it."""
    if not luhn_holds(body):
        raise Refusal("check-digit", soft=True)
    return Number(body)
