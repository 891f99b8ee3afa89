"""Logs hold pseudonyms: no user's id, name or prompt stands there, whatever happens."""

from __future__ import annotations

import ast
import io
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot import logs
from bot.desk import privacy
from bot.jobs.asks import Press
from bot.jobs.chat_port import ChatFault
from bot.jobs.controls import Control
from bot.jobs.model import Job
from bot.jobs.steps.common import told
from bot.jobs.sweep import Sweeper
from bot.policy.community import Community, Feature
from bot.policy.records import Block, Entry, Rule, RuleKind, What
from providers.sketch import Sketch
from storage.sweeping import Sweeping
from tests.providers.pool import run
from tests.support.core import CAPS, Core, running_core

ROOT = Path(__file__).parents[2]
HERE = "playground:guild"
USER = "telltale7731"
PROMPT = "a mauve zeppelin over quicksand"
TELLING = (USER, USER.title(), "mauve", "zeppelin", "quicksand")
PERSONAL = frozenset({"user_id", "actor", "prompt", "display_name", "user", "author", "owner", "member", "adder"})


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that the process writes to its log when it tells most."""
    monkeypatch.setattr(logs, "SECRETS", logs.Secrets())
    root, stream = logging.getLogger(), io.StringIO()
    names = ("", *logs.CHATTY, *logs.OWN_HANDLERS, *logs.TELL_TALES, logs.STATEMENTS)
    kept = [(log, log.handlers, log.level, log.propagate) for log in map(logging.getLogger, names)]
    logs.configure_logs("debug", json=True, stream=stream)
    yield stream
    for log, handlers, level, propagate in kept:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)
    assert root.handlers == kept[0][1]
    logging.captureWarnings(capture=False)


async def test_a_whole_life_leaves_a_pseudonym_alone_in_the_log(tmp_path: Path, heard: io.StringIO) -> None:
    async with running_core(tmp_path, caps=replace(CAPS, daily=14)) as core:
        job = await core.drawn(PROMPT, USER)
        alias = await core.house.policy.alias(f"playground:{USER}")
        await troubles(core, job)
        await refusals(core)
        await privacy.press(core.house, Press(core.ask(USER), "i1:privacy:file:0"), Control("privacy", "file"))
        await privacy.press(core.house, Press(core.ask(USER), "i1:privacy:erase:0"), Control("privacy", "erase"))
        core.house.retain_days = 1
        core.clock.ahead += 9e6
        await Sweeper(core.house, Sweeping(core.db)).once()
    said = heard.getvalue()
    assert job.alias == alias
    assert alias in said, "the log can tell two users apart"
    for event in (
        "job accepted",
        "job moved",
        "job refused",
        "refused at the gate",
        "step failed",
        "a user was erased",
        "swept",
    ):
        assert event in said
    found = [line for line in said.splitlines() for word in TELLING if word in line.lower() or word in line]
    assert found == []


async def test_a_prompt_that_a_provider_keeps_in_its_ref_is_not_in_the_log(tmp_path: Path, heard: io.StringIO) -> None:
    async with running_core(tmp_path, more=[Sketch(run, 0, time.time)]) as core:
        job = await core.drawn(f"{PROMPT} --no ochre", USER, provider="sketch")
        calls = await core.store.calls(job.id)
    said = heard.getvalue()
    assert "zeppelin" in calls[0].ref, "sketch keeps it there"
    assert "call accepted" in said
    assert [word for word in (*TELLING, "ochre") if word in said] == []


@pytest.mark.parametrize(
    ("ref", "seen"),
    [
        ("rq_01-ab.c:d", "rq_01-ab.c:d"),
        ('{"id": "task-7", "url": "https://vendor/poll?id=task-7"}', "task-7"),
        ('{"prompt": "fox", "seeds": [1]}', ""),
        ('{"id": "a mauve zeppelin"}', ""),
        ('{"id": 7}', ""),
        ('["zeppelin"]', ""),
        ("a mauve zeppelin", ""),
        ("zeppelin" * 20, ""),
    ],
)
def test_of_a_ref_the_log_has_an_id_or_nothing(ref: str, seen: str) -> None:
    assert told(ref) == seen


async def test_a_statement_that_fails_is_told_without_its_values(tmp_path: Path, heard: io.StringIO) -> None:
    async with running_core(tmp_path, started=False) as core:
        async with core.db.write() as connection:
            await connection.exec_driver_sql("DROP TABLE aliases")
        await core.imagine(PROMPT, USER)
    said = heard.getvalue()
    assert "no such table: aliases" in said
    assert [word for word in TELLING if word in said] == []


async def troubles(core: Core, job: Job) -> None:
    """What goes wrong on the way: a button, a chat that refuses, a fault of ours."""
    await core.press(f"i1:upscale:{job.id}:1", USER)
    core.chat.fail("edit", ChatFault.FORBIDDEN)
    await core.ended(await core.accepted(f"{PROMPT} again", USER))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.house.imaging, "sheet", broken)
        await core.ended(await core.accepted(f"{PROMPT} broken", USER))


async def broken(tiles: Sequence[bytes], limit: int) -> None:
    """Nobody expects this."""
    raise RuntimeError(f"{len(tiles)} tiles, {limit} bytes")


async def refusals(core: Core) -> None:
    """The gate's, and the quota's."""
    policy, entry = core.house.policy, Entry(HERE, What.SETTING)
    for _ in range(3):
        await core.imagine(PROMPT, USER)
    await policy.add_rules(HERE, [Rule(0, RuleKind.WORD, "forbidden")], entry)
    await core.imagine(f"{PROMPT} forbidden", USER)
    await policy.save_community(HERE, Community(off=(Feature.IMAGINE,)), entry)
    await core.imagine(PROMPT, USER)
    await policy.put_block(HERE, Block(f"playground:{USER}", None, "spam", "playground:mod"), entry)
    await core.imagine(PROMPT, USER)


def log_calls() -> Iterator[tuple[str, ast.expr]]:
    """Everything that is given to a log anywhere, and the facts that a front end puts on its lines."""
    for folder in ("bot", "storage", "providers"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                place = f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    if isinstance(node.func.value, ast.Name) and node.func.value.id in {"log", "logger"}:
                        yield from ((place, argument) for argument in node.args)
                        yield from ((place, keyword.value) for keyword in node.keywords)
                elif isinstance(node, ast.Assign) and "_facts" in ast.unparse(node.targets[0]):
                    yield place, node.value


def test_no_log_call_names_a_person_or_what_they_said() -> None:
    calls = list(log_calls())
    assert len(calls) > 100
    told = [
        f"{place}: {ast.unparse(value)}"
        for place, value in calls
        for node in ast.walk(value)
        if (isinstance(node, ast.Attribute) and node.attr in PERSONAL)
        or (isinstance(node, ast.Name) and node.id in PERSONAL)
    ]
    assert told == []
