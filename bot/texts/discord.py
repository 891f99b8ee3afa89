"""Every sentence that only the Discord front end says."""

from __future__ import annotations

STOPPING = "The bot is restarting. Please try again in a minute; nothing was charged."
RESTARTED = "The bot was restarted before it could begin. Nothing was charged; please ask again."
FAULT = "Something went wrong here. Nothing more will happen with this request; please try again."
NOT_SHOWN = "Discord did not take the message, so the picture was cancelled and nothing was charged. Please try again."
UNKNOWN_COMMAND = "This command is not known any more. Discord will show the new list soon."
UNKNOWN_BUTTON = "This button is from another version of the bot and can't be used any more."
NO_PICTURE_HERE = "This message is not a picture of this bot: use the command on a message with a picture that I drew."
REPORT_PICTURE = "Report picture"
MODERATE_PICTURE = "Moderate picture"
FILE_TOO_LARGE = "The file is larger than Discord takes here, so it could not be sent."
ANSWERED_PRIVATELY = "Answered privately."
DONE = "Done."
FORM_READY = "Press the button to open the form."
SHOW = "Show the message"

KEY_REFUSED = "Discord refuses DISCORD_TOKEN: copy the bot's token from the Developer Portal (Bot, Reset Token)."
INTENTS_REFUSED = "Discord refuses the gateway intents. The bot asks for no privileged one, so please report this."
SHARDS_UNCOUNTED = "DISCORD_SHARD_IDS needs DISCORD_SHARD_COUNT: say how many shards there are over all processes."
SHARDS_REFUSED = "Discord refuses these shards: leave DISCORD_SHARD_COUNT and DISCORD_SHARD_IDS unset, or raise the count."


def unreachable(url: str, why: str) -> str:
    """The API could not be spoken to at start; `why` is the network's or Discord's own word."""
    return f"Discord can't be reached at {url}: {why}"


def malformed(url: str, why: str) -> str:
    """Something answered that does not speak as Discord does; `why` is the parser's word."""
    return f"What answers at {url} is not Discord ({why}): a proxy or a network's login page may stand in between."


def refused(why: str) -> str:
    """Discord answered the start with an error; `why` is its own word."""
    return f"Discord refused the start: {why}"


def not_ready(seconds: float) -> str:
    """The gateway never said READY."""
    return f"Discord's gateway was not ready within {seconds:.0f} seconds; look at the log above for the reason."


def no_session_left(seconds: float) -> str:
    """Discord allows so many sessions of the gateway a day, and they are used up."""
    return (
        f"Discord allows no more sessions of its gateway for {seconds:.0f} seconds: look in the log for why so many began."
    )


def gateway_closed(code: int) -> str:
    """The gateway closed for good with `code`."""
    return f"Discord's gateway closed the connection for good (code {code})."


def percent(figure: int) -> str:
    """How far a job is."""
    return f"{figure} %"
