"""`/style` from both sides: a moderator's and a member's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import styling
from bot.desk.style_sheet import PREVIEW_BYTES
from bot.jobs.asks import Answer, Attachment, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import PATTERN, read_control
from bot.jobs.surface import Button, Card, Menu
from bot.policy.community import Community
from bot.policy.records import Entry, HouseStyle, What
from bot.texts import styles as texts
from tests.fakes.vendor.pictures import jpeg
from tests.support.core import Core, running_core

HERE = "playground:guild"
INK = {"name": "Old Ink", "prefix": "an ink drawing of", "suffix": "worn paper", "parameters": "--ar 3:2 --no text"}


def attached(data: bytes, size: int | None = None) -> Attachment:
    async def read() -> bytes:
        return data

    return Attachment("preview.jpg", len(data) if size is None else size, read)


async def style(
    core: Core, sub: str, options: Mapping[str, str] | None = None, *, moderator: bool = True, **files: Attachment
) -> Answer:
    ask = core.ask("mod" if moderator else "ann", moderator=moderator)
    return await styling.command(core.house, Command(ask, "style", sub, options or {}, files))


async def press(core: Core, control: str, value: str = "", *, moderator: bool = True) -> Answer:
    read = read_control(control)
    assert read is not None
    return await styling.press(core.house, Press(core.ask("mod", moderator=moderator), control, value), read)


def card_of(answer: Answer) -> Card:
    assert isinstance(answer, Private | Update)
    return answer.card


def buttons(card: Card) -> list[str]:
    return [button.control for row in card.rows for button in row if isinstance(button, Button)]


def sentence(answer: Answer) -> str:
    assert isinstance(answer, Private)
    assert answer.refused
    return answer.card.lines[0]


async def test_a_moderator_adds_a_style_that_everybody_draws_with(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        answer = await style(core, "add", INK, preview=attached(jpeg(1, 64, 64)))
        assert card_of(answer).status == texts.saved("old-ink", new=True)
        (kept,) = await core.house.policy.styles(HERE)
        assert (kept.name, kept.by, kept.preview_mime) == ("old-ink", "playground:mod", "image/jpeg")
        assert kept.preview in core.pictures.kept
        (entry,) = [one for one in await core.house.policy.entries(HERE) if one.what is What.STYLE]
        assert "old-ink" in entry.text
        job = await core.drawn("a fox --style old-ink")
        assert job.request.text == "an ink drawing of a fox, worn paper"
        assert (job.request.params.ratio, job.request.params.negative) == ("3:2", "text")
        shown = card_of(await style(core, "show", {"name": "old ink"}, moderator=False))
        assert [one.picture.key for one in shown.pictures] == [kept.preview]
        assert shown.by is not None
        assert shown.by.user_id == "mod"
        assert dict(shown.facts)[texts.PARAMETERS] == INK["parameters"]
        assert buttons(shown) == ["i1:style:list:0"], "a member changes nothing"


async def test_a_form_asks_for_what_is_missing_and_replaces_all(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        empty = await style(core, "add", {"name": "ink"})
        assert isinstance(empty, OpenForm)
        assert [field.name for field in empty.form.fields] == ["name", "prefix", "suffix", "parameters", "preview"]
        assert len(empty.form.title) <= 24
        values = {"name": "ink", "prefix": "ink of", "suffix": "", "parameters": ""}
        ask = core.ask("mod", moderator=True)
        control = read_control(empty.form.control)
        assert control is not None
        await styling.submit(core.house, Submission(ask, empty.form.control, values), control)
        shown = card_of(await style(core, "show", {"name": "ink"}))
        edit = await press(core, buttons(shown)[1])
        assert isinstance(edit, OpenForm)
        assert [field.value for field in edit.form.fields][:2] == ["ink", "ink of"]
        await style(core, "add", {"name": "ink", "suffix": "black"})
        (kept,) = await core.house.policy.styles(HERE)
        assert (kept.prefix, kept.suffix) == ("ink of", "black")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "--", "prefix": "x"}, texts.BAD_NAME),
        ({"name": "raw", "prefix": "x"}, texts.RESERVED),
        ({"name": "ink", "parameters": "--ar 3:2 and words"}, ""),
        ({"name": "ink", "parameters": "words"}, texts.NO_WORDS),
        ({"name": "ink", "parameters": "--style photo"}, texts.TAKEN_OUT),
        ({"name": "ink", "parameters": "--provider fal"}, texts.TAKEN_OUT),
        ({"name": "ink", "parameters": "--nonsense 3"}, ""),
        ({"name": "ink", "parameters": "--ar wide"}, ""),
        ({"name": "ink", "prefix": "x" * 501}, texts.too_long(texts.PREFIX, 500)),
    ],
)
async def test_what_cannot_be_a_style_is_refused(tmp_path: Path, options: dict[str, str], said: str) -> None:
    async with running_core(tmp_path, started=False) as core:
        found = sentence(await style(core, "add", options))
        assert found == said or not said
        assert await core.house.policy.styles(HERE) == []


async def test_previews_are_checked(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        assert sentence(await style(core, "add", {"name": "ink"}, preview=attached(b"x"))) == texts.NOTHING
        assert sentence(await style(core, "add", INK, preview=attached(b"no picture")))
        large = attached(b"", PREVIEW_BYTES + 1)
        assert sentence(await style(core, "add", INK, preview=large)) == texts.preview_too_large(PREVIEW_BYTES)
        assert core.pictures.kept == {}


async def test_members_change_nothing_by_any_way(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        await style(core, "add", INK)
        for answer in (
            await style(core, "add", INK | {"prefix": "mine"}, moderator=False),
            await style(core, "add", {"name": "new"}, moderator=False),
            await style(core, "remove", {"name": "old-ink"}, moderator=False),
            await press(core, "i1:style:edit_old_ink:0", moderator=False),
            await press(core, "i1:style:remove_old_ink:0", moderator=False),
            await press(core, "i1:style:gone_old_ink:0", moderator=False),
        ):
            assert sentence(answer) == texts.MODERATORS_ONLY
        submission = Submission(core.ask(), "i1:style:add:0", INK)
        control = read_control(submission.control)
        assert control is not None
        assert sentence(await styling.submit(core.house, submission, control)) == texts.MODERATORS_ONLY
        (kept,) = await core.house.policy.styles(HERE)
        assert kept.prefix == INK["prefix"]
        community = Community(moderators=("team",))
        await core.house.policy.save_community(HERE, community, Entry(HERE, What.SETTING))
        ask = core.ask("ann")
        ranked = replace(ask, actor=replace(ask.actor, roles=("team",)))
        added = await styling.command(core.house, Command(ranked, "style", "add", INK))
        assert card_of(added).status == texts.saved("old-ink", new=False)


async def test_removing_is_asked_first_and_takes_the_preview_along(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        await style(core, "add", INK, preview=attached(jpeg(1, 64, 64)))
        sure = await press(core, "i1:style:remove_old_ink:0")
        assert isinstance(sure, Update)
        kept = await press(core, buttons(sure.card)[1])
        assert card_of(kept).title == "old-ink"
        gone = await press(core, buttons(sure.card)[0])
        assert card_of(gone).lines == (texts.removed("old-ink"),)
        assert await core.house.policy.styles(HERE) == []
        assert core.pictures.kept == {}
        assert sentence(await style(core, "remove", {"name": "old-ink"})) == texts.unknown("old-ink")


async def test_the_list_has_pages_of_a_menu_each(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        for number in range(30):
            name = f"style-{'x' * 20}-{number:02d}"
            await core.house.policy.put_style(HERE, HouseStyle(name, "x"), Entry(HERE, What.STYLE))
        first = card_of(await style(core, "list", moderator=False))
        (menu,) = first.rows[0]
        assert isinstance(menu, Menu)
        assert len(menu.choices) == 25
        second = card_of(await press(core, buttons(first)[0]))
        assert len(second.facts) == 15
        shown = card_of(await press(core, menu.control, menu.choices[3].value))
        assert shown.title == menu.choices[3].value
        assert all(PATTERN.fullmatch(control) for control in buttons(shown))


async def test_direct_messages_have_the_built_in_styles_alone(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        core.place = replace(core.place, community_id="")
        assert ("photo", "Photograph") in card_of(await style(core, "list")).facts
        assert "natural light" in str(card_of(await style(core, "show", {"name": "photo"})).facts)
        assert sentence(await style(core, "add", INK)) == texts.NOT_HERE


async def test_suggestions_name_the_communitys_styles_first(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        await style(core, "add", INK)
        found = await styling.suggest(core.house, "style", "", core.place)
        assert found[0].value == "old-ink"
        assert "raw" in [choice.value for choice in found]
        named = await styling.suggest(core.house, "name", "", core.place)
        assert "raw" not in [choice.value for choice in named]
        elsewhere = await styling.suggest(core.house, "style", "", replace(core.place, community_id="other"))
        assert "old-ink" not in [choice.value for choice in elsewhere]
