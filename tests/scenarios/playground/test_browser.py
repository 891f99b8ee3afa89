"""The main job as a newcomer does it: `imagine-bot run` without a token, a real browser, the built-in provider."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.texts import guide
from tests.bot.playground.pages import arrived, ready, speak_as
from tests.fakes.provider import picture
from tests.support.bot import running_bot
from tests.support.browser import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
QUICK = {"IMAGINE_PLAYGROUND": "on", "IMAGINE_SKETCH_SECONDS": "0"}
CARDS = ".card[data-tone=done]"
HAND_OVER = """([kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "mine.jpg", {type: "image/jpeg"}));
  const names = kind === "drop" ? ["dragenter", "dragover", "drop"] : ["paste"];
  for (const name of names) {
    const event = kind === "drop"
      ? new DragEvent(name, {dataTransfer: transfer, bubbles: true, cancelable: true})
      : new ClipboardEvent(name, {clipboardData: transfer, bubbles: true, cancelable: true});
    document.body.dispatchEvent(event);
  }
}"""


async def imagine(page: Page, text: str = "/imagine a lighthouse at dusk --ar 3:2") -> None:
    await page.fill("#line", text)
    await page.press("#line", "Enter")


async def pictures(page: Page, count: int) -> Locator:
    found = page.locator(f"{CARDS} .picture img")
    await arrived(found, count)
    return found


async def test_from_the_first_word_to_variations_and_over_a_restart(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, QUICK | {"IMAGINE_SKETCH_SECONDS": "1.2"}) as bot:
        port = str(bot.web.port)
        page = await ready(await open_page(bot.url))
        seen: list[int] = []
        await page.expose_function("saw", lambda value: seen.append(int(value)))
        await page.evaluate(
            "new MutationObserver(() => document.querySelectorAll('progress').forEach((bar) => window.saw(bar.value)))"
            ".observe(document.body, {subtree: true, childList: true, attributes: true})"
        )
        await imagine(page)
        await expect(page.locator(".card .title")).to_have_text("a lighthouse at dusk --ar 3:2")
        (grid,) = await (await pictures(page, 1)).all()
        wide, high = await grid.evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
        assert abs(wide / high - 1.5) < 0.05
        assert seen
        assert seen == sorted(seen), "honest progress never goes back"
        assert len({value for value in seen if 0 < value < 100}) >= 1
        labels = [await button.inner_text() for button in await page.locator(f"{CARDS} button").all()]
        wanted = ["U1", "U2", "U3", "U4", "↻", "V1", "V2", "V3", "V4", "✎", "Show details", "Delete"]
        assert [label.strip() for label in labels if label.strip() in wanted] == wanted
    async with running_bot(tmp_path, QUICK | {"HTTP_PORT": port}):
        await ready(page)
        await page.reload()
        await ready(page)
        await pictures(page, 1)
        await page.get_by_role("button", name="U2").click()
        await pictures(page, 2)
        await page.get_by_role("button", name="V3").first.click()
        await pictures(page, 3)
        await expect(page.get_by_role("link", name="picture 2 of this job", exact=True)).to_be_visible()
        await expect(page.get_by_role("link", name="variations of picture 3 of this job")).to_be_visible()
        await page.locator(".card").last.get_by_role("button", name="V1").click()
        await pictures(page, 4)


async def test_remix_private_answers_users_and_the_moderator(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, QUICK) as bot:
        page, other = await ready(await open_page(bot.url)), await ready(await open_page(bot.url))
        await speak_as(other, "Kim")
        await imagine(page, "/imagine a quiet sea")
        await pictures(page, 1)
        await pictures(other, 1)
        await page.get_by_role("button", name="Edit the prompt first").click()
        await page.get_by_role("dialog").get_by_label("Prompt").fill("a loud sea at night")
        await page.get_by_role("dialog").get_by_role("button", name="Draw").click()
        await pictures(page, 2)
        await expect(page.locator(".card .title").last).to_have_text("a loud sea at night")
        await imagine(page, "/imagine a fox --chaos 900")
        await expect(page.locator(".card", has_text="--chaos")).to_have_count(1)
        await expect(other.locator(".card", has_text="--chaos")).to_have_count(0)
        await other.get_by_role("button", name="Delete").first.click()
        await expect(other.locator(".card", has_text="Only the one who asked")).to_be_visible()
        await other.click("#who")
        await other.get_by_label("moderator").check()
        await other.keyboard.press("Escape")
        await expect(other.locator(".card[data-private]", has_text=guide.TITLE)).to_be_visible()
        await pictures(other, 2)
        await other.get_by_role("button", name="Delete").first.click()
        await pictures(page, 1)


async def test_a_picture_is_dropped_or_pasted(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, QUICK) as bot:
        page = await ready(await open_page(bot.url))
        for count, kind in enumerate(("drop", "paste"), 1):
            await page.evaluate(HAND_OVER, [kind, base64.b64encode(picture(size=64)).decode()])
            await imagine(page, "/imagine a sea in these colours")
            await pictures(page, count)
        jobs = await bot.store.jobs([], 5)
        assert [job.request.image_mime for job in jobs] == ["image/jpeg", "image/jpeg"]


async def test_bad_input_and_pages_on_a_phone(tmp_path: Path, open_page: OpenPage) -> None:
    async with running_bot(tmp_path, QUICK | {"IMAGINE_DAILY_IMAGES": "4"}) as bot:
        page = await ready(await open_page(bot.url, viewport=PHONE))
        await imagine(page, "/imagine @everyone **bold** <b>x</b> \u202e")
        await expect(page.locator(".card .title").first).to_have_text("@everyone **bold** <b>x</b>")
        await pictures(page, 1)
        await imagine(page, "/imagine one more")
        await expect(page.locator(".card", has_text="0 of your 4 for today are left")).to_be_visible()
        await imagine(page, "/info")
        await expect(page.locator(".card", has_text="0 of 4 pictures")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert (await bot.store.standing("playground:robin", bot.house.clock())).used == 4
