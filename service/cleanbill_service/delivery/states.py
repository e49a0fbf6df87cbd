"""The states of a create; `state.py` says how it passes from one to the next."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a create stands."""

    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"
