"""A customer's JSON text as it was sent, and the same text with corrections.

Zenskar keeps `custom_data` as it comes, so what no fix has touched goes on in the caller's own characters: `1.50` stays
`1.50`, and integers of any size stay whole.
"""

from __future__ import annotations

import json
import math
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .report import Report
from .schema import escape, fold_key, schema, steps_of

_SPACE = re.compile(r"[ \t\n\r]*")
_OPENING = re.compile(r"[ \t\n\r]*\{[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_COMMA_OR_END = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*")

# Of a text that is JSON: a member up to its value, a value that holds no other, and what opens and closes those that do.
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_MEMBER = re.compile(rf"[{{, \t\n\r]*({_STRING})[ \t\n\r]*:[ \t\n\r]*")
_SCALAR = re.compile(rf"{_STRING}|[^\[{{,}} \t\n\r]+")
_BRACKET = re.compile(rf"{_STRING}|([\[{{])|([\]}}])")
_DEEPER = {None: 0, 1: 1, 2: -1}  # a string stays where it is, its groups being none

_write = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


@lru_cache(maxsize=1024)
def _is_free(key: str) -> bool:
    """Whether the member is custom_data, under whatever spelling: its inside is the caller's alone."""
    return schema().customer.spellings.get(fold_key(key)) == "custom_data"


