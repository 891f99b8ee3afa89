"""What Slack for many workspaces has to say: pages for whoever installs the bot, lines for whoever runs it."""

from __future__ import annotations

DONE = "The bot is installed"
FAILED = "Not installed"
BEFORE = "Opened before"
AGAIN = "Start again"
DENIED = "You did not allow it in Slack, so nothing was installed and nothing is kept."
NO_CODE = "Slack sent you back without a code. Nothing was installed."
NOT_KEPT = "Slack agreed, and the bot could not keep what it got: its database is away. Start again in a few minutes."
STATES = {
    "foreign": "This address was not made for this browser, or it was changed on the way. Nothing was installed.",
    "late": "More than ten minutes have passed since you started. Nothing was installed.",
    "used": "This address was opened before, and it works once only. If the bot is in your workspace, all is well.",
}
"""By the verdict on the state."""
SAID = {
    "bad_client_secret": "The bot's SLACK_CLIENT_SECRET is wrong. Tell whoever runs the bot.",
    "invalid_client_id": "The bot's SLACK_CLIENT_ID is wrong. Tell whoever runs the bot.",
    "bad_redirect_uri": "Slack does not know this address of the bot. Tell whoever runs it: the app's manifest needs the "
    "redirect URL that `imagine-bot slack-manifest` prints.",
    "invalid_code": "Slack's code is over or was used before.",
    "timeout": "Slack did not answer in time.",
    "unreachable": "Slack cannot be reached.",
    "token_rotation_is_on": "Token rotation is on for this app, and the bot works with lasting tokens alone. Tell whoever "
    "runs the bot: an app made from the manifest has it off; it cannot be switched off again.",
    "no_bot_token": "Slack gave no bot token.",
}
"""By Slack's word for it, or ours."""


def installed(name: str, *, org_wide: bool, command: str) -> str:
    """The success page. `command`: the slash command."""
    where = f"the organisation {name}" if org_wide else name or "your workspace"
    then = "Add it to workspaces in the organisation's settings, then write" if org_wide else "Write"
    return f"Imagine is in {where}. {then} {command} in a channel; who runs the workspace sets limits with {command} admin."


def refused(code: str) -> str:
    """Slack did not take the code, or not in time."""
    return f"{SAID.get(code) or slack_said(code)} Nothing was installed."


def slack_said(code: str) -> str:
    """Slack's own word for it. Not longer than such words are."""
    return f"Slack said: {code[:60]}."


def other_secret(url: str) -> str:
    """The log's hint for a token that cannot be read."""
    return f"IMAGINE_SECRET is not the one under which this token was kept: set the old one again, or install anew at {url}"


def install_again(url: str) -> str:
    """The log's hint for a token that Slack does not take."""
    return (
        f"Slack takes this workspace's token no more; its jobs wait. The bot comes back when it is installed anew at {url}"
    )


BOTH = "One bot token and OAuth for many workspaces exclude each other."
NEITHER = "Slack needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (many)."


def needs_https(url: str) -> str:
    """Slack sends people back to https addresses alone."""
    return f"PUBLIC_URL is {url}: with SLACK_CLIENT_ID it must begin with https://, as Slack sends people back to no other."
