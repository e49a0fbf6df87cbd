"""The country: which one is meant, or why that cannot be told."""

from __future__ import annotations

from cleanbill.countries.country import Country, country
from cleanbill.countries.reading import How
from cleanbill.parts import Address
from cleanbill.rule import Found, Hit, rule_on

from . import country_spelling
from .country_spelling import PLACE, replaced, state_in

rule = rule_on(Address, unless="in_order")


@rule(
    "address.country-missing",
    at="/country",
    level="warn",
    fix="guess",
    reads=PLACE,
    writes=PLACE,
    message="There is no country, so no tax can be told; give its name and code.",
    bad={"address": {"line1": "1 Ocean Dr", "city": "Miami", "state": "FL", "zipCode": "33139"}},
    good={
        "address": {
            "line1": "1 Ocean Dr",
            "city": "Miami",
            "state": "FL",
            "zipCode": "33139",
            "country": "United States",
            "country_code": "US",
        }
    },
    since="0.1",
)
def country_missing(address: Address) -> Found:
    """Without a country no regional tax is found; a state and postcode may suggest one, but Florida is in Uruguay too."""
    found = address.resolution
    if found.how != "missing" or found.country or found.country_code:
        return None
    return _offer(address)


@rule(
    "address.country-placeholder",
    at="/country",
    fix="guess",
    reads=PLACE,
    writes=PLACE,
    message="The country is a filler, not a name; give the country's name and code.",
    bad={"address": {"city": "London", "zipCode": "SW1A 1AA", "country": "N/A"}},
    good={
        "address": {"city": "London", "zipCode": "SW1A 1AA", "country": "United Kingdom", "country_code": "GB"},
    },
    since="0.1",
)
def country_placeholder(address: Address) -> Found:
    """A filler finds no tax rate, and it hides that nobody knows the country."""
    found = address.resolution
    if found.how != "missing" or not (found.country or found.country_code):
        return None
    return _offer(address)


@rule(
    "address.country-withdrawn",
    at="/country",
    reads=PLACE,
    message="This country is no more; say which of its successors is meant: {countries}.",
    bad={"address": {"city": "Bratislava", "country": "Czechoslovakia"}},
    good={"address": {"city": "Bratislava", "country": "Slovakia", "country_code": "SK"}},
    since="0.1",
)
def country_withdrawn(address: Address) -> Found:
    """A country that has ended has no tax of its own, and its successors have different ones."""
    return _open(address, "withdrawn")


@rule(
    "address.country-ambiguous",
    at="/country",
    fix="guess",
    reads={*PLACE, "state"},
    writes={*PLACE, "state"},
    message="The name does not tell one country; {countries} may be meant. Give the country's own name and its code.",
    bad={"address": {"city": "San Francisco", "zipCode": "94105", "country": "California"}},
    good={
        "address": {
            "city": "San Francisco",
            "state": "CA",
            "zipCode": "94105",
            "country": "United States",
            "country_code": "US",
        }
    },
    since="0.1",
)
def country_ambiguous(address: Address) -> Found:
    """Georgia is a country and a state, and an invoice to the one is taxed quite otherwise than one to the other."""
    return _open(address, "ambiguous")


@rule(
    "address.country-name-shared",
    at="/country",
    level="warn",
    fix="safe",
    reads=PLACE,
    writes=PLACE,
    message="Several countries are called so; the rest of the address fits {country} alone. Check it.",
    bad={"address": {"city": "Seoul", "zipCode": "06236", "country": "Corea"}},
    good={"address": {"city": "Seoul", "zipCode": "06236", "country": "South Korea", "country_code": "KR"}},
    since="0.1",
)
def country_name_shared(address: Address) -> Found:
    """A name that two countries bear finds the tax of neither until the other fields settle it."""
    return _settled_by_evidence(address, "ambiguous")


