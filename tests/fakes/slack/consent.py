"""Slack's own page where somebody allows or refuses the app, and the codes that come of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fakes.slack.contracts import SCOPES
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import CLIENT_ID, User
from tests.fakes.slack.world import World

CODE_SECONDS = 600.0
"""How long a code lives (docs.slack.dev, "Installing with OAuth")."""


@dataclass(slots=True)
class Grant:
    """What somebody allowed."""

    world: World
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    made_at: float
    org_wide: bool


class Consents:
    """`redirect_urls`: those of the app's manifest. `rotates`: token rotation is on for the app."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.redirect_urls: set[str] = set()
        self.rotates = False
        self._codes: dict[str, Grant] = {}

    def allow(self, address: str, world: World, user: User, *, org_wide: bool = False) -> str:
        """Press Allow on the page at `address`: where the browser goes then. Raises ValueError for what Slack would show."""
        asked = self._asked(address)
        if org_wide and world.organisation is None:
            raise ValueError("that workspace belongs to no organisation")
        code, scopes = secrets.token_hex(16), frozenset(asked["scope"].split(","))
        self._codes[code] = Grant(world, user.id, scopes, asked["redirect_uri"], world.clock(), org_wide)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def deny(self, address: str) -> str:
        """Press Cancel."""
        asked = self._asked(address)
        return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"

    def _asked(self, address: str) -> dict[str, str]:
        """What the address asks for: Slack's page shows an error of its own for what the app does not have."""
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        if f"{parts.scheme}://{parts.netloc}{parts.path}" != f"{self.world.url}/oauth/v2/authorize":
            self._wrong(f"no page of Slack's: {address}")
        if asked.get("client_id") != CLIENT_ID:
            self._wrong("invalid_client_id")
        if asked.get("redirect_uri") not in self.redirect_urls:
            self._wrong(f"bad_redirect_uri {asked.get('redirect_uri')}")
        if frozenset(asked.get("scope", "").split(",")) != SCOPES or asked.get("user_scope"):
            self._wrong(f"not the scopes of the manifest: {asked.get('scope')}")
        if not asked.get("state"):
            self._wrong("no state")
        return asked

    def _wrong(self, why: str) -> NoReturn:
        self.world.violate("authorize", why, [])
        raise ValueError(why)

    def spend(self, code: str, redirect_uri: str) -> Grant:
        """Once, within ten minutes, with the same redirect_uri. Raises RefusedError."""
        grant = self._codes.get(code)
        if grant is None or self.world.clock() - grant.made_at > CODE_SECONDS:
            raise RefusedError("invalid_code")
        if grant.redirect_uri != redirect_uri:
            raise RefusedError("bad_redirect_uri")
        del self._codes[code]
        return grant

    def token(self, grant: Grant) -> str:
        """The app is installed from now on; where it was already, its token stays."""
        world, org = grant.world, grant.world.organisation
        world.scopes = set(grant.scopes)
        fresh = f"xoxb-{grant.world.team}-{secrets.token_hex(8)}"
        if grant.org_wide and org is not None:
            org.token = org.token or fresh
            return org.token
        world.bot_token = world.bot_token or fresh
        return world.bot_token
