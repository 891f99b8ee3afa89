"""What the bot asks for in a server. Needs no Discord library."""

from __future__ import annotations

from urllib.parse import urlencode

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = ("bot", "applications.commands")
NEEDED = {
    "View Channel": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
"""Permission -> its bit (Discord's documentation, topics/permissions).

View Audit Log is not among them: with it the bot finds who added it, without it the set-up guide goes to the owner.
"""
PERMISSIONS = sum(NEEDED.values())
ADMINISTRATOR = 1 << 3


def invite_url(application_id: str) -> str:
    """The link that adds the application to a server."""
    query = {"client_id": application_id, "scope": " ".join(SCOPES), "permissions": str(PERMISSIONS)}
    return f"{AUTHORIZE}?{urlencode(query)}"


def lacking(permissions: int) -> list[str]:
    """Names of the permissions that a bit set lacks; an administrator lacks none."""
    return [] if permissions & ADMINISTRATOR else [name for name, bit in NEEDED.items() if not permissions & bit]
