"""One answer on one interaction, by what Discord has been told before: nothing, or one of the three kinds of defer."""

from __future__ import annotations

import discord

from bot.discord.again import again
from bot.discord.convert import Sent, message_ref
from bot.discord.faults import ALREADY_ACKNOWLEDGED
from bot.discord.files import draw
from bot.discord.forms import modal
from bot.jobs.asks import Answer, OpenForm, Placeholder, Private, Quiet, Update
from bot.jobs.place import MessageRef
from bot.jobs.ports import Pictures
from bot.jobs.surface import Button, Card, Form, Style, Tone
from bot.texts import discord as texts

_NOBODY = discord.AllowedMentions.none()


class Shower:
    """Speaks through one interaction. Every method raises discord.HTTPException as Discord answers, and `LINE`."""

    def __init__(self, interaction: discord.Interaction, pictures: Pictures) -> None:
        self._at = interaction
        self._pictures = pictures

    async def defer(self, *, public: bool, silent: bool) -> None:
        """Type 5 (public or ephemeral), or type 6 on the message that carried the control."""
        await again(lambda: self._at.response.defer(thinking=not silent, ephemeral=not public))

    async def placeholder(self, card: Card, *, fresh: bool, public: bool) -> MessageRef:
        """The job's message: the response itself, the deferred response, or (after a private defer) a follow-up."""
        if fresh:
            return self._ref(await self._first_or_original(card))
        if public:
            return self._ref(await self._edit(card))
        return self._ref(await self._follow(card, private=False))

    async def first(self, answer: Answer) -> None:
        """Nothing has been said yet: the answer is the response."""
        if isinstance(answer, OpenForm) and self._at.type is not discord.InteractionType.modal_submit:
            dialog = modal(answer.form)
            await again(lambda: self._at.response.send_modal(dialog))
        elif isinstance(answer, Update) and self._at.message is not None:
            await self._change(answer.card)
        elif isinstance(answer, Quiet) and self._at.message is not None:
            await again(self._at.response.defer)
        else:
            await self._send(_private(answer), private=True)

    async def after_public(self, answer: Answer) -> None:
        """A public answer was promised and none comes.

        In this order: the first follow-up after a deferred message would edit that message, so it is edited to a
        neutral line before, and removed after. What came again, to a bot that knew it no more, has its answer: @original
        is the job's message.
        """
        if isinstance(answer, Private) and answer.replay:
            return
        if isinstance(answer, Quiet):
            await self._at.delete_original_response()
            return
        await self._edit(Card(Tone.DONE, lines=(texts.ANSWERED_PRIVATELY,)))
        await self._follow(_private(answer), private=True)
        await self._at.delete_original_response()

    async def after_hidden(self, answer: Answer) -> None:
        """A private answer was promised."""
        if isinstance(answer, Quiet):
            await self._at.delete_original_response()
        else:
            await self._edit(_private(answer))

    async def after_silent(self, answer: Answer) -> None:
        """@original is the message that carried the control."""
        if isinstance(answer, Update):
            await self._edit(answer.card)
        elif not isinstance(answer, Quiet):
            await self._follow(_private(answer), private=True)

    async def apologise(self, card: Card) -> None:
        """Say privately that something failed, whatever was said before."""
        if self._at.response.is_done():
            await self._follow(card, private=True)
        else:
            await self._send(card, private=True)

    async def _first_or_original(self, card: Card) -> Sent:
        """The response; if Discord says that it has one already (a repeated delivery), that one becomes the placeholder."""
        try:
            return await self._send(card, private=False)
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
        return await self._edit(card)

    # Drawn anew for each try: a file that was sent has been read to its end.

    async def _change(self, card: Card) -> None:
        async def change() -> None:
            drawing = await draw(card, self._pictures)
            await self._at.response.edit_message(
                view=drawing.view, attachments=drawing.attachments, allowed_mentions=_NOBODY
            )

        await again(change)

    async def _send(self, card: Card, *, private: bool) -> Sent:
        async def send() -> discord.InteractionCallbackResponse[discord.Client]:
            drawing = await draw(card, self._pictures)
            return await self._at.response.send_message(
                view=drawing.view, files=drawing.files, ephemeral=private, allowed_mentions=self._mentions(private=private)
            )

        told = await again(send)
        if isinstance(told.resource, discord.InteractionMessage):
            return told.resource
        return await self._at.original_response()

    async def _edit(self, card: Card) -> Sent:
        async def edit() -> Sent:
            drawing = await draw(card, self._pictures)
            return await self._at.edit_original_response(
                view=drawing.view, attachments=drawing.attachments, allowed_mentions=self._mentions(private=card.private)
            )

        return await again(edit)

    async def _follow(self, card: Card, *, private: bool) -> Sent:
        drawing = await draw(card, self._pictures)
        return await self._at.followup.send(
            view=drawing.view,
            files=drawing.files,
            ephemeral=private,
            wait=True,
            allowed_mentions=self._mentions(private=private),
        )

    def _mentions(self, *, private: bool) -> discord.AllowedMentions:
        users = False if private else [discord.Object(self._at.user.id)]
        return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users)

    def _ref(self, message: Sent) -> MessageRef:
        return message_ref(message, str(self._at.channel_id or ""), str(self._at.guild_id or ""), {})


def _private(answer: Answer) -> Card:
    """Any answer as one private Card."""
    if isinstance(answer, OpenForm):
        return _door(answer.form)
    if isinstance(answer, (Private, Update, Placeholder)):
        return answer.card
    return Card(Tone.DONE, lines=(texts.DONE,), private=True)


def _door(form: Form) -> Card:
    """A Form that cannot be opened now: its control as a button."""
    button = Button(form.control, form.title, Style.PRIMARY)
    return Card(Tone.WAITING, lines=(texts.FORM_READY,), rows=((button,),), private=True)
