"""The image providers that the settings ask for. An adapter is imported only where its key is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bot.errors import StartError
from bot.imaging.pool import PixelPool
from bot.jobs.ports import Clock
from bot.metrics.wire import Names, Tell, WatchedTransport
from bot.settings import Settings
from providers.base import Provider
from providers.prices import Prices, read, shipped
from providers.sketch import Sketch
from providers.tls import tls_context

IDLE_SECONDS = 5.0
"""Connections kept open for longer die under a submit more often than they save time."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where an adapter stands and which settings it takes. `key` empty: a server of one's own, on when its address is set.

    `more`: the adapter's keyword -> the setting; settings that are not set are left to the adapter's default.
    """

    kind: str
    key: str
    base: str
    more: Mapping[str, str] = field(default_factory=dict)
    clock: bool = False


VENDORS = {
    "fal": Vendor("Fal", "fal_key", "fal_base_url", {"model": "imagine_fal_model", "jwks_url": "fal_jwks_url"}, clock=True),
    "replicate": Vendor(
        "Replicate",
        "replicate_api_token",
        "replicate_base_url",
        {"model": "imagine_replicate_model", "webhook_secret": "replicate_webhook_secret"},
        clock=True,
    ),
    "openai": Vendor(
        "OpenAI",
        "openai_api_key",
        "openai_base_url",
        {"model": "imagine_openai_model", "partials": "imagine_openai_partials"},
    ),
    "recraft": Vendor("Recraft", "recraft_api_key", "recraft_base_url", {"model": "imagine_recraft_model"}),
    "bfl": Vendor(
        "Bfl", "bfl_api_key", "bfl_base_url", {"model": "imagine_bfl_model", "webhook_secret": "bfl_webhook_secret"}
    ),
    "stability": Vendor("Stability", "stability_api_key", "stability_base_url", {"model": "imagine_stability_model"}),
    "gemini": Vendor("Gemini", "gemini_api_key", "gemini_base_url", {"model": "imagine_gemini_model"}),
    "ideogram": Vendor("Ideogram", "ideogram_api_key", "ideogram_base_url", {"model": "imagine_ideogram_model"}),
    "xai": Vendor("Xai", "xai_api_key", "xai_base_url", {"model": "imagine_xai_model"}),
    "midapi": Vendor(
        "Midapi",
        "midapi_api_key",
        "midapi_base_url",
        {
            "model": "imagine_midapi_model",
            "index_base": "imagine_midapi_index_base",
            "upscale_path": "imagine_midapi_upscale_path",
            "vary_path": "imagine_midapi_vary_path",
        },
    ),
    "midjourney": Vendor(
        "Midjourney",
        "midjourney_api_key",
        "midjourney_api_base_url",
        {"model": "imagine_midjourney_model", "relax_word": "imagine_midjourney_relax_word"},
    ),
    "a1111": Vendor("A1111", "", "a1111_url", {"model": "imagine_a1111_model", "upscaler": "imagine_a1111_upscaler"}),
    "comfyui": Vendor(
        "ComfyUI",
        "",
        "comfyui_url",
        {
            "model": "imagine_comfyui_model",
            "upscaler": "imagine_comfyui_upscaler",
            "workflow": "imagine_comfyui_workflow",
            "img2img_workflow": "imagine_comfyui_img2img_workflow",
            "upscale_workflow": "imagine_comfyui_upscale_workflow",
        },
    ),
}
"""In the order in which they are preferred where IMAGINE_PROVIDERS is not set."""


def new_client(settings: Settings | None = None, tell: Tell | None = None) -> httpx.AsyncClient:
    """One HTTP client for all adapters; redirects and the environment's proxies are not followed. `tell`: who counts."""
    configured = settings or Settings()
    names = Names({name: getattr(configured, vendor.base) for name, vendor in VENDORS.items()})
    inner = httpx.AsyncHTTPTransport(
        verify=tls_context(), trust_env=False, limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS)
    )
    return httpx.AsyncClient(trust_env=False, transport=WatchedTransport(inner, names, tell))


def build_providers(settings: Settings, pool: PixelPool, clock: Clock, client: httpx.AsyncClient) -> list[Provider]:
    """In the order of IMAGINE_PROVIDERS, else those whose key is set, else sketch. Raises StartError."""
    wanted = settings.imagine_providers or [name for name, vendor in VENDORS.items() if _on(settings, vendor)] or ["sketch"]
    unknown = [name for name in wanted if name not in {*VENDORS, "sketch"}]
    if unknown:
        raise StartError(f"IMAGINE_PROVIDERS names {', '.join(unknown)}; known here: {', '.join([*VENDORS, 'sketch'])}.")
    prices = price_list(settings)
    return [
        Sketch(pool.run, settings.imagine_sketch_seconds, clock)
        if name == "sketch"
        else _build(name, VENDORS[name], settings, clock, client, prices)
        for name in wanted
    ]


def price_list(settings: Settings) -> Prices:
    """The shipped prices, the operator's own before them. Raises StartError."""
    if settings.imagine_prices is None:
        return shipped()
    try:
        own = read(settings.imagine_prices)
    except ValueError as error:
        raise StartError(f"IMAGINE_PRICES: {error}") from error
    unknown = own.providers - shipped().providers
    if unknown:
        known = ", ".join(sorted(shipped().providers))
        raise StartError(
            f"IMAGINE_PRICES: {settings.imagine_prices}: {min(unknown)} has no prices, expected one of {known}."
        )
    return own.over(shipped())


def trusted_hosts(settings: Settings) -> dict[str, str]:
    """Hosts (with port) of base URLs that were changed: that provider's pictures may come from there, private or not."""
    hosts = {}
    for name, vendor in VENDORS.items():
        base, default = getattr(settings, vendor.base), Settings.model_fields[vendor.base].default
        if base and base != default:
            hosts[name] = urlsplit(base).netloc
    return hosts


def _on(settings: Settings, vendor: Vendor) -> bool:
    return bool(getattr(settings, vendor.key or vendor.base))


def _build(
    name: str, vendor: Vendor, settings: Settings, clock: Clock, client: httpx.AsyncClient, prices: Prices
) -> Provider:
    if not _on(settings, vendor):
        raise StartError(f"IMAGINE_PROVIDERS names {name}, but {(vendor.key or vendor.base).upper()} is not set.")
    values = {keyword: _plain(getattr(settings, setting)) for keyword, setting in vendor.more.items()}
    more: dict[str, Any] = {keyword: value for keyword, value in values.items() if value is not None}
    if vendor.clock:
        more["clock"] = clock
    if name in prices.providers:
        more["prices"] = prices
    key = _plain(getattr(settings, vendor.key)) if vendor.key else ""
    adapter = getattr(import_module(f"providers.{name}"), vendor.kind)
    try:
        return cast("Provider", adapter(key, getattr(settings, vendor.base), client, **more))
    except ValueError as error:
        raise StartError(f"{name}: {error}") from error


def _plain(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
