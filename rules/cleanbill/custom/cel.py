"""CEL by cel-expr-python, the wrapper of Google's C++ implementation: the only module that knows it.

What bounds an evaluation: the engine stops after 10,000 steps of comprehensions and knows no recursion, its patterns are RE2,
`variables.py` bounds what is read, and the calls of the library's functions for one evaluation are counted and timed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from time import monotonic
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext.ext_encoders import ExtEncoders
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from cleanbill.countries.location import TaxLocation

from .calls import MAPS, answer, as_lookups
from .expression import Bound, Expression, ExpressionFailed, Mistake, last_texts
from .functions import FUNCTIONS
from .variables import PACKAGE, TooLarge, bind, fields_of_message, messages

MOST_CALLS = 200  # of functions in one evaluation, each with other arguments
LONGEST_TIME = 0.5  # seconds of one evaluation after which no function is called

#: What the language and its string library bring, for suggestions.
_BUILT_IN = (
    "all", "bool", "charAt", "contains", "double", "dyn", "endsWith", "exists", "exists_one", "filter", "has", "hasValue",
    "indexOf", "int", "join", "lowerAscii", "map", "matches", "orValue", "replace", "size", "split", "startsWith", "string",
    "substring", "trim", "upperAscii",
)  # fmt: skip
_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): ([^\n]*)")
_UNDEFINED = re.compile(r"undefined field '([^']*)' not found in struct '([^']*)'")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '([^']*)'")


class CelExpression:
    """A compiled expression."""

    __slots__ = ("_compiled", "has_calls", "is_bool")

    def __init__(self, compiled: Any, *, is_bool: bool, has_calls: bool) -> None:
        self._compiled = compiled
        self.is_bool = is_bool
        self.has_calls = has_calls

    def evaluate(self, record: Bound) -> object:
        """Its value for the record. Raises ExpressionFailed."""
        variables: _Variables = record.variables
        deadline = monotonic() + LONGEST_TIME if self.has_calls else 0
        for _ in range(MOST_CALLS):
            try:
                value = self._compiled.eval(variables.activation)
                plain = value.plain_value()
            except Exception as error:  # noqa: BLE001  the engine raises what it likes, with the record in its text
                raise ExpressionFailed("budget" if "budget exceeded" in str(error) else "other") from None
            if isinstance(plain, bool) or value.type() != cel.Type.ERROR:
                return plain
            if not (self.has_calls and variables.learn(plain)):
                raise ExpressionFailed("missing" if plain.startswith("NOT_FOUND") else "other")
            if monotonic() > deadline:
                break
        raise ExpressionFailed("budget")


def compile_cel(source: str) -> Expression:
    """Compile an expression. Raises Mistake."""
    compiled = _compiled(source)
    for function in FUNCTIONS.values():
        for text in last_texts(source, function.name) if function.known else ():
            _refuse_unknown(text, (function.known or tuple)(), function.parameters[-1], source)
    is_bool = compiled.return_type() in (cel.Type.BOOL, cel.Type.DYN)
    lookups = as_lookups(source)
    has_calls = lookups != source
    return CelExpression(_compiled(lookups) if has_calls else compiled, is_bool=is_bool, has_calls=has_calls)


def _compiled(source: str) -> Any:
    try:
        return _environment().compile(source)
    except RuntimeError as error:
        raise _mistake(str(error), source) from None


def bound(data: Mapping[str, Any], location: TaxLocation | None, *, custom_data: bool) -> Bound:
    """The variables for one customer, with custom_data where that is asked for and small enough."""
    try:
        variables, whole = bind(data, location, custom_data=custom_data), True
    except TooLarge:
        variables, whole = bind(data, location, custom_data=False), False
    return Bound(_Variables(variables._asdict()), whole)


class _Variables:
    """What expressions read of one record: its variables, and the answers of the functions that were called for it."""

    __slots__ = ("_values", "activation")

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values | {name: {} for name in MAPS.values()}
        self.activation = _environment().Activation(self._values)

    def learn(self, error: str) -> bool:
        """Answer the call that an error of the engine asks for; False where it asks for none."""
        found = answer(error)
        if found is None:
            return False
        name, key, value = found
        self._values[name][key] = value
        self.activation = _environment().Activation(self._values)
        return True


@cache
def _environment() -> Any:
    """The variables, functions and extensions that every expression has."""
    text, types = cel.Type.STRING, {bool: cel.Type.BOOL, str: cel.Type.STRING}
    functions = [
        cel.FunctionDecl(
            f.name, [cel.Overload(f.name, return_type=types[f.returns], parameters=[text] * len(f.parameters))]
        )
        for f in FUNCTIONS.values()
    ]
    return cel.NewEnv(
        messages().pool,
        variables={"customer": cel.Type(f"{PACKAGE}.Customer"), "location": cel.Type(f"{PACKAGE}.Location")}
        | {name: cel.Type.Map(text, types[returned]) for returned, name in MAPS.items()},
        extensions=[ExtEncoders(), ExtOptional(), ExtStrings()],
        functions=functions,
    )


def _mistake(error: str, source: str) -> Mistake:
    """The engine's first complaint in our words, with its place."""
    found = _ERROR.search(error)
    if found is None:
        return Mistake("the expression is nested too deeply")
    line, column, complaint = max(int(found[1]), 1), max(int(found[2]), 1), found[3]
    if undefined := _UNDEFINED.match(complaint):
        name, struct = undefined.groups()
        reason = f"{struct.removeprefix(PACKAGE + '.')} has no field {name!r}{_hint(name, fields_of_message(struct))}"
        return Mistake(reason, line, _column(source, line, column, name))
    if undeclared := _UNDECLARED.match(complaint):
        name = undeclared[1].partition(".")[0]
        return Mistake(_unknown(name), line, _column(source, line, column, name))
    if overload := _OVERLOAD.match(complaint):
        name, given = overload[1].strip("_"), overload[2].replace("string", "text").replace("<dyn>", "")
        if name in FUNCTIONS:
            return Mistake(f"{FUNCTIONS[name].signature} takes texts, not {given}", line, column)
        return Mistake(f"{name.replace('_', ' ')} cannot be used on {given}", line, column)
    return Mistake(complaint[:1].lower() + complaint[1:], line, column)


def _unknown(name: str) -> str:
    """What to say of a name that is not known."""
    if name in FUNCTIONS:
        return f"{name} is called as {FUNCTIONS[name].signature}"
    if name in _BUILT_IN:
        return f"{name} is called with other arguments, or on a value"
    fields = fields_of_message(f"{PACKAGE}.Customer")
    near = {**{field: f"customer.{field}" for field in fields}, **{known: known for known in (*FUNCTIONS, *_BUILT_IN)}}
    near |= {"customer": "customer", "location": "location"}
    guesses = get_close_matches(name, near, n=1)
    return f"nothing is called {name!r}" + (f", did you mean {near[guesses[0]]!r}?" if guesses else "")


def _refuse_unknown(text: str, known: Collection[str], what: str, source: str) -> None:
    """Raise Mistake where a text that must be the id of something is not."""
    if text not in known:
        at = source.find(text)
        line = source.count("\n", 0, at) + 1
        raise Mistake(f"there is no {what} {text!r}{_hint(text, known)}", line, at - source.rfind("\n", 0, at))


def _hint(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def _column(source: str, line: int, column: int, name: str) -> int:
    """Where the name stands that the engine complains of: it points at the dot or bracket beside it."""
    text = (source.splitlines() or [""])[line - 1]
    places = [found.start() + 1 for found in re.finditer(re.escape(name), text)]
    return min(places, key=lambda place: abs(place - column), default=column)
