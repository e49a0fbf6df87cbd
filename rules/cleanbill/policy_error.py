"""What is wrong with a policy and where, and the checks that its parts share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

Place = tuple[str | int, ...]


class PolicyError(ValueError):
    """A policy that cannot be used; the message says what to change.

    `at` is where in the policy it stands: keys and indexes, outermost first, () where it is the whole. `line` is the line of
    the file, from 1; None where the policy comes from no file.
    """

    def __init__(self, message: str, *, at: Place = (), line: int | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.line = line


@contextmanager
def within(*at: str | int) -> Iterator[None]:
    """Put `at` before the place of any PolicyError of the block."""
    try:
        yield
    except PolicyError as error:
        raise PolicyError(str(error), at=(*at, *error.at)) from None


def table_of(value: object, known: Collection[str], name: str) -> Mapping[str, object]:
    """`value`, where it is a table that has none but these keys. Raises PolicyError."""
    if not isinstance(value, Mapping):
        raise PolicyError(f"{name} in the policy is a table; its keys are {', '.join(known)}")
    for key in value:
        if key not in known:
            raise PolicyError(f"unknown key {key!r} in the policy{did_you_mean(str(key), known)}", at=(key,))
    return value


def tables_of(value: object, name: str) -> list[Mapping[str, object]]:
    """`value`, where it is a list of tables. Raises PolicyError."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(row, Mapping) for row in value):
        raise PolicyError(f"{name} in the policy is a list of tables, each under [[{name}]]", at=(name,))
    return list(value)


def one_of(name: str, value: object, allowed: Collection[str], at: Place) -> None:
    """Raise PolicyError where `value` is none of these words."""
    if value not in allowed:
        near = did_you_mean(value, allowed) if isinstance(value, str) else ""
        raise PolicyError(f"{name} in the policy is one of {', '.join(allowed)}{near}", at=at)


def texts(name: str, value: object, of: str = "texts") -> list[str]:
    """`value`, where it is a list of texts; `of` says of which. Raises PolicyError."""
    if isinstance(value, (str, Mapping)) or not isinstance(value, Collection):
        raise PolicyError(f"{name} in the policy is a list of {of}", at=(name,))
    for item in value:
        if not isinstance(item, str):
            raise PolicyError(f"{name} in the policy is a list of {of}", at=(name,))
    return list(value)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the known word nearest to `word`; empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415  only a mistake needs it

    near = get_close_matches(word, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""
