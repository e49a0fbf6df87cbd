"""The lines and the city as text: fillers, markup, what does not belong in an address, shouting."""

from __future__ import annotations

import re
from collections.abc import Callable

from cleanbill.countries.fillers import is_filler
from cleanbill.parts import Address
from cleanbill.rule import REMOVE, Found, Hit, rule_on
from cleanbill.text import fold, squeeze

rule = rule_on(Address, unless="in_order")

LINES = ("line1", "line2", "line3")
TEXTS = (*LINES, "city")
LONGEST = 255  # characters; what a line of an invoice or a label takes is far less

_FULL_WIDTH = {0x3000: " "} | {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff][\ufe0e\ufe0f\u200d]*")
_MARKUP = re.compile(
    r"<\s*/?\s*[a-z!][^<>]{0,200}>|\bjavascript:|\{\{|\$\{"  # web pages and templates
    r"|^\s*[=@]\s*[a-z.]{1,40}\(|^\s*[=+@-][\w.+-]{0,40}\|"  # formulas of a spreadsheet
    r"|;\s*(?:drop|delete|insert|update|alter|select)\s|\bunion\s+(?:all\s+)?select\b|\bor\s+'?1'?\s*=\s*'?1",  # SQL
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"\b(?:tel|telephone|telefon|telefono|phone|mob|mobile|cell|fax|ph)\b\W{0,3}\+?[\d ()./-]{6,20}|\+\d[\d ()./-]{7,20}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}\b|(?<![\d-])\d{3}[.-]\d{3}[.-]\d{4}(?![\d-])",
    re.IGNORECASE,
)
_PO_BOX = re.compile(
    r"\bp\.?\s?o\.?\s?box|\bp\.?o\.?b\b|\bpost\s?office\s?box\b|\bpost\s?box\b|\bpostfach\b|\bpostbus\b|\bpostboks\b|\bpostilokero\b"
    r"|\bbo[iî]te postale\b|\bb\.?p\.? ?\d|\bcasilla\b|\bapartado\b|\bapdo\b|\bcaixa postal\b|\bcasella postale\b"
    r"|\bskr(?:\.|ytka) poczt|\bpo[sš]tovn[ií] schr[aá]nka\b|\bposta kutusu\b|\bp\.k\. ?\d|\bа/я\b|абонентск|私書箱|사서함|信箱"
    r"|\bgpo box\b|\blocked bag\b|\bprivate bag\b|\bpmb \d|^box \d+$|\bposte restante\b|\bpostlagernd\b",
    re.IGNORECASE,
)


@rule(
    "address.text-full-width",
    level="info",
    fix="safe",
    reads={"line1", "line2", "line3", "city"},
    writes={"line1", "line2", "line3", "city"},
    message="The text has full-width letters or digits, as some keyboards in East Asia type them; send plain ones.",
    bad={"address": {"city": "Ｂｅｒｌｉｎ", "country_code": "DE"}},
    good={"address": {"city": "Berlin", "country_code": "DE"}},
    since="0.1",
)
def text_full_width(address: Address) -> Found:
    """They are other characters to a rate table, so no rate is found for the city or the postcode."""
    return _rewritten(address, lambda text: text.translate(_FULL_WIDTH))


@rule(
    "address.text-emoji",
    level="info",
    fix="safe",
    reads={"line1", "line2", "line3", "city"},
    writes={"line1", "line2", "line3", "city"},
    message="The text holds little pictures, which no label and few invoices can print; leave them out.",
    bad={"address": {"city": "Berlin 🐻", "country_code": "DE"}},
    good={"address": {"city": "Berlin", "country_code": "DE"}},
    since="0.1",
)
def text_emoji(address: Address) -> Found:
    """A city with a picture behind it is found in no rate table."""
    return _rewritten(address, lambda text: squeeze(_EMOJI.sub("", text)))


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
    return Hit() if is_filler(address.text("line1")) else None


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
    return Hit() if is_filler(address.text("city")) else None


@rule(
    "address.line-optional-filler",
    level="info",
    fix="safe",
    reads={"line2", "line3"},
    writes={"line2", "line3"},
    message="The line holds a filler; leave it out.",
    bad={"address": {"line1": "Unter den Linden 1", "line2": "N/A", "country_code": "DE"}},
    good={"address": {"line1": "Unter den Linden 1", "country_code": "DE"}},
    since="0.1",
)
def line_optional_filler(address: Address) -> Found:
    """A filler would be printed on every invoice."""
    return [Hit({f"/{n}": REMOVE}, at=f"/{n}") for n in LINES[1:] if is_filler(address.text(n))] or None


