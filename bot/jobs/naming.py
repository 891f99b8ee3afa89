"""What a command is called where people read of it: on Slack all of them stand behind one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.catalog import COMMANDS
from bot.jobs.place import Platform

IMAGINE = "imagine"
WORDS = {spec.name: spec.word or spec.name for spec in COMMANDS}


@dataclass(frozen=True, slots=True)
class Names:
    """`slack`: the one slash command there, as the operator named it."""

    slack: str = f"/{IMAGINE}"

    def on(self, platform: str, name: str, sub: str = "") -> str:
        """The command as it is typed: `/imagine-admin log`; on Slack `/imagine admin log`."""
        parts = [self.slack, "" if name == IMAGINE else WORDS[name]] if platform == Platform.SLACK else [f"/{name}"]
        return " ".join(filter(None, (*parts, sub)))

    def of(self, community: str, name: str, sub: str = "") -> str:
        """The same for those who read in a community, by its key."""
        return self.on(community.partition(":")[0], name, sub)
