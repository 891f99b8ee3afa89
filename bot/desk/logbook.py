"""The audit log in the chat: entries as Cards for the log channel, and `/imagine-admin log`."""

from __future__ import annotations

from bot.desk import person_card
from bot.desk.log_line import line_of
from bot.desk.moderating import DELETE
from bot.desk.moderator import ELSEWHERE, turned_away
from bot.desk.who import alias_of, link_to
from bot.jobs.asks import Answer, Command, Press, Private, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.mentions import clipped, spoken
from bot.jobs.model import Job
from bot.jobs.surface import Button, Card, Choice, Menu, Style, Tone
from bot.policy.records import Entry, What
from bot.texts import desk as texts

NAME = "log"
"""The page's name in `i1:admin:log_<anchor>:<page>`; the menu that opens an entry is `i1:admin:log:0`, and so
is the button that opens the page."""
LINES = 20
LINE_LONGEST = 180
PAGES = 99
BAD = frozenset({What.REFUSED, What.FLAGGED, What.REJECTED, What.REPORTED, What.HIDDEN, What.BLOCKED, What.STOPPED,
                 What.MODERATION_DOWN, What.BUDGET, What.DELETED})  # fmt: skip


async def page(house: House, asked: Command) -> Answer:
    """`/imagine-admin log`."""
    refused = await turned_away(house, asked.ask)
    return refused or Private(await _page(house, asked.ask.place.community, 0, 0))


async def press(house: House, asked: Press, control: Control) -> Answer:
    """The page, older, newer, or one entry of the menu."""
    refused = await turned_away(house, asked.ask)
    if refused:
        return refused
    key, anchor = asked.ask.place.community, control.job.removeprefix(NAME).removeprefix("_")
    if anchor:
        return Update(await _page(house, key, int(anchor) if anchor.isdigit() else 0, control.index))
    if not asked.value:
        return Private(await _page(house, key, 0, 0))
    number = asked.value if asked.value.isascii() and asked.value.isdigit() and len(asked.value) < 19 else "0"
    entry = await house.policy.entry(int(number))
    if entry is None or entry.community != key:
        return say(texts.NO_ENTRY)
    return Private(await entry_card(house, entry, private=True))


async def entry_card(house: House, entry: Entry, *, private: bool = False) -> Card:
    """One entry with what a moderator may want to do about it, one click each."""
    job = await house.store.job(entry.job_id) if entry.job_id else None
    return Card(
        Tone.FAILED if entry.what in BAD else Tone.DONE,
        status=await line_of(house, entry),
        rows=await _actions(house, entry, job),
        links=link_to(job) if job else (),
        private=private,
    )


async def _actions(house: House, entry: Entry, job: Job | None) -> tuple[tuple[Button, ...], ...]:
    row: list[Button] = []
    if job and not job.deleted:
        row.append(Button(str(Control("moderate", job.id)), texts.RESULT))
        row.append(Button(str(Control("moderate", job.id, ELSEWHERE + DELETE)), texts.DELETE, Style.DANGER))
    alias = await alias_of(house, entry.subject)
    row += person_card.shortcuts(alias)[:3] if alias else ()
    return (tuple(row),) if row else ()


async def _page(house: House, key: str, anchor: int, number: int) -> Card:
    """Pages are counted back from `anchor`, the entry after the newest one when the page was opened; 0: from now."""
    found = await house.policy.entries(key, before=anchor, limit=LINES * (number + 1) + 1)
    shown = found[LINES * number : LINES * (number + 1)]
    if not found:
        return Card(Tone.DONE, texts.LOG_TITLE, lines=(texts.NO_ENTRIES,), private=True)
    anchor = anchor or found[0].id + 1
    older = len(found) > LINES * (number + 1) and number + 1 < PAGES
    buttons = _turn(anchor, number - 1, texts.NEWER, there=number > 0) + _turn(anchor, number + 1, texts.OLDER, there=older)
    choices = tuple(Choice(str(one.id), texts.entry_choice(one.what, spoken(one.text), one.at)) for one in shown)
    menu = (Menu(str(Control("admin", NAME)), texts.ACT, choices),) if choices else ()
    lines = tuple([clipped(await line_of(house, one), LINE_LONGEST) for one in shown])
    return Card(Tone.DONE, texts.LOG_TITLE, lines=lines, rows=tuple(row for row in (menu, buttons) if row), private=True)


def _turn(anchor: int, number: int, label: str, *, there: bool) -> tuple[Button, ...]:
    return (Button(str(Control("admin", f"{NAME}_{anchor}", number)), label),) if there else ()
