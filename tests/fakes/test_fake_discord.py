"""A small real discord.py client against the fake: the flows that the bot uses."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord, routes

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08" + b"\0" * 20


class Picture(discord.ui.LayoutView):
    """Gallery above two buttons, as the bot shows a grid."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(timeout=None)
        gallery = discord.ui.MediaGallery["Picture"](discord.MediaGalleryItem(f"attachment://{name}", description="a cat"))
        row = discord.ui.ActionRow["Picture"]()
        for label in ("U1", "V1"):
            row.add_item(discord.ui.Button(label=label, custom_id=f"i1:{label}"))
        self.add_item(discord.ui.Container["Picture"](discord.ui.TextDisplay(text), gallery, row))


class Tiny(discord.Client):
    """Defers, edits with a file, follows up, edits over the channel; buttons, a dialog, autocomplete."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[bytes] = []
        imagine: app_commands.Command[discord.app_commands.Group, ..., None] = app_commands.Command(
            name="imagine", description="draw", callback=self.imagine
        )
        imagine.autocomplete("model")(self.models)
        self.tree.add_command(imagine)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library sleeps 5 s here before it identifies anew."""

    async def imagine(
        self, interaction: discord.Interaction, prompt: str, model: str = "", image: discord.Attachment | None = None
    ) -> None:
        await interaction.response.defer()
        if image:
            self.seen.append(await image.read())
        message = await interaction.edit_original_response(
            view=Picture("grid.png", prompt), attachments=[discord.File(io.BytesIO(PNG), "grid.png")]
        )
        await interaction.followup.send("only you", ephemeral=True)
        partial = self.get_partial_messageable(message.channel.id).get_partial_message(message.id)
        await partial.edit(view=Picture("grid.png", f"{prompt}, late"), attachments=message.attachments)

    async def models(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}-1", value="one")]

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            if interaction.data and interaction.data.get("custom_id") == "i1:V1":
                await interaction.response.send_modal(Remix())
            else:
                await interaction.response.defer()
                await interaction.followup.send("U1", wait=True)


class Remix(discord.ui.Modal, title="Remix"):
    """One text field."""

    prompt: discord.ui.Label[Remix] = discord.ui.Label(
        text="Prompt", component=discord.ui.TextInput(custom_id="prompt", default="cat")
    )

    def __init__(self) -> None:
        super().__init__(custom_id="i1:remix")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.prompt.component, discord.ui.TextInput)
        await interaction.response.send_message(f"remixed {self.prompt.component.value}")


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Tiny]:
    client = Tiny()
    running = asyncio.create_task(client.start("fake-token"))
    await fake.ready()
    yield client
    await client.close()
    await running


async def test_a_command_is_deferred_edited_followed_up_and_edited_over_the_channel(fake: FakeDiscord, bot: Tiny) -> None:
    user, channel = fake.user(), fake.channel()
    it = fake.slash(user, channel, "imagine", prompt="a cat", image=fake.attachment(b"bytes", "in.png"))
    ack = await it.acknowledged()
    assert ack.type == 5
    assert ack.seconds < 3
    message = await it.response()
    await fake.until(lambda: "late" in message.text)
    assert bot.seen == [b"bytes"]
    assert message.images[0].data == PNG
    assert message.images[0].pixels == (16, 8)
    assert message.has_button("U1")
    assert message.button("V1") == "i1:V1"
    assert [one.text for one in it.followups] == ["only you"]
    assert it.followups[0].ephemeral
    assert fake.messages_in(channel) == [message]
    assert fake.violations == []
    assert [call.route for call in fake.calls][-4:] == [
        routes.CALLBACK,
        routes.EDIT_ORIGINAL,
        routes.FOLLOW_UP,
        routes.EDIT_MESSAGE,
    ]


async def test_a_button_then_a_dialog_then_autocomplete(fake: FakeDiscord, bot: Tiny) -> None:
    user, channel = fake.user(), fake.channel()
    it = fake.slash(user, channel, "imagine", prompt="a cat")
    message = await it.response()
    await fake.until(lambda: "late" in message.text)
    pressed = fake.press(user, message, message.button("U1"))
    assert (await pressed.followup()).text == "U1"
    opened = fake.press(user, message, message.button("V1"))
    dialog = await opened.modal()
    assert dialog["title"] == "Remix"
    sent = fake.modal(user, "i1:remix", {"prompt": "a dog"}, opened)
    assert (await sent.response()).text == "remixed a dog"
    typed = fake.autocomplete(user, channel, "imagine", "model", "flux", prompt="x")
    assert await typed.suggestions() == [{"name": "flux-1", "value": "one"}]
    assert fake.violations == []


async def test_commands_are_registered_once_and_checked_like_a_client_does(fake: FakeDiscord, bot: Tiny) -> None:
    user, channel = fake.user(), fake.channel()
    assert fake.command_puts == {None: 1}
    with pytest.raises(LookupError):
        fake.slash(user, channel, "nothing")
    with pytest.raises(ValueError, match="missing"):
        fake.slash(user, channel, "imagine")
    with pytest.raises(ValueError, match="does not fit"):
        fake.slash(user, channel, "imagine", prompt=3)


async def test_a_rate_limit_and_a_server_error_are_retried_by_the_library(fake: FakeDiscord, bot: Tiny) -> None:
    fake.limit(routes.EDIT_ORIGINAL, times=2)
    it = fake.slash(fake.user(), fake.channel(), "imagine", prompt="a cat")
    await it.response()
    assert [call.status for call in fake.calls if call.route == routes.EDIT_ORIGINAL][:3] == [429, 429, 200]


async def test_what_happened_while_the_bot_was_away_is_replayed(fake: FakeDiscord, bot: Tiny) -> None:
    user, channel = fake.user(), fake.channel()
    await fake.close_gateway(4000)
    assert fake.gateway.ready == 0
    it = fake.slash(user, channel, "imagine", prompt="missed")
    await it.response(timeout=10)
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 1)


async def test_op_7_resumes_and_op_9_identifies_anew(fake: FakeDiscord, bot: Tiny) -> None:
    fake.reconnect_gateway()
    await fake.until(lambda: fake.gateway.resumes == 1, 10)
    fake.invalidate_sessions()
    await fake.until(lambda: fake.gateway.identifies == 2, 10)
    await fake.slash(fake.user(), fake.channel(), "imagine", prompt="again").response()


async def test_a_wrong_token_is_refused_by_both_doors(fake: FakeDiscord) -> None:
    with pytest.raises(discord.LoginFailure):
        await Tiny().start("wrong")


async def test_a_direct_message_and_a_thread(fake: FakeDiscord, bot: Tiny) -> None:
    user, parent = fake.user(), fake.channel()
    for place in (fake.dm(user), fake.thread(parent)):
        message = await (it := fake.slash(user, place, "imagine", prompt="here")).response()
        await fake.until(lambda message=message: "late" in message.text)  # type: ignore[misc]
        assert message.channel is place
        assert it.limit == 10 * 1024 * 1024
    sent = await (await bot.fetch_user(user.id)).send("hello")
    assert fake.messages[sent.id].channel is fake.dm(user)
    assert fake.violations == []
