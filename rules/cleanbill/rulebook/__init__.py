"""Every rule, in the order in which they run.

Each family is a module (or a folder of modules) that ends with its rules in order. To add a rule, declare it there and name it
in that tuple; to add a family, name it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cleanbill.policy import Policy
from cleanbill.required import Requirement
from cleanbill.rule import Rule

from . import address, consistency, email, location, name, party, payload, phone, required, tax_id, text

RULES: tuple[Rule, ...] = (
    *payload.RULES,
    *text.RULES,
    *name.RULES,
    *party.RULES,
    *address.RULES,
    *location.FORM,
    *address.AFTERWARDS,
    *payload.AFTERWARDS,
    *location.RULES,
    *tax_id.RULES,
    *phone.RULES,
    *email.RULES,
    *consistency.RULES,
    *required.RULES,
)


@cache
def example_policies() -> Mapping[str, Policy]:
    """By rule id, the policies that ask for what a rule does, where the usual one does not: its examples are judged under them."""
    return {
        "location.territory-own-code": Policy(territories="own"),
        "phone.type-unwelcome": Policy(phone_types=["mobile"]),
        "required.field-missing": Policy(required=(Requirement(("/external_id",)),)),
        "required.wanted-field-missing": Policy(required=(Requirement(("/email",), level="warn"),)),
    }
