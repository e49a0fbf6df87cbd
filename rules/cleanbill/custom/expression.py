"""Expressions as rules use them: compiled once, evaluated on one record, and the places that their text names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, Literal, NamedTuple, Protocol

from cleanbill.countries.location import TaxLocation

LONGEST = 2000  # characters of one expression

Failure = Literal["budget", "missing", "other"]


class Mistake(ValueError):
    """An expression that cannot be used; `line` and `column` count from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column

    def shown_in(self, source: str) -> str:
        """The reason, the line of the expression, and a caret under the mistake."""
        lines = source.splitlines() or [""]
        line = lines[min(self.line, len(lines)) - 1]
        indent = "".join("\t" if character == "\t" else " " for character in line[: self.column - 1])
        shown = line.encode("utf-8", "replace").decode()
        return f"{self}\n    {shown}\n    {indent}^"


class ExpressionFailed(Exception):
    """An expression has no value for this record. It says why, and nothing of the record."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class EngineMissing(ImportError):
    """The expression engine is not installed."""


class Bound(NamedTuple):
    """One customer as the engine holds it, and whether that is all of it: custom data may be too large."""

    variables: Any
    is_whole: bool


class Expression(Protocol):
    """A compiled expression."""

    is_bool: bool

    def evaluate(self, record: Bound) -> object:
        """Its value for a record, as JSON has it where JSON can. Raises ExpressionFailed."""


def compile_expression(source: str) -> Expression:
    """Compile a CEL expression over `customer` and `location`. Raises Mistake, and EngineMissing."""
    if len(source) > LONGEST:
        raise Mistake(f"an expression has {LONGEST} characters at most")
    return _compiled(source)


@lru_cache(maxsize=256)
def compile_together(sources: tuple[str, ...]) -> Expression:
    """The list of what these sound expressions give: all at once they cost half as much."""
    return _compiled("[" + ",".join(f"({source}\n)" for source in sources) + "]")


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Expression:
    if not source.isprintable() and not source.replace("\n", "").replace("\t", "").isprintable():
        raise Mistake("an expression holds no control characters")
    try:
        from .cel import compile_cel  # noqa: PLC0415  it comes with the extra, and costs 40 ms
    except ImportError as error:
        raise EngineMissing from error
    return compile_cel(source)


def bind(data: Mapping[str, Any], location: TaxLocation | None, places: frozenset[str]) -> Bound:
    """What expressions see of a customer, once for all of them: the places that they read."""
    return _binder()(data, location, places)


@cache
def _binder() -> Callable[[Mapping[str, Any], TaxLocation | None, frozenset[str]], Bound]:
    from .cel import bound  # noqa: PLC0415  as above

    return bound


def both(*sources: str | None) -> str:
    """The conjunction of expressions; None stands for none."""
    return " && ".join(f"({source}\n)" for source in sources if source is not None)


def places_read(source: str) -> frozenset[str]:
    """What a valid expression reads: pointers into the customer ("/custom_data/tier"; "" is all of it), and "location"."""
    found = set()
    tokens = [*_tokens(source), ""]
    for at, word in enumerate(tokens):
        if word == "location" and tokens[at - 1] != ".":
            found.add("location")
        if word == "customer" and tokens[at - 1] != ".":
            found.add(_place(tokens[at + 1 :]))
    return frozenset(found)


def conjuncts(source: str) -> Iterator[str]:
    """The parts of a sound expression that are all true where it is."""
    tokens = [token for token in TOKEN.finditer(source) if not token[0].startswith("//")]
    words = [token[0] for token in tokens]
    depths = list(accumulate((word in ("(", "[", "{")) - (word in (")", "]", "}")) for word in words))
    top = {word for word, depth in zip(words, depths, strict=True) if depth == 0}
    if words[:1] == ["("] and depths.index(0) == len(words) - 1:
        yield from conjuncts(source[tokens[0].end() : tokens[-1].start()])
        return
    cuts = [
        at
        for at, word in enumerate(words)
        if word == "&" and depths[at] == 0 and words[at + 1] == "&" and not top & {"|", "?"}
    ]
    if not cuts:
        yield source
        return
    start = 0
    for cut in cuts:
        yield from conjuncts(source[start : tokens[cut].start()])
        start = tokens[cut + 1].end()
    yield from conjuncts(source[start:])


def reads_only(source: str, field: str) -> bool:
    """Whether a sound expression reads a field such as location.country, and nothing else."""
    words = [*_tokens(source)]
    roots = [at for at, word in enumerate(words) if word in ("customer", "location")]
    return bool(roots) and all(
        words[at - 1 : at] != ["."]
        and "".join(words[at : at + 3]) == field
        and words[at + 3 : at + 4] not in (["."], ["("], [","])
        for at in roots
    )


def text_of_literal(token: str) -> str | None:
    """The text that a token writes out; None where it is no text, or not written plainly."""
    found = _LITERAL.fullmatch(token)
    if found is None:
        return None
    text = found[3]
    return text if found[1] or "\\" not in text else _escaped(text)


def _escaped(text: str) -> str | None:
    halves = text.split("\\\\")
    return None if any("\\" in half for half in halves) else "\\".join(halves)


def last_literals(source: str, function: str) -> Iterator[re.Match[str]]:
    """The texts that are written out as the last argument in calls of `function`, quotes and all."""
    tokens = [token for token in TOKEN.finditer(source) if not token[0].startswith("//")]
    words = [*(token[0] for token in tokens), ""]
    for at, word in enumerate(words):
        depth = 0
        for end in range(at + 1, len(words) if word == function else 0):
            depth += (words[end] in ("(", "[", "{")) - (words[end] in (")", "]", "}"))
            if not depth:
                if words[end - 2] in (",", "(") and words[end - 1][-1] in ("'", '"'):
                    yield tokens[end - 1]
                break


def _place(tokens: list[str]) -> str:
    """The pointer that a chain of selections after `customer` makes; a method's name is no part of it."""
    pointer = ""
    for dot, name, following in zip(tokens[0::2], tokens[1::2], [*tokens[2::2], ""], strict=False):
        if dot not in (".", ".?") or following == "(":
            break
        pointer += "/" + name.strip("`")
    return pointer


def _tokens(source: str) -> Iterator[str]:
    return (token for token in TOKEN.findall(source) if not token.startswith("//"))


_LITERAL = re.compile(r"""([rR]?)(["'])((?:(?!\2)[^\n])*)\2""")
TOKEN = re.compile(
    r"""//[^\n]*
    |(?i:b?rb?)(?:\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|"[^"\n]*"|'[^'\n]*')
    |[bB]?(?:\"{3}(?:\\[\s\S]|[^\\])*?\"{3}|'{3}(?:\\[\s\S]|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |`[^`\n]*`|\.\?|[A-Za-z_]\w*|[0-9][\w.]*|\S""",
    re.VERBOSE,
)
