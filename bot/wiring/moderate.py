"""The moderation that the settings ask for. An adapter is imported only where it is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import httpx

from bot.errors import StartError
from bot.imaging.pool import PixelPool
from bot.jobs.ports import Imaging
from bot.policy.moderation import Moderation
from bot.policy.together import Together
from bot.settings import Settings
from providers.base import Health

JPEG = frozenset({"image/jpeg"})


class Service(Moderation, Protocol):
    """A moderation that `imagine-bot check` can try."""

    async def check(self) -> Health:
        """Ask it something that costs nothing."""
        ...


def build_services(
    settings: Settings, imaging: Imaging, pool: PixelPool, client: httpx.AsyncClient
) -> Mapping[str, Service]:
    """Those that IMAGINE_MODERATION names, by name. Raises StartError."""
    made: dict[str, Service] = {}
    for name in settings.imagine_moderation:
        made[name] = _local(pool) if name == "local" else _openai(settings, imaging, client)
    return made


def one_of(services: Mapping[str, Service]) -> Moderation | None:
    """What the core asks; None where nobody is named."""
    several = list(services.values())
    return Together(several) if len(several) > 1 else several[0] if several else None


def _openai(settings: Settings, imaging: Imaging, client: httpx.AsyncClient) -> Service:
    if settings.openai_api_key is None:
        raise StartError("IMAGINE_MODERATION names openai, but OPENAI_API_KEY is not set.")
    from providers.moderation_openai import OpenAIModeration  # noqa: PLC0415  (only where it is used)

    async def shrink(data: bytes, limit: int) -> bytes:
        return (await imaging.fit(data, limit, JPEG)).data

    return OpenAIModeration(settings.openai_api_key.get_secret_value(), settings.openai_base_url, client, shrink)


def _local(pool: PixelPool) -> Service:
    from providers.moderation_local import LocalModeration  # noqa: PLC0415  (only where it is used)

    try:
        return LocalModeration(pool.run)
    except ModuleNotFoundError as error:
        raise StartError(str(error)) from error
