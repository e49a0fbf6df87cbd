"""Expressions with look-ups in the place of fields and calls, so that the engine calls no Python and converts little.

cel-expr-python 0.1.3 keeps the arguments of every call of a Python function for ever: memory, and customers' data. So a call such
as `in_eu(x)` is looked up instead. Where its arguments are fields and constants, it is answered before the expression is evaluated,
and stands in a list with the fields themselves, which cost less there than in a message. Else its key in a map of answers is made
of its arguments; a key that is not there is an error of the engine, which is answered, and the expression evaluated again.
`matches` is answered beforehand where it can be, as the engine compiles patterns each time. `exists` and `all` with nothing but a
call inside are looked up as a whole: over fields beforehand, over tax_info where the engine asks for it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from .expression import TOKEN, places_read, text_of_literal
from .functions import FUNCTIONS
from .patterns import lower_ascii, simple_pattern
from .variables import Field, Variables, fields, tax_info

#: The list of what is known before an expression is evaluated.
KNOWN = "_known"
#: The maps of answers by the type of what functions return.
MAPS: dict[type[bool | str], str] = {bool: "_flags", str: "_words"}
_KEY = re.compile(r'NOT_FOUND: Key not found in map : "(\w+)((?::[A-Za-z0-9+/=]*)+)"')
#: The variable that members of customer.custom_data are read in: a map, which costs the engine less than a message.
CUSTOM_DATA = "_custom_data"
_FREE = ["customer", ".", "custom_data"]
_ROOTS = ("customer", "location")
_JUDGES: Mapping[str, Callable[[Iterable[bool]], bool]] = {"exists": any, "all": all}
_OPENING = (*"([{,&|!?:=<>+-*/%", "in")  # what stands before a list, and not before an index
_VARIABLES = (*_ROOTS, CUSTOM_DATA, *MAPS.values())

Value = Callable[[Variables], Any]


class Known(NamedTuple):
    """A part of an expression whose value is known before the evaluation: a field, has() of one, or a call on fields."""

    key: str
    value: Value


class Lookups(NamedTuple):
    """An expression with look-ups: what is known, what may be asked for later by key, and what else it reads."""

    source: str
    known: tuple[Known, ...]
    later: Mapping[str, Value]
    variables: tuple[str, ...]
    places: frozenset[str]


def as_lookups(source: str) -> Lookups:
    """The sound expression with its fields and calls as look-ups; itself where it has none.

    >>> as_lookups("in_eu(location.country) && has(customer.email)").source
    '_known[0] && _known[1]'
    >>> as_lookups("['DE'].all(x, in_eu(x))").source
    "['DE'].all(x, _flags['in_eu:' + base64.encode(bytes(x))])"
    """
    tokens = [token for token in TOKEN.finditer(source) if not token[0].startswith("//")]
    words = [token[0] for token in tokens] + [" "] * 10
    shadowed = any(words[at] == "(" and words[at + 2] == "," and words[at + 1] in _ROOTS for at in range(len(tokens)))
    known: dict[str, Known] = {}
    later: dict[str, Value] = {}
    written: list[str] = []
    opened: list[str] = []  # the function that each open bracket calls, where it is has or one of ours
    end, name, skipped = 0, "", 0
    for at, token in enumerate(tokens):
        if at < skipped:
            continue
        word, before = token[0], words[at - 1] if at else ""
        written.append(source[end : token.start()])
        end = token.end()
        if not shadowed and before != "." and (found := _known_part(words, at, whole="has" not in opened)):
            part, skipped = found
            known.setdefault(part.key, part)
            word, end = f"{KNOWN}[{[*known].index(part.key)}]", tokens[skipped - 1].end()
        elif not shadowed and before != "." and (found := _macro_of_tax_info(words, at)):
            part, skipped = found
            later[part.key] = part.value
            word, end = f"{MAPS[bool]}['{part.key}']", tokens[skipped - 1].end()
        elif not shadowed and before != "." and words[at : at + 3] == _FREE and words[at + 3] in (".", ".?", "["):
            word, skipped, end = CUSTOM_DATA, at + 3, tokens[at + 2].end()
        elif word in FUNCTIONS and before != "." and words[at + 1] == "(":
            name, word = word, ""
        elif word in ("(", "[", "{"):
            opened.append(name or before if word == "(" else "")
            word = f"{MAPS[FUNCTIONS[name].returns]}['{name}:' + base64.encode(bytes(" if name else word
            name = ""
        elif word in (")", "]", "}"):
            word = "))]" if opened.pop() in FUNCTIONS else word
        elif word == "," and opened and opened[-1] in FUNCTIONS:
            word = ")) + ':' + base64.encode(bytes("
        written.append(word)
    text = "".join((*written, source[end:]))
    read = set(TOKEN.findall(text))
    return Lookups(
        text,
        (*known.values(),),
        later,
        tuple(name for name in _VARIABLES if name in read),
        places_read(text),
    )


def answer(error: str, later: Mapping[str, Value], record: Variables) -> tuple[str, str, bool | str] | None:
    """The map, the key and the answer of the call that an error asks for; None where it asks for none."""
    asked = _KEY.fullmatch(error)
    if asked is None:
        return None
    key = asked[1] + asked[2]
    if key in later:
        return MAPS[bool], key, later[key](record)
    function = FUNCTIONS.get(asked[1])
    if function is None:
        return None
    return MAPS[function.returns], key, function.call(*[b64decode(text).decode() for text in asked[2].split(":")[1:]])


def key_of(name: str, arguments: Sequence[str]) -> str:
    """The key of a call that is made of its arguments."""
    return ":".join([name, *[b2a_base64(argument.encode(), newline=False).decode() for argument in arguments]])


def _known_part(words: list[str], at: int, *, whole: bool) -> tuple[Known, int] | None:
    """What stands there and is known before the evaluation, and where it ends: no bare field where not `whole`."""
    found = (
        _known_call(words, at) or _known_match(words, at) or _known_presence(words, at) or _macro_of_fields(words, at)
    )
    if found or not whole:
        return found
    field, end = _field(words, at)
    if field is None or field.kind == "object":
        return None
    return Known(field.path, field.read if field.kind == "text" else partial(_is_true, field.read)), end


def _known_call(words: list[str], at: int) -> tuple[Known, int] | None:
    """The call of a function of ours that stands there, with arguments that are known, and where it ends."""
    function = FUNCTIONS.get(words[at])
    if function is None or words[at + 1] != "(":
        return None
    key, arguments, at = [function.name], list[Value](), at + 2
    for parameter in range(len(function.parameters)):
        text = text_of_literal(words[at])
        field, after = (None, at + 1) if text is not None else _field(words, at)
        if words[after] != ("," if parameter + 1 < len(function.parameters) else ")"):
            return None
        if text is not None:
            key.append(f"={text}")
            arguments.append(partial(_constant, text))
        elif field and field.kind == "text":
            key.append(field.path)
            arguments.append(field.read)
        else:
            return None
        at = after + 1
    return Known(" ".join(key), partial(_called, function.call, arguments)), at


def _known_match(words: list[str], at: int) -> tuple[Known, int] | None:
    """The call of `matches` on a field that stands there, with a simple pattern, and where it ends."""
    field, at = _field(words, at)
    if field is None or field.kind != "text":
        return None
    lower = words[at : at + 4] == [".", "lowerAscii", "(", ")"]
    at += 4 if lower else 0
    if words[at : at + 3] != [".", "matches", "("] or words[at + 4] != ")":
        return None
    text = text_of_literal(words[at + 3])
    pattern = simple_pattern(text) if text is not None else None
    if pattern is None:
        return None
    key = f"matches {field.path}{'.lowerAscii()' if lower else ''} ={text}"
    return Known(key, partial(_matches, pattern, lower, field.read)), at + 5


def _known_presence(words: list[str], at: int) -> tuple[Known, int] | None:
    """The call of has() on a field that stands there, and where it ends."""
    if words[at : at + 2] != ["has", "("]:
        return None
    field, end = _field(words, at + 2)
    if field is None or words[end] != ")":
        return None
    judge = _is_filled if field.kind == "text" else _is_there
    return Known(f"has {field.path}", partial(judge, field.read)), end + 1


def _macro_of_fields(words: list[str], at: int) -> tuple[Known, int] | None:
    """A macro over a list of fields that stands there, such as `[a, b].exists(x, f(x))`, and where it ends."""
    if words[at] != "[" or (at and words[at - 1] not in _OPENING):
        return None
    listed = list[Field]()
    while words[at] in ("[", ","):
        field, at = _field(words, at + 1)
        if field is None or field.kind != "text":
            return None
        listed.append(field)
    macro, end = _macro(words, at + 1) if words[at] == "]" else (None, at)
    if macro is None or macro.member:
        return None
    key = " ".join([macro.key, *(field.path for field in listed)])
    reads = [field.read for field in listed]
    return Known(key, partial(_judged, macro, lambda record: [read(record) for read in reads])), end


def _macro_of_tax_info(words: list[str], at: int) -> tuple[Known, int] | None:
    """A macro over tax_info that stands there, such as `customer.tax_info.exists(x, f(x.tax_id, "in_gst"))`, and where it ends."""
    if words[at : at + 3] != ["customer", ".", "tax_info"]:
        return None
    macro, end = _macro(words, at + 3)
    if macro is None or not macro.member:
        return None
    return Known(key_of("tax_info", [macro.key]), partial(_judged, macro, partial(tax_info, macro.member))), end


class _Macro(NamedTuple):
    """exists() or all() of a call: of an item's member, or of the item itself where that is "", and constants."""

    key: str
    judge: Callable[[Iterable[bool]], bool]
    call: Callable[..., bool | str]
    member: str
    constants: list[str]


