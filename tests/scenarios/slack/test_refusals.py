"""Bad input: each has a clear private answer, and nothing is charged."""

from __future__ import annotations

import pytest

from bot.jobs.model import new_id
from tests.bot.imaging import pictures
from tests.fakes.slack import User
from tests.fakes.slack.model import BOT_USER
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, Workspace, find, words
from tests.support.wait import eventually

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
PNG = pictures.encoded(pictures.noise())
FILES = {
    "text": (b"no picture at all", "not a PNG, JPEG or WebP"),
    "bomb": (pictures.huge_png(), "50,000 x 50,000"),
    "cut": (pictures.encoded(pictures.noise(300, 300), "JPEG")[:-2000], "damaged or cut off"),
    "gif": (pictures.frames("GIF", 1000), "GIF"),
    "svg": (SVG, "SVG"),
    "html": (b"<!DOCTYPE html><html><body>picture.png</body></html>", "web page"),
    "empty": (b"", "empty"),
}


async def refused(slack: Workspace, *parts: str, user: User | None = None) -> None:
    """A private answer with these words; no job, nothing charged, nothing to see for others."""
    said = words(await slack.said(user))
    assert all(part in said for part in parts), said
    assert await slack.used(user) == 0
    assert await slack.bot.store.jobs([], 10) == []
    assert not [one for one in slack.fake.messages(slack.art) if one.user == BOT_USER]


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("a fox --stylise 5", ("--stylise", "--stylize")),
        ("a fox --chaos 101", ("0", "100")),
        ("a fox --ar 0:1", ("--ar",)),
        ("a fox --seed -1", ("4294967295",)),
        ("a fox --provider nobody", ("nobody", "sketch")),
        ("--ar 3:2", ()),
        ("x" * 6001, ("6,001", "6,000")),
        ("https://127.0.0.1/secret.png a fox", ("Nothing was charged",)),
    ],
    ids=["unknown", "range", "ratio", "seed", "provider", "no words", "too long", "private address"],
)
async def test_prompts(slack: Workspace, prompt: str, parts: tuple[str, ...]) -> None:
    await slack.asks(prompt)
    await refused(slack, *parts)


@pytest.mark.parametrize("kind", FILES)
async def test_attachments(slack: Workspace, kind: str) -> None:
    content, part = FILES[kind]
    file = slack.fake.file(slack.ann, "picture.png", content)
    await slack.fake.mention(slack.ann, slack.art, "imagine a fox", files=[file])
    await refused(slack, part, "Nothing was charged")


async def test_a_file_that_the_bot_may_not_see(slack: Workspace) -> None:
    file = slack.fake.file(slack.ann, "picture.png", PNG, visible=False)
    await slack.fake.mention(slack.ann, slack.art, "imagine a fox", files=[file])
    await refused(slack, "Nothing was charged")


async def test_two_pictures_are_one_too_many(slack: Workspace) -> None:
    file = slack.fake.file(slack.ann, "one.png", PNG)
    await slack.fake.mention(slack.ann, slack.art, "imagine https://example.com/two.png a fox", files=[file])
    await refused(slack, "One picture")


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_quota(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode, settings={"IMAGINE_DAILY_IMAGES": "6"})
    grid = await slack.drawn()
    await slack.asks("a second fox")
    said = words(await slack.said())
    assert "needs 4 pictures, and 2 of your 6" in said
    assert "00:00 UTC" in said
    await slack.child(grid, "upscale", 1)
    assert await slack.used() == 5
    await slack.drawn("a fox", slack.bob)


