"""What stands around a number: separators, prefixes, labels and notes, taken off until a body of the scheme's shape is left."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cleanbill.countries.country import iso
from cleanbill.data_files import read_data

from .scheme import Scheme, schemes

_LONGEST = 64  # characters of letters and digits; no number with its label is longer
_MOST_WORDS = 4  # labels and country names that may stand before a number
_MOST_SEPARATORS = 200  # more than any way to write a number has
_MOST_TOKENS = 12  # tokens of a note that may stand after it
_NOTE_LENGTH = 4  # letters from which an unknown trailing word counts as a note
_LABEL_LENGTH = 3  # letters from which an unknown word before a colon counts as a label

_TOKENS = re.compile(r"[\s()\[\]{},;|]+")
_NOTE = re.compile(r"(?<=\w)(?:\s*[(\[{,;|\n]|\s+[-\u2013\u2014]\s)")  # what opens a note
_SEPARATORS = re.compile(r"[\W_]+")
_HAS_DIGIT = re.compile(r"\d")
# Letters of other scripts that look the same in capitals, which is how they get into numbers.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYIJSABEZHIKMNOPTYX")
_KEPT = "&+*"  # characters of Mexican and old Irish numbers


class Body(NamedTuple):
    """One way to read what was written: the number without its prefix, and whether the prefix or country stood before it."""

    text: str
    prefixed: bool


def compact(text: str) -> str:
    """Capital letters and digits of `text`, in one spelling whatever script, width or separators it is written with.

    >>> compact("de 811.234.567"), compact("٢٩aabcu９６０３r1zj"), compact("CHE–112.256.297 MWST")
    ('DE811234567', '29AABCU9603R1ZJ', 'CHE112256297MWST')
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    if text.isascii():
        return "".join([c for c in text.upper() if c.isalnum() or c in _KEPT])
    spelt = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKES)
    return "".join(map(_plain, spelt))


def bodies(text: str, scheme: Scheme) -> Iterator[Body]:
    """Every way to take prefix, labels and notes off `text`, the plainest first; none where it is far too long."""
    whole = compact(text)
    if len(whole) > _LONGEST:
        return
    yield from _unprefixed(whole, scheme)
    yield from _unprefixed(undressed(text), scheme)
    yield from _unlabelled(whole, scheme)
    for part in _parts(text, scheme):
        yield from _unprefixed(part, scheme)
        yield from _unlabelled(part, scheme)


def undressed(text: str) -> str:
    """The text compact, without the labels before the number and the notes after it that are none in any scheme.

    >>> undressed("VAT no.: DE 811 128 135 (verified)"), undressed("UID CHE-112.256.297 MWST")
    ('DE811128135', 'CHE112256297MWST')
    """
    text = _noteless(text)
    if text.isalnum():
        return compact(text)
    tokens = [token for token in _SEPARATORS.split(text, maxsplit=_MOST_SEPARATORS) if token]
    while length := next((n for n in range(_MOST_WORDS, 0, -1) if n < len(tokens) and _is_label(tokens[:n])), 0):
        tokens = tokens[length:]
    return compact("".join(tokens))


def barest(text: str, scheme: Scheme) -> str:
    """What is left of `text` when every prefix and label before the number is taken off; "" where it is far too long."""
    whole = compact(_noteless(text))
    if len(whole) > _LONGEST:
        return ""
    *_, last = (*_unprefixed(whole, scheme), *_unlabelled(whole, scheme))
    return last.text.removeprefix(scheme.prefix)


@cache
def prefixes(scheme: Scheme) -> frozenset[str]:
    """What people put before a number of this scheme to name its country: codes and names, compact."""
    return country_words(scheme.country) | {scheme.prefix} - {""}


def _noteless(text: str) -> str:
    """The text without an unknown label before a colon, and without a note that holds no digit."""
    head, colon, tail = text.rpartition(":")
    if colon and not _HAS_DIGIT.search(head):
        text = tail
    number = _NOTE.split(text, maxsplit=1)[0]
    return text if _HAS_DIGIT.search(text, len(number)) else number


def _is_label(tokens: list[str]) -> bool:
    return compact("".join(tokens)) in _only_labels()


def _plain(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() or character in _KEPT else ""
    if character == "Ñ":
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    bare = unicodedata.normalize("NFKD", character)[0]
    return bare if bare.isalnum() else ""


def _unprefixed(whole: str, scheme: Scheme) -> Iterator[Body]:
    prefix = scheme.prefix
    if prefix and whole.startswith(prefix):
        yield Body(whole[len(prefix) :], prefixed=True)
        if whole.startswith(prefix * 2):
            yield Body(whole[len(prefix) * 2 :], prefixed=True)
    yield Body(whole, prefixed=False)


def _unlabelled(whole: str, scheme: Scheme) -> Iterator[Body]:
    countries = prefixes(scheme)
    prefixed = False
    for _ in range(_MOST_WORDS):
        word = next((w for w in _words(scheme).get(whole[:1], ()) if whole.startswith(w)), None)
        if word is None:
            return
        whole = whole[len(word) :]
        prefixed = prefixed or word in countries
        for body in _unprefixed(whole, scheme):
            yield Body(body.text, prefixed or body.prefixed)


def _parts(text: str, scheme: Scheme) -> Iterator[str]:
    """The text without an unknown label before a colon, and without notes after the number, compact."""
    head, colon, tail = text.rpartition(":")
    if colon and not _HAS_DIGIT.search(head) and len(compact(head)) >= _LABEL_LENGTH:
        yield compact(tail)
        text = tail
    number = _NOTE.split(text, maxsplit=1)[0]
    if not _HAS_DIGIT.search(text, len(number)):
        yield compact(number)
    tokens = _TOKENS.split(text)
    for _ in range(_MOST_TOKENS):
        if len(tokens) < 2 or not _is_note(tokens.pop(), scheme):
            return
        yield compact("".join(tokens))


def _is_note(token: str, scheme: Scheme) -> bool:
    word = compact(token)
    if _HAS_DIGIT.search(word):
        return False
    return not word or len(word) >= _NOTE_LENGTH or word in _words(scheme).get(word[0], ())


@cache
def _words(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Labels and country names by their first letter, the longest first."""
    words: dict[str, tuple[str, ...]] = {}
    for word in sorted(_table().labels | prefixes(scheme), key=lambda word: (-len(word), word)):
        words[word[0]] = (*words.get(word[0], ()), word)
    return words


@cache
def _only_labels() -> frozenset[str]:
    """The labels that are no scheme's prefix."""
    return _table().labels - {scheme.prefix for scheme in schemes()}


@cache
def country_words(code: str) -> frozenset[str]:
    """The codes and names of an issuing country, compact."""
    words = {code, *_table().names.get(code, ())}
    if entry := iso().get(code):
        words |= {entry.alpha3, *entry.names}
    return frozenset(compact(word) for word in words if word)


class _Table(NamedTuple):
    labels: frozenset[str]  # compact
    names: dict[str, list[str]]


@cache
def _table() -> _Table:
    table = tomllib.loads(read_data(__package__, "data/labels.toml"))
    return _Table(frozenset(map(compact, table["labels"])), table["names"])
