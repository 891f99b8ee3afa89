"""The page's requests: each converts, calls one use case and answers with JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from bot.jobs.asks import Imagine, Press, Private, Quiet, Submission
from bot.jobs.core import Core
from bot.jobs.place import Place, Platform
from bot.playground.answers import Answers
from bot.playground.board import Board
from bot.playground.channels import CHANNEL
from bot.playground.commands import CommandError, read_command
from bot.playground.intake import Intake, read_intake
from bot.texts import playground as texts

PLACE = Place(Platform.PLAYGROUND, CHANNEL, CHANNEL)


class Door:
    """Whether asks are taken now: closed before the start and from the stop on."""

    def __init__(self) -> None:
        """Closed: no core yet."""
        self._core: Core | None = None
        self.stopping = False

    def open(self, core: Core) -> None:
        """Asks go to this core from now on."""
        self._core = core

    @property
    def is_open(self) -> bool:
        """Whether asks are taken."""
        return self._core is not None and not self.stopping

    def core(self) -> Core:
        """The core; raises HTTPException 503 while the door is closed."""
        if self.stopping or self._core is None:
            raise HTTPException(503, texts.STOPPING if self.stopping else texts.STARTING)
        return self._core


class Api:
    """Commands, presses, Forms, suggestions, dismissals and a moderator's arrival."""

    def __init__(self, board: Board, door: Door) -> None:
        """`door` leads to the core."""
        self._board = board
        self._door = door
        self._answers = Answers(board)
        self.router = APIRouter(prefix="/api")
        self.router.add_api_route("/command", self.command, methods=["POST"])
        self.router.add_api_route("/press", self.press, methods=["POST"])
        self.router.add_api_route("/form", self.form, methods=["POST"])
        self.router.add_api_route("/dismiss", self.dismiss, methods=["POST"])
        self.router.add_api_route("/joined", self.joined, methods=["POST"])
        self.router.add_api_route("/suggest", self.suggest, methods=["GET"])

    async def command(self, request: Request) -> JSONResponse:
        """`text` (the command line), `options` (JSON), `image` (a file)."""
        core, intake = self._door.core(), await read_intake(request)
        line = intake.texts.get("text", "")
        try:
            asked = read_command(intake.ask, line, intake.options(), intake.files.get("image"))
        except CommandError as hint:
            return await self._answers.hint(intake.ask, str(hint))
        answer = await (core.imagine(asked) if isinstance(asked, Imagine) else core.command(asked))
        return await self._answers.reply(intake.ask, answer)

    async def press(self, request: Request) -> JSONResponse:
        """`control`, `value` (of a menu), `message_id` (where it stands)."""
        core, intake = self._door.core(), await read_intake(request)
        message_id = intake.texts.get("message_id", "")
        await self._must_see(intake, message_id)
        control, value = intake.texts.get("control", ""), intake.texts.get("value", "")
        answer = await core.press(Press(intake.ask, control, value, message_id))
        return await self._answers.reply(intake.ask, answer, message_id)

    async def form(self, request: Request) -> JSONResponse:
        """`control`, `value.<field>`, files `file.<field>`, `message_id` (whose press opened the Form)."""
        core, intake = self._door.core(), await read_intake(request)
        files = {name.removeprefix("file."): file for name, file in intake.files.items()}
        control = intake.texts.get("control", "")
        answer = await core.submit(Submission(intake.ask, control, intake.named("value."), files))
        return await self._answers.reply(intake.ask, answer, intake.texts.get("message_id", ""))

    async def dismiss(self, request: Request) -> JSONResponse:
        """Take one of one's own private messages (`message_id`) away."""
        intake = await read_intake(request)
        message_id = intake.texts.get("message_id", "")
        message = await self._board.store.get(message_id)
        if message is None or message.private_to != intake.ask.actor.user_id:
            raise HTTPException(404, texts.NO_MESSAGE)
        await self._board.remove(message_id)
        return JSONResponse({"kind": "quiet"})

    async def joined(self, request: Request) -> JSONResponse:
        """A moderator opened the page: the set-up guide, which the core hands out once."""
        core, intake = self._door.core(), await read_intake(request)
        who, place = intake.ask.actor, intake.ask.place
        card = await core.joined(place, who.user_id) if who.moderator else None
        return await self._answers.reply(intake.ask, Private(card) if card else Quiet())

    async def suggest(self, option: str, typed: str = "") -> list[dict[str, Any]]:
        """Entries for an option while one types."""
        choices = await self._door.core().suggest(option, typed, PLACE)
        return [{"value": choice.value, "label": choice.label} for choice in choices]

    async def _must_see(self, intake: Intake, message_id: str) -> None:
        """Nobody presses on a message that they cannot see."""
        message = await self._board.store.get(message_id)
        who = intake.ask.actor
        if message is None or not message.seen_by(who.user_id, moderator=who.moderator):
            raise HTTPException(404, texts.NO_MESSAGE)
