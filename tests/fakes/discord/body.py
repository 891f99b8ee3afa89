"""Reading a request: JSON, or payload_json with files[n]."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.errors import ApiError, wrong

FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    filename: str
    data: bytes


@dataclass(slots=True)
class Body:
    """What came in. `payload` is None where nothing was sent; `files` by their index."""

    payload: Any = None
    files: dict[int, Upload] = field(default_factory=dict)


async def read(request: web.Request) -> Body:
    """Parse by Content-Type, which must be exactly one of Discord's two."""
    if not request.can_read_body:
        return Body()
    if request.content_type == "multipart/form-data":
        return await _multipart(request)
    data = await request.read()
    if not data:
        return Body()
    if request.headers.get("Content-Type") != "application/json":
        raise wrong(
            (), f"Content-Type {request.headers.get('Content-Type')!r} is not application/json", "CONTENT_TYPE_INVALID"
        )
    return Body(_json(data))


async def _multipart(request: web.Request) -> Body:
    body = Body()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise wrong((), "nested multipart", "CONTENT_TYPE_INVALID")
        data = bytes(await part.read())
        if part.name == "payload_json":
            body.payload = _json(data)
        elif match := FILE_FIELD.fullmatch(part.name or ""):
            body.files[int(match[1])] = Upload(part.filename or "", data)
        else:
            raise wrong((str(part.name),), "neither payload_json nor files[n]", "FIELD_UNKNOWN")
    return body


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.", mistake=True) from error
