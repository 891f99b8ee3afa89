"""`imagine-bot audit` and `imagine-bot quota` beside a running core."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from bot.jobs.mentions import channel_mention, role_mention
from bot.policy.records import Entry, What
from tests.bot.cli.conftest import Invoke
from tests.bot.cli.test_jobs import at
from tests.support.core import Core, running_core

HERE, THERE = "playground:guild", "discord:1"


async def fill(core: Core) -> None:
    record = core.house.policy.record
    await record(Entry(HERE, What.BLOCKED, "playground:mod", "Mod", subject="playground:ann", text="for 2 hours: spam"))
    core.clock.ahead = -10 * 86400.0
    await record(Entry(THERE, What.RULE, "discord:7", "=cmd()", text="two\nlines \x1b[31m"))
    core.clock.ahead = 0.0


async def test_audit_in_every_form(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        await fill(core)
        lines = (await invoke("audit", **at(tmp_path))).output.splitlines()
        told = await invoke("audit", "--json", "--community", HERE, **at(tmp_path))
        sheet = await invoke("audit", "--csv", **at(tmp_path))
        recent = await invoke("audit", "--since", "5", **at(tmp_path))
        of_ann = await invoke("audit", "--user", "playground:ann", **at(tmp_path))
        nobody = await invoke("audit", "--user", "playground:zoe", **at(tmp_path))
        both = await invoke("audit", "--json", "--csv", **at(tmp_path))
    assert len(lines) == 2
    assert "\x1b" not in lines[1]
    (entry,) = json.loads(told.output)
    assert (entry["what"], entry["actor"], entry["subject"]) == ("blocked", "playground:mod", "playground:ann")
    rows = list(csv.DictReader(io.StringIO(sheet.output)))
    assert [row["community"] for row in rows] == [HERE, THERE]
    assert rows[1]["name"] == "'=cmd()"
    assert recent.output.count("\n") == 1
    assert of_ann.output.count("\n") == 1
    assert nobody.output == "No such entries.\n"
    assert both.exit_code == 2


async def test_channels_and_roles_stand_by_their_ids(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        text = f"Roles: {role_mention('7')} in {channel_mention('C1')}"
        await core.house.policy.record(Entry(HERE, What.SETTING, text=text))
        for form in ((), ("--json",), ("--csv",)):
            assert "Roles: @7 in #C1" in (await invoke("audit", *form, **at(tmp_path))).output


async def test_quota_is_shown_granted_and_reset(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        await core.drawn("a fox")
        shown = await invoke("quota", "show", "playground:ann", **at(tmp_path))
        granted = await invoke("quota", "grant", "playground:ann", "3", **at(tmp_path))
        over = await invoke("quota", "grant", "playground:bob", "5", **at(tmp_path))
        reset = await invoke("quota", "reset", "playground:ann", **at(tmp_path))
        wrong = await invoke("quota", "grant", "ann", "3", **at(tmp_path))
        none = await invoke("quota", "grant", "playground:ann", "0", **at(tmp_path))
        entries = await core.house.policy.entries("", subject="playground:ann")
    assert shown.output == "playground:ann: 4 of 100 pictures used today (UTC), 4 this month.\n"
    assert "1 of 100" in granted.output
    assert over.output == "playground:bob: 0 of 100 pictures used today (UTC), 5 more granted, 0 this month.\n"
    assert "0 of 100" in reset.output
    assert (wrong.exit_code, none.exit_code) == (2, 2)
    assert {entry.what for entry in entries if entry.actor == "operator"} == {What.GRANTED, What.RESET}
