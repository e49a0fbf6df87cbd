"""Reading a request's JSON within limits."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from cleanbill.body import MalformedBody, SentBody, read_body

from .problems import Problem


def timely(receive: Receive, seconds: float) -> Receive:
    """ASGI's `receive` within a deadline that begins with the first call; after it, it raises Problem 408."""
    deadline: float | None = None

    async def receive_in_time() -> Message:
        nonlocal deadline
        if deadline is None:
            deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(deadline):
                return await receive()
        except TimeoutError:
            detail = f"The body did not come within {seconds:g} seconds; send it faster."
            raise Problem(408, "body-too-slow", detail, {"Connection": "close"}) from None

    return receive_in_time


async def read_ahead(pieces: AsyncIterator[bytes], limit: int) -> bytes:
    """The body, or, of one that is longer, something over `limit` bytes, with the rest still to come from `pieces`."""
    chunks, size = [], 0
    try:
        async for chunk in pieces:
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                break
    except ClientDisconnect:
        raise Problem(400, "body-incomplete", "The connection ended before the body did.") from None
    return b"".join(chunks)


async def read_bytes(request: Request, limit: int) -> bytes:
    """The whole body. Raises Problem 413 as soon as it is known to be over `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)
    body = await read_ahead(request.stream(), limit)
    if len(body) > limit:
        raise too_large(limit)
    return body


def content_type_wrong() -> Problem:
    """What is said of a body that is no JSON by its Content-Type."""
    return Problem(415, "content-type-wrong", "Send the body as Content-Type: application/json.")


def too_large(limit: int) -> Problem:
    """What is said of a body over `limit` bytes."""
    return Problem(413, "body-too-large", f"The body is over {limit} bytes; send a smaller one.")


def inflate(packed: bytes, limit: int) -> bytes:
    """What a gzip or zlib body holds. Raises Problem 413 where that is over `limit` bytes, 400 where it is neither or not whole."""
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        body = reader.decompress(packed, limit + 1)
    except zlib.error:
        body = b""
    if len(body) > limit:
        raise too_large(limit)
    if not reader.eof or reader.unused_data:
        raise Problem(
            400, "body-malformed", "The body is not what its Content-Encoding says; send it whole, or uncompressed."
        )
    return body


async def read_json(request: Request, limit: int) -> SentBody:
    """The body as JSON. Raises Problem: 415 for another content type, 413, 400 where it is not JSON."""
    if not is_json(request.headers.get("content-type", "")):
        raise content_type_wrong()
    return parse(await read_bytes(request, limit))


def is_json(content_type: str) -> bool:
    """Whether a Content-Type is that of JSON."""
    media = content_type.partition(";")[0].strip().lower()
    return media == "application/json" or media.endswith("+json")


def parse(body: bytes) -> SentBody:
    """The body as JSON. Raises Problem 400 where it is none."""
    try:
        return read_body(body)
    except MalformedBody as error:
        raise Problem(400, "body-malformed", f"{str(error).replace('the', 'The', 1)}; send one JSON object.") from None


async def read_object(request: Request, limit: int) -> SentBody:
    """The body as a JSON object. Raises Problem as `read_json` does, and 422 for any other JSON value."""
    sent = await read_json(request, limit)
    if not isinstance(sent.value, dict):
        raise Problem(422, "body-not-object", "The body is JSON but not an object; send one object.")
    return sent
