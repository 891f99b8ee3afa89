"""A Chromium for tests that need a real browser: found on the machine, driven by playwright.

One browser serves all tests of a worker: they carry `pytest.mark.asyncio(loop_scope="session")`, and their fixtures the
same. Its pages serve one test after the other, since a new page costs more than most tests: see `Pages`.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "BROWSER TESTS SKIPPED: no Chromium found. Install the package chromium, or set CHROMIUM to its path."
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
OpenPage = Callable[..., Coroutine[Any, Any, Page]]
PATIENCE = 15_000
"""Milliseconds that a page may take on a machine with much else to do."""
expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """The browser's path: from CHROMIUM, else one of the usual names."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Pages:
    """Pages of one browser, each in a context (so: a person's browser) of its own, lent to one test at a time.

    A page that comes back forgets what it stored; one whose context was opened with options is closed.
    """

    browser: Browser
    free: list[Page] = field(default_factory=list)
    lent: list[Page] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def open(self, url: str, *, viewport: dict[str, int] | None = None, **options: Any) -> Page:
        """A page that nobody has."""
        page = await self._new(options) if options or not self.free else self.free.pop()
        if not options:
            self.lent.append(page)
        size = viewport or LAPTOP
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await page.goto(url)
        return page

    async def _new(self, options: dict[str, Any]) -> Page:
        context = await self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._said)
        return page

    def _said(self, line: ConsoleMessage) -> None:
        if line.type == "error" and not _passing(line):
            self.errors.append(f"{line.text} [{line.location['url']}]")

    async def back(self) -> list[str]:
        """The test is over: its pages are free again. Returns the script errors in any of them."""
        kept, self.lent = self.lent, []
        for context in self.browser.contexts:
            if not any(page.context is context for page in (*kept, *self.free)):
                await context.close()
        for page in kept:
            with suppress(Error):  # nothing is stored on a page that never came up
                await page.evaluate("localStorage.clear(); sessionStorage.clear()")
            await page.context.clear_cookies()
            await page.goto("about:blank")
        self.free += kept
        errors, self.errors = self.errors, []
        return errors


def _passing(line: ConsoleMessage) -> bool:
    """What happens to a good page: the server stops, or a picture goes (decided, hidden, deleted) while it loads."""
    went = "/pictures/" in line.location["url"] and "404" in line.text
    return "net::" in line.text or "503" in line.text or went


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Pages]:
    """A headless Chromium; skips with a warning where there is none."""
    path = chromium()
    if path is None:
        warnings.warn(MISSING, stacklevel=1)
        pytest.skip(MISSING)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield Pages(started)
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Pages) -> AsyncIterator[OpenPage]:
    """Opens pages; fails the test on script errors in any of them, and says which."""
    yield browser.open
    errors = await browser.back()
    assert not errors, errors
