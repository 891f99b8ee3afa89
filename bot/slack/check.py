"""Does Slack accept the tokens, and has the app every scope? A few POSTs, nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.slack.config import OAuth, SlackConfig
from bot.slack.faults import SlackFault
from bot.slack.manifest import OPTIONAL, SCOPES
from bot.slack.ports import Installation
from bot.texts import slack as start_texts
from bot.texts import slack_check as texts
from providers.base import Health

SCOPES_HEADER = "x-oauth-scopes"
"""Slack names the token's scopes in every Web API answer (docs.slack.dev, "Installing with OAuth")."""
NO_CODE, GOOD = "imagine-bot-check", "invalid_code"
"""A code that nobody was given: Slack refuses it with that word once it has taken the client ID and the secret."""


class Unanswered(Exception):
    """Slack did not say what was asked; `str()` is the sentence for the operator."""


async def check(config: SlackConfig, installed: Sequence[Installation] = ()) -> list[Health]:
    """One line for each bot token, one for its scopes, one for each way in. `installed`: where there are many workspaces."""
    timeout = aiohttp.ClientTimeout(config.timeout)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        found = await _bots(session, config, installed)
        if config.app_token:
            found += await _told(_socket(session, config, config.app_token))
    return [*found, Health(ok=True, sentence=texts.OVER_HTTP)] if config.signing_secret else found


async def _told(asked: Awaitable[list[Health]]) -> list[Health]:
    """What one question came to; a Slack that is away ends none of the others."""
    try:
        return await asked
    except Unanswered as error:
        return [Health(ok=False, sentence=str(error))]


async def _bots(session: aiohttp.ClientSession, config: SlackConfig, installed: Sequence[Installation]) -> list[Health]:
    if config.oauth is None:
        return await _told(_bot(session, config, config.bot_token or ""))
    found = await _told(_client(session, config, config.oauth))
    found.append(Health(ok=True, sentence=texts.install_at(config.oauth.install_url)))
    for one in installed:
        found += await _told(_installed(session, config, one))
    return found


async def _bot(session: aiohttp.ClientSession, config: SlackConfig, token: str) -> list[Health]:
    answer, scopes = await _post(session, config, "auth.test", token)
    if not answer.get("ok"):
        return [Health(ok=False, sentence=start_texts.bad_bot_token(str(answer.get("error"))))]
    return _known(answer, scopes)


def _known(answer: dict[str, Any], scopes: frozenset[str] | None) -> list[Health]:
    known = Health(ok=True, sentence=texts.known(str(answer.get("user")), str(answer.get("team"))))
    if scopes is None:
        return [known]
    missing = [scope for scope in SCOPES if scope not in scopes]
    return [known, _judged(missing)]


async def _installed(session: aiohttp.ClientSession, config: SlackConfig, one: Installation) -> list[Health]:
    """The same for a workspace that installed the app; whose token is gone has to install it again."""
    name = f"{one.name} ({one.id})"
    if not one.token:
        return [Health(ok=False, sentence=texts.unreadable(name))]
    answer, scopes = await _post(session, config, "auth.test", one.token)
    if not answer.get("ok"):
        return [Health(ok=False, sentence=texts.refused(name, str(answer.get("error"))))]
    return _known({**answer, "team": name}, scopes)


async def _client(session: aiohttp.ClientSession, config: SlackConfig, oauth: OAuth) -> list[Health]:
    """Whether client ID and secret are the app's: a made-up code tells, and installs nothing."""
    asked = {"client_id": oauth.client_id, "client_secret": oauth.client_secret, "code": NO_CODE}
    answer, _ = await _post(session, config, "oauth.v2.access", data=asked)
    error = str(answer.get("error"))
    good = error == GOOD
    return [Health(ok=good, sentence=texts.CLIENT if good else texts.bad_client(error, oauth.redirect_url))]


def _judged(missing: list[str]) -> Health:
    """Without the optional ones the bot does all the rest."""
    if not missing:
        return Health(ok=True, sentence=texts.scopes(len(SCOPES)))
    if set(missing) <= set(OPTIONAL):
        return Health(ok=True, sentence=texts.without(missing))
    return Health(ok=False, sentence=texts.missing(missing))


async def _socket(session: aiohttp.ClientSession, config: SlackConfig, token: str) -> list[Health]:
    answer, _ = await _post(session, config, "apps.connections.open", token)
    if not answer.get("ok"):
        return [Health(ok=False, sentence=start_texts.bad_app_token(str(answer.get("error"))))]
    return [Health(ok=True, sentence=texts.SOCKET)]


async def _post(
    session: aiohttp.ClientSession, config: SlackConfig, method: str, token: str = "", data: Mapping[str, str] | None = None
) -> tuple[dict[str, Any], frozenset[str] | None]:
    """The answer and the token's scopes, None where the header is absent. Raises Unanswered."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with session.post(f"{config.api_url}{method}", headers=headers, data=data) as response:
            named = response.headers.get(SCOPES_HEADER)
            answer = _read(method, response.status, await response.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unanswered(start_texts.unreachable(config.api_url, str(error) or type(error).__name__)) from error
    return answer, None if named is None else frozenset(scope.strip() for scope in named.split(","))


def _read(method: str, status: int, body: bytes) -> dict[str, Any]:
    """Slack's own yes or no. Raises Unanswered for what says nothing about the token: judged as the start judges it."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise Unanswered(start_texts.odd(method, f"HTTP {status}, which is not Slack's"))
    code = "ratelimited" if status == HTTPStatus.TOO_MANY_REQUESTS else str(answer.get("error") or f"http_{status}")
    if not answer["ok"] and SlackFault(code).away:
        raise Unanswered(start_texts.odd(method, code))
    return answer
