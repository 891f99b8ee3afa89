"""Which links to pictures are handed out: a CDN's, the object store's own, or ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter

from bot.jobs.ports import Clock, Links
from bot.settings import Settings
from bot.web.links import SignedLinks
from storage.links import PublicLinks, StoreLinks
from storage.pictures import ObstorePictures


def build_links(
    settings: Settings, pictures: ObstorePictures, secret: str, clock: Clock, base: Callable[[], str]
) -> tuple[Links, Sequence[APIRouter]]:
    """The port, and the routes that it needs. `base`: where the web part is reached if PUBLIC_URL does not say."""
    if settings.pictures_public_url:
        return PublicLinks(settings.pictures_public_url), ()
    ours = SignedLinks(lambda: settings.public_url or base(), secret, pictures, clock)
    return (StoreLinks(pictures, ours) if pictures.remote else ours), (ours.router,)
