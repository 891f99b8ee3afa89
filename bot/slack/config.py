"""What wiring tells the Slack front end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.errors import StartError
from bot.texts import slack as texts
from bot.texts import slack_install as install_texts

API_URL = "https://slack.com/api/"
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
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
class OAuth:
    """What many workspaces need. `public_url`: of the web part; `state_key` signs states. Raises StartError for nonsense."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    state_key: bytes = field(repr=False)
    api_url: str = API_URL

    def __post_init__(self) -> None:
        """Slack redirects to https alone; this machine itself needs none."""
        if not self.public_url.startswith("https://") and not _loopback(urlsplit(self.public_url).hostname or ""):
            raise StartError(install_texts.needs_https(self.public_url))

    @property
    def install_url(self) -> str:
        """Where somebody begins."""
        return f"{self.public_url.rstrip('/')}{INSTALL}"

    @property
    def redirect_url(self) -> str:
        """Where Slack sends them back to; the app's manifest names it."""
        return f"{self.public_url.rstrip('/')}{REDIRECT}"

    @property
    def authorize_url(self) -> str:
        """Slack's own page, on the host of its API."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """Tokens and addresses. `bot_token`: of one workspace, or `oauth`: for many; never both.

    `app_token`: Socket Mode; `signing_secret`: HTTP; at least one of both. `api_url` ends with a slash. Raises StartError
    for nonsense.
    """

    bot_token: str | None = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    command: str = "/imagine"
    api_url: str = API_URL
    timeout: float = 15.0
    waits: Waits = Waits()
    oauth: OAuth | None = None

    def __post_init__(self) -> None:
        """Check what Slack would only refuse later."""
        one, many = bool(self.bot_token), self.oauth is not None
        if one is many:
            raise StartError(install_texts.BOTH if self.oauth else install_texts.NEITHER)
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
