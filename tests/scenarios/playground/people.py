"""People of the playground over its HTTP API: what they type, press and fill in, and what they read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.desk.messenger import Messenger
from bot.jobs.model import JobState, new_id
from bot.policy.records import Entry, What
from bot.wiring import Bot
from bot.wiring.loop import Loop
from tests.scenarios.discord.easel import Easel
from tests.support.bot import running_bot
from tests.support.wait import eventually

KEY = "playground:playground"
Message = dict[str, Any]
Reply = dict[str, Any]
SETTINGS = {"IMAGINE_PLAYGROUND": "on"}
WITHIN = 10.0


def prompt_notices(bot: Bot) -> None:
    """Moderators are told at once: the real pauses between log messages are seconds."""
    bot.messenger = Messenger(bot.house, every=0.2, gap=0.02)
    bot._beside = (*bot._beside[:-1], Loop(bot.messenger.run))


def words(message: Message | None) -> str:
    """All that a person reads in a message, on one line."""
    card = (message or {}).get("card")
    if not card:
        return ""
    facts = [f"{label}: {value}" for label, value in card["facts"]]
    return " | ".join(part for part in [card["title"], card["status"], *card["lines"], *facts] if part)


def items(message: Message) -> list[dict[str, Any]]:
    """Its buttons and menus."""
    return [item for row in message["card"]["rows"] for item in row]


def labels(message: Message) -> list[str]:
    """What stands on its buttons and menus."""
    return [str(item["label"]) for item in items(message)]


@dataclass
class Person:
    """Somebody at the page. `moderator`: their switch; `roles`: words, as typed there."""

    town: Town
    name: str
    moderator: bool = False
    roles: str = ""

    @property
    def key(self) -> str:
        """As the bot knows them."""
        return f"playground:{self.name.lower()}"

    async def says(self, text: str, channel: str = "playground", *, image: bytes | None = None, **options: str) -> Reply:
        """A command line; the answer."""
        files = {"image": ("mine.png", image)} if image else {}
        return await self._post("command", {"text": text, "channel": channel, "options": json.dumps(options)}, files)

    async def asks(self, text: str, channel: str = "playground") -> Message:
        """A command line that is answered privately; the message."""
        reply = await self.says(text, channel)
        assert reply["kind"] == "private", reply
        return dict(reply["message"])

    async def refused(self, reply: Reply, *parts: str) -> Message:
        """The answer was a private no that says this."""
        assert (reply["kind"], reply.get("refused")) == ("private", True), reply
        assert all(part in words(reply["message"]) for part in parts), words(reply["message"])
        return dict(reply["message"])

    async def press(self, message: Message, label: str, value: str = "") -> Reply:
        """A button or a menu by what stands on it."""
        found = [item["control"] for item in items(message) if item["label"] == label]
        assert len(found) == 1, (label, labels(message))
        return await self.control(message, found[0], value)

    async def control(self, message: Message, control: str, value: str = "") -> Reply:
        """A control by its string, as the page's own menu of a result sends it."""
        sent = {"control": control, "value": value, "message_id": message["id"], "channel": message["channel"]}
        return await self._post("press", sent)

    async def turns(self, message: Message, label: str, value: str = "") -> Message:
        """A button of a page that changes that very page."""
        reply = await self.press(message, label, value)
        assert reply["kind"] == "update", reply
        return dict(reply["message"])

    async def fills(self, message: Message, opened: Reply, /, **values: str) -> Reply:
        """Send the form that a press opened; what is not named stays as it was."""
        assert opened["kind"] == "form", opened
        form = opened["form"]
        assert set(values) <= {field["name"] for field in form["fields"]}
        typed = {field["name"]: field["value"] for field in form["fields"] if field["kind"] != "file"} | values
        sent = {f"value.{name}": value for name, value in typed.items()}
        where = {"control": form["control"], "message_id": message["id"], "channel": message["channel"]}
        return await self._post("form", sent | where)

    async def sets(self, section: str, **values: str) -> Message:
        """A section of the settings, by its menu and form; the page afterwards."""
        page = await self.turns(await self.asks("/imagine-admin settings"), "Change a setting", section)
        reply = await self.fills(page, await self.press(page, "Change"), **values)
        assert reply["kind"] == "update", words(reply.get("message"))
        return dict(reply["message"])

    async def reads(self, channel: str = "playground") -> list[Message]:
        """The messages that they see in a channel."""
        where = {"before": "", "channel": channel, "user": self.name, "moderator": "1" if self.moderator else ""}
        answer = await self.town.client.get("/api/messages", params=where)
        return list(answer.json()["messages"])

    async def sees(self, *parts: str, channel: str = "playground", title: str = "", private: bool | None = None) -> Message:
        """Wait for the newest message of a channel that says all this, and has that title if one is given."""

        async def found() -> Message | None:
            for message in reversed(await self.reads(channel)):
                known = title in ("", message["card"]["title"]) and private in (None, message["private"])
                if known and all(part in words(message) for part in parts):
                    return message
            return None

        try:
            return await eventually(found, WITHIN) or {}
        except TimeoutError:
            raise AssertionError((title, parts, [words(one) for one in await self.reads(channel)])) from None

    async def picture(self, message: Message, key: str = "") -> httpx.Response:
        """The bytes of its first picture or file as their browser fetches them."""
        card = message["card"]
        key = key or (card["pictures"][0]["picture"]["key"] if card["pictures"] else card["files"][0]["key"])
        where = {"message": message["id"], "user": self.name, "moderator": "1" if self.moderator else ""}
        return await self.town.client.get(f"/pictures/{key}", params=where)

    async def draws(self, text: str = "/imagine a quiet sea") -> Message:
        """A command that becomes a job, and its message with the pictures."""
        return await self.town.drawn(await self.says(text))

    async def used(self) -> int:
        """Pictures of today."""
        return (await self.town.bot.store.standing(self.key, self.town.bot.house.clock())).used

    async def _post(self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> Reply:
        who = {"user": self.name, "moderator": "1" if self.moderator else "", "roles": self.roles, "key": new_id()}
        parts: dict[str, Any] = {name: (None, value) for name, value in (who | fields).items()}
        answer = await self.town.client.post(f"/api/{path}", files=parts | (files or {}))
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return dict(answer.json())


@dataclass
class Town:
    """A bot with its playground. Kim and Sasha are members; Robin and Max have the switch on."""

    bot: Bot
    client: httpx.AsyncClient

    def __post_init__(self) -> None:
        self.robin, self.max = Person(self, "Robin", moderator=True), Person(self, "Max", moderator=True)
        self.kim, self.sasha = Person(self, "Kim"), Person(self, "Sasha")

    async def message(self, reply: Reply, tone: str, *parts: str, pictures: bool = False) -> Message:
        """The public message of an accepted job, once it has come so far."""
        assert reply["kind"] == "placeholder", words(reply.get("message"))

        async def there() -> Message | None:
            for message in await self.sasha.reads():
                far = message["card"]["tone"] == tone and (not pictures or message["card"]["pictures"])
                if message["id"] == reply["message_id"] and far and all(part in words(message) for part in parts):
                    return message
            return None

        try:
            return await eventually(there, WITHIN) or {}
        except TimeoutError:
            raise AssertionError((tone, parts, [words(one) for one in await self.sasha.reads()])) from None

    async def drawn(self, reply: Reply) -> Message:
        """A result with its pictures, which the books know as delivered (a moment after it stands there)."""

        async def told() -> bool:
            job = await self.bot.store.job(reply["message_id"])
            return job is not None and job.state is JobState.DELIVERED and job.told

        message = await self.message(reply, "done", pictures=True)
        await eventually(told, WITHIN)
        return message

    async def gone(self, message: Message, key: str) -> None:
        """Wait until a message is away, and its picture from the store as well."""

        async def away() -> bool:
            stands = any(one["id"] == message["id"] for one in await self.sasha.reads())
            return not stands and not (self.bot.settings.imagine_data_dir / "pictures" / key).exists()

        await eventually(away, WITHIN)

    async def entries(self, *whats: What) -> list[Entry]:
        """Of the audit log, newest first."""
        found = await self.bot.house.policy.entries(KEY, limit=500)
        return [entry for entry in found if not whats or entry.what in whats]


@asynccontextmanager
async def town(folder: Path, settings: dict[str, str] | None = None, **options: Any) -> AsyncIterator[Town]:
    """Run the bot with quick small pictures; the same folder again is a restart."""
    easel = Easel()
    easel.finish()
    given: dict[str, Any] = {"prepare": prompt_notices, "more": [easel]} | options
    async with (
        running_bot(folder, SETTINGS | (settings or {}), **given) as bot,
        httpx.AsyncClient(base_url=bot.url, headers={"x-playground": "1"}, timeout=30) as client,
    ):
        yield Town(bot, client)
