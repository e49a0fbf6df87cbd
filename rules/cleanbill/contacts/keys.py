"""Keys under which two records of one customer meet. They are for comparing only: nobody is written to or called by a key."""

from __future__ import annotations

from cleanbill.text import fold

from .mail_domains import mail_domains


def email_key(address: str) -> str:
    """The key of an address: no case, and at the providers that ignore them no dots and nothing behind a plus.

    >>> email_key("Jane.Roe+invoices@GoogleMail.com")
    'janeroe@gmail.com'
    """
    local, _, domain = address.strip().casefold().rpartition("@")
    lists = mail_domains()
    if domain in lists.plus:
        local = local.partition("+")[0] or local
    if domain in lists.dots:
        local = local.replace(".", "")
    return f"{local}@{lists.same.get(domain, domain)}"


def phone_key(e164: str) -> str:
    """The key of a number in E.164: its digits, without the extension that stands beside it."""
    return e164.removeprefix("+")


def name_key(name: str, postcode: str = "") -> str:
    """The key of a customer by name and postcode: folded words, the legal form included, and the bare postcode.

    >>> name_key("ACME  Tools, Ltd.", "sw1a 1aa")
    'acme tools ltd|sw1a1aa'
    """
    return f"{fold(name)}|{fold(postcode).replace(' ', '')}"
