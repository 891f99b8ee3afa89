"""What wiring tells the Slack front end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.errors import StartError
from bot.texts import slack as texts

API_URL = "https://slack.com/api/"
COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
"""A slash command's name: 32 characters with the slash (manifest schema v2)."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds between tries. `processed`: until files.info names a type; `race`: until an image block accepts the file.

    `renew`: a file that blocks refuse for so long is given up and its picture uploaded anew.
    """

    processed: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 14.0)
    race: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 4.0)
    renew: float = 180.0


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """Tokens and addresses. `app_token`: Socket Mode; `signing_secret`: HTTP; at least one of both.

    `api_url` ends with a slash. Raises StartError for nonsense.
    """

    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    command: str = "/imagine"
    api_url: str = API_URL
    timeout: float = 15.0
    waits: Waits = Waits()

    def __post_init__(self) -> None:
        """Check what Slack would only refuse later."""
        if not self.app_token and not self.signing_secret:
            raise StartError(texts.NO_INTAKE)
        if not COMMAND.fullmatch(self.command):
            raise StartError(texts.bad_command(self.command))
        if not self.api_url.endswith("/"):
            object.__setattr__(self, "api_url", f"{self.api_url}/")

    @property
    def host(self) -> str:
        """The API's own host, with port: the one private host that files may come from."""
        return urlsplit(self.api_url).netloc
