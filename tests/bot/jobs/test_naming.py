"""What commands are called where people read of them: nobody is told of one that their chat does not have."""

from __future__ import annotations

import pytest

from bot.jobs.catalog import COMMANDS
from bot.jobs.naming import Names
from bot.jobs.pages import help_page
from bot.jobs.place import Platform
from bot.slack.grammar import read

DRAW = Names("/draw")


@pytest.mark.parametrize("platform", [Platform.DISCORD, Platform.PLAYGROUND])
def test_elsewhere_every_command_is_one_of_its_own(platform: Platform) -> None:
    labels = [label for label, _ in help_page(DRAW, platform).facts]
    assert labels[: len(COMMANDS)] == [f"/{spec.name}" for spec in COMMANDS]
    assert DRAW.on(platform, "imagine-admin", "review") == "/imagine-admin review"


def test_on_slack_everything_stands_behind_the_one_command() -> None:
    """And is understood there as it is written."""
    labels = [label for label, _ in help_page(DRAW, Platform.SLACK).facts][: len(COMMANDS)]
    assert labels[:2] + labels[-2:] == ["/draw", "/draw info", "/draw admin", "/draw privacy"]
    for spec, label in zip(COMMANDS[1:], labels[1:], strict=True):
        said = read(label.removeprefix("/draw "))
        assert said is not None
        assert said.name == spec.name
    assert DRAW.of("slack:T1", "imagine-admin", "review") == "/draw admin review"
    assert Names().on(Platform.SLACK, "imagine") == "/imagine"
