"""Jobs in a real browser, against a core that plays them step by step."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.web.app import build_app
from bot.web.server import WebServer
from tests.bot.playground.house import House, build
from tests.bot.playground.pages import NAMELESS, arrived, drawn, ready, speak_as
from tests.support.browser import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_keyboard_alone_from_empty_page_to_picture(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await expect(page.locator("#empty")).to_be_visible()
    await expect(page.locator("#line")).to_be_focused()
    keys = page.keyboard
    await keys.type("/im")
    await expect(page.locator("#palette [aria-selected=true]")).to_contain_text("/imagine")
    await keys.press("Enter")
    await keys.type("a lighthouse at dusk --ar 3")
    await expect(page.locator("#palette li")).to_have_text(["3:2"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("#line")).to_have_value("/imagine a lighthouse at dusk --ar 3:2 ")
    await keys.press("Enter")
    await expect(page.locator(".card[data-tone=waiting] .title")).to_have_text("a lighthouse at dusk --ar 3:2")
    await expect(page.locator("#line")).to_have_value("")
    house.core.step()
    house.core.step()
    await expect(page.locator("progress")).to_have_attribute("value", "31")
    await expect(page.locator("#spoken")).to_contain_text("31%")
    for _ in range(3):
        house.core.step()
    await expect(page.locator(".card[data-tone=done] .picture img")).to_have_js_property("naturalWidth", 768)
    await expect(page.locator("progress")).to_have_count(0)


async def test_a_result_and_its_children(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await drawn(page, house)
    await page.get_by_role("button", name="U2").focus()
    await page.keyboard.press("Enter")
    for _ in range(5):
        house.core.step()
    child = page.locator("#m-job2")
    await expect(child.locator(".picture img")).to_be_visible()
    await child.get_by_role("link").click()
    await expect(page.locator("#m-job1")).to_be_focused()
    await in_the_lightbox(page)
    await remixed(page)


async def in_the_lightbox(page: Page) -> None:
    """It opens, moves and closes by keyboard."""
    await page.locator("#m-job1 .picture").focus()
    await page.keyboard.press("Enter")
    shown = page.locator("#lightbox-picture")
    await expect(shown).to_have_js_property("naturalWidth", 768)
    await expect(shown).to_have_attribute("alt", "Four drafts of: a fox")
    await page.keyboard.press("ArrowRight")
    await expect(shown).to_have_attribute("alt", "Picture 2 of: a fox")
    await expect(page.locator("#lightbox-download")).to_have_attribute("download", "job2.png")
    await page.keyboard.press("Escape")
    await expect(page.locator("#lightbox")).to_be_hidden()
    await expect(page.locator("#m-job1 .picture")).to_be_focused()


async def remixed(page: Page) -> None:
    """A Form whose refusal keeps what was typed."""
    await page.get_by_role("button", name="Remix").click()
    prompt = page.locator("#field-prompt")
    await expect(prompt).to_be_focused()
    await expect(prompt).to_have_value("a fox")
    assert await page.evaluate(NAMELESS) == []
    await prompt.fill("a forbidden fox")
    await page.get_by_role("button", name="Draw").click()
    await expect(page.locator("#asking-problem")).to_contain_text("not allowed")
    await expect(prompt).to_have_value("a forbidden fox")
    await prompt.fill("a red fox")
    await page.get_by_role("button", name="Draw").click()
    await expect(page.locator("#asking")).to_be_hidden()
    await expect(page.locator("#m-job3 .title")).to_have_text("a red fox")


async def test_who_sees_what(house: House, url: str, open_page: OpenPage) -> None:
    robin, kim = await ready(await open_page(url)), await ready(await open_page(url))
    await speak_as(kim, "Kim")
    await robin.fill("#line", "/info")
    await robin.press("#line", "Enter")
    private = robin.locator(".card[data-private]")
    await expect(private).to_contain_text("Only you see this")
    await drawn(robin, house)
    await arrived(kim.locator(".picture img"), 1)
    await expect(kim.locator(".card")).to_have_count(1)
    await robin.reload()
    await expect(private).to_have_count(1)
    await private.get_by_role("button", name="Dismiss").click()
    await expect(private).to_have_count(0)
    await robin.reload()
    await ready(robin)
    await expect(robin.locator(".card")).to_have_count(1)
    await robin.get_by_role("button", name="Delete").click()
    await expect(kim.locator("#empty")).to_be_visible()
    await expect(robin.locator("#line")).to_be_focused()


async def test_after_a_restart_everything_stands_and_old_buttons_work(house: House, open_page: OpenPage) -> None:
    first = WebServer(build_app(mounts={"/": house.front.app}, webhook=None, readiness=dict), "127.0.0.1", 0)
    await first.start()
    page = await ready(await open_page(f"http://127.0.0.1:{first.port}/"))
    await drawn(page, house)
    await first.stop()
    await expect(page.locator("#link")).not_to_have_attribute("data-state", "live")
    again = await build(pace=0, store=house.store)
    again.core.jobs.update(house.core.jobs)
    second = WebServer(build_app(mounts={"/": again.front.app}, webhook=None, readiness=dict), "127.0.0.1", first.port)
    await second.start()
    await ready(page)
    await page.get_by_role("button", name="Remix").click()
    await page.locator("#field-prompt").fill("a fox again")
    await page.keyboard.press("Tab")
    await page.get_by_role("button", name="Draw").click()
    await expect(page.locator(".title")).to_have_text(["a fox", "a fox again"])
    await page.reload()
    await expect(page.locator(".title")).to_have_text(["a fox", "a fox again"])
    await second.stop()


async def test_the_newest_stays_in_view_when_a_picture_arrives(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    for n in range(3):
        await page.fill("#line", f"/imagine fox {n}")
        await page.press("#line", "Enter")
        for _ in range(5):
            house.core.step()
        await arrived(page.locator(".picture img"), n + 1)
    await expect(page.locator("#m-job3").get_by_role("button", name="Delete")).to_be_in_viewport(ratio=1)
    await page.mouse.move(640, 300)
    await page.mouse.wheel(0, -3000)
    await expect(page.locator("#newest")).to_be_visible()
    await page.fill("#line", "/info")
    await page.press("#line", "Enter")
    await expect(page.locator(".card[data-private]")).to_be_in_viewport(ratio=1)
