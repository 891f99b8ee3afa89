"""What `imagine-bot check` says about Slack."""

from __future__ import annotations

from collections.abc import Sequence

SOCKET = "the app-level token opens Socket Mode"
OVER_HTTP = "events over HTTP are on: the first signed request shows whether SLACK_SIGNING_SECRET is right"


def known(name: str, team: str) -> str:
    """The bot token is good."""
    return f"the bot token is the one of {name} in {team}"


def scopes(count: int) -> str:
    """All are there."""
    return f"the app has all {count} scopes"


def without(names: Sequence[str]) -> str:
    """Only optional scopes are missing."""
    return f"the app has every scope it must have; without {', '.join(names)} it does not see who is in which user group"


def missing(names: Sequence[str]) -> str:
    """The app was installed with less than the manifest asks for."""
    return (
        f"the app lacks {', '.join(names)}: paste what `imagine-bot slack-manifest` prints into App Manifest, "
        "then reinstall the app to the workspace"
    )