async def test_forged_and_foreign_buttons(slack: Workspace) -> None:
    grid = await slack.drawn()
    job = await slack.job(grid)
    other = slack.fake.channel("other")
    elsewhere = await slack.drawn("a blue fox", channel=other)
    foreign = await slack.job(elsewhere)
    forged = [
        f"i1:upscale:{new_id()}:1",
        f"i1:upscale:{job.id}:0",
        f"i1:upscale:{job.id}:9",
        f"i1:again:{foreign.id}:0",
        f"i1:delete:{foreign.id}:0",
        f"i1:settings:{job.id}:0",
        "i1:setting:daily:0",
        f"i9:upscale:{job.id}:1",
        "approve",
        f"i1:upscale:{job.id}:1\n",
    ]
    for control in forged:
        await (await slack.fake.press(slack.bob, grid, control, forged=True)).acked()
        assert words(await slack.said(slack.bob))
    assert len(await slack.bot.store.jobs([], 20)) == 2
    assert len(slack.fake.messages(other)) == 1
    assert await slack.used(slack.bob) == 0


async def test_a_forged_message_reference_does_not_open_another_channel(slack: Workspace) -> None:
    """Controls of a job of another channel work only there, whoever presses."""
    private = slack.fake.channel("private", private=True)
    grid = await slack.drawn("a secret fox", channel=private)
    stage = await slack.drawn("a red fox")
    await slack.fake.press(slack.bob, stage, find(grid, "details"), forged=True)
    said = words(await slack.said(slack.bob))
    assert "no job here" in said
    assert "secret" not in said


async def test_who_may_delete(slack: Workspace) -> None:
    grid = await slack.drawn()
    (file,) = grid.shown
    await slack.press(grid, "delete", 0, slack.bob)
    assert "Only the one who asked" in words(await slack.said(slack.bob))
    assert not grid.deleted
    await slack.press(grid, "delete", 0, slack.chief)
    assert "Deleted" in words(await slack.said(slack.chief))
    await slack.fake.until(lambda: grid.deleted and file.stage == "deleted", WITHIN)
    stage = await slack.drawn("a blue fox")
    await slack.fake.press(slack.bob, stage, find(grid, "upscale", 1), forged=True)
    assert "deleted" in words(await slack.said(slack.bob))
    await slack.press(stage, "delete")
    await slack.said()
    await slack.fake.until(lambda: stage.deleted, WITHIN)
    assert await slack.used() == 8


async def test_deleted_pictures_leave_the_store(slack: Workspace) -> None:
    grid = await slack.drawn()
    job = await slack.job(grid)
    await slack.press(grid, "delete")
    await slack.said()
    await slack.fake.until(lambda: grid.deleted, WITHIN)

    async def gone() -> bool:
        try:
            await slack.bot.house.pictures.get(job.pictures[0].key)
        except KeyError:
            return True
        return False

    assert await eventually(gone)


LAYOUT = (
    "<!channel> <!here> <!everyone> @everyone @channel <@U000000002> <#C1|x> *bold* _it_ ~no~ `code` ```pre``` > quote "
    "&amp; <https://evil.example|click> [x](https://evil.example) \x00\x1b[31m\u202edlrow\u200b a\nb\r\nc :fox_face:"
)


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_nothing_in_a_prompt_pings_or_breaks_the_layout(slack: Workspace, way: str) -> None:
    if way == "command":
        grid = await slack.drawn(LAYOUT)
    else:
        await slack.fake.mention(slack.ann, slack.art, f"imagine {LAYOUT}")
        await slack.fake.until(lambda: len(slack.fake.messages(slack.art)) > 1, WITHIN)
        grid = await slack.shown(slack.fake.messages(slack.art)[1])
    head = grid.blocks[0]["elements"][0]["elements"]
    title = "".join(part["text"] for part in head if part.get("style") == {"bold": True})
    assert "*bold* _it_ ~no~ `code`" in title
    assert not any(c in title for c in "\x00\x1b\u202e\u200b\n\r")
    kinds = [part["type"] for part in head]
    assert kinds.count("user") == 1
    assert set(kinds) <= {"text", "user"}
    for call in slack.fake.calls_of("chat.postMessage") + slack.fake.calls_of("chat.update"):
        text = call.args["text"]
        assert "<" not in text
        assert "@everyone" not in text
        assert "@channel" not in text
        assert call.args["parse"] == "none"
    await slack.press(grid, "details", 0, slack.bob)
    page = await slack.said(slack.bob)
    assert not [one for one in str(page.blocks).split("'") if one in {"broadcast", "usergroup", "user"}]
