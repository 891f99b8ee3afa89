"""What comes in from people, without the characters that mark mentions in Cards: nobody can type a token of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.jobs.asks import Ask, Attachment, Command, Imagine, Press, Submission
from bot.jobs.clean import clean, without_marks


def of_imagine(asked: Imagine) -> Imagine:
    """Prompt, options and names."""
    return replace(
        asked,
        ask=_ask(asked.ask),
        text=without_marks(asked.text),
        options=_texts(asked.options),
        image=asked.image and _file(asked.image),
    )


def of_command(asked: Command) -> Command:
    """Options and names."""
    return replace(asked, ask=_ask(asked.ask), options=_texts(asked.options), files=_files(asked.files))


def of_press(asked: Press) -> Press:
    """The menu's value, which a forged request may make up, and names."""
    return replace(asked, ask=_ask(asked.ask), value=without_marks(asked.value))


def of_submission(asked: Submission) -> Submission:
    """Everything typed, and names."""
    return replace(asked, ask=_ask(asked.ask), values=_texts(asked.values), files=_files(asked.files))


def _ask(ask: Ask) -> Ask:
    """A name is one line that can be seen: it stands on moderators' cards, where a line break would forge the next line."""
    return replace(ask, actor=replace(ask.actor, name=clean(ask.actor.name) or ask.actor.user_id))


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    return {name: without_marks(text) for name, text in given.items()}


def _files(given: Mapping[str, Attachment]) -> dict[str, Attachment]:
    return {name: _file(file) for name, file in given.items()}


def _file(file: Attachment) -> Attachment:
    return replace(file, name=without_marks(file.name))
