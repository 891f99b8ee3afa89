"""Slack as the settings ask for it: one workspace's token, or OAuth for many. Imports Slack's libraries where it is on."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.errors import StoreUnavailable
from bot.jobs.meter import Meter
from bot.jobs.ports import Clock, Fetcher, Pictures
from bot.settings import Settings
from providers.base import Health
from storage.db import Database

if TYPE_CHECKING:
    from bot.slack.config import OAuth, SlackConfig
    from bot.slack.front import SlackFront
    from storage.installations import SqlInstallations


def slack_wanted(settings: Settings) -> bool:
    """Whether Slack is on."""
    return settings.slack_bot_token is not None or settings.slack_client_id is not None


def build_slack(
    settings: Settings,
    pictures: Pictures,
    fetcher: Fetcher,
    clock: Clock,
    db: Database,
    secret: str,
    meter: Meter | None = None,
) -> SlackFront:
    """`secret`: IMAGINE_SECRET; `meter`: who counts. Raises StartError."""
    from bot.slack.front import SlackFront  # noqa: PLC0415

    installations = open_installations(settings, db, secret)
    return SlackFront(slack_config(settings, secret), pictures, fetcher, clock, installations=installations, meter=meter)


def open_installations(settings: Settings, db: Database, secret: str) -> SqlInstallations | None:
    """None where one workspace's token stands in the settings."""
    if settings.slack_client_id is None:
        return None
    from storage.installations import SqlInstallations  # noqa: PLC0415  (needs libsodium)

    return SqlInstallations(db, secret)


def slack_config(settings: Settings, secret: str) -> SlackConfig:
    """What both the bot and `check` go by. Raises StartError."""
    from bot.slack.config import SlackConfig  # noqa: PLC0415

    return SlackConfig(
        bot_token=_plain(settings.slack_bot_token),
        app_token=_plain(settings.slack_app_token),
        signing_secret=_plain(settings.slack_signing_secret),
        command=settings.slack_command,
        api_url=settings.slack_api_url,
        oauth=_oauth(settings, secret),
    )


async def check_slack(settings: Settings, db: Database | None = None, secret: str = "") -> list[Health]:
    """What `imagine-bot check` says. `db`: where the installations of many workspaces are kept; one not made yet has none.

    Raises StartError.
    """
    from bot.slack.check import check  # noqa: PLC0415

    kept = open_installations(settings, db, secret) if db is not None else None
    try:
        installed = await kept.all() if kept is not None and _made(db) else []
    except StoreUnavailable:  # `check` says so in a line of its own; an older database has no such table yet
        installed = []
    return await check(slack_config(settings, secret), installed)


def _made(db: Database | None) -> bool:
    """Not before the first start; a server's database is there."""
    return db is not None and (db.path is None or db.path.exists())


def _oauth(settings: Settings, secret: str) -> OAuth | None:
    client_id, client_secret = settings.slack_client_id, _plain(settings.slack_client_secret)
    if client_id is None or client_secret is None or settings.public_url is None:
        return None
    from bot.slack.config import OAuth  # noqa: PLC0415

    key = hmac.new(secret.encode(), b"slack oauth state", "sha256").digest()
    return OAuth(client_id, client_secret, settings.public_url, key, settings.slack_api_url)


def _plain(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None
