"""The page itself in a real browser: people, options, phones, names of controls."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import FilePayload, expect

from bot.jobs.asks import Imagine
from tests.bot.playground.house import House
from tests.bot.playground.pages import DOUBLE_IDS, NAMELESS, TOO_WIDE, drawn, ready
from tests.support.browser import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_people_and_the_moderator_switch(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await page.click("#who")
    await page.get_by_label("New person").fill("Ünal")
    await page.keyboard.press("Enter")
    await expect(page.locator("#who-name")).to_have_text("Ünal")
    await page.click("#who")
    await page.get_by_label("Roles").fill("Artists, vip")
    await page.get_by_role("switch", name="Moderator").check()
    await page.keyboard.press("Escape")
    await expect(page.locator(".card")).to_contain_text("Set-up guide")
    await page.fill("#line", "/info")
    await page.press("#line", "Enter")
    await expect(page.locator(".card")).to_have_text([re.compile("Set-up guide"), re.compile("/info")])
    who = house.core.asked[0].ask.actor
    assert (who.user_id, who.name, who.moderator, who.admin) == ("ünal", "Ünal", True, True)
    assert who.roles == ("artists", "vip")
    await page.reload()
    await expect(page.locator("#who-moderator")).to_be_visible()


async def test_options_and_a_picture_travel_with_the_command(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await page.fill("#line", "/imagine a fox")
    await page.get_by_role("button", name="Option style").click()
    await expect(page.locator("#palette li")).to_have_count(3)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.set_input_files("#file", files=[FilePayload(name="x.txt", mimeType="text/plain", buffer=b"x")])
    await expect(page.locator("#problem")).to_contain_text("no picture")
    await page.set_input_files("#file", files=[FilePayload(name="x.png", mimeType="image/png", buffer=b"not checked here")])
    await expect(page.locator("#preview-name")).to_have_text("x.png")
    await page.press("#line", "Enter")
    await expect(page.locator(".card")).to_have_count(1)
    asked = house.core.asked[0]
    assert isinstance(asked, Imagine)
    assert asked.options == {"style": "ink"}
    assert asked.image is not None
    assert asked.image.name == "x.png"
    await expect(page.locator("#preview")).to_be_hidden()


async def test_a_phone_scrolls_in_one_direction_only(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url, viewport=PHONE, has_touch=True))
    assert await page.evaluate(TOO_WIDE) <= 0
    await page.click("#example")
    await expect(page.locator("#line")).to_have_value("/imagine a lighthouse at dusk --ar 3:2")
    await drawn(page, house, f"/imagine {'x' * 300} a fox")
    assert await page.evaluate(TOO_WIDE) <= 0
    small = (
        "() => [...document.querySelectorAll('.rows button')].filter((b) => b.getBoundingClientRect().height < 40).length"
    )
    assert await page.evaluate(small) == 0
    await page.click("#who")
    assert await page.evaluate(TOO_WIDE) <= 0
    await page.keyboard.press("Escape")


async def test_names_ids_markup_and_a_settings_menu(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    assert await page.evaluate(NAMELESS) == []
    nasty = "<img src=x onerror=document.title='hit'> @everyone **b** <script>1</script>"
    await drawn(page, house, f"/imagine {nasty}")
    await expect(page.locator(".title")).to_have_text(nasty)
    assert "hit" not in await page.title()
    await page.fill("#line", "/settings")
    await page.press("#line", "Enter")
    await expect(page.locator(".menu")).to_have_count(2)
    await page.fill("#line", "/imagine x")
    await page.click("text=+ ratio")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(DOUBLE_IDS) == []
    assert await page.evaluate("document.documentElement.lang") == "en"
    await page.keyboard.press("Escape")
    await page.locator(".menu").get_by_label("Ratio").select_option("16:9")
    await expect(page.locator(".words")).to_have_text("New pictures are 16:9.")
    await expect(page.locator(".menu").get_by_label("Ratio")).to_have_value("16:9")
    await expect(page.locator(".card")).to_have_count(2)


async def test_less_motion_and_a_tall_private_answer(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url, reduced_motion="reduce", viewport={"width": 390, "height": 290}))
    await page.fill("#line", "/imagine a fox")
    await page.press("#line", "Enter")
    await expect(page.locator(".card .dot")).to_have_css("animation-name", "none")
    await page.fill("#line", "/settings")
    await page.press("#line", "Enter")
    await expect(page.locator(".card[data-private] .badge")).to_be_in_viewport(ratio=1)
