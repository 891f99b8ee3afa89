"""What only Slack has to say."""

from __future__ import annotations

from collections.abc import Sequence

NAME = "Imagine"
ABOUT = "Pictures from prompts"
COMMAND_ABOUT = "Draw four pictures from a prompt"
COMMAND_HINT = "a red fox --ar 16:9"
SHORTCUT_MESSAGE = "Imagine from this"
SHORTCUT_MESSAGE_ABOUT = "Start from this message's words or picture; the result goes into its thread"
SHORTCUT_NEW = "New picture"
SHORTCUT_NEW_ABOUT = "Open the prompt form; the result comes as a direct message"
SHORTCUT_REPORT = "Report picture"
SHORTCUT_REPORT_ABOUT = "Tell the moderators about a picture that the bot posted"
SHORTCUT_MODERATE = "Moderate picture"
SHORTCUT_MODERATE_ABOUT = "For moderators: delete a picture that the bot posted, look at its author, decide"

CLOSE = "Close"
CHOOSE = "Choose"
OPEN_FORM = "Open the form"
FORM_PRESS = "Slack opens a form only at a press. Press the button to open it."
FORM_BUSY = "Slack is busy just now and did not open the form. Press the button in a minute."
FORM_LOST = "Slack did not open the form. Press the button to open it."
FORM_TOO_LATE = "Slack gives a form three seconds to open, and they have passed. Press the button to open it."
DEAD_BUTTON = "This button belongs to nothing that the bot knows. It may be from an older version or from a copied message."
SHOW = "Show it"
BUSY = "Slack is busy just now; please try again in a minute."
NOBODY = "Slack did not say who that is: type @, pick the person from the list that opens, and send it again."
NO_RESULT = "This message has no picture of mine with its buttons. Use the shortcut on a result that I posted."
COVERED = "Marked as sensitive: the picture is in the thread, open it to see."
PICTURE_BESIDE = "Slack does not show the picture here, so it came as a direct message from me."
NOT_YET = "The pictures are drawn, and Slack does not show them yet: they appear here when it does."
PICTURE_LOST = "The picture cannot be shown just now. Try again in a minute."
NOT_THERE = "I may not post in that channel"
ARCHIVED = "That channel is archived"
READ_ONLY = "I am not among those who may post in that channel"
CLOSED = "Slack does not let me post in that channel"
NO_RIGHT = (
    "I lack the right to post in this workspace (chat:write). Whoever runs the bot can install it again with all its scopes."
)
NO_FILE = "Slack does not let the bot see that file. Invite the bot to the channel or attach the picture anew."
FOREIGN_FILE = "That file is kept outside Slack. Attach the picture itself."

NEW_KEY = (
    "Slack takes SLACK_BOT_TOKEN no more: put in a new one and start again. Until then every job waits; "
    "`imagine-bot check` tries it."
)


def moved(why: str) -> str:
    """The job goes on in the direct conversation. `why`: what is wrong there; empty: an invitation mends it."""
    words = f"{why or NOT_THERE}, so your pictures come as a direct message."
    return words if why else f"{words} Invite me there to have them in the channel."


def no_room(why: str) -> str:
    """The job can stand nowhere. `why` as in `moved`."""
    if why:
        return f"{why}, and I may send you no direct message. Ask in another channel."
    return "I may post neither in that channel nor in a direct message to you. Invite me to the channel, then ask again."


def sent(names: Sequence[str]) -> str:
    """Files that belong to a private message went to the direct conversation."""
    return f"{', '.join(names)}: sent to you as a direct message; look for {NAME} under Apps."


def not_sent(names: Sequence[str]) -> str:
    """Slack took neither of them."""
    return f"Slack did not take {', '.join(names)}. Try again in a minute; if it goes on, ask whoever runs the bot."


def mention_usage(bot: str, names: Sequence[str]) -> str:
    """Somebody mentioned the bot and said nothing that it knows."""
    return f"Write “@{bot} imagine” and what to draw, or one of these words alone: {', '.join(names)}. Nothing was drawn."


def bad_bot_token(code: str) -> str:
    """auth.test refused the bot token."""
    return (
        f"Slack does not accept SLACK_BOT_TOKEN ({code}): copy the Bot User OAuth Token (xoxb-...) "
        "from the app's page, OAuth & Permissions."
    )


def bad_app_token(code: str) -> str:
    """apps.connections.open refused the app token."""
    return (
        f"Slack does not accept SLACK_APP_TOKEN ({code}): make an app-level token (xapp-...) with the scope "
        "connections:write on the app's page, Basic Information, and switch Socket Mode on."
    )


def odd(method: str, why: str) -> str:
    """Slack answered as it does while something is wrong there; nothing is known about the token."""
    return f"Slack does not answer {method} as it should just now ({why}): look at https://slack-status.com and try again."


def unreachable(url: str, reason: str) -> str:
    """Slack's API did not answer at the start."""
    return f"Slack cannot be reached at {url} ({reason}): check the network, the proxy and SLACK_API_URL."


def no_socket(url: str) -> str:
    """Socket Mode gave an address that cannot be connected to."""
    return f"Slack's Socket Mode cannot be reached ({url} answered, its WebSocket did not): check the network and the proxy."


NO_INTAKE = "Slack needs a way in: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP at /slack/events)."


def bad_command(command: str) -> str:
    """SLACK_COMMAND is not the name of a slash command."""
    return f"SLACK_COMMAND is {command!r}: expected a slash and 1-31 lower-case letters, digits, dashes or underscores."


NO_STORE = "Slack for many workspaces needs a database to keep their installations in."
NOT_INSTALLED = "I am not installed in this workspace (any more). Whoever runs it can add me again."
