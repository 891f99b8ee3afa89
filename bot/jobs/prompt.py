"""A prompt as typed, with the command's options and the person's own defaults, into what is to be drawn.

What was typed wins over the command's options, these over the suffix of the settings, that over the other defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.jobs import styles
from bot.jobs.catalog import PROMPT_LONGEST
from bot.jobs.clean import clean
from bot.jobs.parameters import BY_FIELD, Parameter, PromptError, Value, nearest, read_value
from bot.jobs.ports import UserSettings
from bot.jobs.split import Typed, split
from bot.policy.records import HouseStyle
from bot.texts import prompt as texts
from providers.base import Params

__all__ = ["Parsed", "PromptError", "parse", "read_suffix"]

LINK = re.compile(
    r"\s*(?:<(?P<marked>https?://[^\s<>|]+)(?:\|[^<>]*)?>|(?P<bare>https?://[^\s<>|]+))(?=[\s,]|$),?", re.IGNORECASE
)
"""A picture's address in front of the text: bare, or as Slack and careful people mark it."""
Given = dict[str, tuple[Parameter, str, Value]]
"""By group of parameters: which one, its name as shown, its value."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`prompt` as typed (shown to people), `text` for the provider, `images` the addresses in front (also in `params`)."""

    prompt: str
    text: str
    params: Params
    images: tuple[str, ...] = ()


def parse(
    text: str,
    options: Mapping[str, str],
    defaults: UserSettings,
    *,
    has_image: bool = False,
    own: Sequence[HouseStyle] = (),
) -> Parsed:
    """Read a prompt. `options` go by field names of Params; `has_image`: a picture was attached, so no text is needed.

    `own`: the community's styles, whose parameters stand behind all others.
    Raises PromptError with one sentence for the person who typed it.
    """
    prompt = clean(text)
    if len(prompt) > PROMPT_LONGEST:
        raise PromptError(texts.too_long(len(prompt), PROMPT_LONGEST))
    prose, typed = split(prompt)
    given = _collect(typed)
    images, prose = _images(prose)
    if not (prose or images or has_image):
        raise PromptError(texts.EMPTY)
    suffix, suffixed = _suffix(defaults)
    for layer in (_options(options), suffixed, _defaults(defaults)):
        given = layer | given
    style = _style(given, own, default=defaults.style)
    if style is not None:
        given = _collect(split(clean(style.parameters))[1]) | given
    params = _params(given.values(), images)
    words = " ".join(filter(None, (prose, suffix)))
    drawn = styles.in_house(words, style) if style is not None else styles.styled(words, params.style)
    return Parsed(prompt, drawn, params, images)


def _style(given: Given, own: Sequence[HouseStyle], *, default: str) -> HouseStyle | None:
    """The community's style that was asked for, if it is one of its own. `default`: the one of the person's settings."""
    if "style" not in given:
        return None
    _, shown, value = given["style"]
    style = next((one for one in own if one.name == value), None)
    if style is None and value not in styles.NAMES:
        known = texts.one_of([*(one.name for one in own), *styles.NAMES])
        wrong = texts.wrong(shown, str(value), known)
        raise PromptError(texts.in_settings("style", wrong) if value == default else wrong)
    return style


def _collect(typed: Iterable[Typed]) -> Given:
    """Every parameter once, and none that excludes another."""
    given: Given = {}
    for one in typed:
        if before := given.get(one.parameter.group):
            same = before[0] is one.parameter
            raise PromptError(texts.twice(one.shown) if same else texts.contradiction(before[1], one.shown))
        given[one.parameter.group] = (one.parameter, one.shown, read_value(one.parameter, one.value, one.shown))
    return given


def _options(options: Mapping[str, str]) -> Given:
    """The command's options; empty ones were not given."""
    given: Given = {}
    for name, typed in options.items():
        if not (value := clean(typed)):
            continue
        if name not in BY_FIELD:
            raise PromptError(texts.unknown(name, nearest(name)))
        parameter = BY_FIELD[name]
        given[parameter.group] = (parameter, name, read_value(parameter, value, name))
    return given


def read_suffix(suffix: str) -> tuple[str, Given]:
    """Text and parameters that a person wants behind every prompt. Raises PromptError."""
    text, typed = split(clean(suffix))
    return text, _collect(typed)


def _suffix(defaults: UserSettings) -> tuple[str, Given]:
    try:
        return read_suffix(defaults.suffix)
    except PromptError as error:
        raise PromptError(texts.in_settings("suffix", error.sentence)) from error


def _defaults(defaults: UserSettings) -> Given:
    given: Given = {}
    for name in ("ratio", "style", "provider"):
        try:
            given |= _options({name: getattr(defaults, name)})
        except PromptError as error:
            raise PromptError(texts.in_settings(name, error.sentence)) from error
    return given


def _images(prose: str) -> tuple[tuple[str, ...], str]:
    """Addresses in front, and what follows them."""
    images: list[str] = []
    at = 0
    while match := LINK.match(prose, at):
        images.append((match["marked"] or match["bare"]).rstrip(","))
        at = match.end()
    return tuple(images), prose[at:].strip()


def _params(given: Iterable[tuple[Parameter, str, Value]], images: tuple[str, ...]) -> Params:
    fields: dict[str, Value] = {}
    for parameter, _, value in given:
        if parameter.field == "style" and value == styles.RAW:
            fields["raw"] = True
        else:
            fields[parameter.field] = value
    return Params(images=images, **fields)  # type: ignore[arg-type]  # the table's test holds names and types together
