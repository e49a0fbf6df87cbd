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
from cleanbill.policy_error import did_you_mean

from .calls import CUSTOM_DATA, KNOWN, MAPS, Lookups, Value, answer, as_lookups
from .expression import Bound, Expression, ExpressionFailed, Mistake, last_literals, text_of_literal
from .functions import FUNCTIONS
from .variables import (
    PACKAGE,
    TooLarge,
    Variables,
    bind,
    customer_message,
    fields_of_message,
    location_message,
    messages,
    without_custom_data,
)

MOST_CALLS = 200  # of functions in one evaluation, each with other arguments
LONGEST_TIME = 0.5  # seconds of one evaluation after which no function is called

#: What the language and its string library bring, for suggestions.
_BUILT_IN = (
    "all", "bool", "charAt", "contains", "double", "dyn", "endsWith", "exists", "exists_one", "filter", "has", "hasValue",
    "indexOf", "int", "join", "lowerAscii", "map", "matches", "orValue", "replace", "size", "split", "startsWith", "string",
    "substring", "trim", "upperAscii",
)  # fmt: skip
_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): ([^\n]*)")
_QUOTE = re.compile(r"""[rR]?("{3}|'{3}|["'])""")
_UNDEFINED = re.compile(r"undefined field '([^']*)' not found in struct '([^']*)'")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '([^']*)'")


class CelExpression:
    """A compiled expression, and what in it is looked up."""

    __slots__ = ("_compiled", "_lookups", "is_bool")

    def __init__(self, compiled: Any, lookups: Lookups, *, is_bool: bool) -> None:
        self._compiled = compiled
        self._lookups = lookups
        self.is_bool = is_bool

    def evaluate(self, record: Bound) -> object:
        """Its value for the record. Raises ExpressionFailed."""
        variables: _Variables = record.variables
        values = variables.of(self._lookups)
        deadline = monotonic() + LONGEST_TIME
        for _ in range(MOST_CALLS):
            try:
                value = self._compiled.eval(_environment().Activation(values))
                plain = value.plain_value()
            except Exception as error:  # noqa: BLE001  the engine raises what it likes, with the record in its text
                raise ExpressionFailed("budget" if "budget exceeded" in str(error) else "other") from None
            if not isinstance(plain, str) or value.type() != cel.Type.ERROR:
                return plain
            if not variables.learn(plain, self._lookups):
                raise ExpressionFailed("missing" if plain.startswith("NOT_FOUND") else "other")
            if monotonic() > deadline:
                break
        raise ExpressionFailed("budget")


def compile_cel(source: str) -> Expression:
    """Compile an expression. Raises Mistake."""
    compiled = _compiled(source)
    for function in FUNCTIONS.values():
        for literal in last_literals(source, function.name) if function.known else ():
            _refuse_unknown(literal, (function.known or tuple)(), function.parameters[-1])
    for literal in last_literals(source, "matches"):
        _refuse_unless_pattern(literal)
    is_bool = compiled.return_type() in (cel.Type.BOOL, cel.Type.DYN)
    lookups = as_lookups(source)
    if lookups.source != source:
        compiled = _compiled(lookups.source)
    return CelExpression(compiled, lookups, is_bool=is_bool)


def _compiled(source: str) -> Any:
    try:
        return _environment().compile(source)
    except RuntimeError as error:
        raise _mistake(str(error), source) from None


def bound(data: Mapping[str, Any], location: TaxLocation | None, places: frozenset[str]) -> Bound:
    """The variables for one customer: the places that are read, without custom_data where that is too large."""
    try:
        return Bound(_Variables(bind(data, location, places)), is_whole=True)
    except TooLarge:
        return Bound(_Variables(bind(data, location, without_custom_data(places))), is_whole=False)


class _Variables:
    """What expressions see of one record, and the answers of the functions that were called for it."""

    __slots__ = ("_answers", "_known", "_record")

    def __init__(self, record: Variables) -> None:
        self._record = record
        self._known: dict[str, bool | str] = {}
        self._answers: dict[str, dict[str, bool | str]] = {name: {} for name in MAPS.values()}

    def of(self, lookups: Lookups) -> dict[str, Any]:
        """The values of the variables that an expression has."""
        values: dict[str, Any] = {name: self._value(name, lookups) for name in lookups.variables}
        values[KNOWN] = [self._known_value(key, value) for key, value in lookups.known]
        return values

    def learn(self, error: str, lookups: Lookups) -> bool:
        """Answer the call that an error of the engine asks for; False where it asks for none."""
        found = answer(error, lookups.later, self._record)
        if found is None or found[1] in self._answers[found[0]]:
            return False
        name, key, value = found
        self._answers[name][key] = value
        return True

    def _known_value(self, key: str, value: Value) -> bool | str:
        if key not in self._known:
            self._known[key] = value(self._record)
        return self._known[key]

    def _value(self, name: str, lookups: Lookups) -> Any:
        if name == "customer":
            return customer_message(self._record, lookups.places)
        if name == "location":
            return location_message(self._record)
        return self._record.custom_data if name == CUSTOM_DATA else self._answers[name]


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
        | {CUSTOM_DATA: cel.Type.Map(text, cel.Type.DYN), KNOWN: cel.Type.List(cel.Type.DYN)}
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
        reason = (
            f"{struct.removeprefix(PACKAGE + '.')} has no field {name!r}{did_you_mean(name, fields_of_message(struct))}"
        )
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


def _refuse_unknown(literal: re.Match[str], known: Collection[str], what: str) -> None:
    """Raise Mistake where a text that must be the id of something is not."""
    text = text_of_literal(literal[0])
    if text is not None and text not in known:
        raise _mistake_in(literal, f"there is no {what} {text!r}{did_you_mean(text, known)}")


def _refuse_unless_pattern(literal: re.Match[str]) -> None:
    """Raise Mistake where a text is no pattern, by the engine's own judgement."""
    environment = _environment()
    judged = environment.compile(f"''.matches({literal[0]})").eval(environment.Activation({}))
    if judged.type() == cel.Type.ERROR:
        reason = str(judged.plain_value()).partition("invalid regular expression: ")[2].partition("\n")[0]
        raise _mistake_in(literal, f"matches needs a pattern that RE2 can read: {reason}")


def _mistake_in(literal: re.Match[str], reason: str) -> Mistake:
    """The mistake with its place: behind the quote."""
    quote = _QUOTE.match(literal[0])
    before = literal.string[: literal.start() + (quote.end() if quote else 0)]
    return Mistake(reason, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _column(source: str, line: int, column: int, name: str) -> int:
    """Where the name stands that the engine complains of: it points at the dot or bracket beside it."""
    text = (source.splitlines() or [""])[line - 1]
    places = [found.start() + 1 for found in re.finditer(re.escape(name), text)]
    return min(places, key=lambda place: abs(place - column), default=column)
