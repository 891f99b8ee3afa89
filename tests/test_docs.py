"""The documents name everything that the code has, and nothing that it has not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import providers
from bot.jobs.catalog import COMMANDS
from bot.jobs.parameters import PARAMETERS
from bot.settings import describe
from tests.support import generated

ROOT = generated.ROOT
README = (ROOT / "README.md").read_text()
TEXTS = {path: path.read_text() for path in generated.documents()}
SHARED = ("..", "shared")
FORBIDDEN = re.compile(
    r"\b(blazing\w*|lightning.fast|powerful|seamless\w*|effortless\w*|robust\w*|cutting.edge|state.of.the.art|world.class|"
    r"enterprise.grade|production.grade|simply|leverag\w+|delve|TODO|FIXME)\b",
    re.IGNORECASE,
)
OURS = re.compile(r"`((?:IMAGINE|DISCORD|SLACK)_[A-Z0-9_]+)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")
CODE = re.compile(r"`((?:bot|providers|storage|tests|docs)/[\w./<>-]+)`")


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEXTS, ids=names)
def test_generated_parts_are_as_the_code_has_them(path: Path) -> None:
    """A failure is mended by `make docs`."""
    assert TEXTS[path] == generated.renewed(TEXTS[path])


def test_env_example_lists_every_setting() -> None:
    assert (ROOT / ".env.example").read_text() == generated.env_example()


def test_every_generated_part_stands_somewhere() -> None:
    used = {name for text in TEXTS.values() for _, name, _ in generated.BLOCK.findall(text)}
    assert used == set(generated.MAKERS)


def test_settings_commands_and_parameters_are_documented() -> None:
    settings, prompting = TEXTS[ROOT / "docs/settings.md"], TEXTS[ROOT / "docs/prompting.md"]
    assert [row.name for row in describe() if f"`{row.name}`" not in settings] == []
    assert [one.usage for one in PARAMETERS if f"`{one.usage}`" not in prompting] == []
    wanted = [f"`/{one.name}`" for one in COMMANDS]
    wanted += [f"`/{one.name} {option.name}:`" for one in COMMANDS for option in one.options]
    assert [name for name in wanted if name not in prompting] == []


def test_every_provider_has_a_row_in_the_readme() -> None:
    """A provider is a class with the methods of the port; `fake` is for tests alone."""
    found = set()
    for module in pkgutil.iter_modules(providers.__path__):
        classes = inspect.getmembers(importlib.import_module(f"providers.{module.name}"), inspect.isclass)
        own = [kind for _, kind in classes if kind.__module__ == f"providers.{module.name}"]
        if any(all(hasattr(kind, name) for name in ("submit", "status", "read_webhook")) for kind in own):
            found.add(module.name)
    assert {"base", "sketch", "fake"} <= found
    assert [name for name in sorted(found - {"base", "fake"}) if not re.search(rf"\n\| \[?`{name}`", README)] == []


def test_the_two_commands_of_the_readme_exist() -> None:
    first = re.search(r"```\n(make \w+)\n(make \w+)\n```", README)
    assert first
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert first.groups() == ("make run", "make test")
    assert {"run", "install", "test", "check", "bench", "chaos", "help", "docs"} <= set(targets)


@pytest.mark.parametrize("path", TEXTS, ids=names)
def test_nothing_is_named_that_does_not_exist(path: Path) -> None:
    text = TEXTS[path]
    known = {row.name for row in describe()}
    assert sorted(set(OURS.findall(text)) - known - {"IMAGINE_"}) == []
    links = [(path.parent / target).resolve() for target, _ in LINK.findall(text)]
    pictures = ROOT / "docs" / "images"
    assert [names(link) for link in links if not link.exists() and pictures not in link.parents] == []
    assert [one for one in CODE.findall(text) if "<" not in one and not (ROOT / one).exists()] == []


@pytest.mark.parametrize("path", TEXTS, ids=names)
def test_plain_words(path: Path) -> None:
    text = TEXTS[path]
    assert FORBIDDEN.findall(text) == []
    assert "/".join(SHARED) not in text
    assert [line for line in text.splitlines() if len(line) > 160 and not line.startswith("|")] == []
