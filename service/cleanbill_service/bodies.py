"""Reading a request's JSON within limits."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request

from cleanbill.body import MalformedBody, SentBody, read_body

from .problems import Problem


async def read_bytes(request: Request, limit: int) -> bytes:
    """The whole body. Raises Problem 413 as soon as it is known to be over `limit` bytes."""
    too_large = Problem(413, "body-too-large", f"The body is over {limit} bytes; send a smaller one.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise too_large
            chunks.append(chunk)
    except ClientDisconnect:
        raise Problem(400, "body-incomplete", "The connection ended before the body did.") from None
    return b"".join(chunks)


async def read_json(request: Request, limit: int) -> SentBody:
    """The body as JSON. Raises Problem: 415 for another content type, 413, 400 where it is not JSON."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise Problem(415, "content-type-wrong", "Send the body as Content-Type: application/json.")
    try:
        return read_body(await read_bytes(request, limit))
    except MalformedBody as error:
        raise Problem(400, "body-malformed", f"{str(error).capitalize()}; send one JSON object.") from None


async def read_object(request: Request, limit: int) -> SentBody:
    """The body as a JSON object. Raises Problem as `read_json` does, and 422 for any other JSON value."""
    sent = await read_json(request, limit)
    if not isinstance(sent.value, dict):
        raise Problem(422, "body-not-object", "The body is JSON but not an object; send one object.")
    return sent
