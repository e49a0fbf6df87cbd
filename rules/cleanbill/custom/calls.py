"""Calls in an expression, without the engine calling Python.

cel-expr-python 0.1.3 keeps the arguments of every call of a Python function for ever: memory, and customers' data. So a call such
as `in_eu(x)` is looked up instead, in a map of answers. Where its arguments are fields and constants, it is answered before the
expression is evaluated. Else its key is made of its arguments; a key that is not there is an error of the engine, which is
answered, and the expression evaluated again. `matches` is looked up where it can be, as the engine compiles patterns each time.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from cleanbill.schema import schema

from .expression import TOKEN, text_of_literal
from .functions import FUNCTIONS
from .patterns import lower_ascii, simple_pattern
from .variables import LOCATION

#: The maps of answers by the type of what functions return.
MAPS: dict[type[bool | str], str] = {bool: "_flags", str: "_words"}
_KEY = re.compile(r'NOT_FOUND: Key not found in map : "(\w+)((?::[A-Za-z0-9+/=]*)+)"')
#: The variable that members of customer.custom_data are read in: a map, which costs the engine less than a message.
CUSTOM_DATA = "_custom_data"
_FREE = ["customer", ".", "custom_data"]
_ROOTS = ("customer", "location")

Argument = Callable[[Any], str]  # of the variables


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose arguments are known before the evaluation. `key` is "" where it is made of the arguments."""

    table: str
    key: str
    name: str
    answer: Callable[..., bool | str]
    arguments: tuple[Argument, ...]


class Lookups(NamedTuple):
    """An expression with its calls as look-ups, and those that can be answered before it is evaluated."""

    source: str
    known: tuple[Call, ...]


def as_lookups(source: str) -> Lookups:
    """The sound expression with its calls as look-ups; itself where it has none.

    >>> as_lookups("in_eu(location.country)").source
    '_flags["in_eu location.country"]'
    >>> as_lookups("['DE'].all(x, in_eu(x))").source
    "['DE'].all(x, _flags['in_eu:' + base64.encode(bytes(x))])"
    """
    tokens = list(TOKEN.finditer(source))
    words = [token[0] for token in tokens] + [""] * 4
    shadowed = any(words[at] == "(" and words[at + 2] == "," and words[at + 1] in _ROOTS for at in range(len(tokens)))
    known: dict[str, Call] = {}
    written: list[str] = []
    opened: list[bool] = []  # whether each bracket that is open is a call of ours
    end, name, skipped = 0, "", 0
    for at, token in enumerate(tokens):
        if at < skipped:
            continue
        word, before = token[0], words[at - 1] if at else ""
        written.append(source[end : token.start()])
        end = token.end()
        if not shadowed and before != "." and (found := _known_call(words, at) or _known_match(words, at)):
            call, skipped = found
            known[call.key] = call
            word, end = f"{call.table}[{json.dumps(call.key, ensure_ascii=False)}]", tokens[skipped - 1].end()
        elif not shadowed and before != "." and words[at : at + 3] == _FREE and words[at + 3] in (".", ".?", "["):
            word, skipped, end = CUSTOM_DATA, at + 3, tokens[at + 2].end()
        elif word in FUNCTIONS and before != "." and words[at + 1] == "(":
            name, word = word, ""
        elif word in ("(", "[", "{"):
            opened.append(bool(name))
            word = f"{MAPS[FUNCTIONS[name].returns]}['{name}:' + base64.encode(bytes(" if name else word
            name = ""
        elif word in (")", "]", "}"):
            word = "))]" if opened.pop() else word
        elif word == "," and opened and opened[-1]:
            word = ")) + ':' + base64.encode(bytes("
        written.append(word)
    likely = () if shadowed else _likely(words)
    return Lookups("".join((*written, source[end:])), (*known.values(), *likely))


def answer(error: str) -> tuple[str, str, bool | str] | None:
    """The map, the key and the answer of the call that an error asks for; None where it asks for none."""
    asked = _KEY.fullmatch(error)
    function = FUNCTIONS.get(asked[1]) if asked else None
    if asked is None or function is None:
        return None
    arguments = [b64decode(text).decode() for text in asked[2].split(":")[1:]]
    return MAPS[function.returns], asked[1] + asked[2], function.call(*arguments)


