"""How much the whole deployment takes."""

from __future__ import annotations

from bot.jobs.acceptance import Caps
from bot.settings import Settings


def caps_of(settings: Settings) -> Caps:
    """The deployment's own."""
    return Caps(
        settings.imagine_daily_images,
        settings.imagine_user_running,
        settings.imagine_user_waiting,
        settings.imagine_running,
        waiting=settings.imagine_waiting,
    )
