"""Text for people: names, address lines, cities. Fields with a form of their own have rules of their own."""

from __future__ import annotations

import html
import re

from cleanbill.rule import Found, Hit, rule_on
from cleanbill.schema import Text
from cleanbill.text import squeeze, visible

rule = rule_on(Text)

# What UTF-8 looks like when it was read as Windows-1252 or Latin-1.
_MOJIBAKE = re.compile(
    "[ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑØÙâãäåæèéêëìíîïðñ][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]|\ufffd"
)
_ENTITY = re.compile(
    "&(?:(?:amp|#38|#x26);)*(amp|lt|gt|quot|apos|nbsp|#[0-9]{2,5}|#x[0-9a-f]{2,4}|[a-z]{1,6}(?:acute|grave|uml|circ|tilde|cedil|ring|slash|lig));",
    re.IGNORECASE,
)


@rule(
    "text.encoding-broken",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="The text was decoded with the wrong character set on its way here; write and read it as UTF-8.",
    bad={"address": {"city": "MÃ¼nchen"}},
    good={"address": {"city": "München"}},
    since="0.1",
)
def encoding_broken(text: Text) -> Found:
    """The invoice shows the broken letters, and a tax rate for the city is not found."""
    value = text.value
    if value.isascii() or not _MOJIBAKE.search(value):
        return None
    from ftfy import fix_encoding  # noqa: PLC0415  a tenth of a second to import, and seldom needed

    repaired = fix_encoding(value)
    return Hit({"": repaired}) if repaired != value and "\ufffd" not in repaired else None


@rule(
    "text.html-entity",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="The text holds HTML entities, such as an ampersand written out; send the characters themselves.",
    bad={"customer_name": "Widgets &amp; Sons"},
    good={"customer_name": "Widgets & Sons"},
    since="0.1",
)
def html_entity(text: Text) -> Found:
    """A name that was escaped for a web page stands on the invoice with its codes."""
    value = text.value
    if not _ENTITY.search(value):
        return None
    plain = _ENTITY.sub(lambda found: html.unescape(f"&{found[1]};"), value)
    whole = squeeze(visible(plain)) and "\ufffd" not in plain and not _ENTITY.search(plain)
    return Hit({"": plain}) if whole else None


@rule(
    "text.character-lost",
    level="warn",
    reads={"*"},
    message="The text holds the sign that stands for a letter that could not be read; write the letter again.",
    bad={"address": {"city": "M\ufffdnchen"}},
    good={"address": {"city": "München"}},
    since="0.1",
)
def character_lost(text: Text) -> Found:
    """The letter is gone for good, and a tax rate for the city is not found."""
    return Hit() if "\ufffd" in text.value else None


@rule(
    "text.character-invisible",
    level="info",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="The text holds control, zero-width or direction marks that nobody sees; send it without them.",
    bad={"address": {"city": "Bengaluru\u200b"}},
    good={"address": {"city": "Bengaluru"}},
    since="0.1",
)
def character_invisible(text: Text) -> Found:
    """Two cities that look the same are not the same to a rate table."""
    seen = visible(text.value)
    return Hit({"": seen}) if seen != text.value else None


@rule(
    "text.space-extra",
    level="info",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="The text has spaces around it, in a row, or of a special kind; send single spaces between words.",
    bad={"customer_name": " Nilgiri  Analytics "},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def space_extra(text: Text) -> Found:
    """A rate for a city is looked up letter by letter, and a name with a space too many is another customer."""
    single = squeeze(text.value)
    return Hit({"": single}) if single != text.value else None


RULES = (encoding_broken, html_entity, character_lost, character_invisible, space_extra)
