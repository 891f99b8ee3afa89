"""Messages of no job across a restart, and a message command, with the whole bot."""

from __future__ import annotations

from bot.jobs.chat_port import Chat
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Button, Card, Tone
from bot.texts import discord as texts
from tests.scenarios.discord.server import Server, private

CARD = Card(Tone.WAITING, title="a red fox", rows=((Button("i1:review:0123456789abcdef0123:0", "Approve"),),))


def chat(server: Server) -> Chat:
    return server.bot.fronts[Platform.DISCORD].chat


async def test_a_post_and_its_revision_survive_a_restart(server: Server) -> None:
    place = Place(Platform.DISCORD, str(server.art.id), str(server.guild.id))
    first = await chat(server).post(place, CARD, "review:1")
    await server.restart()
    again = await chat(server).post(place, CARD, "review:1")
    await chat(server).revise(place, first, Card(Tone.DONE, title="a red fox", status="approved"))
    [message] = server.fake.messages_in(server.art)
    assert first == again
    assert ("approved" in message.text, message.buttons) == (True, [])


async def test_a_command_on_somebody_elses_message_is_one_private_sentence(server: Server) -> None:
    said = server.fake.say(server.bob, server.art, "hello")
    told = await private(server.fake.use_on(server.ann, server.art, texts.REPORT_PICTURE, said))
    assert texts.NO_PICTURE_HERE in told.text
