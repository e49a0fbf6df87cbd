"""The key under which two records of one taxpayer meet. It is for comparing only: no invoice bears it."""

from __future__ import annotations

import re

# Marks of registration after a number that is the holder's without them: Norway, Switzerland and Liechtenstein.
_MARKED = re.compile(r"(?P<number>CHE[0-9]{9}|[0-9]{9})(?:MVA|MWST|TVA|IVA|TPV|HR|RC)", re.ASCII)
# The same business under two prefixes: Northern Ireland's numbers are the United Kingdom's.
_NORTHERN_IRELAND = re.compile(r"XI(?P<number>[0-9]{9}|[0-9]{12}|(?:GD|HA)[0-9]{3})", re.ASCII)
# A branch of a British business adds three digits; a Canadian business number goes on with its program accounts.
_BRANCHED = re.compile(r"(?P<number>GB[0-9]{9})[0-9]{3}|(?P<bn>[0-9]{9})R[A-Z][0-9]{4}", re.ASCII)


def tax_id_key(canonical: str) -> str:
    """The key of a canonical number: the number without what tells registrations of one holder apart.

    `canonical` is what `read_tax_id` gives, such as "CHE112256297MWST". Two records with the same key are of one taxpayer; two
    keys of one taxpayer may differ, as its numbers in several countries do.

    >>> tax_id_key("CHE112256297MWST"), tax_id_key("XI980780684"), tax_id_key("700784499RT0001"), tax_id_key("DE811128135")
    ('CHE112256297', 'GB980780684', '700784499', 'DE811128135')
    """
    if marked := _MARKED.fullmatch(canonical):
        return marked["number"]
    number = f"GB{ireland['number']}" if (ireland := _NORTHERN_IRELAND.fullmatch(canonical)) else canonical
    if branched := _BRANCHED.fullmatch(number):
        return branched["number"] or branched["bn"]
    return number
