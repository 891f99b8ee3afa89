"""Preview pictures in Discord: each edit replaces the one before, and the finished pictures replace them all."""

from __future__ import annotations

from dataclasses import replace

from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import PNG, picture

DRAWING = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=12)


async def test_a_preview_is_shown_and_gives_way(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    first, second, grid = (replace(picture(), picture=replace(picture().picture, key=key)) for key in "abc")
    live.pictures.stored |= {"a": PNG, "b": PNG + b"2", "c": PNG + b"3"}
    shown = []
    for card in (
        replace(DRAWING, pictures=(first,)),
        replace(DRAWING, pictures=(second,), percent=25),
        Card(Tone.DONE, title="a lighthouse", pictures=(grid,)),
    ):
        await live.front.chat.edit(placed, card)
        assert interaction.message is not None
        shown.append([file.data for file in interaction.message.images])
    assert shown == [[PNG], [PNG + b"2"], [PNG + b"3"]]
