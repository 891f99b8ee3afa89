"""What a user is told about what is kept of them."""

from __future__ import annotations

from bot.texts.gate import seconds

TITLE = "What is kept about you"
SEND = "Send me my data"
DELETE = "Delete my data"
SURE = "Delete everything"
BACK = "Keep it"

KEPT = (
    "Your prompts, the pictures drawn for you and those you started from, with place, time and outcome.",
    "Your settings, your reports, the styles you added, and what moderators decided about you.",
    "How many pictures you used and what they cost: the books that quotas and budgets go by.",
    "The bot's own logs name you by a random pseudonym. Deleting your data deletes what links it to you.",
)
FOR_EVER = "until you delete them"
PROMPTS = "Prompts are kept"
PICTURES = "Pictures are kept"
PROVIDER = (
    "Prompts and pictures also go to the service that draws, which the details of each picture name; "
    "what it keeps is said in its own terms."
)

ASK_TITLE = "Delete everything about you?"
ASK = (
    "Deleted are your prompts, your pictures and the messages that show them, your settings, your reports and your name.",
    "That goes for everywhere this bot is, not only for here. Jobs that are not done are cancelled.",
    "What stays: sums of pictures and money in the books, and blocks and limits that moderators set.",
    "They stand under a key without your name. So deleting brings back no quota and lifts no block.",
    "This cannot be taken back.",
)
ERASED_TITLE = "Your data is deleted"
ERASED = (
    "Prompts, settings, reports and the pseudonym are gone already; pictures and messages go within moments.",
    "What stays, without your name: sums of pictures and money in the books, and moderators' blocks and limits.",
    "A file of your data that you asked for before is deleted from the bot within a day.",
)

FILE_TITLE = "Your data"
FILE_NAME = "imagine-data.zip"
FILE = "Unpack it and open index.html. data.json holds the same for programs."
FILE_SWEPT = "The bot deletes its copy within a day."
BUSY = "Another person's data is being packed just now. Try again in a minute."

INDEX_TITLE = "Everything that Imagine Bot keeps about you"
INDEX_NOTE = "data.json holds all tables whole."
LEFT_OUT = "Pictures that did not fit into this file (the bot's operator can send them to you)"
EMPTY = "nothing"


def too_soon(left: int) -> str:
    """Seconds until the same may be asked for again."""
    return f"You have done that a moment ago. Try again in {seconds(left)}."


def kept_for(days: int) -> str:
    """How long something is kept; 0: for ever."""
    return FOR_EVER if days <= 0 else "1 day" if days == 1 else f"{days} days"


def too_many(left: int) -> str:
    """Pictures that are not in the file."""
    what = "One picture does" if left == 1 else f"{left} pictures do"
    return f"{what} not fit into a file here: index.html lists what is missing. The bot's operator can send you the rest."
