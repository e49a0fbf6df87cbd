"""The way to Zenskar: one connection pool, the headers that travel through a proxy, and what is said where it fails."""

from .answer import Answer
from .connection import NeverSent, OutcomeUnknown, PoolExhausted, Stream, Upstream

__all__ = ["Answer", "NeverSent", "OutcomeUnknown", "PoolExhausted", "Stream", "Upstream"]
