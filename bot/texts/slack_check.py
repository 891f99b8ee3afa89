"""What `imagine-bot check` says about Slack."""

from __future__ import annotations

from collections.abc import Sequence

SOCKET = "the app-level token opens Socket Mode"
OVER_HTTP = "events over HTTP are on: the first signed request shows whether SLACK_SIGNING_SECRET is right"

CLIENT = "Slack takes SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"


def install_at(url: str) -> str:
    """Where workspaces come from."""
    return f"a workspace is added at {url}"


def bad_client(code: str, redirect_url: str) -> str:
    """oauth.v2.access said something else than that the made-up code is wrong."""
    return (
        f"Slack does not accept SLACK_CLIENT_ID and SLACK_CLIENT_SECRET ({code}): copy both from Basic "
        f"Information, and see that {redirect_url} stands under OAuth & Permissions, Redirect URLs"
    )


def refused(workspace: str, code: str) -> str:
    """The token of one of many workspaces."""
    return f"Slack takes the token of {workspace} no more ({code}): whoever runs that workspace installs the bot again"


def unreadable(workspace: str) -> str:
    """It is kept under another secret."""
    return f"the token of {workspace} was kept under another IMAGINE_SECRET: set that one again, or have it installed again"


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
