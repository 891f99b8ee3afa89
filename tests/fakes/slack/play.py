"""What people do in the workspace. Each act is told to the bot and answers its Delivery."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.slack.courier import Courier
from tests.fakes.slack.delivery import Delivery, Kind
from tests.fakes.slack.form import fill, option
from tests.fakes.slack.model import Channel, File, Json, Message, User, View, elements
from tests.fakes.slack.payloads import (
    closed_payload,
    command_payload,
    event_payload,
    file_object,
    message_action,
    shortcut_payload,
    submission_payload,
    view_action,
)
from tests.fakes.slack.replies import apply_command_ack, apply_view_ack
from tests.fakes.slack.stage import Stage

KEPT: tuple[str, ...] = ("type", "action_id", "block_id", "text", "value", "style")
"""What a click carries of the element."""


LEAVING = frozenset({"app_uninstalled", "tokens_revoked"})
"""Told to an app that is not there any more."""


class Play(Stage):
    """The acts. All raise ValueError for what Slack's own client would not let a person do."""

    courier: Courier

    async def _tell(self, kind: Kind, payload: Json, on_ack: Callable[[Json], None] | None = None) -> Delivery:
        if not self.token and payload.get("event", {}).get("type") not in LEAVING:
            raise ValueError("the app is not installed there")
        return await self.courier.deliver(Delivery(kind, payload, on_ack))

    async def command(self, user: User, channel: Channel, text: str = "", command: str = "/imagine") -> Delivery:
        """A slash command; it works in every conversation, also where the bot is not."""
        payload = command_payload(self, user, channel, command, text)
        return await self._tell("slash_commands", payload, lambda body: apply_command_ack(self, payload, body))

    async def press(
        self, user: User, on: Message | View, action_id: str, value: str | None = None, *, forged: bool = False
    ) -> Delivery:
        """Click a button, or choose `value` in a menu. `forged`: one that is not there."""
        blocks = on.blocks if isinstance(on, Message) else on.body["blocks"]
        found = [one for one in elements(blocks) if one.get("action_id") == action_id]
        if forged:
            found = [
                {"type": "button", "action_id": action_id, "block_id": "forged", "text": {"type": "plain_text", "text": "x"}}
            ]
        if not found or (isinstance(on, Message) and (on.deleted or on.to not in {"", user.id})):
            raise ValueError(f"{user.name} sees no {action_id} to press")
        action = _action(found[0], value)
        made = message_action(self, user, on, action) if isinstance(on, Message) else view_action(self, user, on, action)
        return await self._tell("interactive", made)

    async def shortcut(self, user: User, message: Message | None, callback_id: str) -> Delivery:
        """A shortcut on a message, or (None) a global one; Slack offers none on ephemeral messages."""
        if self.shortcuts.get(callback_id) != ("global" if message is None else "message"):
            raise ValueError(f"the app has no such shortcut: {callback_id}")
        if message is not None and (message.to or message.deleted):
            raise ValueError("that message has no menu of shortcuts")
        return await self._tell("interactive", shortcut_payload(self, user, callback_id, message))

    async def submit(self, user: User, view: View, values: Json | None = None) -> Delivery:
        """Fill in a modal (`values` by block_id or action_id) and press its button."""
        if not view.open or view.user != user.id:
            raise ValueError(f"{user.name} has no such modal open")
        state = fill(view, values or {}, lambda file: file_object(self, file))
        payload = submission_payload(self, user, view, state, self._reply_urls(user, view, state))
        return await self._tell("interactive", payload, lambda body: apply_view_ack(self, view, body))

    def _reply_urls(self, user: User, view: View, state: Json) -> list[Json]:
        made = []
        for block in view.body["blocks"]:
            element = block.get("element", {})
            if element.get("response_url_enabled"):
                (action_id, value), *_ = state[block["block_id"]].items()
                channel = value.get("selected_conversation") or value.get("selected_channel")
                url = self.new_reply_url(channel, user.id)
                made.append(
                    {"block_id": block["block_id"], "action_id": action_id, "channel_id": channel, "response_url": url}
                )
        return made

    async def close_view(self, user: User, view: View) -> Delivery | None:
        """Cancel a modal; the bot is told only where it asked to be."""
        view.open = False
        return (
            await self._tell("interactive", closed_payload(self, user, view)) if view.body.get("notify_on_close") else None
        )

    async def event(self, event: Json) -> Delivery:
        """Any event of the Events API."""
        return await self._tell("events_api", event_payload(self, event))

    async def mention(
        self, user: User, channel: Channel, text: str, thread_ts: str | None = None, files: list[File] | None = None
    ) -> Delivery:
        """`@bot text`, written as a message, with files. Slack tells the bot only where it is a member."""
        if not channel.member:
            raise ValueError("the bot is not in that channel")
        message = self.say(user, channel, f"<@{self.bot_user}> {text}", thread_ts or "", files)
        head: Json = {"type": "app_mention", "user": user.id, "text": message.text, "ts": message.ts}
        head |= {} if self.nameless else {"team": self.team}
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        shared = {"files": [file_object(self, file) for file in files]} if files else {}
        return await self.event({**head, "channel": channel.id, "event_ts": message.ts, **thread, **shared})

    async def uninstall(self) -> list[Delivery]:
        """Somebody removes the app from this workspace, or from the organisation by which it is here; the bot is told."""
        told = [event_payload(self, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user]}})]
        told.append(event_payload(self, {"type": "app_uninstalled"}))
        self.dead.add(self.token)
        if self.bot_token or self.organisation is None:
            self.bot_token = ""
        else:
            self.organisation.token = ""
        return [await self._tell("events_api", one) for one in told]

    async def open_home(self, user: User) -> Delivery:
        """Somebody looks at the app's Home tab."""
        where = {"channel": self.dm(user).id, "tab": "home", "event_ts": self.new_ts()}
        return await self.event({"type": "app_home_opened", "user": user.id, **where})

    async def challenge(self) -> Delivery:
        """HTTP mode: the question by which Slack checks a new address."""
        return await self._tell("url_verification", {"type": "url_verification", "token": "v", "challenge": self.new_ts()})

    async def again(self, delivery: Delivery) -> Delivery:
        """The same payload once more, same ids: a late duplicate."""
        return await self._tell(delivery.kind, delivery.payload)


def _action(element: Json, value: str | None) -> Json:
    """What is sent of an element that was clicked."""
    kept: Json = {key: element[key] for key in KEPT if key in element}
    return {**kept, "selected_option": option(element, value)} if value is not None else kept
