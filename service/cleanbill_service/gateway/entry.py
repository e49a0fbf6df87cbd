"""The gateway's one entry: every method and path under /zenskar/ comes here, and each is checked or passed through."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cleanbill_service.bodies import timely
from cleanbill_service.delivery.desk import Desk
from cleanbill_service.policies import LivePolicies
from cleanbill_service.problems import Problem
from cleanbill_service.upstream import Upstream

from .checked import Unreadable, check
from .forward import Errand, forward
from .interception import Judge, is_create, judge_of
from .proxy import PREFIX, Client, Upload, pass_through, target_of
from .terms import Terms, TermsOf

UNCHECKED = "unchecked"  # the verdict on a body that could not be read and goes on all the same


class Gateway:
    """ASGI middleware that takes what is under /zenskar/ and leaves the rest to `app`, without the cost of a router.

    `policies` are those in force with their terms, `max_body` is the largest body that is checked, in bytes, and `body_timeout`
    how long a client may take for its body, in seconds.
    """

    path = PREFIX + "/{path}"  # the route that log lines name

    def __init__(
        self,
        app: ASGIApp,
        upstream: Upstream,
        policies: LivePolicies[TermsOf],
        *,
        max_body: int,
        body_timeout: float,
    ) -> None:
        self._app = app
        self._upstream = upstream
        self._policies = policies
        self._max_body = max_body
        self._body_timeout = body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a problem is told in Zenskar's words."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX + "/"):
            await self._app(scope, receive, send)
            return
        scope["route"] = self
        request = Request(scope, timely(receive, self._body_timeout))
        client = Client(request, receive, send)
        try:
            if request.method == "CONNECT":
                raise Problem(501, "method-unknown", "This is a gateway to Zenskar alone; send no CONNECT.")
            target = target_of(scope)
            judge = self._judge(request, target)
            if judge:
                await self._check(client, target, judge)
            else:
                await pass_through(client, self._upstream, target)
        except Problem as problem:
            await problem.answer(request)(scope, receive, send)

    def _terms(self, request: Request) -> Terms:
        return self._policies.prepared.request(request.scope)

    def _judge(self, request: Request, target: str) -> Judge | None:
        try:
            return judge_of(request.method, target)
        except Problem:
            if self._terms(request).mode != "observe" or "idempotency-key" in request.headers:
                raise
            return None

    async def _check(self, client: Client, target: str, judge: Judge) -> None:
        request = client.request
        terms, pieces = self._terms(request), request.stream()
        try:
            checked = await check(request, pieces, judge, terms, self._max_body)
        except Unreadable as unreadable:
            if terms.mode == "enforce" or (is_create(judge) and "idempotency-key" in request.headers):
                raise unreadable.problem from None  # what cannot be read cannot be known again
            body = Upload(pieces, unreadable.read)
            await pass_through(client, self._upstream, target, body, verdict=UNCHECKED)
            return
        desk: Desk = request.state.desk
        errand = Errand.of(request, target, terms, self._upstream, desk)
        response = await desk.under_way.see_through(forward(errand, checked, create=is_create(judge)))
        await response(request.scope, client.receive, client.send)
