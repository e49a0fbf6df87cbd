"""Reports and other values as JSON answers."""

from __future__ import annotations

import json

import orjson
from starlette.responses import Response

from cleanbill import Report
from cleanbill.body import SentBody


def to_json(value: object) -> bytes:
    """`value` as JSON text; integers of any size and lone surrogates too, which orjson refuses."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def json_response(value: object, status: int = 200) -> Response:
    """`value` as a JSON answer."""
    return Response(to_json(value), status, media_type="application/json")


def report_response(report: Report, sent: SentBody) -> Response:
    """The report on a whole body as a JSON answer."""
    return Response(sent.report(report, to_json), media_type="application/json")
