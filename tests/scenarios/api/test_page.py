"""The OpenAPI page: whole from our own server, under the content policy that all our pages have."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from bot.web.headers import HEADERS
from tests.support.api import open_api, problem
from tests.support.browser import OpenPage

PATHS = {"/jobs", "/jobs/{job_id}", "/jobs/{job_id}/cancel", "/jobs/{job_id}/events", "/jobs/{job_id}/upscale"}


async def test_page_and_description_need_no_key_and_come_from_here(tmp_path: Path) -> None:
    async with open_api(tmp_path) as api, httpx.AsyncClient(base_url=api.base) as anybody:
        page = await anybody.get("docs")
        assert {name: page.headers[name] for name in HEADERS} == HEADERS
        assert "<script>" not in page.text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        for address in loaded:
            if address != "data:,":
                reply = await anybody.get(address)
                assert (reply.status_code, "//" in address) == (200, False), address
        said = (await anybody.get("openapi.json")).json()
        assert set(said["paths"]) >= PATHS
        assert said["servers"] == [{"url": "/api/image"}]
        assert said["components"]["securitySchemes"] == {"HTTPBearer": {"type": "http", "scheme": "bearer"}}
        for operations in said["paths"].values():
            for operation in operations.values():
                assert list(operation["responses"]["429"]["content"]) == ["application/problem+json"]
        assert page.headers["api-version"] == "1"
        assert problem(await anybody.get("nothing")) == (404, "not_found")
        assert problem(await anybody.get("jobs")) == (401, "key_missing")


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with open_api(tmp_path, {"IMAGINE_API": "off"}) as api, httpx.AsyncClient(base_url=api.base) as anybody:
        assert (await anybody.get("docs")).status_code == 404
        assert (await anybody.get(f"{api.bot.base}/readyz")).json()["parts"] == {"engine": True}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_a_browser_shows_it_and_a_key_makes_it_work(tmp_path: Path, open_page: OpenPage) -> None:
    """With no line of the content policy broken: that would be an error on the page's console."""
    async with open_api(tmp_path) as api:
        program = await api.program()
        page = await open_page(f"{api.base}docs")
        await expect(page.locator(".opblock")).to_have_count(7)
        await page.get_by_role("button", name="Authorize").click()
        await page.locator(".auth-container input").fill(program.token)
        await page.locator(".auth-container").get_by_role("button", name="Apply credentials").click()
        await page.locator(".auth-container").get_by_role("button", name="Close").click()
        await page.locator("#operations-jobs-list_jobs_jobs_get .opblock-summary-control").click()
        await page.get_by_role("button", name="Try it out").click()
        await page.get_by_role("button", name="Execute").click()
        await expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