def key_of(name: str, arguments: Sequence[str]) -> str:
    """The key of a call that is made of its arguments."""
    return ":".join([name, *[b2a_base64(argument.encode(), newline=False).decode() for argument in arguments]])


def _known_call(words: list[str], at: int) -> tuple[Call, int] | None:
    """The call of a function of ours that stands there, with arguments that are known, and where it ends."""
    function = FUNCTIONS.get(words[at])
    if function is None or words[at + 1] != "(":
        return None
    key, arguments, at = [function.name], [], at + 2
    for parameter in range(len(function.parameters)):
        text = text_of_literal(words[at])
        path, after = (None, at + 1) if text is not None else _path(words, at)
        if (text is None and path is None) or words[after] != (
            "," if parameter + 1 < len(function.parameters) else ")"
        ):
            return None
        key.append(path if path is not None else f"={text}")
        arguments.append(attrgetter(path) if path is not None else partial(_constant, text or ""))
        at = after + 1
    return Call(MAPS[function.returns], " ".join(key), function.name, function.call, tuple(arguments)), at


def _known_match(words: list[str], at: int) -> tuple[Call, int] | None:
    """The call of `matches` on a field that stands there, with a simple pattern, and where it ends."""
    path, at = _path(words, at)
    if path is None:
        return None
    lower = words[at : at + 4] == [".", "lowerAscii", "(", ")"]
    at += 4 if lower else 0
    if words[at : at + 3] != [".", "matches", "("] or words[at + 4] != ")":
        return None
    text = text_of_literal(words[at + 3])
    pattern = simple_pattern(text) if text is not None else None
    if pattern is None:
        return None
    key = f"matches {path}{'.lowerAscii()' if lower else ''} ={text}"
    judge = partial(_matches, pattern, lower)
    return Call(MAPS[bool], key, "matches", judge, (attrgetter(path),)), at + 5


def _likely(words: list[str]) -> tuple[Call, ...]:
    """The calls on a variable of a macro, one for each field that stands in a list: `[a, b].exists(x, f(x))`."""
    paths: list[str] = []
    for start, word in enumerate(words):
        at, row = start + 1, []
        while word == "[" and at < len(words):
            path, after = _path(words, at)
            if path is None or words[after] not in (",", "]"):
                break
            row.append(path)
            at = after + 1
            if words[after] == "]":
                paths += row
                break
    called = {
        word
        for at, word in enumerate(words[:-3])
        if word in FUNCTIONS and words[at + 1] == "(" and words[at + 2].isidentifier() and words[at + 3] == ")"
    }
    functions = [function for name, function in FUNCTIONS.items() if name in called]
    return tuple(
        Call(MAPS[function.returns], "", function.name, function.call, (attrgetter(path),))
        for function in functions
        for path in dict.fromkeys(paths)
    )


def _path(words: list[str], at: int) -> tuple[str | None, int]:
    """The text field that is selected there, such as customer.address.city, and where the selection ends."""
    fields = _text_fields()
    for length in (5, 3):
        path = "".join(words[at : at + length])
        if path in fields and words[at - 1 : at] != ["."]:
            return path, at + length
    return None, at


@cache
def _text_fields() -> frozenset[str]:
    """The texts that an expression can select without a list or custom_data between."""
    shapes = schema()
    inner = {"address": shapes.address, "ship_to_address": shapes.address, "connector": shapes.connector}
    texts = {f"location.{name}" for name in LOCATION}
    for name, kind in shapes.customer.fields.items():
        if name in inner and kind == "object":
            texts |= {f"customer.{name}.{field}" for field, held in inner[name].fields.items() if held != "free"}
        elif kind not in ("object", "list", "flag", "free"):
            texts.add(f"customer.{name}")
    return frozenset(texts)


def _constant(text: str, _: object) -> str:
    return text


def _matches(pattern: re.Pattern[str], lower: bool, text: str) -> bool:  # noqa: FBT001
    return pattern.search(lower_ascii(text) if lower else text) is not None
