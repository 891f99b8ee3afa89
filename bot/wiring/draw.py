"""The image providers that the settings ask for."""

from __future__ import annotations

from bot.errors import StartError
from bot.imaging.pool import PixelPool
from bot.jobs.ports import Clock
from bot.settings import Settings
from providers.base import Provider
from providers.sketch import Sketch


def build_providers(settings: Settings, pool: PixelPool, clock: Clock) -> list[Provider]:
    """In the order of IMAGINE_PROVIDERS. Raises StartError for a name that is not known."""
    known = {"sketch": Sketch(pool.run, settings.imagine_sketch_seconds, clock)}
    unknown = [name for name in settings.imagine_providers if name not in known]
    if unknown:
        raise StartError(f"IMAGINE_PROVIDERS names {', '.join(unknown)}; known here: {', '.join(known)}.")
    return [known[name] for name in settings.imagine_providers or ("sketch",)]
