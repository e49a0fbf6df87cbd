"""Everything that a rule of your own is declared with; `cleanbill.rule` shows how, `cleanbill.testing` tests it.

`rule_on` takes what is judged: `Customer` (the whole), `Address` (billing and ship-to), `TaxId`, `Phone`, `Email`, `Name`.
"""

from .parts import Address, Email, Name, Phone, TaxId
from .record import Customer
from .rule import REMOVE, Found, Hit, Rule, Undecided, rule_on

__all__ = [
    "REMOVE",
    "Address",
    "Customer",
    "Email",
    "Found",
    "Hit",
    "Name",
    "Phone",
    "Rule",
    "TaxId",
    "Undecided",
    "rule_on",
]
