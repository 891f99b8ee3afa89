"""The parts of the documents that the code knows best, between `<!-- generated: NAME -->` and `<!-- end -->`.

`python -m tests.support.generated` (`make docs`) writes them; a test fails where a document differs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import httpx

from bot.api.problems import STATUSES
from bot.cli.app import cli
from bot.imaging.pool import PixelPool
from bot.jobs.catalog import COMMANDS
from bot.jobs.parameters import PARAMETERS, expected
from bot.jobs.styles import STYLES
from bot.metrics.prometheus import PrometheusMeter
from bot.settings import describe
from bot.settings_load import load_settings
from bot.texts import api
from bot.wiring.draw import VENDORS, build_providers
from providers.capabilities import Capabilities
from providers.lanczos import Lanczos
from providers.sketch import Sketch

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
KEYS = [vendor.key.upper() for vendor in VENDORS.values() if vendor.key] + ["REPLICATE_WEBHOOK_SECRET"]
ADDRESSES = [vendor.base.upper() for vendor in VENDORS.values() if not vendor.key]
ENV_HEAD = "# Copy to .env and take the # off the lines that you want. The environment wins over this file."


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Empty stays empty."""
    return f"`{text}`" if text else ""


def settings() -> str:
    """Every setting."""
    return table(("name", "default", "meaning"), ((code(row.name), code(row.default), row.meaning) for row in describe()))


def parameters() -> str:
    """What may stand behind a prompt."""
    rows = ((code(one.usage), one.help, expected(one)) for one in PARAMETERS)
    return table(("parameter", "what it does", "takes"), rows)


def styles() -> str:
    """The house styles and their words."""
    return table(("style", "words behind the prompt"), ((code(one.name), one.words) for one in STYLES.values()))


def chat_commands() -> str:
    """What is said in the chats."""
    rows = [(code(f"/{one.name}"), one.description) for one in COMMANDS]
    rows += [(code(f"/{one.name} {option.name}:"), option.description) for one in COMMANDS for option in one.options]
    return table(("command", "what it does"), rows)


def shell_commands() -> str:
    """`imagine-bot` and its subcommands."""
    return table(("command", "what it does"), ((code(f"imagine-bot {name}"), text) for name, text in _walk(cli, "")))


def _walk(group: click.Group, path: str) -> Iterator[tuple[str, str]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _walk(found, f"{path}{name} ")
        else:
            yield f"{path}{name}{_arguments(found)}", found.help or ""


def _arguments(command: click.Command) -> str:
    """As in a usage line: `ID [--limit N] [--json]`."""
    words = []
    for one in command.params:
        if isinstance(one, click.Option):
            value = "" if one.is_flag else f" {(one.metavar or one.name or '').upper().removesuffix('S')}"
            words.append(f"[{'|'.join([*one.opts, *one.secondary_opts])}{value}]")
        else:
            words.append(one.make_metavar(click.Context(command)))
    return "".join(f" {word}" for word in words)


def capabilities() -> str:
    """What each provider can, by its own word, with its default model."""
    settings, pool = (
        load_settings(dict.fromkeys(KEYS, "whsec_c2VjcmV0c2VjcmV0") | dict.fromkeys(ADDRESSES, "http://a"), None),
        PixelPool(1),
    )
    found = build_providers(settings, pool, time.time, httpx.AsyncClient())
    pool.close()
    rows = (_capable(provider.capabilities) for provider in [*found, Sketch(pool.run, 0, time.time), Lanczos(pool.run)])
    head = (
        "provider",
        "answers",
        "pictures a call",
        "U",
        "V",
        "input picture",
        "webhook",
        "cancel",
        "price",
        "price of U",
        "price seen",
        "honours",
    )
    return table(head, rows)


def _capable(can: Capabilities) -> tuple[str, ...]:
    yes = {True: "yes", False: ""}
    upscale = "any picture" if can.upscale_any else "its own" if can.upscale else ""
    seen = f"{can.price_seen}, estimate" if can.price_estimate else can.price_seen
    prices = (f"{can.price:,}" if can.imagine else "", f"{can.upscale_price:,}" if can.upscale else "", seen)
    name = can.name if can.official else f"{can.name} (unofficial)"
    flags = (yes[can.variation], yes[can.image_input], yes[can.webhook], yes[can.cancel])
    answers = "later" if can.asynchronous else "at once"
    return (code(name), answers, str(can.per_call), upscale, *flags, *prices, ", ".join(sorted(can.honours)))


def figures() -> str:
    """What /metrics tells, but for the process's own."""
    found = [one for one in PrometheusMeter(float)._registry.collect() if one.name.startswith("imagine_")]
    rows = (
        (code(f"{one.name}_total" if one.type == "counter" else one.name), one.type, _labels(one.name), one.documentation)
        for one in found
    )
    return table(("figure", "kind", "labels", "meaning"), rows)


def _labels(name: str) -> str:
    meter = PrometheusMeter(float)
    collector = meter._registry._names_to_collectors[name]
    return ", ".join(getattr(collector, "_labelnames", ()))


def env_example() -> str:
    """All settings, switched off, each with its meaning and default."""
    blocks = (f"# {row.meaning}\n# {row.name}={row.default}\n" for row in describe())
    return f"{ENV_HEAD}\n\n" + "\n".join(blocks)


def problems() -> str:
    """The job API's refusals."""
    rows = ((str(STATUSES[name]), code(name), text) for name, text in api.CODES.items())
    return table(("status", "code", "when"), rows)


def job_errors() -> str:
    """Why a job of the job API has no pictures."""
    return table(("code", "why"), ((code(name), text) for name, text in api.ERRORS.items()))


MAKERS: dict[str, Callable[[], str]] = {
    "problems": problems,
    "job_errors": job_errors,
    "capabilities": capabilities,
    "settings": settings,
    "parameters": parameters,
    "styles": styles,
    "chat_commands": chat_commands,
    "shell_commands": shell_commands,
    "figures": figures,
}


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def renewed(text: str) -> str:
    """A document with its generated parts as the code has them now."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{MAKERS[found[2]]()}\n{found[3]}", text)


def write() -> None:
    """Renew every document and `.env.example`."""
    for path in documents():
        path.write_text(renewed(path.read_text()))
    (ROOT / ".env.example").write_text(env_example())


if __name__ == "__main__":
    write()