class MalformedBody(ValueError):
    """A text that is no JSON; the message says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class SentBody:
    """A JSON text, what it means, and where its parts stand.

    `duplicates` are RFC 6901 pointers of keys that stand twice in one object, those inside `custom_data` left out; of such a key
    the last value counts.
    """

    raw: bytes = field(repr=False)
    value: object = field(repr=False)
    duplicates: tuple[str, ...] = field(default=(), repr=False)

    def corrected(self, report: Report) -> bytes:
        """The clean body of `report` as JSON; the sent bytes themselves where nothing was applied."""
        if not report.patch() or not isinstance(report.clean, dict):
            return self.raw
        moved, touched = _moves(report)
        clean: dict[str, object] = report.clean
        sent = _members(self.raw.decode("utf-8")) if isinstance(self.value, dict) else {}
        texts = {key: sent.get(moved.get(key, key)) for key in clean if key not in touched}
        members = (f"{_write(key)}:{texts.get(key) or _write(value)}" for key, value in clean.items())
        return f"{{{','.join(members)}}}".encode()

    def report(
        self, report: Report, dumps: Callable[[object], bytes] = lambda value: json.dumps(value).encode()
    ) -> bytes:
        """`report` as JSON; in its `clean`, what no fix has touched stands in the characters that were sent."""
        members = {key: dumps(value) for key, value in report.to_dict().items() if key != "clean"}
        members["clean"] = self.corrected(report)
        return b"{%s}" % b",".join(b'"%s":%s' % (key.encode(), text) for key, text in members.items())


def _moves(report: Report) -> tuple[dict[str, str], set[str]]:
    """The members that fixes have moved whole, new key to old, and those that fixes have changed otherwise."""
    moved: dict[str, str] = {}
    touched: set[str] = set()
    for finding in report.findings:
        steps = [(edit.op, steps_of(edit.pointer)) for edit in finding.edits] if finding.applied else []
        if [op for op, _ in steps][1:] == ["remove"] and all(len(path) == 1 for _, path in steps):
            moved[steps[0][1][0]] = steps[1][1][0]
        else:
            touched.update(path[0] for _, path in steps if path)
    return moved, touched


def _members(text: str) -> dict[str, str]:
    """The text of each member of an object, exactly as sent. Nothing here recurses: whatever could be read can be written."""
    found: dict[str, str] = {}
    at = 0
    while member := _MEMBER.match(text, at):
        begin = member.end()
        scalar = _SCALAR.match(text, begin)
        at = scalar.end() if scalar else _end_of_container(text, begin)
        key, _ = _FREE_DECODER.raw_decode(member[1])
        found[key] = text[begin:at]
    return found


def _end_of_container(text: str, begin: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(text, begin):
        depth += _DEEPER[bracket.lastindex]
        if not depth:
            return bracket.end()
    return len(text)


def read_bodies(raw: bytes) -> Iterator[SentBody]:
    """Each body in a text: the one JSON value that it is, the items of an array, or one a line. Raises MalformedBody."""
    try:
        whole = read_body(raw)
    except MalformedBody:
        lines = [(number, line) for number, line in enumerate(raw.splitlines(), 1) if line.strip()]
        if lines and (len(lines) == 1 or not _is_json(lines[0][1])):
            raise
        yield from _bodies_of_lines(lines)
        return
    if not isinstance(whole.value, list):
        yield whole
        return
    text = whole.raw.decode("utf-8")
    at = _space(text, _space(text, 0) + 1)
    for _ in whole.value:
        _, end = _FREE_DECODER.raw_decode(text, at)
        yield read_body(text[at:end].encode())
        at = _space(text, _space(text, end) + 1)


def _bodies_of_lines(lines: list[tuple[int, bytes]]) -> Iterator[SentBody]:
    for number, line in lines:
        try:
            yield read_body(line)
        except MalformedBody as error:
            raise MalformedBody(f"line {number}: {error}") from None


def _is_json(line: bytes) -> bool:
    try:
        read_body(line)
    except MalformedBody:
        return False
    return True


def read_body(raw: bytes) -> SentBody:
    """Parse a request body. Raises MalformedBody where it is not JSON in UTF-8."""
    raw = raw.removeprefix(BOM_UTF8)
    try:
        return SentBody(raw, _PLAIN_DECODER.decode(raw.decode("utf-8")))
    except (ValueError, RecursionError):
        return _read_carefully(raw)


def _read_carefully(raw: bytes) -> SentBody:
    """The same, of a body in which a key stands twice, a number is huge, or something is wrong: this knows where and what."""
    reader = _Reader()
    try:
        text = raw.decode("utf-8")
        value = reader.unique(list(reader.members(text))) if _OPENING.match(text) else _FREE_DECODER.decode(text)
        return SentBody(raw, value, tuple(_places(value, reader.twice)))
    except UnicodeDecodeError:
        raise MalformedBody("the body is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise MalformedBody(f"the body is not JSON: line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise MalformedBody("the body is nested too deeply") from None
    except MalformedBody:
        raise
    except ValueError:
        raise MalformedBody("the body holds a number that cannot be kept exactly") from None


class _Reader:
    """One parse. `twice` holds the objects that had a key twice, by identity, each with those keys."""

    def __init__(self) -> None:
        self.twice: dict[int, tuple[object, list[str]]] = {}
        self.decoder = json.JSONDecoder(object_pairs_hook=self.unique, parse_float=_finite, parse_constant=_no_constant)

    def unique(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            times = Counter(key for key, _ in pairs)
            self.twice[id(found)] = found, [key for key in found if times[key] > 1]
        return found

    def members(self, text: str) -> Iterator[tuple[str, object]]:
        """Key and value of each member of the object that is the text."""
        at = _past(_OPENING, text, 0).end()
        if text[at : at + 1] == "}":
            _expect_end(text, at + 1)
            return
        while True:
            if text[at : at + 1] != '"':
                raise json.JSONDecodeError("a key was expected", text, at)
            key, end = self.decoder.raw_decode(text, at)
            begin = _past(_COLON, text, end).end()
            value, end = (_FREE_DECODER if _is_free(key) else self.decoder).raw_decode(text, begin)
            yield key, value
            sign = _past(_COMMA_OR_END, text, end)
            if sign[1] == "}":
                _expect_end(text, sign.end())
                return
            at = sign.end()


def _past(sign: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    """The sign that stands next, with the white space around it."""
    if found := sign.match(text, at):
        return found
    raise json.JSONDecodeError("a sign was expected", text, _space(text, at))


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect_end(text: str, at: int) -> None:
    if (end := _space(text, at)) != len(text):
        raise json.JSONDecodeError("the text goes on", text, end)


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise ValueError
    return number


def _no_constant(_name: str) -> object:
    raise MalformedBody("the body holds NaN or Infinity, which are no JSON")


def _plain(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


_FREE_DECODER = json.JSONDecoder(parse_constant=_no_constant)
# Takes what means the same wherever it stands: each key once, and numbers that a float holds.
_PLAIN_DECODER = json.JSONDecoder(object_pairs_hook=_plain, parse_float=_finite, parse_constant=_no_constant)


def _places(value: object, twice: Mapping[int, tuple[object, list[str]]], pointer: str = "") -> Iterator[str]:
    """The pointers of the keys that stood twice, found only where there are any."""
    if not twice:
        return
    _, keys = twice.get(id(value), (value, ()))
    yield from (pointer + escape(key) for key in keys)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        if pointer or not _is_free(str(key)):
            yield from _places(member, twice, pointer + escape(str(key)))
