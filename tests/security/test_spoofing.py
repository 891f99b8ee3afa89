"""Words that people choose (prompts, names, reasons, rules, styles) on cards, in the command line, in logs."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import logs
from bot.cli import audit
from bot.cli.show import describe, row
from bot.discord.wording import markdown
from bot.jobs.asks import Answer, Ask, Command, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.surface import Card
from bot.playground.cards import card_to_json
from bot.policy.community import Community
from bot.policy.records import Entry, What
from bot.slack.render import render
from tests.security.guild import HERE
from tests.support.core import Core, running_core

HOSTILE = (
    "fox\nApproved by: Root\r\n\u2028**Why it waits** *x* _y_ ~~z~~ ||s|| `code` ```block``` > quote # head "
    "@everyone @here <@1> <@&2> <!channel> <!here> <#3> <@U1|ann> [click](https://evil.test) <https://evil.test|bank> "
    "https://evil.test \x1b[2J\x1b[31mred \x9b31m \u202egnp\u2066x\u2069 \ufdd0r:1\ufdd1 "
    "\x00\x07 =cmd() <script>alert(1)</script>"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UNSAFE_ON_DISCORD = re.compile(r"(?<!\\)<[@#:!]|@everyone|@here|(?<!\\)\[|(?<!\\)\]\(|(?<![\\])://|(?<!\\)`")
LIVE_IN_MRKDWN = re.compile(r"<[@!#h]|(?<!\u2060)[*_~`]")


@dataclass
class Stage:
    """Ann is hostile in every field that she can fill; Mod opens every page."""

    core: Core
    cards: list[Card]

    def who(self, *, moderator: bool = False) -> Ask:
        ask = self.core.ask("mod" if moderator else "ann", moderator=moderator)
        return ask if moderator else replace(ask, actor=replace(ask.actor, name=HOSTILE))

    def keep(self, answer: Answer) -> None:
        """A refusal goes to whoever typed what it quotes, so it deceives nobody."""
        if isinstance(answer, Update) or (isinstance(answer, Private) and not answer.refused):
            self.cards.append(answer.card)

    async def press(self, control: Control, *, moderator: bool = True) -> None:
        self.keep(await self.core.service.press(Press(self.who(moderator=moderator), str(control))))

    async def submit(self, control: Control, *, moderator: bool = True, **values: str) -> None:
        self.keep(await self.core.service.submit(Submission(self.who(moderator=moderator), str(control), values)))

    async def command(self, command: str, sub: str = "", **options: str) -> None:
        self.keep(await self.core.service.command(Command(self.who(moderator=True), command, sub, options)))


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    async with running_core(folder) as core:
        await core.house.policy.save_community(HERE, Community(log_channel="log"), Entry(HERE, What.SETTING))
        job = await core.drawn(HOSTILE, "ann")
        alias = await core.house.policy.alias("playground:ann")
        shown = Stage(core, [])
        await shown.submit(Control("report", job.id), moderator=False, reason=HOSTILE)
        await shown.submit(Control("style", "add"), name="ink", prefix=HOSTILE, suffix=HOSTILE)
        await shown.submit(Control("admin", "rule_add"), kind="word", pattern=HOSTILE)
        await shown.submit(Control("person", alias, 1), hours="0", reason=HOSTILE)
        await core.imagine(f"{HOSTILE} again", "ann")
        for sub in ("review", "log", "usage", "settings"):
            await shown.command("imagine-admin", sub)
        await shown.command("imagine-admin", "user", user="ann")
        await shown.command("style", "list")
        await shown.command("style", "show", name="ink")
        await shown.command("style", "show", name=HOSTILE)
        for control in (Control("moderate", job.id), Control("person", alias), Control("review", job.id, 24),
                        Control("admin", "rules"), Control("details", job.id)):  # fmt: skip
            await shown.press(control)
        yield shown


def strings(thing: Any) -> Iterator[str]:
    """Every string in a JSON object."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        yield from (word for one in thing.values() for word in strings(one))
    elif isinstance(thing, list | tuple):
        yield from (word for one in thing for word in strings(one))


async def test_nothing_that_people_choose_forges_a_line_or_a_mention_on_a_card(tmp_path: Path) -> None:
    async with stage(tmp_path) as shown:
        assert sum("Approved by: Root" in text for card in shown.cards for text in strings(card_to_json(card))) >= 6
        for card in shown.cards:
            for text in (card.title, card.status, *card.lines, *(word for fact in card.facts for word in fact)):
                assert "\nApproved" not in text, text
            on_discord, on_slack = markdown(card), render(card, {})
            assert not CONTROL.search(on_discord), on_discord
            assert not UNSAFE_ON_DISCORD.search(on_discord), on_discord
            assert not CONTROL.search("".join(strings(on_slack.blocks)))
            assert not LIVE_IN_MRKDWN.search(on_slack.text), on_slack.text
            assert {"broadcast", "usergroup"}.isdisjoint(strings(on_slack.blocks))


async def test_the_command_line_obeys_nobodys_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as shown:
        entries = await shown.core.house.policy.entries(HERE, limit=100)
        entries = [replace(entry, name=HOSTILE, text=HOSTILE) for entry in entries]
        jobs = await shown.core.store.jobs((), 10)
    lines, table = audit._lines(entries), audit._csv(entries)
    assert len(lines.splitlines()) == len(entries)
    assert len(list(csv.reader(io.StringIO(table)))) == len(entries) + 1
    for output in (lines, table, audit._json(entries), *map(row, jobs), *describe(jobs[0], [], [], [])):
        assert not CONTROL.search(output), ascii(output)
    assert all(entry["text"].startswith("fox Approved") for entry in json.loads(audit._json(entries)))


@pytest.mark.parametrize("as_json", [True, False])
def test_a_log_line_cannot_be_forged(as_json: bool) -> None:
    stream = io.StringIO()
    logs.configure_logs("debug", json=as_json, stream=stream)
    log = structlog.get_logger("bot.test")
    forged = f"x\n2026-01-01T00:00:00Z [critical ] forged {HOSTILE}"
    log.info("asked", detail=forged, name=forged)
    logging.getLogger("library").warning("said %s", forged)
    log.error("failed", exc_info=ValueError(forged))
    said = stream.getvalue()
    assert not CONTROL.search(said), ascii(said)
    assert not [line for line in said.splitlines() if line.startswith("2026-01-01")]


@pytest.mark.parametrize(
    "word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc"]
)
def test_the_page_writes_text_as_text(word: str) -> None:
    """With the content policy of test_mounts_and_headers, no word of a card can become markup or script."""
    scripts = list((Path(audit.__file__).parents[1] / "playground" / "static").glob("*.js"))
    assert len(scripts) > 10
    assert [script.name for script in scripts if word in script.read_text()] == []
