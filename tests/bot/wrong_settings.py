"""What the settings say of an environment that they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings_load import SettingsError, load_settings


def lines(environ: dict[str, str], env_file: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, env_file)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return caught.value.lines
