"""The tiers' page: list, add or change by a Form, remove by a menu. A role has one tier."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.desk.admin.asker import Asker
from bot.desk.admin.changing import mark
from bot.desk.admin.kinds import Ids, Whole
from bot.desk.admin.pages import back, control
from bot.jobs.asks import Answer, OpenForm, Update
from bot.jobs.clean import clean
from bot.jobs.entry import say
from bot.jobs.surface import Button, Card, Choice, Field, FieldKind, Form, Menu, Style, Tone
from bot.policy.community import Tier
from bot.policy.records import What
from bot.texts import admin as texts

MOST = 25
JOBS_MOST = 100
NAME_LONGEST = 40
DAILY, MONTHLY = Whole(100_000, "pictures"), Whole(1_000_000, "pictures")
ROLE = Ids(FieldKind.ROLE, 1)
_JOBS = re.compile(r"([0-9]{1,3})[\s,;/]+([0-9]{1,3})")


def page(asker: Asker, lines: Sequence[str] = ()) -> Card:
    """All tiers."""
    tiers = asker.community.tiers
    facts = tuple((f"{tier.name} ({ROLE.show(tier.role)})", limits(tier)) for tier in tiers)
    choices = tuple(Choice(tier.role, tier.name) for tier in tiers)
    menus: tuple[tuple[Menu, ...], ...] = ()
    if choices:
        menus = (
            (Menu(control("tier_change"), texts.TIER_MENU, choices),),
            (Menu(control("tier_remove"), texts.TIER_REMOVE, choices),),
        )
    buttons = (Button(control("tier_add"), texts.TIER_ADD, Style.PRIMARY), back())
    lines = (texts.TIERS_HELP, *lines)
    return Card(Tone.DONE, title=texts.TIERS_TITLE, lines=lines, facts=facts, rows=(*menus, buttons), private=True)


def limits(tier: Tier) -> str:
    """In words."""
    return texts.tier(tier.daily, tier.monthly, tier.running, tier.waiting)


def form(tier: Tier | None = None) -> OpenForm:
    """A new one, or one to change."""
    page = f"tier_add_{mark(tier)}" if tier else "tier_add"
    tier = tier or Tier("", "")
    jobs = f"{tier.running} {tier.waiting}" if tier.running or tier.waiting else ""
    fields = (
        Field("name", texts.TIER_NAME, value=tier.name, required=True, longest=NAME_LONGEST),
        replace(ROLE.field("role", texts.TIER_ROLE, tier.role, ()), hint=texts.TIER_ROLE_HINT, required=True),
        DAILY.field("daily", texts.TIER_DAILY, tier.daily, ()),
        MONTHLY.field("monthly", texts.TIER_MONTHLY, tier.monthly, ()),
        Field("jobs", texts.TIER_JOBS, value=jobs, hint=texts.TIER_JOBS_HINT, longest=12),
    )
    return OpenForm(Form(control(page), texts.TIER_ADD, fields, texts.SAVE))


def change(asker: Asker, role: str) -> Answer:
    """A tier was chosen to be changed."""
    tier = _of_role(asker, role)
    return form(tier) if tier else say(texts.TIER_GONE)


async def put(asker: Asker, typed: Mapping[str, str], filled: str = "") -> Answer:
    """Add, or replace the tier of the same role where it stands.

    `filled`: the mark of the tier that the Form was filled with; it may have been changed or removed since.
    """
    if filled and filled not in map(mark, asker.community.tiers):
        return Update(page(asker, (texts.CHANGED_MEANWHILE,)))
    try:
        tier = read(typed)
    except ValueError as error:
        return say(str(error))
    old = _of_role(asker, tier.role)
    tiers = asker.community.tiers
    after = tuple(tier if one == old else one for one in tiers) if old else (*tiers, tier)
    if len(after) > MOST:
        return say(texts.TIERS_FULL)
    line = texts.tier_saved(tier.name, limits(old) if old else "", limits(tier))
    return await _save(asker, after, line)


async def remove(asker: Asker, role: str) -> Answer:
    """A tier was chosen to be removed."""
    tier = _of_role(asker, role)
    if tier is None:
        return say(texts.TIER_GONE)
    line = texts.tier_saved(tier.name, limits(tier), "")
    return await _save(asker, tuple(one for one in asker.community.tiers if one != tier), line)


def read(typed: Mapping[str, str]) -> Tier:
    """From the Form. Raises ValueError with one sentence."""
    role = ROLE.read(texts.TIER_ROLE, typed.get("role", ""), ())
    if not isinstance(role, str) or not role:
        raise ValueError(texts.TIER_ROLE_NEEDED)
    running, waiting = _jobs(typed.get("jobs", "").strip())
    daily = DAILY.read(texts.TIER_DAILY, typed.get("daily", ""), ())
    monthly = MONTHLY.read(texts.TIER_MONTHLY, typed.get("monthly", ""), ())
    if monthly and daily > monthly:
        raise ValueError(texts.DAY_OVER_MONTH)
    name = clean(typed.get("name", ""))[:NAME_LONGEST].strip() or role
    return Tier(name, role, daily, monthly, running, waiting)


def _jobs(typed: str) -> tuple[int, int]:
    match = _JOBS.fullmatch(typed or "0 0")
    if match is None or max(int(match[1]), int(match[2])) > JOBS_MOST:
        raise ValueError(texts.TIER_JOBS_BAD)
    return int(match[1]), int(match[2])


def _of_role(asker: Asker, role: str) -> Tier | None:
    return next((tier for tier in asker.community.tiers if tier.role == role), None)


async def _save(asker: Asker, tiers: tuple[Tier, ...], line: str) -> Answer:
    saved = await asker.save(replace(asker.community, tiers=tiers), What.SETTING, line)
    return Update(page(saved, (line,)) if saved else page(await asker.again(), (texts.CHANGED_MEANWHILE,)))