def _macro(words: list[str], at: int) -> tuple[_Macro | None, int]:
    """The macro that stands there behind what it goes over, and where it ends."""
    judge, item, function = _JUDGES.get(words[at + 1]), words[at + 3], FUNCTIONS.get(words[at + 5])
    around = [words[at], words[at + 2], words[at + 4], words[at + 6], words[at + 7]]
    if judge is None or function is None or function.returns is not bool or around != [".", "(", ",", "(", item]:
        return None, at
    start, at = at + 1, at + 8
    member = words[at + 1] if words[at] == "." else ""
    at += 2 if member else 0
    constants = list[str]()
    while words[at] == "," and (text := text_of_literal(words[at + 1])) is not None:
        constants.append(text)
        at += 2
    if words[at : at + 2] != [")", ")"]:
        return None, at
    return _Macro(
        " ".join([words[start], member, function.name, *constants]), judge, function.call, member, constants
    ), at + 2


def _field(words: list[str], at: int) -> tuple[Field | None, int]:
    """The field that is selected there, such as customer.address.city, and where the selection ends."""
    for length in (5, 3):
        field = fields().get("".join(words[at : at + length]))
        if field and words[at - 1 : at] != ["."]:
            return field, at + length
    return None, at


def _is_filled(read: Value, record: Variables) -> bool:
    return bool(read(record))


def _is_there(read: Value, record: Variables) -> bool:
    return read(record) is not None


def _is_true(read: Value, record: Variables) -> bool:
    return read(record) is True


def _constant(text: str, _: object) -> str:
    return text


def _judged(macro: _Macro, texts: Callable[[Variables], list[str]], record: Variables) -> bool:
    return macro.judge(bool(macro.call(text, *macro.constants)) for text in texts(record))


def _called(function: Callable[..., bool | str], arguments: list[Value], record: Variables) -> bool | str:
    return function(*[argument(record) for argument in arguments])


def _matches(pattern: re.Pattern[str], lower: bool, value: Value, record: Variables) -> bool:  # noqa: FBT001
    text: str = value(record)
    return bool(pattern.search(lower_ascii(text) if lower else text))
