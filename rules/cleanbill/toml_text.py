"""A TOML text whose mistakes can be shown: which line a key stands on, which the parser of the standard library does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .policy_error import Place, PolicyError

_LINE = re.compile(r"at line (\d+)")
_CLOSES = re.compile(r"""(?:[]}]|"{3}|'{3})\s*(?:#.*)?$""")  # how the last line of a statement of several lines ends


@dataclass(frozen=True, slots=True)
class TomlText:
    """A text in TOML and the name of its file."""

    name: str
    text: str = field(repr=False)

    def parse(self) -> dict[str, Any]:
        """What the text says. Raises PolicyError with the line where it is not TOML."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = _LINE.search(str(error))
            line = int(found[1]) if found else len(self.text.splitlines())
            raise self._error(f"the policy is not valid TOML: {error}", (), line) from None
        except (RecursionError, ValueError):  # the interpreter's bounds on nesting and on digits
            raise self._error("the policy is nested too deeply, or holds too long a number", (), 1) from None

    def placed(self, error: PolicyError) -> PolicyError:
        """The same mistake with the name of the file and the line in its message. The text is valid TOML."""
        return error if error.line else self._error(str(error), error.at, self.line_of(error.at))

    def holds(self, at: Place) -> bool:
        """Whether the text says something at this place."""
        return _reaches(tomllib.loads(self.text), at)

    def line_of(self, at: Place) -> int:
        """The line, from 1, on which what stands at `at` begins, or the innermost table around it that is there.

        A text cut off after a statement is a text too: the first of these that knows the place ends with its line.
        """
        whole = tomllib.loads(self.text)
        at = next((at[:length] for length in range(len(at), 0, -1) if _reaches(whole, at[:length])), ())
        lines, ends = self.text.split("\n"), [0, *self._ends()]
        first = bisect_left(ends, True, key=lambda end: _reaches(tomllib.loads("\n".join(lines[:end]) + "\n"), at))  # noqa: FBT003
        return ends[max(first, 1) - 1] + 1

    def _ends(self) -> Iterator[int]:
        """The number of each line that ends a statement; a value may go over several, and an empty line is one of its own."""
        statement = ""
        for number, line in enumerate(self.text.split("\n"), 1):
            goes_on = bool(statement)
            statement += line + "\n"
            if goes_on and not _CLOSES.search(line):
                continue
            try:
                tomllib.loads(statement)
            except tomllib.TOMLDecodeError:
                continue
            yield number
            statement = ""

    def _error(self, message: str, at: Place, line: int) -> PolicyError:
        return PolicyError(f"{self.name}:{line}: {message}", at=at, line=line)


def _reaches(value: Any, at: Place) -> bool:
    """Whether keys and indexes lead to something in `value`."""
    for step in at:
        inside = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        if not inside:
            return False
        value = value[step]
    return True
