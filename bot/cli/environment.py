"""What every subcommand begins with: the settings, with their secrets kept out of everything that is written."""

from __future__ import annotations

import os

from bot.logs import add_secret
from bot.settings import Settings
from bot.settings_load import load_settings


def settings(**more: str) -> Settings:
    """From the environment and `.env` in the working directory; `more` wins over both. Raises SettingsError."""
    found = load_settings(os.environ | more)
    for secret in found.secrets():
        add_secret(secret)
    return found
