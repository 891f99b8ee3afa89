"""What every subcommand begins with: the settings, with their secrets kept out of everything that is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.cli.swap import whole
from bot.logs import add_secret
from bot.settings import Settings
from bot.settings_load import load_settings, read_env_file

STORES = ("AWS_", "AZURE_", "GOOGLE_")
"""Beginnings of names that object stores are set up by; obstore reads them from the process's environment itself."""
TELLING = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|SAS|CREDENTIAL")


def settings(**more: str) -> Settings:
    """As below; raises StartError over a data folder that a restore has left half done, before anything is made in it."""
    found = settings_for_restore(**more)
    whole(found.imagine_data_dir)
    return found


def settings_for_restore(**more: str) -> Settings:
    """From the environment and `.env` in the working directory; `more` wins over both. Raises SettingsError."""
    found = load_settings(os.environ | more)
    for name, value in _of_stores(read_env_file(Path(".env"))[0]):
        os.environ[name] = os.environ.get(name, "").strip() or value
    for secret in [*found.secrets(), *(value for name, value in _of_stores(os.environ) if TELLING.search(name))]:
        add_secret(secret)
    return found


def _of_stores(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in list(environ.items()) if name.startswith(STORES))
