"""What can be wrong with a request, said as RFC 9457 to our own clients and in Zenskar's words to Zenskar's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response


@dataclass(eq=False)  # not frozen: frameworks write an exception's traceback
class Problem(Exception):
    """An answer that is no success. `detail` says what to do and repeats nothing of the request."""

    status: int
    kind: str  # "body-malformed"; the last part of the problem's type
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_response(self, **members: object) -> Response:
        """The problem as `application/problem+json`, with members of its own kind."""
        body = {
            "type": f"urn:cleanbill:problem:{self.kind}",
            "title": self.kind.replace("-", " "),
            "status": self.status,
            "detail": self.detail,
            **members,
        }
        return Response(
            json.dumps(body, separators=(",", ":")), self.status, dict(self.headers), "application/problem+json"
        )

    def to_zenskar(self) -> Response:
        """The problem as Zenskar words its own: `{"detail": [{"loc": …, "msg": …, "type": …}]}`."""
        body = {"detail": [{"loc": ["body"], "msg": self.detail, "type": f"cleanbill.{self.kind}"}]}
        return Response(json.dumps(body, separators=(",", ":")), self.status, dict(self.headers), "application/json")

    def answer(self, request: Request) -> Response:
        """The problem on Zenskar's paths: in Zenskar's words, or as RFC 9457 for a client that asks for it."""
        return self.to_response() if wants_problem(request) else self.to_zenskar()


def wants_problem(request: Request) -> bool:
    """Whether the client asks for RFC 9457 rather than Zenskar's own words."""
    return "application/problem+json" in request.headers.get("accept", "")
