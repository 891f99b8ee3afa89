"""`python -m tests.support.screenshots`: the pictures of docs/moderating.md anew, from the real bot in the playground."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from bot.wiring import Bot
from tests.fakes.moderation import ScriptedModeration
from tests.scenarios.playground.people import Person, Town, prompt_notices, town
from tests.support.browser import FLAGS, MISSING, chromium
from tests.support.core import Clock

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDE, HIGH = 820, 2000
"""So high that header and composer lie over no card."""
AROUND = 190
"""Of the page above and below its only card."""
DAY = 86_400.0
PROMPTS = (
    "a lighthouse at dusk",
    "a quiet harbour in the rain",
    "an old map of the coast",
    "a red kite over green hills --ar 3:2",
    "a cat asleep on a warm stove",
    "a ship in a bottle",
)
FLAGS_SAID = {"violence": 0.97}


async def take(folder: Path) -> None:
    """Draw for a month, then look at the three pages."""
    clock = Clock()
    moderation = ScriptedModeration(texts=False)

    def prepare(bot: Bot) -> None:
        prompt_notices(bot)
        bot.house.moderation = moderation

    with tempfile.TemporaryDirectory() as kept:
        async with town(Path(kept), {"IMAGINE_DAILY_IMAGES": "400"}, clock=clock, prepare=prepare) as here:
            await month(here, clock)
            await here.max.sets("review", review="flagged", review_channel="moderators")
            await here.max.sets("delivery", providers="sketch")
            moderation.says = FLAGS_SAID
            await here.kim.says("/imagine a sea battle, cannons firing --ar 3:1")
            await here.robin.sees("a picture was flagged", channel="moderators")
            async with page_of(here) as page:
                await settings(page, folder / "settings-page.png")
                await usage(page, folder / "usage-chart.png")
                await review(page, folder / "review-card.png")


async def month(here: Town, clock: Clock) -> None:
    """Some pictures on most days, more lately, by three people; always the same ones."""
    dice = random.Random(4)  # noqa: S311  (the same month every time; nothing secret)
    clock.ahead = -29 * DAY
    for day in range(30):
        for _ in range(dice.choice((0, 1, 1, 2, 3)) + day // 10):
            person: Person = dice.choice((here.kim, here.sasha, here.robin))
            await person.draws(f"/imagine {dice.choice(PROMPTS)}")
        clock.ahead = min(0.0, clock.ahead + DAY)


@asynccontextmanager
async def page_of(here: Town) -> AsyncIterator[Page]:
    """Robin's page with the moderator switch on."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = await browser.new_page(viewport={"width": WIDE, "height": HIGH})
        page.set_default_timeout(10_000)
        await page.goto(here.bot.url)
        await page.click("#who")
        await page.get_by_role("switch", name="Moderator").check()
        await page.keyboard.press("Escape")
        yield page
        await browser.close()


async def settings(page: Page, path: Path) -> None:
    """A section after a change: what was, and what is."""
    await asked(page, "/imagine-admin settings ")
    await page.get_by_label("Change a setting").select_option(label="Pace and quota")
    await page.get_by_role("button", name="Change", exact=True).click()
    dialog = page.locator("#asking")
    await dialog.get_by_label("Seconds between two jobs").fill("60")
    await dialog.get_by_label("Pictures a person and day").fill("12")
    await dialog.locator("#asking-submit").click()
    await page.get_by_text("→ 12 pictures").wait_for()
    await shot(page, path)


async def usage(page: Page, path: Path) -> None:
    """The chart of thirty days."""
    await asked(page, "/imagine-admin usage ")
    await page.locator(".card[data-private] .picture img").wait_for()
    await shot(page, path)


async def review(page: Page, path: Path) -> None:
    """What waits, in the moderators' channel; the page around it, too."""
    await page.click("#channels [data-channel=moderators]")
    await page.get_by_role("button", name="Approve").wait_for()
    high = await (await newest(page)).evaluate("card => Math.ceil(card.getBoundingClientRect().height)")
    await page.set_viewport_size({"width": WIDE, "height": high + AROUND})
    await page.screenshot(path=path, animations="disabled")


async def asked(page: Page, line: str) -> None:
    """Type a command, and wait for its private answer."""
    answers = page.locator(".card[data-private]")
    count = await answers.count()
    await page.fill("#line", line)
    await page.press("#line", "Enter")
    await answers.nth(count).wait_for()


async def newest(page: Page) -> Locator:
    """The last card, once its pictures are there."""
    card = page.locator(".card").last
    await card.evaluate("card => Promise.all([...card.querySelectorAll('img')].map(image => image.decode()))")
    await page.mouse.move(0, 0)
    return card


async def shot(page: Page, path: Path) -> None:
    """The last card alone."""
    await (await newest(page)).screenshot(path=path, animations="disabled")


def main() -> None:
    """Into docs/images."""
    if chromium() is None:
        raise SystemExit(MISSING)
    asyncio.run(take(FOLDER))


if __name__ == "__main__":
    main()
