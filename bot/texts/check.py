"""What `imagine-bot check` says about this machine; each chat has a file of its own."""

from __future__ import annotations

ABOUT = "Try every token, key, permission and address, and say what is wrong and how to mend it."
SETTINGS = "settings"
SETTINGS_GOOD = "every setting can be used"
DATA = "data folder"
START = "start"
DATABASE = "database"
PICTURES = "pictures"
PICTURES_GOOD = "a probe was written, read and removed"
PROVIDER = "provider"
MODERATION = "moderation"
DISCORD = "Discord"
SLACK = "Slack"
PUBLIC = "PUBLIC_URL"
WIDTH = 16


def line(subject: str, sentence: str, *, ok: bool, low: bool = False) -> str:
    """One finding. `low`: no failure, but credit is running out."""
    word = "WRONG" if not ok else "LOW  " if low else "ok   "
    return f"{word}  {subject:<{WIDTH}}  {sentence}"


def folder_good(folder: str) -> str:
    """Files can be made there."""
    return f"{folder} can be written"


def folder_bad(folder: str, why: str, *, full: bool = False) -> str:
    """They cannot. `full`: another folder on that disk would not help."""
    mend = "make room on its disk" if full else "set IMAGINE_DATA_DIR to a folder of this user's own"
    return f"{folder} cannot be written ({why}): {mend}"


def database_new(path: str) -> str:
    """No file yet."""
    return f"{path} does not exist yet: the first start makes it"


def database_unmade(path: str, why: str, *, full: bool) -> str:
    """No file yet, and none can be made there."""
    mend = "make room on its disk" if full else "let DATABASE_URL name a file in a folder of this user's own"
    return f"{path} cannot be made ({why}): {mend}"


def database_good(path: str, revision: str | None, newest: str) -> str:
    """It can be written."""
    behind = "" if revision == newest else f", from {revision or 'nothing'} to {newest} at the next start"
    return f"{path} can be written{behind}"


def database_bad(path: str, why: str) -> str:
    """It cannot."""
    return f"{path} cannot be written ({why}): check the file's owner, the disk, and that no other program holds it"


def broke(why: str) -> str:
    """A question of ours that ended in a fault nobody had thought of."""
    return f"this could not be tried ({why}): please report it"


def pictures_bad(why: str) -> str:
    """The picture store failed its probe."""
    return f"{why} Check PICTURES_URL, its credentials and the disk"


def public_good(url: str) -> str:
    """Providers and Slack reach us."""
    return f"{url} leads here"


def foreign(status: int) -> str:
    """Somebody else answered."""
    return f"HTTP {status}, not from imagine-bot"


def public_bad(address: str, why: str) -> str:
    """Nobody, or somebody else."""
    return (
        f"{address} does not lead to a running imagine-bot ({why}): start the bot, then look at the proxy and at HTTP_PORT"
    )
