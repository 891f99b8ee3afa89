"""A community in the browser, whole: a moderator sets the review channel, a member reports, the card appears there alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.playground.pages import ready, speak_as
from tests.bot.playground.test_browser_moderators import TAB, moderate
from tests.support.bot import running_bot
from tests.support.browser import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SETTINGS = {"IMAGINE_PLAYGROUND": "on", "IMAGINE_SKETCH_SECONDS": "0"}


async def test_from_the_guide_to_a_report_in_the_review_channel(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, SETTINGS) as bot:
        robin, kim = await moderate(await ready(await open_page(bot.url))), await ready(await open_page(bot.url))
        await speak_as(kim, "Kim")
        await expect(robin.locator(".card .title")).to_have_count(1)
        await robin.fill("#line", "/admin settings ")
        await robin.press("#line", "Enter")
        await robin.get_by_label("Change a setting").select_option(label="Review and log")
        await robin.get_by_role("button", name="Change", exact=True).click()
        dialog = robin.locator("#asking")
        await dialog.get_by_label("Review channel").select_option("moderators")
        await dialog.locator("#asking-submit").click()
        await expect(dialog).to_be_hidden()
        await expect(robin.locator("dd", has_text="#moderators")).to_be_visible()

        await robin.fill("#line", "/imagine a quiet sea")
        await robin.press("#line", "Enter")
        await expect(kim.locator(".picture img")).to_have_count(1)
        await kim.locator("summary[aria-label=More]").click()
        await kim.get_by_role("button", name="Report picture").click()
        await kim.locator("#asking").locator("textarea, input").first.fill("not for this place")
        await kim.locator("#asking-submit").click()
        await expect(kim.locator(".card[data-private]")).to_have_count(1)
        await expect(robin.locator(f"{TAB} .unread")).to_be_visible()
        await robin.click(TAB)
        card = robin.locator(".card", has_text="not for this place")
        await expect(card).to_contain_text("a quiet sea")
        await expect(kim.locator(".card", has_text="not for this place")).to_have_count(0)


async def test_a_member_is_turned_away(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, SETTINGS) as bot:
        page = await ready(await open_page(bot.url))
        await page.fill("#line", "/admin settings ")
        await page.press("#line", "Enter")
        await expect(page.locator(".card[data-private]")).to_have_count(1)
        await expect(page.get_by_label("Change a setting")).to_have_count(0)
