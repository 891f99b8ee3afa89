"""What the words of a prompt ask for: a kind of scene, a time of day, a weather, colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOTIFS: Final[dict[str, str]] = {
    "sea": "sea ocean water beach coast shore wave waves island harbour harbor bay ship boat sail sailing "
    "fish whale underwater lake river pond lagoon fjord canal waterfall mermaid surf venice",
    "mountain": "mountain mountains alps peak peaks summit cliff cliffs ridge himalaya volcano valley fjord canyon "
    "glacier dragon",
    "forest": "forest forests wood woods woodland tree trees pine pines jungle fox deer bear wolf owl elk squirrel "
    "cabin elf fairy",
    "city": "city town skyline street streets skyscraper skyscrapers downtown metropolis building buildings "
    "cyberpunk neon tokyo london york paris car taxi robot train bridge hongkong",
    "desert": "desert dune dunes sand sahara camel oasis egypt pyramid mars cactus arabia",
    "field": "meadow field fields grass prairie hill hills farm garden village horse cow sheep rabbit "
    "countryside landscape lawn",
    "flower": "flower flowers rose roses tulip tulips poppy poppies lavender bloom blossom blossoms "
    "daisy sunflower sunflowers garden bouquet butterfly bee spring",
    "space": "space galaxy galaxies nebula cosmos cosmic universe planet planets astronaut spaceship rocket alien "
    "asteroid orbit saturn jupiter interstellar milkyway",
    "fire": "fire flame flames campfire bonfire burning lava ember embers inferno phoenix",
    "lighthouse": "lighthouse beacon",
    "castle": "castle tower towers fortress palace cathedral kingdom knight medieval",
    "boat": "boat boats ship ships sail sailing sailboat yacht regatta fisherman pirate",
    "aurora": "aurora borealis northern",
    "moon": "moon moonlight moonlit crescent lunar",
    "sun": "sun sunny sunlight sunshine",
    "bird": "bird birds seagull seagulls crow crows raven geese swallow",
    "flow": "abstract pattern texture marble wallpaper liquid psychedelic fractal swirl swirls paint dream "
    "geometric logo fluid smoke",
}
TIMES: Final[dict[str, str]] = {
    "night": "night midnight nocturnal starry stars moonlit moonlight aurora borealis northern nightfall campfire noir",
    "dusk": "dusk twilight evening gloaming neon cyberpunk",
    "sunset": "sunset sundown golden autumn fall",
    "dawn": "dawn sunrise morning daybreak spring",
    "storm": "storm stormy thunder lightning tempest rain rainy cloudy overcast gloomy hurricane",
    "mist": "fog foggy mist misty haze hazy",
    "day": "day noon midday sunny summer afternoon",
}
EXTRAS: Final[dict[str, str]] = {
    "snow": "snow snowy winter ice icy frozen arctic christmas blizzard glacier antarctica penguin polar",
    "rain": "rain rainy storm stormy tempest thunder",
    "mono": "monochrome noir grayscale greyscale charcoal ink",
}
TINTS: Final[dict[str, tuple[float, float, float]]] = {
    "red": (0.86, 0.16, 0.14),
    "crimson": (0.75, 0.08, 0.2),
    "orange": (0.95, 0.5, 0.12),
    "gold": (0.95, 0.74, 0.28),
    "golden": (0.95, 0.74, 0.28),
    "yellow": (0.97, 0.86, 0.3),
    "green": (0.22, 0.62, 0.28),
    "emerald": (0.1, 0.6, 0.42),
    "teal": (0.1, 0.58, 0.6),
    "turquoise": (0.2, 0.75, 0.74),
    "blue": (0.18, 0.4, 0.86),
    "indigo": (0.28, 0.2, 0.66),
    "purple": (0.52, 0.24, 0.74),
    "violet": (0.55, 0.3, 0.8),
    "pink": (0.95, 0.5, 0.68),
    "magenta": (0.86, 0.2, 0.64),
    "brown": (0.5, 0.34, 0.2),
    "sepia": (0.6, 0.45, 0.3),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """What was asked for. `motifs`, `times` and `extras` are keys of the tables above; empty where no word said so."""

    motifs: frozenset[str]
    times: tuple[str, ...]
    extras: frozenset[str]
    tints: tuple[tuple[float, float, float], ...]


def read(prompt: str, negative: str = "") -> Theme:
    """The theme of a prompt; what `negative` names is left out."""
    words, unwanted = set(_split(prompt)), set(_split(negative))
    words -= unwanted
    return Theme(
        motifs=_hits(MOTIFS, words) - _hits(MOTIFS, unwanted),
        times=tuple(name for name in TIMES if name in _hits(TIMES, words) - _hits(TIMES, unwanted)),
        extras=_hits(EXTRAS, words) - _hits(EXTRAS, unwanted),
        tints=tuple(TINTS[word] for word in sorted(words & TINTS.keys())),
    )


def _split(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _hits(table: dict[str, str], words: set[str]) -> frozenset[str]:
    return frozenset(name for name, listed in table.items() if words & {name, *listed.split()})
