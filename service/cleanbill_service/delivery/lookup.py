"""Finding a customer in Zenskar: by external_id, then by e-mail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from time import time
from typing import Any
from urllib.parse import quote, urlencode

from cleanbill_service.caller import on_behalf
from cleanbill_service.upstream import Answer, NeverSent, OutcomeUnknown, PoolExhausted, Upstream

from .create import Create
from .match import as_uuid, is_exact, judge
from .outcome import Sighting, json_of, read_json, retry_after

PAGE = 100
PAGES = 5  # an e-mail filter may match longer addresses too; further than this nobody looks


class _NoAnswer(Exception):
    """Zenskar has not said whether the customer is there."""

    def __init__(self, sighting: Sighting) -> None:
        super().__init__(sighting.kind)
        self.sighting = sighting


class Lookup:
    """Looks customers up with the credential of the create that they came from."""

    def __init__(self, upstream: Upstream, timeout: float) -> None:
        self._upstream = upstream
        self._timeout = timeout

    async def find(self, create: Create, since: float) -> Sighting:
        """Whether the customer of this create is there. `since` is when it was first sent, in seconds since 1970."""
        sent = read_json(create.body, create.encoding)
        try:
            found = [customer async for customer in self._by_external_id(create)]
            if not found:
                found = [customer async for customer in self._by_email(create)]
        except _NoAnswer as no:
            return no.sighting
        return judge(found, sent, since)

    async def existing(self, create: Create) -> str | None:
        """The id of a customer with this external_id or e-mail, whoever made it; None where none was seen."""
        sighting = await self.find(create, float("inf"))
        return sighting.customer_id

    async def fetch(self, create: Create, customer_id: str) -> Answer | None:
        """The customer as Zenskar returns it to this caller; None where it does not."""
        answer = await self._get(create, f"/customers/{quote(customer_id, safe='', errors='surrogatepass')}")
        return answer if answer is not None and answer.status == 200 and isinstance(json_of(answer), dict) else None

    async def _by_external_id(self, create: Create) -> AsyncIterator[Mapping[str, Any]]:
        if create.external_id is None:
            return
        if customer_id := as_uuid(create.external_id):
            answer = await self._get(create, f"/customers/{customer_id}")
            if answer is None or answer.status != 404:
                customer = self._clear(answer)
                if is_exact(customer, create.external_id, None):
                    yield customer
        async for customer in self._listed(create, {"external_id": create.external_id}):
            if is_exact(customer, create.external_id, None):
                yield customer

    async def _by_email(self, create: Create) -> AsyncIterator[Mapping[str, Any]]:
        if create.email is None:
            return
        async for customer in self._listed(create, {"email__ilike": create.email}):
            if is_exact(customer, None, create.email):
                yield customer

    async def _listed(self, create: Create, wanted: Mapping[str, str]) -> AsyncIterator[Mapping[str, Any]]:
        """The customers that a filter lets pass, newest first. Raises _NoAnswer, also where there are too many to tell."""
        query = {**wanted, "limit": str(PAGE), "order": "-created_at"}
        for _ in range(PAGES):
            page = self._clear(await self._get(create, f"/customers?{urlencode(query)}"))
            rows = page.get("results", page.get("data"))
            if not isinstance(rows, list):
                raise _NoAnswer(Sighting("unclear"))
            for row in rows:
                if isinstance(row, dict):
                    yield row
            following = page.get("next")
            if not isinstance(following, str) or not following or not rows:
                return
            query["cursor"] = following
        raise _NoAnswer(Sighting("unclear"))

    def _clear(self, answer: Answer | None) -> Mapping[str, Any]:
        """The object that was answered. Raises _NoAnswer for everything else."""
        if answer is None:
            raise _NoAnswer(Sighting("unclear"))
        if answer.status in (401, 403):
            raise _NoAnswer(Sighting("denied"))
        value = json_of(answer)
        if answer.status != 200 or not isinstance(value, dict):
            raise _NoAnswer(Sighting("unclear", retry_after=retry_after(answer, time())))
        return value

    async def _get(self, create: Create, target: str) -> Answer | None:
        try:
            return await self._upstream.ask("GET", target, on_behalf(create.headers), within=self._timeout)
        except (NeverSent, OutcomeUnknown, PoolExhausted):
            return None
