"""What a fake in another process can be told to do: each public method but `obey` is one order."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from tests.fakes.slack.errors import NotAckedError
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.model import Json

SETTABLE = frozenset({"processing", "processing_polls", "tiers", "validate", "home_tab"})


class Orders:
    """One channel, as many users as asked for, and the acts that benches and kill tests need."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake
        self.channel = fake.channel("art")

    async def obey(self, order: Json) -> Json:
        """Do one order; what goes wrong is answered as `error`."""
        arguments = {key: value for key, value in order.items() if key != "do"}
        try:
            answer: Json = await getattr(self, order["do"])(**arguments)
        except (TimeoutError, NotAckedError, LookupError, ValueError, TypeError, AttributeError) as error:
            return {"error": f"{type(error).__name__}: {error}"}
        return answer

    async def http(self, url: str) -> Json:
        """Tell the bot by signed POSTs from now on."""
        self.fake.http(url)
        return {}

    async def connected(self, within: float = 10.0) -> Json:
        """Wait for the bot's socket."""
        await self.fake.connected(within)
        return {"sockets": len(self.fake.socket.open)}

    async def set(self, **values: Any) -> Json:
        """Turn switches of the workspace: those in SETTABLE."""
        for name in SETTABLE & set(values):
            setattr(self.fake, name, values[name])
        return {"unknown": sorted(set(values) - SETTABLE)}

    async def commands(self, count: int, text: str = "a red fox", within: float = 30.0) -> Json:
        """`count` users give the same command at once; seconds to each acknowledgement, and how many had none."""
        while len(self.fake.users) < count:
            self.fake.user()
        users = list(self.fake.users.values())[:count]
        found = await asyncio.gather(*(self._one(user_id.id, text, within) for user_id in users))
        return {"seconds": [one for one in found if one is not None], "unanswered": found.count(None)}

    async def _one(self, user_id: str, text: str, within: float) -> float | None:
        delivery = await self.fake.command(self.fake.users[user_id], self.channel, text)
        try:
            return (await delivery.acked(within)).seconds
        except NotAckedError:
            return None

    async def press(self, ts: str, action_id: str, user: str = "") -> Json:
        """Press a button; seconds to its acknowledgement."""
        presser = self.fake.users[user] if user else next(iter(self.fake.users.values()))
        delivery = await self.fake.press(presser, self.fake.post(self.channel.id, ts), action_id)
        return {"seconds": (await delivery.acked()).seconds}

    async def messages(self) -> Json:
        """What stands in the channel: bytes of each picture, texts, buttons."""
        shown = self.fake.messages(self.channel)
        fields = ("ts", "thread_ts", "text", "blocks", "edits", "action_ids")
        return {
            "messages": [
                {**{key: getattr(one, key) for key in fields}, "pictures": [len(p) for p in one.pictures]} for one in shown
            ]
        }

    async def pictures(self, count: int, within: float = 30.0) -> Json:
        """Wait until so many messages show a picture."""
        await self.fake.until(lambda: sum(bool(one.pictures) for one in self.fake.messages(self.channel)) >= count, within)
        return await self.messages()

    async def calls(self) -> Json:
        """How often each method was called, and each error given; then the violations."""
        counted = Counter(call.method for call in self.fake.calls)
        errors = Counter(f"{call.method} {call.error}" for call in self.fake.calls if call.error)
        violations = [[one.where, one.error, *one.details] for one in self.fake.violations]
        return {"calls": dict(counted), "errors": dict(errors), "violations": violations}
