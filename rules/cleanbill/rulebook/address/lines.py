"""The lines and the city as text: fillers, markup, what does not belong in an address, shouting."""

from __future__ import annotations

import re

from cleanbill.record import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on
from cleanbill.text import fold

rule = rule_on(Address)

LINES = ("line1", "line2", "line3")
LONGEST = 255  # characters; what a line of an invoice or a label takes is far less

_FILLERS = frozenset(
    ("na", "n a", "none", "null", "nil", "test", "testing", "tbd", "tba", "unknown", "undefined", "asdf", "xxx", "xxxx")
)
_LONGEST_FILLER = 12
_MARKUP = re.compile(r"<\s*/?\s*[a-z!][^<>]{0,200}>|\bjavascript:|^\s*[=@]\s*[a-z]+\(", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\b(?:tel|phone|mob|mobile|fax|ph)\b\W{0,3}\+?[\d ()./-]{6,20})|\+\d[\d ()./-]{7,20}", re.IGNORECASE
)
_PO_BOX = re.compile(
    r"\bp\.?\s?o\.?\s?box\b|\bpost\s?office\s?box\b|\bpost\s?box\b|\bpostfach\b|\bpostbus\b|\bbo[iî]te postale\b|\bcasilla\b"
    r"|\bapartado(?: (?:postal|de correos))?\b|\bcaixa postal\b|\bcasella postale\b|\bpostboks\b|\bpostbox\b|\bpostilokero\b"
    r"|\bskr\.? poczt|\bgpo box\b|\blocked bag\b|\bprivate bag\b|\bb\.?p\.? \d",
    re.IGNORECASE,
)


@rule(
    "address.line-filler",
    at="/line1",
    reads={"line1"},
    message="line1 holds a filler, not a street; give the street and number, or leave the field out.",
    bad={"address": {"line1": "test", "country_code": "DE"}},
    good={"address": {"line1": "Unter den Linden 1", "country_code": "DE"}},
    since="0.1",
)
def line_filler(address: Address) -> Found:
    """An invoice to an address that is none is no tax invoice in most countries."""
    return Hit() if _is_filler(address.text("line1")) else None


@rule(
    "address.city-filler",
    at="/city",
    reads={"city"},
    message="The city is a filler, not a place; give the city, or leave the field out.",
    bad={"address": {"city": "N/A", "country_code": "DE"}},
    good={"address": {"city": "Berlin", "country_code": "DE"}},
    since="0.1",
)
def city_filler(address: Address) -> Found:
    """Rates are looked up by city, and a filler is looked up like one."""
    return Hit() if _is_filler(address.text("city")) else None


@rule(
    "address.line-optional-filler",
    level="info",
    fix="safe",
    reads={"line2", "line3"},
    writes={"line2", "line3"},
    message="The line holds a filler, so it is left out.",
    bad={"address": {"line1": "Unter den Linden 1", "line2": "N/A", "country_code": "DE"}},
    good={"address": {"line1": "Unter den Linden 1", "country_code": "DE"}},
    since="0.1",
)
def line_optional_filler(address: Address) -> Found:
    """It would be printed on the invoice."""
    return [Hit({f"/{n}": REMOVE}, at=f"/{n}") for n in LINES[1:] if _is_filler(address.text(n))] or None


