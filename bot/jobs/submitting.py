"""The Forms of the core that come back: a new prompt, a remix, the suffix of the settings."""

from __future__ import annotations

from bot.jobs import actions, personal
from bot.jobs.asks import Answer, Imagine, Submission
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.imagine import imagine
from bot.jobs.why import Why
from bot.texts import answers, prompt


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """By what the Form's control says; checked against the job row and the place."""
    if control.action == "setting":
        return await personal.suffix(house, asked)
    wish = Imagine(asked.ask, asked.values.get("prompt", ""), image=asked.files.get("image"))
    if not (wish.text.strip() or wish.image):
        return say(prompt.EMPTY, why=Why.PROMPT)
    if control.action == "imagine":
        return await imagine(house, wish)
    return await _remix(house, wish, asked, control)


async def _remix(house: House, wish: Imagine, asked: Submission, control: Control) -> Answer:
    parent = await actions.job_here(house, asked.ask, control.job)
    if parent is None or control.action != "remix":
        return say(answers.UNKNOWN_JOB)
    if parent.deleted:
        return say(answers.DELETED)
    if parent.hidden:
        return say(answers.HIDDEN)
    base = asked.values.get("base", "0")
    index = int(base) if base.isascii() and base.isdigit() and int(base) <= len(parent.pictures) else 0
    return await imagine(house, wish, parent, index)