@rule(
    "address.country-typo",
    at="/country",
    fix="guess",
    reads=PLACE,
    writes=PLACE,
    message="No country is called so; {countries} is spelt almost so. Correct it.",
    bad={"address": {"city": "Berlin", "country": "Germny"}},
    good={"address": {"city": "Berlin", "country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_typo(address: Address) -> Found:
    """A misspelt country finds no tax rate; Austria and Australia are two slips apart, so a correction is only offered."""
    return _open(address, "typo")


@rule(
    "address.country-typo-confirmed",
    at="/country",
    level="warn",
    fix="safe",
    reads=PLACE,
    writes=PLACE,
    message="The country is misspelt; send {country}, as the rest of the address says.",
    bad={"address": {"city": "Berlin", "zipCode": "10115", "country": "Germny"}},
    good={"address": {"city": "Berlin", "zipCode": "10115", "country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_typo_confirmed(address: Address) -> Found:
    """A misspelt country finds no tax rate, and is printed on the invoice."""
    if hit := _settled_by_evidence(address, "typo"):
        return hit
    name = address.resolution.country
    return replaced(address) if name and name.how == "typo" else None


@rule(
    "address.country-unknown",
    at="/country",
    reads=PLACE,
    message="No country is known by this name or code; give the country's English name and its ISO 3166-1 code.",
    bad={"address": {"city": "Atlantis City", "country": "Atlantis"}},
    good={"address": {"city": "Atlantic City", "country": "United States", "country_code": "US"}},
    since="0.1",
)
def country_unknown(address: Address) -> Found:
    """An address in no country is taxed nowhere, or at a default rate."""
    return _open(address, "unknown")


@rule(
    "address.country-mismatch",
    at="/country_code",
    reads=PLACE,
    message="Name and code say different countries: {countries}. Correct the one that is wrong.",
    bad={"address": {"country": "Deutschland", "country_code": "FR"}},
    good={"address": {"country": "Germany", "country_code": "DE"}},
    since="0.1",
)
def country_mismatch(address: Address) -> Found:
    """The code chooses the tax and the name stands on the invoice: only the customer knows which of them is right."""
    found = address.resolution
    if not found.conflict:
        return None
    return Hit(words={"countries": _named(found.candidates, "and")}, candidates=found.candidates)


def _edits(address: Address, land: Country) -> dict[str, object]:
    """What is to change so that both fields say the country."""
    wanted = {"country": address.written(land), "country_code": land.code}
    return {f"/{name}": text for name, text in wanted.items() if address.text(name) != text}


def _offer(address: Address) -> Hit:
    """A hit that offers the one country which state and postcode point to, if there is one."""
    candidates = address.resolution.candidates
    land = country(candidates[0]) if candidates else None
    return Hit(_edits(address, land) if land else {}, candidates=candidates)


def _open(address: Address, how: How) -> Hit | None:
    """A hit where no country is certain because a field reads as `how`; the first such field is named."""
    found = address.resolution
    for field, reading in (("country", found.country), ("country_code", found.country_code)):
        if found.how == "open" and reading and reading.how == how:
            edits = _meant(address, address.text(field) or "") if how in ("ambiguous", "typo") else {}
            words = {"countries": _named(found.candidates or reading.candidates, "or")}
            return Hit(edits, words=words, at=f"/{field}", candidates=found.candidates)
        if reading and reading.how != "placeholder":
            return None
    return None


def _meant(address: Address, text: str) -> dict[str, object]:
    """The edits that make both fields say the one candidate, and the state where a state was given for the country."""
    candidates = address.resolution.candidates
    land = country(candidates[0]) if len(candidates) == 1 else None
    if land is None:
        return {}
    return _edits(address, land) | state_in(address, land, text)


def _settled_by_evidence(address: Address, how: How) -> Hit | None:
    found, land = address.resolution, address.country
    if land is None or found.how != "evidence" or how not in {r.how for r in (found.country, found.country_code) if r}:
        return None
    return Hit(_edits(address, land), words={"country": land.in_text})


def _named(codes: tuple[str, ...], word: str) -> str:
    """The names of these countries as a sentence lists them; of many the first few."""
    names = [land.name for code in codes[:4] if (land := country(code))]
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "another country"


#: First what may settle the country, then its one spelling, and at the end what only the customer can settle.
RULES = (
    country_missing,
    country_placeholder,
    country_ambiguous,
    country_name_shared,
    country_typo,
    country_typo_confirmed,
    *country_spelling.RULES,
    country_withdrawn,
    country_unknown,
    country_mismatch,
)
