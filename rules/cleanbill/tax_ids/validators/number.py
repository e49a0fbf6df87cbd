"""What a validator answers and how it refuses.

A validator gets the body of a number, whose shape has been checked, and returns what the number says; where the number cannot
be right it raises Refusal, or an exception of python-stdnum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Problem = Literal["shape", "length", "component", "check-digit", "structure", "never-issued", "wrong-kind"]
Kind = Literal["company", "person"]

NO_PARTS: Mapping[str, str] = MappingProxyType({})


class Number(NamedTuple):
    """A body in its canonical spelling, and what it says of itself."""

    body: str
    parts: Mapping[str, str] = NO_PARTS
    remarks: tuple[str, ...] = ()
    kind: Kind | None = None
    hint: str | None = None


Validator = Callable[[str], Number]


class Refusal(Exception):
    """The number cannot be right. `soft`: the evidence is known to be unreliable. `hint` is a key of data/hints.toml.

    `body` is the body in its canonical spelling where that differs from the one that was given.
    """

    def __init__(
        self, problem: Problem, hint: str | None = None, *, soft: bool = False, body: str | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.soft = soft
        self.body = body


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of the digits, each times its weight."""
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))


def is_repeated(digits: str) -> bool:
    """Whether one character stands in every place."""
    return len(set(digits)) == 1
