"""The page of figures: for whoever has the token."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.errors import StoreUnavailable
from bot.wiring import Bot
from tests.bot.metrics.test_prometheus import value
from tests.support.bot import running_bot

TOKEN = "a-token-for-figures"
ON = {"IMAGINE_METRICS_TOKEN": TOKEN, "IMAGINE_PLAYGROUND": "on"}


async def asked(bot: Bot, authorization: str | bytes | None) -> httpx.Response:
    sent = authorization.encode() if isinstance(authorization, str) else authorization
    headers = {} if sent is None else {b"authorization": sent}
    async with httpx.AsyncClient(base_url=bot.url, headers=headers, trust_env=False) as client:
        return await client.get("/metrics")


async def test_without_a_setting_there_is_no_page_and_nothing_is_wrapped(tmp_path: Path) -> None:
    async with running_bot(tmp_path, {}) as bot:
        assert (await asked(bot, f"Bearer {TOKEN}")).status_code == 404
        assert bot.house.store is bot.store
        assert {chat is front.chat for chat, front in zip(bot.house.chats.values(), bot.fronts.values(), strict=True)} <= {
            True
        }


async def test_it_opens_for_the_token_alone_and_works_without_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_bot(tmp_path, ON) as bot:
        for wrong in (None, "", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, f"Bearer  {TOKEN}", b"Bearer \xe4"):
            refused = await asked(bot, wrong)
            assert (refused.status_code, refused.content) == (401, b""), wrong
        good = await asked(bot, f"bearer {TOKEN}")
        assert good.headers["content-type"].startswith("text/plain")
        assert (good.headers["cache-control"], value(good.content, "imagine_rows_read")) == ("no-store", 1)
        async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as client:
            for provider in ("nobody", "sketch"):
                assert (await client.post(f"/webhooks/{provider}/x/y")).status_code == 404

        async def away(_now: float) -> None:
            raise StoreUnavailable("gone")

        monkeypatch.setattr(bot.metering._rows, "figures", away)
        page = (await asked(bot, f"Bearer {TOKEN}")).content
    assert value(page, "imagine_rows_read") == 0
    assert value(page, "imagine_webhooks_total", provider="unknown", status="404") == 2
    assert value(page, "imagine_ledger_lines_total") == 0
