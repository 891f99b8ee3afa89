"""What browser tests do with the page, and what they ask it."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.bot.playground.house import House

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


async def ready(page: Page) -> Page:
    """The page once its event stream is open."""
    await expect(page.locator("#link")).to_have_attribute("data-state", "live")
    return page


async def arrived(images: Locator, count: int) -> None:
    """So many pictures stand there, bytes and all: one whose message goes while it loads would be a 404."""
    await expect(images).to_have_count(count)
    for at in range(count):
        await expect(images.nth(at)).not_to_have_js_property("naturalWidth", 0)


async def drawn(page: Page, house: House, text: str = "/imagine a fox") -> None:
    """Play one whole job."""
    await page.fill("#line", text)
    await page.press("#line", "Enter")
    for _ in range(5):
        house.core.step()
    await arrived(page.locator(".picture img"), 1)


async def speak_as(page: Page, name: str) -> None:
    await page.click("#who")
    await page.click(f".person:has-text('{name}')")
    await expect(page.locator("#who-name")).to_have_text(name)
    await ready(page)
