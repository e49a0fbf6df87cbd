"""Lists: filters as query parameters (`email__ilike=…`), search, order and pages by cursor."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from cleanbill_service.sandbox.model import Json
from cleanbill_service.sandbox.refusals import Refusal
from cleanbill_service.sandbox.switches import Switches

Filters: TypeAlias = Mapping[str, frozenset[str]]

TEXT = frozenset({"", "in", "like", "ilike", "isnull"})
EXACT = frozenset({""})
TIME = frozenset({"", "neq", "gt", "gte", "lt", "lte"})


class PageQuery(BaseModel):
    """Which page of a list."""

    cursor: str | None = None
    limit: int = Field(default=10, ge=1, le=9999)


def select(rows: Iterable[Json], query: Iterable[tuple[str, str]], filters: Filters) -> list[Json]:
    """The rows that every filter of the query lets pass. As in Zenskar, an unknown filter filters nothing."""
    kept = list(rows)
    for parameter, wanted in query:
        field, _, operator = parameter.partition("__")
        if operator in filters.get(field, ()):
            value = _moment(parameter, wanted) if filters[field] is TIME else wanted
            kept = [row for row in kept if OPERATORS[operator](row[field], value)]
    return kept


def search(rows: Iterable[Json], terms: str) -> list[Json]:
    """Rows that contain every `field=value` of `terms`, whatever the case; a field may be `custom_data.x`."""
    pairs = [(field.strip(), value.strip().lower()) for field, _, value in (t.partition("=") for t in terms.split(","))]
    return [row for row in rows if all(value in _text(_reach(row, field)).lower() for field, value in pairs)]


def search_name(rows: Iterable[Json], text: str) -> list[Json]:
    """Rows whose name or external id contain the text: equal ones first, then those that start with it."""
    ranked = [(rank, row) for row in rows if (rank := _rank(row, text.lower())) is not None]
    return [row for _, row in sorted(ranked, key=lambda item: item[0])]


def ordered(rows: Sequence[Json], order: str) -> list[Json]:
    """Rows sorted by a field, or by `-field` from its end; of equal rows the older or younger first likewise."""
    field = order.removeprefix("-")
    numbered = sorted(enumerate(rows), key=lambda item: (_text(item[1].get(field)), item[0]), reverse=order[:1] == "-")
    return [row for _, row in numbered]


def page(rows: Sequence[Json], query: PageQuery, switches: Switches) -> Json:
    """One page in the envelope that the switches choose. Raises Refusal for a cursor that is none of ours."""
    start, end = 0, query.limit
    if query.cursor:
        direction, place = _read_cursor(query.cursor, rows)
        start = place + 1 if direction == "after" else max(0, place - query.limit)
        end = start + query.limit if direction == "after" else place
    shown = rows[start:end]
    following = _cursor("after", shown[-1]) if shown and end < len(rows) else None
    if switches.envelope == "data":
        return {"data": shown, "next": following, "total": len(rows)}
    previous = _cursor("before", shown[0]) if shown and start else None
    return {"results": shown, "next": following, "previous": previous, "total_count": len(rows)}


def _like(value: str | None, pattern: str, *, fold: bool) -> bool:
    """SQL's LIKE. A pattern without `%` is looked for anywhere, and `_` is any character."""
    if value is None:
        return False
    if "%" not in pattern:
        pattern = f"%{pattern}%"
    return _compiled(pattern, fold=fold).fullmatch(value) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str, *, fold: bool) -> re.Pattern[str]:
    first, *rest = ("".join("." if c == "_" else re.escape(c) for c in part) for part in pattern.split("%"))
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])  # atomic, so a match takes no more than linear steps
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL | (re.IGNORECASE if fold else 0))


def _moment(parameter: str, text: str) -> str:
    """A time as rows write it. Raises RequestValidationError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        error = {"type": "datetime_parsing", "loc": ("query", parameter), "msg": "Input should be a valid datetime"}
        raise RequestValidationError([error | {"input": text}]) from None
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reach(row: Json, path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _rank(row: Json, text: str) -> int | None:
    values = [_text(row["customer_name"]).lower(), _text(row["external_id"]).lower()]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda value: value == text,
        lambda value: value.startswith(text),
        lambda value: text in value,
    )
    return next((rank for rank, test in enumerate(tests) if any(map(test, values))), None)


def _cursor(direction: str, row: Json) -> str:
    return base64.urlsafe_b64encode(f"{direction}:{row['id']}".encode()).decode()


def _read_cursor(cursor: str, rows: Sequence[Json]) -> tuple[str, int]:
    try:
        direction, _, row_id = base64.urlsafe_b64decode(cursor).decode().partition(":")
        place = next(place for place, row in enumerate(rows) if row["id"] == row_id)
    except (ValueError, StopIteration):
        raise Refusal(400, "Invalid cursor") from None
    return direction, place


OPERATORS: Mapping[str, Callable[[Any, str], bool]] = {
    "": lambda value, wanted: _text(value) == wanted,
    "neq": lambda value, wanted: _text(value) != wanted,
    "in": lambda value, wanted: value is not None and _text(value) in wanted.split(","),
    "like": lambda value, wanted: _like(value, wanted, fold=False),
    "ilike": lambda value, wanted: _like(value, wanted, fold=True),
    "isnull": lambda value, wanted: (value is None) == (wanted.lower() in {"true", "1"}),
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
}
