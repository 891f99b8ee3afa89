"""From the code that Slack sent back to an installation that is kept."""

from __future__ import annotations

import structlog

from bot.slack.api import Identity, Json
from bot.slack.branches import Branches
from bot.slack.config import OAuth
from bot.slack.faults import SlackFault
from bot.slack.office import Maker
from bot.slack.ports import Installation, Installations

log = structlog.get_logger(__name__)
ROTATES, NO_BOT = "token_rotation_is_on", "no_bot_token"
"""Our own words for answers that are of no use: tokens that end after twelve hours, none at all."""


class Installer:
    """Exchange, ask Slack who the bot is there, keep."""

    def __init__(self, make: Maker, oauth: OAuth, store: Installations, branches: Branches) -> None:
        """`branches`: told, so that the next request goes with the new token."""
        self._make = make
        self._oauth = oauth
        self._store = store
        self._branches = branches

    async def install(self, code: str) -> Installation:
        """Raises SlackFault (Slack refused, or did not answer in time) and StoreUnavailable."""
        granted = await self._make.api().exchange(
            self._oauth.client_id, self._oauth.client_secret, code, self._oauth.redirect_url
        )
        token = str(granted.get("access_token") or "")
        if granted.get("expires_in") or granted.get("refresh_token"):
            raise SlackFault(ROTATES)
        if granted.get("token_type") != "bot" or not token:
            raise SlackFault(NO_BOT)
        installation = _read(granted, token, await self._make.api(token).identity(), self._make.clock())
        await self._store.save(installation)
        self._branches.forget(installation.id)
        log.info("slack_installed", workspace=installation.id, org_wide=installation.org_wide, by=installation.by)
        return installation


def _read(granted: Json, token: str, us: Identity, now: float) -> Installation:
    """oauth.v2.access and auth.test together; of an organisation-wide installation `team` is null."""
    org_wide = bool(granted.get("is_enterprise_install"))
    team, enterprise = granted.get("team") or {}, granted.get("enterprise") or {}
    return Installation(
        team_id="" if org_wide else str(team.get("id") or us.team_id),
        enterprise_id=str(enterprise.get("id") or us.enterprise_id),
        org_wide=org_wide,
        name=str((enterprise if org_wide else team).get("name") or ""),
        app_id=str(granted.get("app_id") or ""),
        bot_id=us.bot_id,
        bot_user_id=str(granted.get("bot_user_id") or us.user_id),
        bot_name=us.name,
        url=us.url,
        scopes=tuple(filter(None, str(granted.get("scope") or "").split(","))),
        by=str((granted.get("authed_user") or {}).get("id") or ""),
        installed_at=now,
        token=token,
    )
