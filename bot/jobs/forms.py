"""The dialogs: a new prompt, remix, the suffix."""

from __future__ import annotations

from bot.jobs.catalog import PROMPT_LONGEST
from bot.jobs.controls import Control
from bot.jobs.model import Action, Job
from bot.jobs.surface import Choice, Field, FieldKind, Form
from bot.texts import pages

FORM_LONGEST = min(PROMPT_LONGEST, 3000)
"""Slack's longest text input; Discord's takes 4,000."""


def imagine() -> Form:
    """A prompt and a picture to start from."""
    prompt = Field("prompt", pages.PROMPT, FieldKind.LONG_TEXT, hint=pages.PROMPT_HINT, required=True, longest=FORM_LONGEST)
    return Form(
        str(Control("imagine")), pages.IMAGINE_FORM, (prompt, Field("image", pages.FILE, FieldKind.FILE)), pages.DRAW
    )


def remix(job: Job) -> Form:
    """The old prompt to edit, and what to start from."""
    text = job.request.prompt[:FORM_LONGEST]
    hint = pages.PROMPT_CUT if len(job.request.prompt) > FORM_LONGEST else ""
    prompt = Field("prompt", pages.PROMPT, FieldKind.LONG_TEXT, text, hint, required=True, longest=FORM_LONGEST)
    choices = [Choice("0", pages.REMIX_NOTHING)]
    if job.action is not Action.UPSCALE:
        choices += [Choice(str(n), f"{pages.REMIX_PICTURE} {n}") for n in range(1, len(job.pictures) + 1)]
    base = Field("base", pages.REMIX_BASE, FieldKind.CHOICE, value="0", choices=tuple(choices))
    return Form(str(Control("remix", job.id)), pages.REMIX_FORM, (prompt, base), pages.DRAW)


def suffix(value: str) -> Form:
    """Words and parameters behind every prompt."""
    field = Field("suffix", pages.SETTING_LABELS["suffix"], FieldKind.LONG_TEXT, value, pages.SUFFIX_HINT, longest=500)
    return Form(str(Control("setting", "suffix")), pages.SUFFIX_FORM, (field,), pages.SAVE)
