"""The parameters of a prompt, once: the parser reads by this table, /help and the docs print it, `render` writes by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.errors import ImagineError
from bot.jobs import styles
from bot.jobs.catalog import SEED_MOST
from bot.jobs.ratios import read_ratio
from bot.texts import prompt as texts
from providers.base import Params

Value = str | int | float | bool


class PromptError(ImagineError):
    """A prompt that cannot be drawn; `sentence` says why to whoever typed it."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence as an attribute."""
        super().__init__(sentence)
        self.sentence = sentence


class Kind(StrEnum):
    """What stands behind a parameter's name. FLAG: nothing; TEXT: everything up to the next parameter; else one word."""

    FLAG = "flag"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    RATIO = "ratio"
    STYLE = "style"
    WORD = "word"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `field`: where its value stands in Params; `sign`: what /help shows for the value.

    `least` and `most` hold for INTEGER, `values` for CHOICE and NUMBER. Two with the same `slot` exclude each other.
    """

    name: str
    field: str
    kind: Kind
    help: str
    aliases: tuple[str, ...] = ()
    sign: str = ""
    least: int = 0
    most: int = 0
    values: tuple[str, ...] = ()
    slot: str = ""

    @property
    def group(self) -> str:
        """Only one parameter of a group may be given."""
        return self.slot or self.field

    @property
    def flag(self) -> str:
        """The name as typed."""
        return f"--{self.name}"

    @property
    def usage(self) -> str:
        """All spellings and the value's sign, for /help: `--ar, --aspect W:H`."""
        return " ".join(filter(None, (", ".join(f"--{name}" for name in (self.name, *self.aliases)), self.sign)))


QUALITIES = (".25", ".5", "1", "2", "4")
VERSIONS = ("1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8.1")
NIJIS = ("4", "5", "6", "7")

PARAMETERS = (
    Parameter("ar", "ratio", Kind.RATIO, "Width to height, for example 3:2", ("aspect",), "W:H"),
    Parameter("seed", "seed", Kind.INTEGER, "The same seed and prompt draw the same again", sign="N", most=SEED_MOST),
    Parameter("stylize", "stylize", Kind.INTEGER, "How much of the provider's own taste", ("s",), "N", most=1000),
    Parameter("chaos", "chaos", Kind.INTEGER, "How different the four pictures are", ("c",), "N", most=100),
    Parameter("weird", "weird", Kind.INTEGER, "How unusual the pictures are", ("w",), "N", most=3000),
    Parameter("quality", "quality", Kind.NUMBER, "How much work goes into the pictures", ("q",), "N", values=QUALITIES),
    Parameter("version", "version", Kind.CHOICE, "Version of the model", ("v",), "N", values=VERSIONS),
    Parameter("niji", "niji", Kind.CHOICE, "Version of the anime model", sign="N", values=NIJIS, slot="version"),
    Parameter("tile", "tile", Kind.FLAG, "Pictures that repeat without a seam"),
    Parameter("raw", "raw", Kind.FLAG, "Less of the provider's own taste"),
    Parameter("fast", "speed", Kind.FLAG, "Draw at normal speed and price"),
    Parameter("relax", "speed", Kind.FLAG, "Draw later and cheaper"),
    Parameter("turbo", "speed", Kind.FLAG, "Draw faster at a higher price"),
    Parameter("draft", "speed", Kind.FLAG, "Draw quick sketches at a lower price"),
    Parameter("style", "style", Kind.STYLE, "A style for the whole picture, or raw", sign="NAME", values=styles.NAMES),
    Parameter("provider", "provider", Kind.WORD, "Who draws it", sign="NAME"),
    Parameter("no", "negative", Kind.TEXT, "What must not be in the picture", sign="THINGS"),
)
BY_NAME = {name: parameter for parameter in PARAMETERS for name in (parameter.name, *parameter.aliases)}
BY_FIELD = {parameter.field: parameter for parameter in PARAMETERS if parameter.kind != Kind.FLAG}
WORD = re.compile(r"[^\W_][\w.-]{0,63}")
WHOLE = re.compile(r"[0-9]{1,12}")
DECIMAL = re.compile(r"[0-9]{0,3}\.?[0-9]{1,6}")


DASHES = ("--", "—", "–", "―")
"""What a parameter's name may begin with; the first is the real one."""
DOUBLE_QUOTES = '"“”„‟«»'
SINGLE_QUOTES = "'‘’‚‛"


def nearest(typed: str) -> str:
    """The known parameter that looks most like `typed`, with its dashes."""
    return "--" + get_close_matches(typed.lower()[:20], BY_NAME, n=1, cutoff=0)[0]


def expected(parameter: Parameter) -> str:
    """What the parameter takes, in words; for error sentences, /help and the docs."""
    match parameter.kind:
        case Kind.FLAG:
            return texts.NOTHING
        case Kind.INTEGER:
            return texts.whole_number(parameter.least, parameter.most)
        case Kind.RATIO:
            return texts.RATIO
        case Kind.WORD:
            return texts.WORD
        case Kind.TEXT:
            return texts.TEXT
    return texts.one_of(parameter.values)


def read_value(parameter: Parameter, typed: str, shown: str) -> Value:
    """The value in its own type. Raises PromptError; `shown` is the parameter's name as the user knows it."""
    if not typed and parameter.kind != Kind.FLAG:
        raise PromptError(texts.missing(shown, expected(parameter)))
    value = READERS[parameter.kind](parameter, typed)
    if value is None:
        raise PromptError(texts.wrong(shown, typed, expected(parameter)))
    return value


def _integer(parameter: Parameter, typed: str) -> int | None:
    value = int(typed) if WHOLE.fullmatch(typed) else -1
    return value if parameter.least <= value <= parameter.most else None


def _number(parameter: Parameter, typed: str) -> float | None:
    value = float(typed) if DECIMAL.fullmatch(typed) else -1.0
    return value if value in map(float, parameter.values) else None


def _flag(parameter: Parameter, typed: str) -> Value | None:
    value = parameter.name if parameter.field == "speed" else True
    return None if typed else value


READERS: dict[Kind, Callable[[Parameter, str], Value | None]] = {
    Kind.FLAG: _flag,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.CHOICE: lambda parameter, typed: typed if typed in parameter.values else None,
    Kind.RATIO: lambda _, typed: read_ratio(typed),
    Kind.STYLE: lambda _, typed: styles.read_style(typed),
    Kind.WORD: lambda _, typed: typed.lower() if WORD.fullmatch(typed) else None,
    Kind.TEXT: lambda _, typed: typed,
}


def render(params: Params) -> str:
    """The given parameters as one would type them; parsing that again gives the same Params. Image URLs are left out."""
    return " ".join(filter(None, (_typed(parameter, getattr(params, parameter.field)) for parameter in PARAMETERS)))


def _typed(parameter: Parameter, value: Value | None) -> str:
    if value is None or value is False or value == "":
        return ""
    if parameter.kind == Kind.FLAG:
        return parameter.flag if value in (True, parameter.name) else ""
    return f"{parameter.flag} {_quoted(value) if parameter.kind == Kind.TEXT else _plain(value)}"


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _quoted(value: Value) -> str:
    """Text that holds dashes or begins with a quote goes into quotes, so that it is read back as one value."""
    text = str(value)
    if text[0] not in DOUBLE_QUOTES + SINGLE_QUOTES and not any(dash in text for dash in DASHES):
        return text
    mark = next((marks[0] for marks in (DOUBLE_QUOTES, SINGLE_QUOTES) if not set(marks) & set(text)), "")
    return f"{mark}{text}{mark}"
