"""What the gateway finds of a customer beside the rules."""

from __future__ import annotations

from cleanbill.notice import Notice

RATE_MISSING = Notice(
    "location.rate-missing",
    "warn",
    "Zenskar finds no tax rate for the address as it is written; check it, or set a rate up for it.",
    "Without a rate the first invoice cannot be taxed, and it is held up or goes out without tax.",
)
RATE_UNKNOWN = Notice(
    "location.rate-unknown",
    "info",
    "Zenskar has not said whether there is a tax rate for this address.",
    "A missing rate is then noticed only when the first invoice is made.",
)
EXTERNAL_ID_MISSING = Notice(
    "party.external-id-missing",
    "info",
    "The customer has neither external_id nor e-mail, by which it could be found after a lost answer; cleanbill has given it a"
    " UUID as external_id, which becomes its id.",
    "A customer that cannot be found again cannot be kept from being created twice.",
    "safe",
)
#: The library finds them by the entry-point group `cleanbill.notices`.
NOTICES = (RATE_MISSING, RATE_UNKNOWN, EXTERNAL_ID_MISSING)