@rule(
    "address.line-duplicate",
    level="info",
    fix="safe",
    reads={"line1", "line2", "line3", "city", "state", "zipCode"},
    writes={"line2", "line3"},
    message="The line repeats what another field says, so it is left out.",
    bad={"address": {"line1": "1 Main St", "line2": "1 Main St", "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_duplicate(address: Address) -> Found:
    """The same place printed twice looks like two, and tells a second address where there is none."""
    if not address.text("line2") and not address.text("line3"):
        return None
    city, state, code = (fold(address.text(name) or "") for name in ("city", "state", "zipCode"))
    said = {
        " ".join(filter(None, words))
        for words in ((city,), (code, city), (city, code), (city, state), (city, state, code))
    }
    said.add(fold(address.text("line1") or ""))
    found = []
    for name in LINES[1:]:
        line = fold(address.text(name) or "")
        if line and line in said:
            found.append(Hit({f"/{name}": REMOVE}, at=f"/{name}"))
        said.add(line)
    return found or None


@rule(
    "address.line-markup",
    reads={"line1", "line2", "line3", "city"},
    message="The text holds program code or markup; send the address as plain text.",
    bad={"address": {"line1": "<b>1 Main St</b>", "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_markup(address: Address) -> Found:
    """What runs in a browser or a spreadsheet is an attack on whoever opens the invoice."""
    texts = ((name, address.text(name)) for name in (*LINES, "city"))
    return [Hit(at=f"/{name}") for name, text in texts if text and _MARKUP.search(text)] or None


@rule(
    "address.line-too-long",
    reads={"line1", "line2", "line3", "city"},
    message="The text is longer than 255 characters; send the street and number, or the city, and nothing else.",
    bad={"address": {"line1": "1 Main St " * 30, "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_too_long(address: Address) -> Found:
    """It fits on no invoice, and what follows a cut is lost."""
    return [Hit(at=f"/{n}") for n in (*LINES, "city") if len(address.text(n) or "") > LONGEST] or None


@rule(
    "address.line-contact",
    level="warn",
    reads={"line1", "line2", "line3"},
    message="The line holds an e-mail address or a phone number; these belong in email and phone_number.",
    bad={"address": {"line1": "1 Main St, tel. +49 30 901820", "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_contact(address: Address) -> Found:
    """It is printed on every invoice, and not used to reach the customer."""
    texts = ((name, address.text(name)) for name in LINES)
    return [
        Hit(at=f"/{n}") for n, text in texts if text and (("@" in text and _EMAIL.search(text)) or _PHONE.search(text))
    ] or None


@rule(
    "address.po-box",
    level="info",
    reads={"line1", "line2", "line3"},
    message="The address is a post office box; good for an invoice, and no place where anything is supplied.",
    bad={"address": {"line1": "P.O. Box 123", "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def po_box(address: Address) -> Found:
    """Some tax engines place a box at its post office, which may be in another tax district than the customer."""
    return None if address.is_ship_to else _po_boxes(address)


@rule(
    "address.po-box-ship-to",
    level="warn",
    reads={"line1", "line2", "line3"},
    message="Nothing can be supplied at a post office box; give the place where the customer receives the supply.",
    bad={"ship_to_address": {"line1": "P.O. Box 123", "country_code": "DE"}},
    good={"ship_to_address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def po_box_ship_to(address: Address) -> Found:
    """The place of supply decides the tax, and a box is none."""
    return _po_boxes(address) if address.is_ship_to else None


@rule(
    "address.city-case",
    at="/city",
    level="warn",
    fix="guess",
    reads={"city"},
    writes={"city"},
    message="The city is written in one case only; a rate that is kept for its usual spelling is not found.",
    bad={"address": {"city": "SAN FRANCISCO", "country_code": "US"}},
    good={"address": {"city": "San Francisco", "country_code": "US"}},
    since="0.1",
)
def city_case(address: Address) -> Found:
    """Zenskar compares the city of a rate letter by letter."""
    city = address.text("city") or ""
    if len(city) < _SHORTEST_WORD or not (city.isupper() or city.islower()) or city.lower() == city.upper():
        return None
    usual = _usual_case(city)
    return Hit({"/city": usual}) if usual != city else None


_SHORTEST_WORD = 4  # characters: APO, NYC and Ely may stand as they are
_SMALL = frozenset(
    ("de", "del", "la", "las", "los", "le", "les", "du", "des", "da", "do", "dos", "di", "am", "an", "der", "im", "of", "on",
     "upon", "sur", "sous", "en", "und", "and", "y", "e", "bei", "van", "aan", "den", "the", "ob")
)  # fmt: skip


def _usual_case(text: str) -> str:
    words = re.split(r"([ \-/])", text.lower())
    return "".join(w if at and w in _SMALL else w[:1].upper() + w[1:] for at, w in enumerate(words))


def _is_filler(text: str | None) -> bool:
    if text is None or len(text) > _LONGEST_FILLER:
        return False
    return fold(text) in _FILLERS or not any(char.isalnum() for char in text)


def _po_boxes(address: Address) -> Found:
    texts = ((name, address.text(name)) for name in LINES)
    return [Hit(at=f"/{name}") for name, text in texts if text and _PO_BOX.search(text)] or None


RULES = (
    city_case,
    line_optional_filler,
    line_duplicate,
    line_filler,
    city_filler,
    line_markup,
    line_too_long,
    line_contact,
    po_box,
    po_box_ship_to,
)
