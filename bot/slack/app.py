"""The Bolt app: listeners over one authorisation, and nothing taken from the environment."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions, commands, mentions, shortcuts, views
from bot.slack.config import SlackConfig
from bot.slack.convert import Source
from bot.slack.faults import NOT_INSTALLED, SlackFault
from bot.slack.intake import Intake
from bot.slack.listen import US
from bot.texts import slack as texts

PICKED_UP = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_VERIFICATION_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
)
"""Read by AsyncApp at its construction where an argument is missing (slack-bolt 1.30, app/async_app.py)."""
UNHEARD = 404


def build_app(config: SlackConfig, intake: Intake) -> AsyncApp:
    """Makes no call. Who the bot is comes from the offices, so that no request waits for auth.test."""

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        source = Source(team_id or "", enterprise_id or "", bool(context.is_enterprise_install))
        try:
            office = await intake.offices.of(source)
        except SlackFault as fault:
            if fault.code == NOT_INSTALLED:
                return None
            raise
        context[US] = office.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=office.api.token,
            bot_id=office.identity.bot_id,
            bot_user_id=office.identity.user_id,
        )

    with _environment_without(PICKED_UP):
        app = AsyncApp(
            name="imagine-bot",
            logger=_logger(),
            client=AsyncWebClient(base_url=config.api_url, retry_handlers=[]),
            signing_secret=config.signing_secret or "",
            authorize=authorize,  # type: ignore[arg-type]  # Bolt reads None as: not installed
            user_facing_authorize_error_message=texts.NOT_INSTALLED,
        )
    _register(app, config, intake)
    _acknowledging(app)
    return app


def _register(app: AsyncApp, config: SlackConfig, intake: Intake) -> None:
    commands.register(app, intake, config.command)
    mentions.register(app, intake)
    shortcuts.register(app, intake)
    views.register(app, intake)
    actions.register(app, intake)

    async def on_error(error: Exception, body: dict[str, Any]) -> None:
        app.logger.error("slack_listener_failed: %s on %s", type(error).__name__, body.get("type"), exc_info=error)

    app.error(on_error)


def _acknowledging(app: AsyncApp) -> None:
    """What no listener takes (the Home tab opened, a command or shortcut of another version) is acknowledged all the same.

    Bolt warns of it and answers 404: nothing on a socket, so that Slack tells an event again and again (slack-bolt 1.30,
    adapter/socket_mode/async_internals). A last listener for everything would swallow what is registered after it.
    """
    dispatch = app.async_dispatch

    async def taking(req: AsyncBoltRequest) -> BoltResponse:
        response = await dispatch(req)
        return BoltResponse(status=200) if response.status == UNHEARD else response

    app.async_dispatch = taking  # type: ignore[method-assign]


def _logger() -> logging.Logger:
    """At DEBUG, Bolt and the SDK write whole payloads, and with them every response_url: never lower than INFO."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.INFO)
    return logging.getLogger("slack_bolt.imagine")


@contextmanager
def _environment_without(names: tuple[str, ...]) -> Iterator[None]:
    held = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(held)
