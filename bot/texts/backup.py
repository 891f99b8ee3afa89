"""What `imagine-bot backup` and `restore` say."""

from __future__ import annotations

BACKUP = (
    "Copy database, secret and pictures into one file, while the bot runs. TARGET is a new file or a folder; "
    "default: backups in the data folder."
)
NO_PICTURES = "Leave the pictures out, for a bucket with backups of its own."
RESTORE = "Put a backup back into the data folder; the bot must not run. Then start it: open jobs go on."
FORCE = "Also where there is a database or pictures: the database and the secret are set aside, pictures are overwritten."


ON_A_SERVER = (
    "The database is on a Postgres server: copy it with `pg_dump` and the pictures with their store's own tools; "
    "keep IMAGINE_SECRET beside them. docs/operations.md says how."
)
TO_A_SERVER = (
    "DATABASE_URL names a Postgres server: put a dump back with `pg_restore`. A backup file goes into a data folder "
    "(DATABASE_URL unset), and from there to the server with `imagine-bot migrate --to`. Nothing was changed."
)


def made(path: str, jobs: int, open_jobs: int, pictures: int, size: int, missing: int) -> str:
    """What stands in the file."""
    gone = f" {missing} pictures that it names were not in the store." if missing else ""
    return f"{path}: {jobs} jobs ({open_jobs} open), {pictures} pictures, {size / 1e6:.1f} MB.{gone}"


def damaged(path: str, why: str) -> str:
    """Nothing worth keeping."""
    return f"The database {path} is damaged ({why}), so no backup was made: keep the last good one."


def exists(path: str) -> str:
    """Nothing is ever written over."""
    return f"{path} is there already, so no backup was made: name a new file, or a folder, where it is named by the time."


def reserved(path: str) -> str:
    """The bot's own name in the data folder."""
    return f"{path} is a name of the bot's own files, so no backup was made: name another file, or a folder."


def unwritable(path: str, why: str) -> str:
    """The target."""
    return f"The backup {path} cannot be written: {why}."


def unusable(path: str, why: str) -> str:
    """Not a backup."""
    return f"{path} is no backup that can be restored: {why}. Nothing was changed."


def newer(path: str, revision: str, ours: str) -> str:
    """Made by a later version."""
    return f"{path} is of a newer version (schema {revision}, this one knows {ours}): update first. Nothing was changed."


def not_empty(what: str) -> str:
    """The target is in use."""
    return f"{what} is not empty: restore into another IMAGINE_DATA_DIR, or with --force. Nothing was changed."


def unrestored(why: str) -> str:
    """In the middle of it."""
    return f"The backup could not be put back: {why}. Mend that and restore again with --force."


def broken_off(folder: str) -> str:
    """A kill while files were swapped."""
    return f"A restore into {folder} has not ended: if none is running, run `imagine-bot restore FILE --force` again."


def restored(path: str, made_at: str, jobs: int, open_jobs: int, pictures: int) -> str:
    """All is back."""
    return (
        f"{path} of {made_at} is back: {jobs} jobs, {open_jobs} of them open, {pictures} pictures. "
        "Start the bot: open jobs go on. What was accepted or paid after that moment is not known to it."
    )


def set_aside(paths: str) -> str:
    """Nothing was deleted."""
    return f"Set aside: {paths}"
