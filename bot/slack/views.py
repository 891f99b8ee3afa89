"""Modals that come back."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Submission
from bot.jobs.core import Core
from bot.slack.actions import ANY, OURS, dead_work
from bot.slack.api import Json
from bot.slack.convert import from_view
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged
from bot.slack.meta import Meta, read_meta
from bot.slack.modal import read_state


async def submit_work(core: Core, ask: Ask, view: Json, meta: Meta, intake: Intake) -> Answer:
    """A file chosen in the modal wins over the one that a message shortcut brought."""
    values, found = read_state(view)
    if meta.file_id and meta.file_field not in found:
        found[meta.file_field] = {"id": meta.file_id, "name": meta.file_name, "size": meta.file_size}
    files = {name: intake.files.attachment(file, ask.place.community_id) for name, file in found.items()}
    return await core.submit(Submission(ask, view["callback_id"], values, files))


def register(app: AsyncApp, intake: Intake) -> None:
    """The acknowledgement closes the modal."""

    def take_submission(body: dict[str, Any]) -> None:
        view = body["view"]
        meta = read_meta(view.get("private_metadata") or "")
        intake.take(from_view(body, meta), partial(submit_work, view=view, meta=meta, intake=intake))

    def take_dead(body: dict[str, Any]) -> None:
        view = body["view"]
        intake.take(from_view(body, read_meta(view.get("private_metadata") or "")), dead_work)

    app.view_submission(OURS)(acknowledged(take_submission))
    app.view_submission(ANY)(acknowledged(take_dead))
