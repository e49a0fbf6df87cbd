"""Faults: what can go wrong with one request, and which request it goes wrong with.

A fault comes with the request, in a header that survives a proxy,

    Sandbox-Fault: error; status=503; body=html; when=after

or from the script that `POST /__sandbox__/faults` appends to. The header wins and leaves the script as it is.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

HEADER = "sandbox-fault"

Name: TypeAlias = Literal[
    "latency",  # answer after `seconds`, or a random time between `seconds` and `max_seconds`
    "hang",  # no answer; the connection stays open until the client leaves or `seconds` are over
    "reset",  # no answer; the connection ends with a TCP reset
    "close",  # no answer; the connection ends in good order
    "error",  # `status` with a `body` of json, html or nothing, and with `retry_after` if given
    "drip",  # the true answer, a few bytes at a time over `seconds`
    "truncate",  # the true headers and half of the body, then the connection ends
    "gzip",  # the true answer, compressed
    "not-json",  # 200 with a body that is no JSON
    "null",  # 200 with the body `null`
    "login",  # a redirect to an HTML page
    "crash",  # where the true answer is 400 or 422, a 500
    "invisible",  # the customer that this request creates is missing from lists for `seconds`
]

ANSWERLESS = frozenset({"hang", "reset", "close", "error", "not-json", "null", "login"})


class Fault(BaseModel):
    """One fault. `when` says whether the request takes effect first, for the faults that give no true answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    when: Literal["before", "after"] = "before"
    seconds: float = Field(default_factory=lambda fault: 60 if fault.get("name") == "hang" else 1, gt=0, le=600)
    max_seconds: float | None = Field(default=None, gt=0, le=600)
    status: int = Field(default=500, ge=400, le=599)
    body: Literal["json", "html", "empty"] = "json"
    retry_after: str | None = None
    method: str | None = None
    path: str | None = None
    repeat: int | None = Field(default=1, ge=1)

    @property
    def prevents(self) -> bool:
        """Whether the request takes no effect."""
        return self.when == "before" and self.name in ANSWERLESS

    def meets(self, method: str, path: str) -> bool:
        """Whether a scripted fault applies. `path` is a shell pattern; `/customer*` means both spellings."""
        return (self.method is None or self.method.upper() == method) and (
            self.path is None or fnmatchcase(path, self.path)
        )


def parse(header: str) -> Fault:
    """Read a header value; raises ValueError when it is none."""
    name, *parameters = (part.strip() for part in header.split(";"))
    pairs = (parameter.partition("=") for parameter in parameters if parameter)
    return Fault.model_validate({key.strip(): value.strip() for key, _, value in pairs} | {"name": name})


def take(script: list[Fault], method: str, path: str) -> Fault | None:
    """The first fault of the script for this request, used up once. `repeat: null` is never used up."""
    for place, fault in enumerate(script):
        if fault.meets(method, path):
            if fault.repeat == 1:
                del script[place]
            elif fault.repeat is not None:
                script[place] = fault.model_copy(update={"repeat": fault.repeat - 1})
            return fault
    return None
