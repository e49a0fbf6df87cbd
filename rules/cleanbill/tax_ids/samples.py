"""Numbers that are nobody's own: never issued, generic, or samples from a documentation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

from cleanbill.data_files import read_data

from .scheme import Scheme

Sample = Literal["never", "generic", "placeholder"]

_ASCENDING = "1234567890123456789012345"
_SHORTEST_RUN = 6  # digits from which 1234… or one repeated digit looks made up
_FEWEST_ZEROS = 5
_NONZERO = re.compile("[1-9]")


def sample(body: str, listed: Mapping[str, Sample]) -> Sample | None:
    """What kind of made-up number this body is, None where it may be a customer's. `listed` are the scheme's own samples.

    Zeros throughout are never issued by anyone; 123456… and one repeated digit may be real and are only placeholders.
    """
    if body in listed:
        return listed[body]
    if body.count("0") >= _FEWEST_ZEROS and not _NONZERO.search(body):
        return "never"
    if len(body) >= _SHORTEST_RUN and (body.count(body[0]) == len(body) or _ASCENDING.startswith(body)):
        return "placeholder"
    return None


def samples_of(scheme: Scheme) -> Mapping[str, Sample]:
    """The bodies that documentations and authorities use in this scheme."""
    table = _table()
    kinds: tuple[Sample, ...] = ("generic", "placeholder")
    keys = (scheme.id, f"{scheme.id}/{scheme.country}")
    return {body: kind for kind in kinds for key in keys for body in table[kind].get(key, ())}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(read_data(__package__, "data/samples.toml"))
