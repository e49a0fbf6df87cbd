"""Zenskar's answer as creates keep it: the one place where delivery meets the connection's bytes."""

from __future__ import annotations

from cleanbill_service.upstream import Answer

from .create import Answered


def answered(answer: Answer) -> Answered:
    """The answer with its headers as text."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    return Answered(answer.status, headers, answer.content)
