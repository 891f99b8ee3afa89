"""Every vendor's loopback server, with the settings that point the bot at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.apis import (
    a1111,
    bfl,
    comfyui,
    fal,
    gemini,
    ideogram,
    midapi,
    midjourney,
    openai,
    recraft,
    replicate,
    stability,
    xai,
)
from tests.fakes.apis.strict import StrictApi


@dataclass(frozen=True, slots=True)
class Vendor:
    """`settings`: from the server's base URL; `finish`: bring open tasks to their end, where the server waits for that.

    `refused_check`: what the server says to a check that can only be a request it refuses (and so charges nothing for).
    """

    api: Callable[[], StrictApi]
    settings: Callable[[str], dict[str, str]]
    finish: Callable[[Any], None] = lambda _api: None
    refused_check: str = ""


def keyed(name: str, key: str, *, path: str = "", base: str = "") -> Callable[[str], dict[str, str]]:
    """The usual pair: a key and a base URL."""
    address = base or name.replace("_API_KEY", "").replace("_API_TOKEN", "").replace("_KEY", "") + "_BASE_URL"
    return lambda url: {name: key, address: url + path}


def finish_tasks(api: Any) -> None:
    """The Midjourney wrappers draw until they are told to end."""
    for task, record in list((getattr(api, "records", None) or getattr(api, "jobs", {})).items()):
        if not record.get("successFlag", record.get("status")):
            api.finish(task)


def finish_predictions(api: Any) -> None:
    """Replicate's predictions succeed by themselves."""
    api.says = None


def open_a1111() -> StrictApi:
    """A web UI without --api-auth, as most run it."""
    api = a1111.A1111Api()
    api.free = frozenset(template for _, template in api.handlers)
    return api


VENDORS = {
    "fal": Vendor(fal.FalApi, keyed("FAL_KEY", fal.KEY)),
    "replicate": Vendor(replicate.ReplicateApi, keyed("REPLICATE_API_TOKEN", replicate.TOKEN), finish_predictions),
    "openai": Vendor(openai.FakeOpenAI, keyed("OPENAI_API_KEY", openai.KEY)),
    "openai, a compatible server": Vendor(
        openai.FakeCompatible,
        lambda url: {"OPENAI_API_KEY": openai.KEY, "OPENAI_BASE_URL": url, "IMAGINE_OPENAI_MODEL": "dreamshaper"},
    ),
    "recraft": Vendor(recraft.RecraftApi, keyed("RECRAFT_API_KEY", recraft.KEY, path="/v1")),
    "bfl": Vendor(bfl.BflApi, keyed("BFL_API_KEY", bfl.KEY, path="/v1")),
    "stability": Vendor(stability.StabilityApi, keyed("STABILITY_API_KEY", stability.KEY, path="/v2beta")),
    "gemini": Vendor(gemini.GeminiApi, keyed("GEMINI_API_KEY", gemini.KEY)),
    "ideogram": Vendor(
        ideogram.IdeogramApi, keyed("IDEOGRAM_API_KEY", ideogram.KEY), refused_check="'prompt' is a required property"
    ),
    "xai": Vendor(xai.XaiApi, keyed("XAI_API_KEY", xai.KEY)),
    "midapi": Vendor(midapi.MidapiServer, keyed("MIDAPI_API_KEY", "good", path="/api/v1/mj"), finish_tasks),
    "midjourney": Vendor(
        midjourney.MidjourneyServer,
        keyed("MIDJOURNEY_API_KEY", "good", base="MIDJOURNEY_API_BASE_URL"),
        finish_tasks,
    ),
    "a1111": Vendor(open_a1111, lambda url: {"A1111_URL": url}),
    "comfyui": Vendor(comfyui.ComfyApi, lambda url: {"COMFYUI_URL": url, "IMAGINE_COMFYUI_UPSCALER": comfyui.UPSCALER}),
}


async def finishing(vendor: Vendor, api: StrictApi) -> None:
    while True:
        vendor.finish(api)
        await asyncio.sleep(0.02)
