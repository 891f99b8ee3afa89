"""Discord, Slack and the browser in one process, over one core."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.jobs.model import JobState
from bot.jobs.place import Platform
from tests.bot.metrics.test_prometheus import value
from tests.fakes.slack import FakeSlack
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.server import WITHIN, Server, open_server
from tests.support.wait import eventually

OWN = {"x-playground": "1"}
THREE = (Platform.DISCORD, Platform.SLACK, Platform.PLAYGROUND)
CHATS = (Platform.DISCORD, Platform.SLACK, Platform.PLAYGROUND)


def fields(key: str, **more: str) -> dict[str, tuple[None, str]]:
    """Multipart fields as the page sends them."""
    return {name: (None, value) for name, value in {"user": "Robin", "key": key, **more}.items()}


async def states(server: Server) -> dict[Platform, JobState]:
    """Where the one job of each platform stands."""
    return {job.actor.platform: job.state for job in await server.bot.store.jobs([], 10)}


async def test_three_fronts_share_one_queue(tmp_path: Path) -> None:
    easel, slack = Easel(), FakeSlack()
    await slack.start()
    figures = {"IMAGINE_METRICS_TOKEN": "a-token-for-figures"}
    tokens = figures | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    async with open_server(tmp_path, easel, IMAGINE_PLAYGROUND="on", IMAGINE_RUNNING="1", **tokens) as server:
        await slack.connected()
        first = await server.placed("from discord")
        await server.reaches(first, JobState.RUNNING)
        room, cara = slack.channel("art"), slack.user("cara")
        await (await slack.command(cara, room, "from slack")).acked()
        async with httpx.AsyncClient(base_url=server.bot.url, headers=OWN) as page:
            posted = await page.post("api/command", files=fields("request-0001", text="/imagine from the browser"))
            assert posted.status_code == 200, posted.text
            ready = (await page.get("readyz")).status_code
        assert ready == 200

        async def waiting() -> bool:
            there = await states(server)
            return [there.get(one) for one in CHATS] == [JobState.RUNNING, JobState.QUEUED, JobState.QUEUED]

        await eventually(waiting, WITHIN)
        assert len(easel.paid) == 1
        easel.finish()
        await server.finished(first)

        async def done() -> bool:
            return list((await states(server)).values()) == [JobState.DELIVERED] * 3

        await eventually(done, WITHIN)
        assert [bool(message.pictures) for message in slack.messages(room)] == [True]
        assert len(easel.paid) == 3
        async with httpx.AsyncClient(
            base_url=server.bot.url, headers={"authorization": "Bearer a-token-for-figures"}
        ) as page:
            counted = (await page.get("metrics")).content
        for one in THREE:
            assert value(counted, "imagine_jobs_accepted_total", platform=one.value) == 1
            assert value(counted, "imagine_delivery_seconds_count", platform=one.value) == 1
            assert value(counted, "imagine_answer_seconds_count", platform=one.value) >= 1
            assert value(counted, "imagine_chat_calls_total", platform=one.value, outcome="ok") >= 1
        for chat in (Platform.DISCORD, Platform.SLACK):
            assert 1 <= value(counted, "imagine_acknowledgement_seconds_count", platform=chat.value) <= 3
            assert 0 <= value(counted, "imagine_acknowledgement_seconds_sum", platform=chat.value) < 3 * WITHIN
            assert value(counted, "imagine_chat_http_total", platform=chat.value, status="200") >= 3
        assert value(counted, "imagine_jobs_ended_total", state="delivered") == 3
        assert value(counted, "imagine_ledger_units_total", kind="reserve") == 12
        assert value(counted, "imagine_jobs") == 0
    assert not slack.violations
    await slack.stop()
