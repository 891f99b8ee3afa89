"""Styles: a name that stands for words put behind the prompt, so that every provider can follow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.surface import Choice
from bot.policy.records import HouseStyle

RAW = "raw"
"""No style of ours: asks the provider itself for less of its own (`Params.raw`)."""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`words` follow the prompt's text after a comma."""

    name: str
    label: str
    words: str


STYLES = {
    style.name: style
    for style in (
        BuiltIn("photo", "Photograph", "photograph, natural light, sharp focus, fine detail"),
        BuiltIn("cinematic", "Film still", "cinematic film still, dramatic lighting, shallow depth of field, film grain"),
        BuiltIn("watercolor", "Watercolor", "watercolor painting, soft washes of colour, visible paper texture"),
        BuiltIn("oil", "Oil painting", "oil painting on canvas, rich brush strokes, impasto"),
        BuiltIn("line-art", "Line art", "line art, clean black ink lines on white, no shading"),
        BuiltIn("anime", "Anime", "anime illustration, clean outlines, cel shading, bright colours"),
        BuiltIn("pixel-art", "Pixel art", "pixel art, 16-bit game style, limited palette, hard edges"),
        BuiltIn("3d", "3D render", "3D render, soft studio lighting, smooth materials, subtle reflections"),
        BuiltIn("vintage", "Vintage print", "vintage print, faded colours, worn paper, halftone dots"),
        BuiltIn("neon", "Neon", "neon lights, glowing colours against a dark night, strong contrast"),
    )
}
NAMES = (RAW, *STYLES)
"""What `--style` takes everywhere."""
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""The name of a style."""


def read_style(typed: str) -> str | None:
    """The style's name, however its words are joined and spelt in capitals; None for what can be no style's name."""
    name = "-".join(typed.lower().replace("_", " ").replace("-", " ").split())
    return name if NAME.fullmatch(name) else None


def styled(text: str, style: str) -> str:
    """`text` with the built-in style's words behind it; a style of no such name changes nothing."""
    built_in = STYLES.get(style)
    if built_in is None:
        return text
    return f"{text.rstrip(' ,')}, {built_in.words}" if text.strip(" ,") else built_in.words


def in_house(text: str, style: HouseStyle) -> str:
    """`text` between the words of a community's own style."""
    words = " ".join(filter(None, (style.prefix.strip(), text.strip(" ,"))))
    return ", ".join(part for part in (words, style.suffix.strip(" ,")) if part)


def suggest_styles(typed: str, own: Sequence[HouseStyle] = ()) -> list[Choice]:
    """Styles whose name or label holds what was typed; those that begin with it first, a community's `own` before all."""
    wanted = typed.strip().lower()
    choices = [Choice(style.name, f"{style.name} (of this community)") for style in own]
    choices += [Choice(style.name, style.label) for style in STYLES.values() if style.name not in {o.name for o in own}]
    choices.append(Choice(RAW, "Raw: nothing added"))
    found = [choice for choice in choices if wanted in choice.value or wanted in choice.label.lower()]
    return sorted(found, key=lambda choice: not choice.value.startswith(wanted))
