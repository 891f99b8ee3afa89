"""What `imagine-bot migrate --from ... --to ...` says."""

from __future__ import annotations

FROM = "Move everything from this database: sqlite:///PATH or postgresql://...; default: the configured one."
TO = "Move everything into this database, which must be empty; no bot may be running."
NO_TARGET = "--from says where the rows are, and --to where they shall go: give both."


def no_address(expected: str) -> str:
    """Not what an address of a database looks like."""
    return f"expected {expected}"


def table(name: str, rows: int, digest: str) -> str:
    """One of them has arrived, and was read back."""
    return f"{name}: {rows} rows, the same on both sides (sha256 {digest[:16]})"


def moved(source: str, target: str, rows: int) -> str:
    """All have."""
    return f"{rows} rows of {source} stand in {target}. The source is as it was: start no bot on it any more."


def next_steps(secret: str | None, *, on_server: bool) -> str:
    """What else belongs to a deployment. `secret`: the file that holds it, where no setting does."""
    shared = f", and IMAGINE_SECRET to what stands in {secret}" if on_server and secret else ""
    shared = shared or (", and leave IMAGINE_SECRET as it is" if secret is None else "")
    return (
        f"Now set DATABASE_URL to the new address{shared}. Pictures stay where PICTURES_URL, or the data folder, has them."
    )


def in_use(why: str) -> str:
    """Refused before anything was done."""
    return f"Nothing was moved: {why}. Stop every bot, and move into an empty database."


def not_moved(why: str) -> str:
    """Taken back as a whole."""
    return f"Nothing was moved: {why}. The target is empty again."
