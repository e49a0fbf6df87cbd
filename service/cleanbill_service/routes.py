"""Plain Starlette routes inside a FastAPI app: the quick way for the hot paths."""

from __future__ import annotations

from starlette.routing import Match, Route
from starlette.types import Scope


class PlainRoute(Route):
    """A route that names itself in the scope, as FastAPI's do, so that a log line can tell it without the path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as Starlette does."""
        match, child = super().matches(scope)
        return match, {**child, "route": self} if child else child
