"""Which requests are checked on their way, and how the body of each is judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from cleanbill import Policy, Report, check_address, check_customer
from cleanbill.body import SentBody
from cleanbill.checks import check_contact

from .proxy import not_canonical

Judge = Callable[[SentBody, Policy], Report]

_END = re.compile(r"[;?#\0]")  # where a segment ends for some reader
DECODINGS = 4  # as often as a path's escapes are undone: some servers undo them twice
_ADDRESS_FLAGS = ("/is_default_billing", "/is_default_shipping")


def _create(body: SentBody, policy: Policy) -> Report:
    return check_customer(body, policy=policy)


def _update(body: SentBody, policy: Policy) -> Report:
    return check_customer(body, policy=policy, partial=True)


def _add_address(body: SentBody, policy: Policy) -> Report:
    return _with_flags(check_address(body, policy=policy))


def _update_address(body: SentBody, policy: Policy) -> Report:
    return _with_flags(check_address(body, policy=policy, partial=True))


def _contact(body: SentBody, policy: Policy) -> Report:
    return check_contact(body, policy=policy)


def _with_flags(report: Report) -> Report:
    """The report on an address-book row, which may say whether it is a default: no address inside a customer does."""
    return replace(report, findings=tuple(found for found in report.findings if found.pointer not in _ADDRESS_FLAGS))


#: Method and path, `{}` for any one segment, and the judge of the body.
CHECKED: tuple[tuple[str, str, Judge], ...] = (
    ("POST", "/customers", _create),
    ("POST", "/customer", _create),
    ("PATCH", "/customers/{}", _update),
    ("PATCH", "/customer/{}", _update),
    ("POST", "/customers/{}/addresses", _add_address),
    ("POST", "/customer/{}/addresses", _add_address),
    ("PATCH", "/customers/{}/addresses/{}", _update_address),
    ("PATCH", "/customer/{}/addresses/{}", _update_address),
    ("POST", "/contacts", _contact),
    ("PATCH", "/contacts/{}", _contact),
)
_METHODS = frozenset(method for method, _, _ in CHECKED)
_BY_PATH = {(method, path): judge for method, path, judge in CHECKED if "{}" not in path}
_BY_SHAPE = {(method, tuple(path.split("/")[1:])): judge for method, path, judge in CHECKED}


def is_create(judge: Judge) -> bool:
    """Whether what is judged so is a new customer."""
    return judge is _create


def judge_of(method: str, target: str) -> Judge | None:
    """Who judges a request with this target; None where it only passes through.

    The path counts as Zenskar, or a proxy before it, might read it: decoded, dots resolved, slashes and case folded. Raises
    Problem 400 for a checked one that is spelt in any other way than plainly.
    """
    if method not in _METHODS:
        return None
    path = target.partition("?")[0]
    if judge := _BY_PATH.get((method, path)):
        return judge
    segments = _segments(path)
    judge = _BY_SHAPE.get((method, _shape(segments)))
    if judge and path != "/" + "/".join(segments):
        raise not_canonical()
    return judge


def _shape(segments: list[str]) -> tuple[str, ...]:
    """The path with `{}` for each id, which are its second and fourth segment."""
    return tuple("{}" if number % 2 else segment for number, segment in enumerate(segments))


def _segments(path: str) -> list[str]:
    """The path's segments as the most generous reader would have them."""
    for _ in range(DECODINGS):
        if "%" not in path:
            break
        path = unquote(path)
    segments: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        segment = _END.split(part, maxsplit=1)[0].strip()
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment if len(segments) % 2 else segment.lower())
    return segments
