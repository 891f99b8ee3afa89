"""Moderators in a real browser: the second channel, reports, Forms of many choices, hidden pictures, subcommands."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.jobs.asks import Command, Press, Submission
from bot.jobs.surface import Card, Link, Tone
from tests.bot.playground.desk import MODERATORS, PUBLIC, DeskCore, review_card
from tests.bot.playground.house import House, build
from tests.bot.playground.pages import DOUBLE_IDS, NAMELESS, TOO_WIDE, drawn, ready, speak_as
from tests.support.browser import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LISTEN = """() => {
  window.heard = [];
  new EventSource("/api/events?user=Kim&after=0").addEventListener("message", (event) => {
    window.heard.push(event.data);
    document.documentElement.dataset.heard = event.data;
  });
}"""
TAB = "#channels [data-channel=moderators]"


@pytest_asyncio.fixture(loop_scope="session")
async def house() -> House:
    built = await build(pace=None, made=DeskCore)
    built.core.guided.update({"robin", "kim"})
    return built


async def moderate(page: Page, *, on: bool = True) -> Page:
    """Turn the switch."""
    await page.click("#who")
    await page.get_by_role("switch", name="Moderator").set_checked(on)
    await page.keyboard.press("Escape")
    await expect(page.locator(TAB)).to_be_visible(visible=on)
    return await ready(page)


async def test_the_second_channel_is_there_with_the_switch_alone(house: House, url: str, open_page: OpenPage) -> None:
    robin, kim = await moderate(await ready(await open_page(url))), await ready(await open_page(url))
    await speak_as(kim, "Kim")
    await kim.evaluate(LISTEN)
    ref = await review_card(house)
    await expect(robin.locator(f"{TAB} .unread")).to_contain_text("1 new")
    await expect(robin.locator(".card")).to_have_count(0)
    await robin.locator(TAB).focus()
    await robin.keyboard.press("Enter")
    await expect(robin.locator(TAB)).to_be_focused()
    await expect(robin.locator(f"#m-{ref.message_id} .title")).to_contain_text("dragon")
    await expect(robin.locator(".unread")).to_have_count(0)
    await house.front.chat.post(PUBLIC, Card(Tone.DONE, "for all"), "end")
    await expect(kim.locator(".title")).to_have_text(["for all"])
    await expect(kim.locator("#channels")).to_be_hidden()
    await expect(kim.locator("html")).to_have_attribute("data-heard", re.compile("for all"))
    assert len(await kim.evaluate("window.heard")) == 1
    assert "dragon" not in await kim.content()
    await moderate(robin, on=False)
    await expect(robin.locator(".title")).to_have_text(["for all"])
    await robin.reload()
    await expect(robin.locator(".title")).to_have_text(["for all"])
    assert "dragon" not in await robin.content()


async def test_a_decision_and_answers_in_the_moderators_channel(house: House, url: str, open_page: OpenPage) -> None:
    robin, kim = await moderate(await ready(await open_page(url))), await ready(await open_page(url))
    await speak_as(kim, "Kim")
    await moderate(kim)
    for page in (robin, kim):
        await page.click(TAB)
        await expect(page.locator("#empty-moderators")).to_be_visible()
    await review_card(house)
    await robin.get_by_role("button", name="Approve").click()
    await expect(kim.locator(".status")).to_have_text("Approved by Robin")
    await robin.fill("#line", "/info")
    await robin.press("#line", "Enter")
    await expect(robin.locator(".card")).to_have_count(2)
    await expect(kim.locator(".card")).to_have_count(1)
    await robin.click("#channels [data-channel=playground]")
    await expect(robin.locator("#empty")).to_be_visible()
    await expect(robin.locator(".card")).to_have_count(0)


async def test_report_and_moderate_from_the_menu_of_a_result(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await drawn(page, house)
    more = page.locator("summary[aria-label=More]")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".more-items button")).to_have_text(["Report picture"])
    await page.keyboard.press("Escape")
    await expect(page.locator(".more-items")).to_be_hidden()
    await expect(more).to_be_focused()
    await more.click()
    await page.get_by_role("button", name="Report picture").click()
    await expect(page.locator(".card[data-private]")).to_contain_text("report taken")
    await expect(page.locator(".more")).to_have_count(1)
    await moderate(page)
    await page.locator("summary[aria-label=More]").click()
    await page.get_by_role("button", name="Moderate picture").click()
    await expect(page.locator(".card[data-private]").last).to_contain_text("moderate taken")
    pressed = [(asked.control, asked.message_id) for asked in house.core.asked if isinstance(asked, Press)]
    assert pressed == [("i1:report:job1:0", "job1"), ("i1:moderate:job1:0", "job1")]
    await house.front.chat.post(MODERATORS, Card(Tone.DONE, "a report", links=(Link("The picture", "/#m-job1"),)), "r")
    await page.click(TAB)
    await page.get_by_role("link", name="The picture").click()
    await expect(page.locator("#m-job1")).to_be_focused()
    await expect(page.locator("#channels [aria-current]")).to_have_text("#playground")


async def test_a_card_with_a_hidden_picture_a_file_and_a_form(house: House, url: str, open_page: OpenPage) -> None:
    page = await moderate(await ready(await open_page(url)))
    await review_card(house)
    await page.click(TAB)
    image = page.locator(".picture img")
    await expect(image).to_have_css("filter", "blur(38px) saturate(0.6)")
    await page.get_by_role("button", name="Show the hidden picture").click()
    await expect(image).to_have_css("filter", "none")
    await expect(page.locator("#lightbox")).to_be_hidden()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download log.csv").click()
    download = await coming.value
    assert download.suggested_filename == "log.csv"
    assert (await download.path()).read_bytes() == b"when,who\n"
    await filled_in(page, house)


async def filled_in(page: Page, house: House) -> None:
    """A Form of many choices."""
    await page.get_by_role("button", name="Settings").click()
    dialog = page.locator("#asking")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(DOUBLE_IDS) == []
    await expect(dialog.get_by_label("Strict")).to_be_focused()
    await expect(dialog.get_by_label("Standard")).to_be_checked()
    await dialog.get_by_label("Standard").uncheck()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Strict").check()
    await dialog.get_by_label("Relaxed").check()
    await expect(dialog.get_by_label("Standard")).to_be_disabled()
    await dialog.get_by_label("#moderators").check()
    await dialog.get_by_label("Log channel").select_option("moderators")
    roles = dialog.get_by_label("Roles")
    await roles.fill("a, b, c")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_visible()
    await roles.fill("Artists, vip")
    await dialog.get_by_label("Kim").check()
    await dialog.get_by_label("Sasha").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    (sent,) = [asked for asked in house.core.asked if isinstance(asked, Submission)]
    assert sent.values == {
        "levels": "strict,relaxed",
        "channels": "playground,moderators",
        "log": "moderators",
        "roles": "artists,vip",
        "people": "kim,sasha",
    }


async def test_subcommands_are_offered_as_one_types(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    entries = page.locator("#palette .entry")
    keys = page.keyboard
    await keys.type("/adm")
    await expect(entries).to_have_text(["/imagine-admin"])
    await keys.press("Enter")
    await expect(entries.first).to_have_text("/imagine-admin settings")
    await keys.type("us")
    await expect(entries).to_have_text(["/imagine-admin usage", "/imagine-admin user USER"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(entries).to_have_text(["Robin", "Kim", "Sasha"])
    await keys.type("k")
    await expect(entries).to_have_text(["Kim"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("#line")).to_have_value("/imagine-admin user Kim")
    await keys.press("Enter")
    await expect(page.locator(".card")).to_have_count(1)
    await expect(page.locator("#line")).to_have_value("")
    await keys.type("/style add neon")
    await page.get_by_role("button", name="Option suffix").click()
    await keys.type("in neon light")
    await keys.press("Enter")
    await expect(page.locator(".card")).to_have_count(2)
    sent = [(asked.name, asked.sub, asked.options) for asked in house.core.asked if isinstance(asked, Command)]
    assert sent == [
        ("imagine-admin", "user", {"user": "kim"}),
        ("style", "add", {"suffix": "in neon light", "name": "neon"}),
    ]
    await page.fill("#line", "/imagine")
    await page.press("#line", "Enter")
    await expect(page.locator("#asking")).to_be_visible()


async def test_tabs_fit_a_phone(house: House, url: str, open_page: OpenPage) -> None:
    page = await moderate(await ready(await open_page(url, viewport=PHONE, has_touch=True)))
    await drawn(page, house)
    await review_card(house)
    await page.locator("summary[aria-label=More]").tap()
    assert await page.evaluate(TOO_WIDE) <= 0
    await page.locator(TAB).tap()
    assert await page.evaluate(TOO_WIDE) <= 0
    await page.get_by_role("button", name="Settings").tap()
    assert await page.evaluate(TOO_WIDE) <= 0
    assert await page.evaluate(NAMELESS) == []
