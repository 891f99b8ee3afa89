"""The rules' page: a list of 25 a page, add, remove, import and export."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot.desk.admin.asker import Asker
from bot.desk.admin.pages import back, control
from bot.desk.files import folder
from bot.jobs.asks import Answer, Attachment, OpenForm, Private, Update
from bot.jobs.clean import clean, without_marks
from bot.jobs.entry import say
from bot.jobs.surface import Button, Card, Choice, Download, Field, FieldKind, Form, Menu, Style, Tone
from bot.policy.listing import MOST, read_rules, write_rules
from bot.policy.records import Rule, RuleKind, What
from bot.policy.rules.book import REASON_LONGEST, make
from bot.texts import admin as texts
from providers.errors import BadUrl

SHOWN = 25
PAGES = 99
CUT = 80
FILE_MOST = 500_000


async def page(asker: Asker, number: int = 0, lines: Sequence[str] = ()) -> Card:
    """The rules of page `number`, from 0; the last page for a number beyond."""
    rules = await asker.house.policy.rules(asker.key)
    pages = max(1, -(-len(rules) // SHOWN))
    number = min(number, pages - 1, PAGES)
    here = rules[number * SHOWN :][:SHOWN]
    where = texts.page_of(number + 1, pages, len(rules)) if rules else texts.RULES_EMPTY
    facts = tuple((f"{rule.kind.value} {_cut(rule.pattern)}", _cut(rule.reason) or "–") for rule in here)
    rows: tuple[tuple[Button | Menu, ...], ...] = (
        *_remove(here, number),
        *_turn(number, pages),
        _buttons(export=bool(rules)),
    )
    said = (texts.RULES_HELP, *lines, where)
    return Card(Tone.DONE, title=texts.RULES_TITLE, lines=said, facts=facts, rows=rows, private=True)


def _remove(rules: Sequence[Rule], number: int) -> tuple[tuple[Menu, ...], ...]:
    choices = tuple(Choice(str(rule.id), _cut(f"{rule.kind.value} {rule.pattern}")) for rule in rules)
    return ((Menu(control("rule_remove", number), texts.RULE_REMOVE, choices),),) if choices else ()


def _turn(number: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    found = [Button(control("rules", number - 1), texts.PREVIOUS)] if number else []
    found += [Button(control("rules", number + 1), texts.NEXT)] if number + 1 < min(pages, PAGES + 1) else []
    return (tuple(found),) if found else ()


def _buttons(*, export: bool) -> tuple[Button, ...]:
    add = Button(control("rule_add"), texts.RULE_ADD, Style.PRIMARY)
    out = (Button(control("rule_export"), texts.RULE_EXPORT),) if export else ()
    return (add, Button(control("rule_import"), texts.RULE_IMPORT), *out, back())


def _cut(text: str) -> str:
    return text if len(text) <= CUT else f"{text[: CUT - 1]}…"


def add_form() -> OpenForm:
    """Several of one kind at once, with one reason."""
    kinds = tuple(Choice(kind, label) for kind, label in texts.RULE_KINDS.items())
    fields = (
        Field("kind", texts.RULE_KIND, FieldKind.CHOICE, RuleKind.WORD.value, required=True, choices=kinds),
        Field("patterns", texts.RULE_PATTERNS, FieldKind.LONG_TEXT, hint=texts.RULE_PATTERNS_HINT, required=True),
        Field("reason", texts.RULE_REASON, hint=texts.RULE_REASON_HINT, longest=REASON_LONGEST),
    )
    return OpenForm(Form(control("rule_add"), texts.RULE_ADD, fields, texts.SAVE))


def import_form() -> OpenForm:
    """A list as text, or as a file."""
    text = Field("list", texts.IMPORT_TEXT, FieldKind.LONG_TEXT, hint=texts.IMPORT_HINT)
    file = Field("file", texts.IMPORT_FILE, FieldKind.FILE, endings=("txt",))
    return OpenForm(Form(control("rule_import"), texts.RULE_IMPORT, (text, file), texts.RULE_IMPORT))


def _wrong(error: ValueError) -> Private:
    """Each bad line of a list has a sentence of its own."""
    return Private(Card(Tone.FAILED, lines=tuple(str(error).splitlines()), private=True), refused=True)


async def add(asker: Asker, typed: Mapping[str, str]) -> Answer:
    """From the Form: all of them or none."""
    try:
        return await _keep(asker, await asyncio.to_thread(_read, typed))
    except ValueError as error:
        return _wrong(error)


def _read(typed: Mapping[str, str]) -> list[Rule]:
    known = {kind.value: kind for kind in RuleKind}.get(typed.get("kind", ""))
    if known is None:
        raise ValueError(texts.one_of(texts.RULE_KIND, list(texts.RULE_KINDS)))
    lines = [line for line in typed.get("patterns", "").splitlines() if line.strip()]
    return [make(known, clean(line), clean(typed.get("reason", ""))) for line in lines]


async def take(asker: Asker, typed: Mapping[str, str], files: Mapping[str, Attachment]) -> Answer:
    """An import: the field's list and the file's, all or none."""
    try:
        text = without_marks(_whole(typed.get("list", "")) + "\n" + await _text(files.get("file")))
        return await _keep(asker, await asyncio.to_thread(read_rules, text)) if text.strip() else say(texts.IMPORT_NOTHING)
    except ValueError as error:
        return _wrong(error)


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which no store takes."""
    return text.encode("utf-8", "replace").decode()


async def _text(file: Attachment | None) -> str:
    if file is None:
        return ""
    if file.size > FILE_MOST:
        raise ValueError(texts.IMPORT_LARGE)
    try:
        data = await file.read()
    except BadUrl as error:
        raise ValueError(texts.IMPORT_LOST) from error
    if len(data) > FILE_MOST:
        raise ValueError(texts.IMPORT_LARGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(texts.IMPORT_NO_TEXT) from error


async def _keep(asker: Asker, rules: Sequence[Rule]) -> Answer:
    if not rules:
        raise ValueError(texts.RULE_NOTHING)
    here = await asker.house.policy.rules(asker.key)
    if len(here) + len(rules) > MOST:
        raise ValueError(texts.rules_full(MOST))
    entry = asker.entry(What.RULE, texts.rules_entry([_cut(f"{rule.kind.value} {rule.pattern}") for rule in rules]))
    new = await asker.house.policy.add_rules(asker.key, rules, entry)
    asker.house.noticed.set()
    return Update(await page(asker, PAGES, (texts.rules_added(new, len(rules)),)))


async def remove(asker: Asker, number: int, chosen: str) -> Answer:
    """A rule was chosen in the menu of page `number`."""
    rules = {str(rule.id): rule for rule in await asker.house.policy.rules(asker.key)}
    rule = rules.get(chosen)
    if rule is None:
        return say(texts.RULE_GONE)
    line = texts.rule_removed(rule.kind.value, _cut(rule.pattern))
    if not await asker.house.policy.remove_rule(asker.key, rule.id, asker.entry(What.RULE, line)):
        return say(texts.RULE_GONE)
    asker.house.noticed.set()
    return Update(await page(asker, number, (line,)))


async def export(asker: Asker) -> Answer:
    """All of them as a file that Import takes."""
    rules = await asker.house.policy.rules(asker.key)
    key = f"{folder(asker.key)}/rules.txt"
    await asker.house.pictures.put(key, write_rules(rules).encode(), "text/plain")
    file = Download(key, "rules.txt", "text/plain")
    lines = (texts.exported(len(rules)),)
    return Private(Card(Tone.DONE, title=texts.RULES_TITLE, lines=lines, files=(file,), private=True))
