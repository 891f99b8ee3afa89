"""One person in a moderator's hands: what they drew and used here, and block, grant, reset and limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.desk import person_forms
from bot.desk.moderator import ELSEWHERE, entry, turned_away
from bot.desk.person_card import BLOCK, GRANT, LIMITS, OPEN, RESET, UNBLOCK, card
from bot.desk.person_forms import NotUnderstood
from bot.desk.reviewing import block
from bot.jobs.asks import Answer, Ask, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.place import Actor
from bot.jobs.surface import Form
from bot.policy.records import Override, What
from bot.texts import desk as texts

Do = Callable[[House, Ask, str], Awaitable[str]]


async def page(house: House, asked: Command) -> Answer:
    """`/imagine-admin user`."""
    refused = await turned_away(house, asked.ask)
    if refused:
        return refused
    user_id, actor = asked.options.get("user", "").strip(), asked.ask.actor
    if not user_id or ":" in user_id:
        return say(texts.no_user(house.names.on(actor.platform, "imagine-admin", "user")))
    user_key = Actor(actor.platform, user_id, "", actor.team_id).key
    return Private(await card(house, asked.ask.place.community, user_key))


async def press(house: House, asked: Press, control: Control) -> Answer:
    """Show them, do what needs no words, or ask for the words."""
    user_key = await _person(house, asked.ask, control)
    if isinstance(user_key, Private):
        return user_key
    act, key = control.index % ELSEWHERE, asked.ask.place.community
    if act == OPEN:
        return Private(await card(house, key, user_key))
    if act in TYPED:
        return OpenForm(_form(control, act, await house.policy.override_of(key, user_key)))
    if act not in DEEDS:
        return say(texts.OLD_BUTTON)
    return await _shown(house, asked.ask, control, user_key, await DEEDS[act](house, asked.ask, user_key))


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """What was typed is done, and their page shows it."""
    user_key = await _person(house, asked.ask, control)
    if isinstance(user_key, Private):
        return user_key
    act = control.index % ELSEWHERE
    if act not in TYPED:
        return say(texts.OLD_BUTTON)
    try:
        said = await TYPED[act](house, asked, user_key)
    except NotUnderstood as error:
        return say(str(error))
    return await _shown(house, asked.ask, control, user_key, said)


async def _person(house: House, ask: Ask, control: Control) -> str | Private:
    """The user key behind an alias, for a moderator; only of people on this platform."""
    refused = await turned_away(house, ask)
    if refused:
        return refused
    user_key = await house.policy.user_of(control.job)
    return user_key if user_key and user_key.startswith(f"{ask.place.platform}:") else say(texts.NO_PERSON)


def _form(control: Control, act: int, override: Override) -> Form:
    if act == BLOCK:
        return person_forms.block(control)
    return person_forms.grant(control) if act == GRANT else person_forms.limits(control, override)


async def _shown(house: House, ask: Ask, control: Control, user_key: str, said: str) -> Answer:
    house.noticed.set()
    shown = await card(house, ask.place.community, user_key, said)
    return Private(shown) if control.index >= ELSEWHERE else Update(shown)


async def _unblock(house: House, ask: Ask, user_key: str) -> str:
    lifted = await house.policy.lift_block(ask.place.community, user_key, entry(ask, What.UNBLOCKED, subject=user_key))
    return texts.LIFTED if lifted else texts.WAS_NOT_BLOCKED


async def _reset(house: House, ask: Ask, user_key: str) -> str:
    made = entry(ask, What.RESET, texts.RESET_TEXT, subject=user_key)
    return texts.reset(await house.policy.reset(ask.place.community, user_key, made, house.clock()))


async def _block(house: House, asked: Submission, user_key: str) -> str:
    blocking = person_forms.read_block(asked)
    await block(house, asked.ask, user_key, blocking)
    return texts.blocked(blocking.hours, blocking.reason)


async def _grant(house: House, asked: Submission, user_key: str) -> str:
    units = person_forms.read_grant(asked)
    made = entry(asked.ask, What.GRANTED, texts.granted(units), subject=user_key)
    await house.policy.grant(asked.ask.place.community, user_key, units, made, house.clock())
    return texts.granted(units)


async def _limit(house: House, asked: Submission, user_key: str) -> str:
    override = person_forms.read_limits(asked)
    made = entry(asked.ask, What.LIMITED, texts.limits(override.daily, override.monthly), subject=user_key)
    await house.policy.put_override(asked.ask.place.community, user_key, override, made)
    return texts.UNLIMITED if override == Override() else texts.LIMITED


DEEDS: dict[int, Do] = {UNBLOCK: _unblock, RESET: _reset}
TYPED: dict[int, Callable[[House, Submission, str], Awaitable[str]]] = {BLOCK: _block, GRANT: _grant, LIMITS: _limit}