@rule(
    "address.line-duplicate",
    level="info",
    fix="safe",
    reads={"line1", "line2", "line3", "city", "state", "zipCode", "country"},
    writes={"line2", "line3"},
    message="The line repeats what another field says; leave it out.",
    bad={"address": {"line1": "1 Main St", "line2": "1 Main St", "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_duplicate(address: Address) -> Found:
    """The same place printed twice looks like two, and tells a second address where there is none."""
    if not address.text("line2") and not address.text("line3"):
        return None
    names = ("line1", "city", "state", "zipCode", "country")
    line1, city, state, code, land = (fold(address.text(name) or "") for name in names)
    said = {
        " ".join(filter(None, words))
        for place in ((city,), (code, city), (city, code), (city, state), (city, state, code), (code,))
        for words in (place, (*place, land))
    }
    said |= {line1, land}
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
    texts = ((name, address.text(name)) for name in TEXTS)
    return [Hit(at=f"/{name}") for name, text in texts if text and _MARKUP.search(text)] or None


@rule(
    "address.line-too-long",
    reads={"line1", "line2", "line3", "city", "state"},
    message="The text is longer than 255 characters; send the street and number, or the place, and nothing else.",
    bad={"address": {"line1": "1 Main St " * 30, "country_code": "DE"}},
    good={"address": {"line1": "1 Main St", "country_code": "DE"}},
    since="0.1",
)
def line_too_long(address: Address) -> Found:
    """It fits on no invoice, and what follows a cut is lost."""
    return [Hit(at=f"/{n}") for n in (*TEXTS, "state") if len(address.text(n) or "") > LONGEST] or None


@rule(
    "address.line-contact",
    level="warn",
    reads={"line1", "line2", "line3"},
    message="The line holds an e-mail address or a phone number; send these in email and phone_number.",
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
    message="The address is a post office box, where nothing is supplied; give the street address if tax depends on it.",
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
    message="The city is written in one case only; write it as a map does, with capitals where they belong.",
    bad={"address": {"city": "SAN FRANCISCO", "country_code": "US"}},
    good={"address": {"city": "San Francisco", "country_code": "US"}},
    since="0.1",
)
def city_case(address: Address) -> Found:
    """Zenskar compares the city of a rate letter by letter, so a rate for its usual spelling is not found."""
    city = address.text("city") or ""
    if (
        len(city) < _SHORTEST_WORD
        or city in _ABBREVIATIONS
        or not (city.isupper() or city.islower())
        or city.lower() == city.upper()
    ):
        return None
    usual = _usual_case(city)
    return Hit({"/city": usual}) if usual != city else None


_SHORTEST_WORD = 4  # characters: APO, NYC and Ely may stand as they are
_ABBREVIATIONS = frozenset(("CABA", "CDMX", "HCMC", "TPHCM"))
_SMALL = frozenset(
    ("de", "del", "la", "las", "los", "le", "les", "du", "des", "da", "do", "dos", "di", "am", "an", "der", "im", "of", "on",
     "upon", "sur", "sous", "en", "und", "and", "y", "e", "bei", "van", "aan", "den", "the", "ob")
)  # fmt: skip


def _usual_case(text: str) -> str:
    words = re.split(r"([ \-/])", text.lower())
    return "".join(w if at and w in _SMALL else w[:1].title() + w[1:] for at, w in enumerate(words))


def _rewritten(address: Address, rewrite: Callable[[str], str]) -> Found:
    """Hits for the texts that are another after `rewrite`, and not empty."""
    texts = ((name, address.text(name)) for name in TEXTS)
    return [
        Hit({f"/{name}": better}, at=f"/{name}")
        for name, text in texts
        if text and not text.isascii() and (better := rewrite(text)) not in ("", text)
    ] or None


def _po_boxes(address: Address) -> Found:
    texts = ((name, address.text(name)) for name in LINES)
    return [Hit(at=f"/{name}") for name, text in texts if text and _PO_BOX.search(text)] or None


#: First what makes the text plain, before anything is read in it; at the end what is said of it.
WRITING = (text_full_width, text_emoji)
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
