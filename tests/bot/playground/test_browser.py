"""The page in a real browser, against a core that plays whole jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from bot.jobs.asks import Imagine
from bot.web.app import build_app
from bot.web.server import WebServer
from tests.bot.playground.house import House, build, serving
from tests.support.browser import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
NAMELESS = """() => {
  const kinds = "button, a[href], input:not([type=hidden]), select, textarea, img";
  const words = (item) => {
    const ids = (item.getAttribute("aria-labelledby") ?? "").split(" ");
    const labels = [...(item.labels ?? []), ...ids.map((id) => document.getElementById(id)).filter(Boolean)];
    const inside = item.tagName === "IMG" || item.tagName === "SELECT" ? "" : item.textContent;
    return [item.getAttribute("aria-label") ?? "", inside, ...labels.map((label) => label.textContent)].join("").trim();
  };
  const named = (item) => words(item) || (item.tagName === "IMG" && item.hasAttribute("alt"));
  const shown = [...document.querySelectorAll(kinds)].filter((item) => item.checkVisibility());
  return shown.filter((item) => !named(item)).map((item) => item.outerHTML);
}"""
DOUBLE_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((item) => item.id);
  return ids.filter((id, n) => ids.indexOf(id) !== n);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest_asyncio.fixture(loop_scope="module")
async def house() -> House:
    return await build(pace=None)


@pytest_asyncio.fixture(loop_scope="module")
async def url(house: House) -> AsyncIterator[str]:
    async with serving(house) as address:
        yield address


async def ready(page: Page) -> Page:
    """The page once its event stream is open."""
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    return page


async def drawn(page: Page, house: House, text: str = "/imagine a fox") -> None:
    """Play one whole job."""
    await page.fill("#line", text)
    await page.press("#line", "Enter")
    for _ in range(5):
        house.core.step()
    await expect(page.locator(".picture img")).to_have_count(1)


async def speak_as(page: Page, name: str) -> None:
    await page.click("#who")
    await page.click(f".person:has-text('{name}')")
    await expect(page.locator("#who-name")).to_have_text(name)
    await ready(page)


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


async def test_u2_brings_a_message_that_links_to_its_parent(house: House, url: str, open_page: OpenPage) -> None:
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


async def test_the_lightbox_opens_moves_and_closes_by_keyboard(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await drawn(page, house)
    await page.get_by_role("button", name="U1").click()
    for _ in range(5):
        house.core.step()
    await expect(page.locator(".picture img")).to_have_count(2)
    await page.locator("#m-job1 .picture").focus()
    await page.keyboard.press("Enter")
    shown = page.locator("#lightbox-picture")
    await expect(shown).to_have_js_property("naturalWidth", 768)
    await expect(shown).to_have_attribute("alt", "Four drafts of: a fox")
    await page.keyboard.press("ArrowRight")
    await expect(shown).to_have_attribute("alt", "Picture 1 of: a fox")
    await expect(page.locator("#lightbox-download")).to_have_attribute("download", "job2.png")
    await page.keyboard.press("Escape")
    await expect(page.locator("#lightbox")).to_be_hidden()
    await expect(page.locator("#m-job1 .picture")).to_be_focused()


async def test_remix_opens_a_form_whose_refusal_keeps_what_was_typed(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await drawn(page, house)
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
    await expect(page.locator("#m-job2 .title")).to_have_text("a red fox")


async def test_a_private_answer_is_its_askers_alone(house: House, url: str, open_page: OpenPage) -> None:
    robin, kim = await ready(await open_page(url)), await ready(await open_page(url))
    await speak_as(kim, "Kim")
    await robin.fill("#line", "/info")
    await robin.press("#line", "Enter")
    private = robin.locator(".card[data-private]")
    await expect(private).to_contain_text("Only you see this")
    await drawn(robin, house)
    await expect(kim.locator(".picture img")).to_have_count(1)
    await expect(kim.locator(".card")).to_have_count(1)
    await robin.reload()
    await expect(private).to_have_count(1)
    await private.get_by_role("button", name="Dismiss").click()
    await expect(private).to_have_count(0)
    await robin.reload()
    await ready(robin)
    await expect(robin.locator(".card")).to_have_count(1)


async def test_people_and_the_moderator_switch(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await page.click("#who")
    await page.get_by_label("New person").fill("Ünal")
    await page.keyboard.press("Enter")
    await expect(page.locator("#who-name")).to_have_text("Ünal")
    await page.click("#who")
    await page.get_by_role("switch", name="Moderator").check()
    await page.keyboard.press("Escape")
    await page.fill("#line", "/info")
    await page.press("#line", "Enter")
    await expect(page.locator(".card")).to_have_count(1)
    who = house.core.asked[0].ask.actor
    assert (who.user_id, who.name, who.moderator) == ("ünal", "Ünal", True)
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


async def test_markup_in_a_prompt_is_text(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    nasty = "<img src=x onerror=document.title='hit'> @everyone **b** <script>1</script>"
    await drawn(page, house, f"/imagine {nasty}")
    await expect(page.locator(".title")).to_have_text(nasty)
    assert "hit" not in await page.title()


async def test_a_settings_menu_changes_its_own_message(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    await page.fill("#line", "/settings")
    await page.press("#line", "Enter")
    await page.get_by_label("Ratio").select_option("16:9")
    await expect(page.locator(".words")).to_have_text("New pictures are 16:9.")
    await expect(page.get_by_label("Ratio")).to_have_value("16:9")
    await expect(page.locator(".card")).to_have_count(1)


async def test_a_deleted_message_leaves_every_page(house: House, url: str, open_page: OpenPage) -> None:
    robin, kim = await ready(await open_page(url)), await ready(await open_page(url))
    await drawn(robin, house)
    await expect(kim.locator(".card")).to_have_count(1)
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
        await expect(page.locator(".picture img")).to_have_count(n + 1)
    await expect(page.locator("#m-job3").get_by_role("button", name="Delete")).to_be_in_viewport(ratio=1)
    await page.mouse.move(640, 300)
    await page.mouse.wheel(0, -3000)
    await expect(page.locator("#newest")).to_be_visible()
    await page.fill("#line", "/info")
    await page.press("#line", "Enter")
    await expect(page.locator(".card[data-private]")).to_be_in_viewport(ratio=1)


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


async def test_everything_has_a_name_and_ids_are_unique(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url))
    assert await page.evaluate(NAMELESS) == []
    await drawn(page, house)
    await page.fill("#line", "/settings")
    await page.press("#line", "Enter")
    await expect(page.locator(".menu")).to_have_count(2)
    await page.fill("#line", "/imagine x")
    await page.click("text=+ ratio")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(DOUBLE_IDS) == []
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_less_motion_where_it_is_asked_for(house: House, url: str, open_page: OpenPage) -> None:
    page = await ready(await open_page(url, reduced_motion="reduce"))
    await page.fill("#line", "/imagine a fox")
    await page.press("#line", "Enter")
    dot = page.locator(".card .dot")
    await expect(dot).to_have_css("animation-name", "none")
