"""House styles: a name that stands for words put behind the prompt, so that every provider can follow it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.surface import Choice

RAW = "raw"
"""No style of ours: asks the provider itself for less of its own (`Params.raw`)."""


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """`words` follow the prompt's text after a comma."""

    name: str
    label: str
    words: str


STYLES = {
    style.name: style
    for style in (
        HouseStyle("photo", "Photograph", "photograph, natural light, sharp focus, fine detail"),
        HouseStyle("cinematic", "Film still", "cinematic film still, dramatic lighting, shallow depth of field, film grain"),
        HouseStyle("watercolor", "Watercolor", "watercolor painting, soft washes of colour, visible paper texture"),
        HouseStyle("oil", "Oil painting", "oil painting on canvas, rich brush strokes, impasto"),
        HouseStyle("line-art", "Line art", "line art, clean black ink lines on white, no shading"),
        HouseStyle("anime", "Anime", "anime illustration, clean outlines, cel shading, bright colours"),
        HouseStyle("pixel-art", "Pixel art", "pixel art, 16-bit game style, limited palette, hard edges"),
        HouseStyle("3d", "3D render", "3D render, soft studio lighting, smooth materials, subtle reflections"),
        HouseStyle("vintage", "Vintage print", "vintage print, faded colours, worn paper, halftone dots"),
        HouseStyle("neon", "Neon", "neon lights, glowing colours against a dark night, strong contrast"),
    )
}
NAMES = (RAW, *STYLES)
"""What `--style` takes."""


def read_style(typed: str) -> str | None:
    """The style's name, however its words are joined and spelt in capitals; None if there is no such style."""
    name = "-".join(typed.lower().replace("_", " ").replace("-", " ").split())
    return name if name in NAMES else None


def styled(text: str, style: str) -> str:
    """`text` with the style's words behind it; an empty style changes nothing. Raises KeyError for an unknown one."""
    if not style:
        return text
    words = STYLES[style].words
    return f"{text.rstrip(' ,')}, {words}" if text.strip(" ,") else words


def suggest_styles(typed: str) -> list[Choice]:
    """Styles whose name or label holds what was typed; those that begin with it first."""
    wanted = typed.strip().lower()
    choices = [Choice(style.name, style.label) for style in STYLES.values()]
    choices.append(Choice(RAW, "Raw: nothing added"))
    found = [choice for choice in choices if wanted in choice.value or wanted in choice.label.lower()]
    return sorted(found, key=lambda choice: not choice.value.startswith(wanted))
