"""The picture that a request starts from, as its provider takes it. Before the intent: an intent is sent at once."""

from __future__ import annotations

from dataclasses import replace

from bot.jobs import drawing
from bot.jobs.house import House
from bot.jobs.steps.common import log
from providers.base import DrawRequest, Kind, Source
from providers.capabilities import Capabilities
from providers.errors import BadPicture
from providers.limits import ANY, Limits


async def fitted(house: House, request: DrawRequest, capabilities: Capabilities) -> DrawRequest:
    """The request with its picture within the provider's limits. Raises drawing.ParentGone for one that nobody can read.

    For a U only the bytes may change: who enlarges was chosen by the picture's shape, and a smaller one is no start.
    """
    limits = capabilities.takes
    if request.kind is Kind.UPSCALE:
        limits = Limits(weight=capabilities.enlarges.weight)
    return replace(
        request,
        image=await _within(house, request.image, limits),
        source=await _within(house, request.source, limits),
    )


async def _within(house: House, picture: Source | None, limits: Limits) -> Source | None:
    if picture is None or limits == ANY:
        return picture
    try:
        made = await house.imaging.bound(picture.data, limits)
    except BadPicture as error:
        raise drawing.ParentGone(str(error)) from error
    if made.data is picture.data:
        return picture
    log.info("picture fitted", before=len(picture.data), bytes=len(made.data), width=made.width, height=made.height)
    return replace(picture, data=made.data, mime=made.mime)
