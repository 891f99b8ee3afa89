"""Slack's published rules as data: arguments, scopes and tiers of each method."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from tests.fakes.slack.model import Json

SPECS = Path(__file__).parents[2] / "specs"
SCOPES = frozenset(
    {
        "commands",
        "chat:write",
        "chat:write.public",
        "files:write",
        "files:read",
        "users:read",
        "im:write",
        "app_mentions:read",
        "channels:join",
        "usergroups:read",
    }
)
"""What the app is granted unless a test takes some away: the scopes of the project's manifest."""
SHORTCUTS = {
    "imagine_from_this": "message",
    "new_picture": "global",
    "report_picture": "message",
    "moderate_picture": "message",
}
"""The shortcuts of the project's manifest: callback_id and type."""
EVERYWHERE = frozenset({"token", "team_id"})
"""Arguments that every method takes (Bolt adds team_id to each call made from a listener)."""


@cache
def contracts() -> dict[str, Json]:
    """Every method of the crawl, by name."""
    found: dict[str, Json] = json.loads((SPECS / "slack-method-contracts.json").read_text())
    return found


@cache
def block_schema() -> Json:
    """The Block Kit definitions."""
    found: Json = json.loads((SPECS / "slack-blockkit.schema.json").read_text())["definitions"]
    return found


@cache
def per_minute(method: str) -> int | None:
    """Calls a minute of the method's tier (docs.slack.dev, "Rate limits"); None where special limits apply."""
    match = re.match(r"Tier \d: (\d+)", contracts()[method]["rate_limit"])
    return int(match[1]) if match else None


@cache
def scopes_of(method: str) -> frozenset[str]:
    """The bot scopes of which one is needed."""
    return frozenset(contracts()[method]["scopes"].get("bot", []))
