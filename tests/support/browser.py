"""A Chromium for tests that need a real browser: found on the machine, driven by playwright.

One browser serves a test file: its tests carry `pytest.mark.asyncio(loop_scope="module")`, and their fixtures the same.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

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


def chromium() -> str | None:
    """The browser's path: from CHROMIUM, else one of the usual names."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; skips with a warning where there is none."""
    path = chromium()
    if path is None:
        warnings.warn(MISSING, stacklevel=1)
        pytest.skip(MISSING)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens a page in a context (so: a person's browser) of its own; fails the test on script errors in any of them.

    A line that broke (a test stopped the server) is no such error.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def opened(url: str, *, viewport: dict[str, int] | None = None, **options: Any) -> Page:
        size = viewport or LAPTOP
        context = await browser.new_context(viewport={"width": size["width"], "height": size["height"]}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda line: errors.append(line.text) if line.type == "error" and "net::" not in line.text else None
        )
        await page.goto(url)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []
