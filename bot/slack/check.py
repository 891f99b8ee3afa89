"""Does Slack accept both tokens, and has the app every scope? Two POSTs, nothing is changed."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.slack.config import SlackConfig
from bot.slack.manifest import OPTIONAL, SCOPES
from bot.texts import slack as start_texts
from bot.texts import slack_check as texts
from providers.base import Health

SCOPES_HEADER = "x-oauth-scopes"
"""Slack names the token's scopes in every Web API answer (docs.slack.dev, "Installing with OAuth")."""


async def check(config: SlackConfig) -> list[Health]:
    """One line for the bot token, one for its scopes, one for each way in."""
    timeout = aiohttp.ClientTimeout(config.timeout)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        try:
            found = await _bot(session, config)
            if config.app_token:
                found.append(await _socket(session, config, config.app_token))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return [Health(ok=False, sentence=start_texts.unreachable(config.api_url, str(error) or type(error).__name__))]
    return [*found, Health(ok=True, sentence=texts.OVER_HTTP)] if config.signing_secret else found


async def _bot(session: aiohttp.ClientSession, config: SlackConfig) -> list[Health]:
    answer, scopes = await _post(session, config, "auth.test", config.bot_token)
    if not answer.get("ok"):
        return [Health(ok=False, sentence=start_texts.bad_bot_token(str(answer.get("error"))))]
    known = Health(ok=True, sentence=texts.known(str(answer.get("user")), str(answer.get("team"))))
    if scopes is None:
        return [known]
    missing = [scope for scope in SCOPES if scope not in scopes]
    return [known, _judged(missing)]


def _judged(missing: list[str]) -> Health:
    """Without the optional ones the bot does all the rest."""
    if not missing:
        return Health(ok=True, sentence=texts.scopes(len(SCOPES)))
    if set(missing) <= set(OPTIONAL):
        return Health(ok=True, sentence=texts.without(missing))
    return Health(ok=False, sentence=texts.missing(missing))


async def _socket(session: aiohttp.ClientSession, config: SlackConfig, token: str) -> Health:
    answer, _ = await _post(session, config, "apps.connections.open", token)
    if not answer.get("ok"):
        return Health(ok=False, sentence=start_texts.bad_app_token(str(answer.get("error"))))
    return Health(ok=True, sentence=texts.SOCKET)


async def _post(
    session: aiohttp.ClientSession, config: SlackConfig, method: str, token: str
) -> tuple[dict[str, Any], frozenset[str] | None]:
    """The answer and the token's scopes, None where the header is absent."""
    headers = {"Authorization": f"Bearer {token}"}
    async with session.post(f"{config.api_url}{method}", headers=headers) as response:
        named = response.headers.get(SCOPES_HEADER)
        answer: dict[str, Any] = await response.json(content_type=None)
    return answer, None if named is None else frozenset(scope.strip() for scope in named.split(","))
