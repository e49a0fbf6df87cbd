"""Calls of the library's functions in an expression, without the engine calling Python.

cel-expr-python 0.1.3 keeps the arguments of every call of a Python function for ever: memory, and customers' data. So a call such
as `in_eu(x)` is looked up instead, in a map of answers under a key made of its arguments. A key that is not there is an error of
the engine; it is answered, and the expression evaluated again.
"""

from __future__ import annotations

import re
from base64 import b64decode

from .expression import TOKEN
from .functions import FUNCTIONS

#: The maps of answers by the type of what functions return.
MAPS: dict[type[bool | str], str] = {bool: "_flags", str: "_words"}
_KEY = re.compile(r'NOT_FOUND: Key not found in map : "(\w+)((?::[A-Za-z0-9+/=]*)+)"')


def as_lookups(source: str) -> str:
    """The sound expression with its calls as look-ups; itself where it has none.

    >>> as_lookups("in_eu(location.country)")
    "_flags['in_eu:' + base64.encode(bytes(location.country))]"
    """
    written: list[str] = []
    opened: list[bool] = []  # whether each bracket that is open is a call of ours
    end, before, name = 0, "", ""
    for token in TOKEN.finditer(source):
        word = token[0]
        written.append(source[end : token.start()])
        end = token.end()
        if word in FUNCTIONS and before != "." and source[end:].lstrip().startswith("("):
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
        before = token[0]
    return "".join((*written, source[end:]))


def answer(error: str) -> tuple[str, str, bool | str] | None:
    """The map, the key and the answer of the call that an error asks for; None where it asks for none."""
    asked = _KEY.fullmatch(error)
    function = FUNCTIONS.get(asked[1]) if asked else None
    if asked is None or function is None:
        return None
    arguments = [b64decode(text).decode() for text in asked[2].split(":")[1:]]
    return MAPS[function.returns], asked[1] + asked[2], function.call(*arguments)
