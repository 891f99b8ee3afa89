"""`/imagine` from the text to an accepted job, or a clear private refusal with nothing charged."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.jobs.acceptance import Caps
from bot.jobs.asks import Attachment, Imagine, OpenForm, Placeholder, Private, Submission
from bot.jobs.model import Action, JobState
from bot.policy.community import Community
from bot.policy.records import Entry, What
from providers.errors import BadUrl
from tests.fakes.provider import ScriptedProvider, picture
from tests.support.core import ASYNC, Core, running_core

HERE = "playground:guild"


def attached(data: bytes, name: str = "in.png", size: int | None = None) -> Attachment:
    async def read() -> bytes:
        return data

    return Attachment(name, len(data) if size is None else size, read)


async def refused(core: Core, answer: object) -> str:
    """The one sentence; nothing was accepted, charged or kept."""
    assert isinstance(answer, Private), answer
    assert answer.refused
    assert answer.card.private
    assert await core.store.jobs([], 10) == []
    assert (await core.store.standing("playground:ann", core.clock())).used == 0
    assert not core.provider.paid
    assert not [key for key in core.pictures.kept if key.startswith("inputs/")]
    return answer.card.lines[0]


@pytest.mark.parametrize(
    ("settings", "says"), [({"cooldown": 60}, "one job in 60 seconds"), ({"spam_repeats": 1}, "this very prompt")]
)
async def test_two_at_the_very_same_moment_are_one_where_the_pace_says_so(
    settings: dict[str, int], says: str, tmp_path: Path
) -> None:
    """Both have passed the gate before either is accepted; moderators draw as fast as they like."""
    async with running_core(tmp_path, started=False) as core:
        await core.house.policy.save_community(HERE, Community(**settings), Entry(HERE, What.SETTING))  # type: ignore[arg-type]
        answers = await asyncio.gather(*(core.imagine("a fox --seed 1") for _ in range(5)))
        told = [one.card.lines[0] for one in answers if isinstance(one, Private)]
        assert len(told) == 4
        assert all(says in one and "Nothing was charged" in one for one in told)
        assert (await core.store.standing("playground:ann", core.clock())).used == 4
        if "cooldown" in settings:
            asks = (Imagine(core.ask("mod", moderator=True), "a hen") for _ in range(3))
            answers = await asyncio.gather(*map(core.service.imagine, asks))
            assert all(isinstance(one, Placeholder) for one in answers)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("   --ar 3:2", "nothing to draw"),
        ("x" * 6001, "6001"),
        ("a fox --foo 3", "--foo"),
        ("a fox --chaos 101", "0"),
        ("a fox --ar 9:0", "--ar"),
        ("a fox --seed 4294967296", "4294967295"),
        ("a fox --style nope", "nope"),
        ("a fox --provider nobody", "nobody"),
    ],
)
async def test_bad_prompts_are_refused_privately(tmp_path: Path, text: str, says: str) -> None:
    async with running_core(tmp_path) as core:
        sentence = await refused(core, await core.imagine(text))
    assert says in sentence or says in sentence.replace(",", "").replace(" ", "")


async def test_nothing_typed_opens_the_form(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        answer = await core.imagine("")
        assert isinstance(answer, OpenForm)
        sent = Submission(core.ask(), answer.form.control, {"prompt": "a fox"})
        assert isinstance(await core.service.submit(sent), Placeholder)


def bomb() -> bytes:
    """A PNG that says it is 50,000 px wide and high."""
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def animation() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (8, 8), n % 256) for n in range(1000)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        bomb(), picture()[:400], animation(), b'<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>',
        b"<html><body>no picture</body></html>", b"",
    ],
    ids=["bomb", "truncated", "animated", "svg", "html", "empty"],
)  # fmt: skip
async def test_attachments_that_are_no_pictures_are_refused(tmp_path: Path, data: bytes) -> None:
    async with running_core(tmp_path) as core:
        answer = await core.service.imagine(Imagine(core.ask(), "a fox", image=attached(data)))
        assert "Nothing was charged" in await refused(core, answer)


async def test_an_attachment_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    async def gone() -> bytes:
        raise BadUrl("The address did not answer.")

    async with running_core(tmp_path) as core:
        answer = await core.service.imagine(Imagine(core.ask(), "a fox", image=Attachment("a.png", 3, gone)))
        assert "did not answer" in await refused(core, answer)


async def test_a_private_address_in_the_prompt_is_refused(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        await refused(core, await core.imagine("http://127.0.0.1:1/a.png a fox"))
        await refused(core, await core.imagine("https://169.254.169.254/latest a fox"))


async def test_a_huge_attachment_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        image = attached(b"", "huge.png", size=26 * 2**20)
        assert "too large" in await refused(core, await core.service.imagine(Imagine(core.ask(), "fox", image=image)))


async def test_an_input_picture_reaches_the_provider_as_it_came(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        answer = await core.service.imagine(Imagine(core.ask(), "a fox", image=attached(picture())))
        assert isinstance(answer, Placeholder)
        assert (await core.ended(answer.job_id)).state is JobState.DELIVERED
        (request,) = core.provider.paid.values()
        assert request.image is not None
        assert request.image.data == picture()


async def test_a_provider_without_input_pictures_says_so(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, image_input=False)) as core:
        answer = await core.service.imagine(Imagine(core.ask(), "a fox", image=attached(picture())))
        assert "No provider here can start from a picture" in await refused(core, answer)


async def test_options_and_defaults_are_written_out_in_the_prompt(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.job(await core.accepted("a fox --chaos 5", ratio="3:2", seed="7"))
        assert job.request.prompt == "a fox --chaos 5 --ar 3:2 --seed 7"
        assert (job.request.params.ratio, job.request.params.seed, job.request.params.chaos) == ("3:2", 7, 5)


async def test_the_daily_quota_says_what_is_left_and_when_more_comes(tmp_path: Path) -> None:
    caps = Caps(daily=6, user_running=3, user_waiting=10, running=50)
    async with running_core(tmp_path, caps=caps) as core:
        await core.drawn()
        answer = await core.imagine("another")
        assert isinstance(answer, Private)
        sentence = answer.card.lines[0]
        assert "2 of your 6" in sentence
        assert "00:00 UTC" in sentence
        assert isinstance(await core.imagine("another", user="bob"), Placeholder)
        core.clock.ahead = 86_400.0
        assert isinstance(await core.imagine("tomorrow"), Placeholder)


async def test_what_is_ignored_is_named_once(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        answer = await core.imagine("a fox --weird 0 --tile --v 7")
        assert isinstance(answer, Placeholder)
        (note,) = answer.card.lines
        assert "--weird" in note
        assert "--tile" in note
        assert "--version" in note


async def test_a_replayed_request_is_the_same_job(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        ask = core.ask(key="same")
        await asyncio.gather(*(core.service.imagine(Imagine(ask, "a fox")) for _ in range(5)))
        assert len(await core.store.jobs([], 10)) == 1


async def test_the_wanted_provider_draws(tmp_path: Path) -> None:
    other = ScriptedProvider(replace(ASYNC, name="other", label="the other"))
    async with running_core(tmp_path, more=[other]) as core:
        job = await core.drawn("a fox --provider other")
        assert job.provider == "other"
        assert other.paid
        assert not core.provider.paid


async def test_no_new_job_while_stopping(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.service.stop_intake()
        assert "restarting" in await refused(core, await core.imagine("a fox"))


async def test_a_database_that_is_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    import storage.db

    monkeypatch.setattr(storage.db, "BUSY_MS", 50)
    async with running_core(tmp_path, started=False) as core:
        holder = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        answer = await core.imagine("a fox")
        holder.execute("ROLLBACK")
        holder.close()
        assert "cannot write to its database" in await refused(core, answer)


async def test_a_job_keeps_its_action_and_parent(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn()
        answer = await core.press(f"i1:variation:{parent.id}:3", "bob")
        assert isinstance(answer, Placeholder)
        child = await core.job(answer.job_id)
        assert (child.action, child.parent_id, child.parent_index, child.actor.user_id) == (
            Action.VARIATION,
            parent.id,
            3,
            "bob",
        )
