"""A community in the browser, whole: settings by forms, a held picture, a report, usage and one's own data as a file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.texts import admin, gate
from bot.texts import privacy as privacy_texts
from bot.wiring import Bot
from tests.bot.playground.pages import arrived, ready, speak_as
from tests.bot.playground.test_browser_moderators import TAB, moderate
from tests.fakes.moderation import CLEAR, NUDE, ScriptedModeration
from tests.scenarios.playground.people import prompt_notices, town
from tests.support.browser import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PRIVATE = ".card[data-private]"


async def says(page: Page, line: str) -> None:
    await page.fill("#line", line)
    await page.press("#line", "Enter")


async def answered(page: Page, line: str, words: str) -> None:
    """A private answer."""
    await says(page, line)
    await expect(page.locator(PRIVATE).last).to_contain_text(words)


async def test_a_moderator_and_a_member_side_by_side(tmp_path: Path, open_page: OpenPage) -> None:
    moderation = ScriptedModeration(texts=False)

    def prepare(bot: Bot) -> None:
        prompt_notices(bot)
        bot.house.moderation = moderation

    async with town(tmp_path, prepare=prepare) as here:
        robin, kim = await moderate(await ready(await open_page(here.bot.url))), await ready(await open_page(here.bot.url))
        await speak_as(kim, "Kim")
        await settings(robin, kim)
        moderation.says = NUDE
        await held(robin, kim)
        moderation.says = CLEAR
        await reported(robin, kim)
        await counted(robin)
        await taken_along(kim)


async def settings(robin: Page, kim: Page) -> None:
    """The guide is there; a section is changed by its form; members are turned away; a wrong form keeps what was typed."""
    await expect(robin.locator(".card .title")).to_have_count(1)
    await answered(kim, "/admin settings ", admin.NOT_MODERATOR)
    await expect(kim.get_by_label("Change a setting")).to_have_count(0)
    await says(robin, "/admin settings ")
    await robin.get_by_label("Change a setting").select_option(label="Review and log")
    await robin.get_by_role("button", name="Change", exact=True).click()
    dialog = robin.locator("#asking")
    await dialog.get_by_label("Waits for a moderator").select_option(label="what was flagged")
    await dialog.locator("#asking-submit").click()
    await expect(robin.locator("#asking-problem")).to_contain_text("A review channel is needed")
    await dialog.get_by_label("Review channel").select_option("moderators")
    await dialog.get_by_label("Reports that hide a picture").fill("1")
    await dialog.locator("#asking-submit").click()
    await expect(dialog).to_be_hidden()
    await expect(robin.locator("dd", has_text="#moderators")).to_be_visible()
    await expect(robin.get_by_text("Reports that hide a picture: 3 reports → 1 report", exact=True)).to_be_visible()
    await answered(robin, "/admin stop ", admin.STOP_DONE)
    await answered(kim, "/imagine a quiet sea", gate.STOPPED)
    await robin.get_by_role("button", name="Resume", exact=True).click()
    await expect(robin.get_by_text(admin.RESUME_DONE)).to_be_visible()


async def held(robin: Page, kim: Page) -> None:
    """Kim waits; Robin uncovers the picture in the other channel and approves."""
    await says(kim, "/imagine a statue")
    mine = kim.locator(".card:not([data-private])")
    await expect(mine).to_contain_text("waits for a moderator")
    await expect(robin.locator(f"{TAB} .unread")).to_be_visible()
    await robin.click(TAB)
    card = robin.locator(".card", has_text="a picture was flagged")
    await expect(card).to_contain_text("Kim (")
    await robin.get_by_role("button", name="Show the hidden picture").click()
    await expect(card.locator("img")).to_have_css("filter", "none")
    await expect(kim.locator(".picture img")).to_have_count(0)
    await card.get_by_role("button", name="Approve").click()
    await expect(robin.locator(".card .status")).to_contain_text("Approved by Robin")
    await arrived(mine.locator(".picture img"), 1)
    await robin.click("#channels [data-channel=playground]")


async def reported(robin: Page, kim: Page) -> None:
    """One report hides here; the card's link leads to the message; Let it stand brings it back."""
    await says(robin, "/imagine a rude hat")
    theirs = kim.locator(".message", has_text="a rude hat")
    await arrived(theirs.locator(".picture img"), 1)
    await theirs.locator("summary[aria-label=More]").click()
    await theirs.get_by_role("button", name="Report picture").click()
    await kim.locator("#asking").locator("textarea").fill("not for this place")
    await kim.locator("#asking-submit").click()
    await expect(kim.locator(PRIVATE).last).to_contain_text("the moderators have been told")
    await expect(theirs.locator(".picture img")).to_have_count(0)
    await robin.click(TAB)
    card = robin.locator(".card", has_text="not for this place")
    await expect(card).to_contain_text("a rude hat")
    await expect(kim.locator(".card", has_text="not for this place")).to_have_count(0)
    await card.get_by_role("button", name="Let it stand").click()
    await arrived(theirs.locator(".picture img"), 1)
    await robin.locator(".card", has_text="a rude hat").get_by_role("link").click()
    await expect(robin.locator("#channels [aria-current]")).to_have_text("#playground")
    await expect(robin.locator(".message", has_text="a rude hat").last).to_be_focused()


async def counted(robin: Page) -> None:
    """The chart is a picture of the page, and the table changes in place."""
    await answered(robin, "/admin usage ", "8 pictures of 2 jobs")
    page = robin.locator(PRIVATE).last
    await expect(page.locator("img")).not_to_have_js_property("naturalWidth", 0)
    await page.get_by_role("button", name="By person").click()
    await expect(page).to_contain_text("Kim (")


async def taken_along(kim: Page) -> None:
    """One's data comes down as a file."""
    await says(kim, "/privacy ")
    await kim.get_by_role("button", name=privacy_texts.SEND).click()
    async with kim.expect_download() as coming:
        await kim.get_by_role("link", name=f"Download {privacy_texts.FILE_NAME}").click()
    with zipfile.ZipFile(await (await coming.value).path()) as parcel:
        assert b"a statue" in parcel.read("data.json")
        assert b"a rude hat" not in parcel.read("data.json")
