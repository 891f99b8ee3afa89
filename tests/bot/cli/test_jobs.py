"""`imagine-bot jobs ...` beside a running core: both work on the same rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.jobs import LIMIT
from bot.jobs.chat_port import ChatFault
from bot.jobs.model import Job, JobState
from providers.errors import Accepted, Family, ProviderError
from tests.bot.cli.conftest import Invoke
from tests.support.core import Core, running_core

LOST = ProviderError(Family.BROKEN, "reset", accepted=Accepted.UNKNOWN)


def at(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / 'bot.db'}"}


async def undeliverable(core: Core) -> Job:
    core.chat.fail("edit", ChatFault.FORBIDDEN, times=20)
    core.chat.fail("repost", ChatFault.FORBIDDEN)
    job = await core.ended(await core.accepted("a fox\nin \x1b[31msnow"))
    core.chat.faults.clear()
    return job


async def test_list_shows_what_is_asked_for(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        fox, owl = await core.drawn("a fox"), await core.drawn("an owl", user="bob")
        both = await invoke("jobs", "list", **at(tmp_path))
        of_bob = await invoke("jobs", "list", "--user", "playground:bob", "--json", **at(tmp_path))
        none = await invoke("jobs", "list", "--state", "failed", **at(tmp_path))
        newest = await invoke("jobs", "list", "--limit", "1", **at(tmp_path))
    assert [line.split()[0] for line in both.output.splitlines()] == [owl.id, fox.id]
    (told,) = json.loads(of_bob.output)
    assert (told["id"], told["user_key"], told["state"]) == (owl.id, "playground:bob", "delivered")
    assert "reply" not in told
    assert none.output == "No such jobs.\n"
    assert newest.output.startswith(owl.id)
    assert newest.output.count("\n") == 1


async def test_show_has_the_calls_and_both_books(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a fox")
        (call,) = await core.store.calls(job.id)
        lines = (await invoke("jobs", "show", job.id, **at(tmp_path))).output.splitlines()
        unknown = await invoke("jobs", "show", "nothing", **at(tmp_path))
    assert f"job        {job.id}" in lines
    assert any(line.startswith(f"call       {call.id}  done") for line in lines)
    assert [line.split()[3:6] for line in lines if line.startswith("ledger")] == [
        ["reserve", "+4", "units"], ["settle", "+0", "units"]
    ]  # fmt: skip
    assert any(line.startswith("spend") and "0.0400 USD" in line for line in lines)
    assert (unknown.exit_code, unknown.output) == (2, "There is no job nothing.\n")


async def test_dead_says_why_and_retry_delivers(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path) as core:
        job = await undeliverable(core)
        (line,) = (await invoke("jobs", "dead", **at(tmp_path))).output.splitlines()
        assert line.startswith(job.id)
        assert "undeliverable: as told by the test" in line
        listed = (await invoke("jobs", "list", **at(tmp_path))).output
        assert "\x1b" not in listed
        assert listed.count("\n") == 1
        taken = await invoke("jobs", "retry", job.id, **at(tmp_path))
        assert (taken.exit_code, "stored" in taken.output) == (0, True), taken.output
        await core.chat.until(lambda: bool(core.chat.messages[f"m-{job.id}"][-1].pictures))
        assert (await core.ended(job.id)).state is JobState.DELIVERED
        again = await invoke("jobs", "retry", job.id, **at(tmp_path))
    assert again.exit_code == 2
    assert "nothing is missing" in again.output


async def test_an_uncertain_job_is_paid_again_only_with_the_flag(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path, public=False) as core:
        core.provider.script = [LOST]
        job = await core.ended(await core.accepted())
        refused = await invoke("jobs", "retry", job.id, **at(tmp_path))
        assert (refused.exit_code, "--pay-again" in refused.output) == (2, True)
        assert len(core.provider.paid) == 1
        assert (await invoke("jobs", "retry", job.id, "--pay-again", **at(tmp_path))).exit_code == 0
        await core.chat.until(lambda: bool(core.chat.messages[f"m-{job.id}"][-1].pictures))
        assert (await core.ended(job.id)).state is JobState.DELIVERED
        assert len(core.provider.paid) == 2


async def test_cancel_is_done_by_the_running_bot(tmp_path: Path, invoke: Invoke) -> None:
    async with running_core(tmp_path, started=False) as core:
        job_id = await core.accepted()
        asked = await invoke("jobs", "cancel", job_id, **at(tmp_path))
        assert asked.exit_code == 0, asked.output
        await core.engine.start()
        ended = await core.ended(job_id)
        late = await invoke("jobs", "cancel", job_id, **at(tmp_path))
    assert ended.state is JobState.CANCELLED
    assert (late.exit_code, late.output) == (2, f"Job {job_id} has ended already: cancelled.\n")


@pytest.mark.parametrize("command", [["list"], ["dead"], ["show", "x"], ["retry", "x"], ["cancel", "x"]])
async def test_without_a_database_nothing_is_made(command: list[str], tmp_path: Path, invoke: Invoke) -> None:
    result = await invoke("jobs", *command)
    assert result.exit_code == 2
    assert "There is no database at" in result.output
    assert not (tmp_path / "data").exists()


async def test_a_full_dead_letter(tmp_path: Path, invoke: Invoke) -> None:
    """The newest are listed, the number is the operator's choice, and new jobs are none the slower for it."""
    many = LIMIT + 5
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", ChatFault.FORBIDDEN, times=20 * many)
        core.chat.fail("repost", ChatFault.FORBIDDEN, times=many)
        dead = [await core.ended(await core.accepted(user=f"u{n}")) for n in range(many)]
        core.chat.faults.clear()
        assert {(job.state, job.reason) for job in dead} == {(JobState.FAILED, "undeliverable")}
        shown = await invoke("jobs", "dead", **at(tmp_path))
        every = await invoke("jobs", "dead", "--limit", "1000", **at(tmp_path))
        assert shown.output.count("undeliverable") == LIMIT
        assert all(job.id in every.output for job in dead)
        assert (await core.drawn("a fox")).state is JobState.DELIVERED
