"""`imagine-bot`, also as `python -m bot`."""

from __future__ import annotations

from bot.cli.app import cli


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    cli(prog_name="imagine-bot")


if __name__ == "__main__":
    main()
