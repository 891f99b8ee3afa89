"""A style as moderators fill it in: the Form, what may stand in it, and its preview picture."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bot.errors import ImagineError
from bot.jobs.asks import Attachment
from bot.jobs.clean import clean
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.ports import UserSettings
from bot.jobs.prompt import PromptError, parse
from bot.jobs.split import split
from bot.jobs.styles import RAW, read_style
from bot.jobs.surface import Field, FieldKind, Form
from bot.policy.records import HouseStyle
from bot.texts import styles as texts

LONGEST = {"prefix": 500, "suffix": 500, "parameters": 300}
LABELS = {"prefix": texts.PREFIX, "suffix": texts.SUFFIX, "parameters": texts.PARAMETERS}
NAME_LONGEST = 32
PREVIEW_BYTES = 8 * 2**20
PERSONAL = frozenset({"style", "provider"})
"""Parameters that no style may bring: a style in a style, and who draws."""


class BadStyle(ImagineError):
    """A style that cannot be kept; its text is one sentence for the moderator."""


def form(name: str, style: HouseStyle | None) -> Form:
    """Empty, or filled with the style as it stands."""
    old = style or HouseStyle(name)
    return Form(
        str(Control("style", "add")),
        texts.ADD_TITLE,
        (
            Field("name", texts.NAME, value=old.name, hint=texts.NAME_HINT, required=True, longest=NAME_LONGEST),
            Field("prefix", texts.PREFIX, FieldKind.LONG_TEXT, old.prefix, longest=LONGEST["prefix"]),
            Field("suffix", texts.SUFFIX, FieldKind.LONG_TEXT, old.suffix, texts.SUFFIX_HINT, longest=LONGEST["suffix"]),
            Field("parameters", texts.PARAMETERS, FieldKind.TEXT, old.parameters, texts.PARAMETERS_HINT,
                  longest=LONGEST["parameters"]),
            Field("preview", texts.PREVIEW, FieldKind.FILE),
        ),
        texts.SAVE,
    )  # fmt: skip


def read_name(typed: str) -> str:
    """The name as it is kept. Raises BadStyle."""
    name = read_style(typed)
    if name is None:
        raise BadStyle(texts.BAD_NAME)
    if name == RAW:
        raise BadStyle(texts.RESERVED)
    return name


def filled(style: HouseStyle, values: Mapping[str, str]) -> HouseStyle:
    """The style with these fields, those not given as they were. Raises BadStyle."""
    given = {name: clean(values[name]) for name in LONGEST if name in values}
    style = replace(style, **given)
    for name, most in LONGEST.items():
        if len(getattr(style, name)) > most:
            raise BadStyle(texts.too_long(LABELS[name], most))
    if not (style.prefix or style.suffix or style.parameters):
        raise BadStyle(texts.NOTHING)
    _check(style.parameters)
    return style


def _check(parameters: str) -> None:
    """As the parser will read them behind a prompt, so that nobody's prompt fails for the style."""
    try:
        words, typed = split(parameters)
        parse(f"a prompt {parameters}", {}, UserSettings())
    except PromptError as error:
        raise BadStyle(error.sentence) from error
    if words:
        raise BadStyle(texts.NO_WORDS)
    if any(one.parameter.field in PERSONAL for one in typed):
        raise BadStyle(texts.TAKEN_OUT)


async def with_preview(house: House, community: str, style: HouseStyle, preview: Attachment | None) -> HouseStyle:
    """The style with its picture checked and kept. Raises BadStyle, and BadPicture or BadUrl of the file."""
    if preview is None:
        return style
    if preview.size > PREVIEW_BYTES:
        raise BadStyle(texts.preview_too_large(PREVIEW_BYTES))
    checked = await house.imaging.check(await preview.read())
    key = f"styles/{hashlib.sha256(community.encode()).hexdigest()[:32]}/{style.name}"
    await house.pictures.put(key, checked.data, checked.mime)
    return replace(style, preview=key, preview_mime=checked.mime)
