"""Links to pictures that the store itself answers, or a CDN in front of it."""

from __future__ import annotations

from urllib.parse import quote

import structlog

from bot.errors import PicturesUnavailable
from bot.jobs.links import LEAST_SECONDS, drawn
from bot.jobs.ports import Links
from storage.pictures import ObstorePictures

log = structlog.get_logger()


class PublicLinks:
    """Implements the core's `Links`: the operator's own address in front of the store. They never expire."""

    def __init__(self, base: str) -> None:
        """`base` stands before every key."""
        self._base = base.rstrip("/")

    async def link(self, key: str, mime: str) -> str:  # noqa: ARG002  (the store keeps it)
        """`<base>/<key>`."""
        return f"{self._base}/{quote(drawn(key))}"


class StoreLinks:
    """Implements the core's `Links`: addresses that the object store signs. `ours` where those are good for nobody outside.

    That is a store that is reached by plain http (a service inside a cluster), or one whose credentials cannot sign.
    """

    def __init__(self, pictures: ObstorePictures, ours: Links) -> None:
        """`pictures` is an object store's."""
        self._pictures = pictures
        self._ours = ours

    async def link(self, key: str, mime: str) -> str:
        """Signed by the store where that leads anybody there, else by us."""
        try:
            signed = await self._pictures.sign(drawn(key), LEAST_SECONDS)
        except PicturesUnavailable as error:
            log.warning("store cannot sign, the bot links itself", error=str(error))
            signed = ""
        return signed if signed.startswith("https://") else await self._ours.link(key, mime)
