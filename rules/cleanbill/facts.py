"""Facts: what is read from a part of a customer at first use and kept until it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class cached_property(Generic[T]):  # noqa: N801  it is a decorator
    """What functools.cached_property is from Python 3.12 on: that of 3.11 takes a lock, which costs more than most facts."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, part: Any, owner: type | None = None) -> T:
        """Compute the fact; the next time it stands in the part's `__dict__` and this is not asked."""
        value = part.__dict__[self.name] = self.compute(part)
        return value
