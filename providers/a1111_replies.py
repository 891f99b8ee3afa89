"""The web UI's replies: base64 pictures, their seeds in a JSON text inside the JSON, and the error body."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from providers.base import Drawn
from providers.errors import Family, ProviderError


class _Reply(BaseModel):
    images: list[str]
    info: str = ""


class _Info(BaseModel):
    """`index_of_first_image` is 1 where a grid comes before the pictures."""

    all_seeds: list[int] = []
    index_of_first_image: int | None = None


class _Enlarged(BaseModel):
    image: str


class _Failure(BaseModel):
    """What the program's own exception handler writes (modules/api/api.py, `handle_exception`)."""

    error: str
    errors: str


Listed = TypeAdapter(list[dict[str, object]])


def pictures(body: bytes, count: int, *, plain: bool) -> tuple[Drawn, ...]:
    """Up to `count` pictures. `plain`: seed and prompt alone draw each again, which its `image_id` then says."""
    try:
        reply = _Reply.model_validate_json(body)
    except ValidationError as error:
        raise ProviderError(Family.BROKEN, "the answer is not one of the web UI") from error
    info = _info(reply.info)
    grid = len(reply.images) - count if info.index_of_first_image is None else info.index_of_first_image
    first = max(grid, 0) if grid < len(reply.images) else 0
    return tuple(
        _drawn(image, info.all_seeds[n] if n < len(info.all_seeds) else None, plain=plain)
        for n, image in enumerate(reply.images[first : first + count])
    )


def _info(text: str) -> _Info:
    """Seeds are a convenience: a text that cannot be read costs them, not the pictures."""
    try:
        return _Info.model_validate_json(text)
    except ValidationError:
        return _Info()


def _drawn(image: str, seed: int | None, *, plain: bool) -> Drawn:
    return Drawn(data=_decoded(image), seed=seed, image_id=f"seed {seed}" if plain and seed is not None else "")


def enlarged(body: bytes) -> tuple[Drawn, ...]:
    """The one picture of extra-single-image; none if the field is empty."""
    try:
        image = _Enlarged.model_validate_json(body).image
    except ValidationError as error:
        raise ProviderError(Family.BROKEN, "the answer holds no enlarged picture") from error
    return (Drawn(data=_decoded(image)),) if image else ()


def names(body: bytes, fields: Sequence[str]) -> frozenset[str]:
    """What a list route offers, by any of `fields`."""
    try:
        listed = Listed.validate_json(body)
    except ValidationError as error:
        raise ProviderError(Family.BROKEN, "the answer is no list") from error
    return frozenset(str(entry[name]) for entry in listed for name in fields if name in entry)


def envelope(reply: httpx.Response) -> bool:
    """The program itself says that the draw failed (out of memory, a bad picture): nothing is drawn any more."""
    try:
        return bool(_Failure.model_validate_json(reply.content).error)
    except ValidationError:
        return False


def _decoded(encoded: str) -> bytes:
    try:
        data = base64.b64decode(encoded.rpartition(",")[2], validate=True)  # some forks send data URLs
    except (binascii.Error, ValueError) as error:
        raise ProviderError(Family.BROKEN, "a picture in the answer cannot be read") from error
    if not data:
        raise ProviderError(Family.BROKEN, "a picture in the answer is empty")
    return data
