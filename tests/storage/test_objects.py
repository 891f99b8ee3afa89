"""An object store of its own kind: what only S3 has, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.cli import environment
from bot.errors import PicturesUnavailable
from bot.jobs.asks import Ask, Imagine, Placeholder
from bot.jobs.model import Job, JobState
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.ports import Links
from storage import objects
from storage.links import StoreLinks
from storage.pictures import ObstorePictures
from tests.bot.cli.conftest import Invoke, invoke  # noqa: F401  (a fixture)
from tests.bot.imaging.pictures import encoded, noise
from tests.fakes.links import FakeLinks
from tests.support.bot import running_bot
from tests.support.objects import BUCKET, KEY_ID, SECRET
from tests.support.wait import eventually

KEY = "jobs/0123456789abcdef0123/1"
PNG = encoded(noise())


async def test_a_signed_link_needs_no_login_and_ends(s3: str) -> None:
    store = ObstorePictures(s3)
    await store.put(KEY, PNG, "image/png")
    await store.put("inputs/0123456789abcdef0123", PNG, "image/png")
    good, short = await store.sign(KEY, 3600), await store.sign(KEY, 1)
    async with httpx.AsyncClient(trust_env=False) as client:
        reply = await client.get(good)
        assert (reply.status_code, reply.content, reply.headers["content-type"]) == (200, PNG, "image/png")
        other = good.replace(KEY, "inputs/0123456789abcdef0123")
        assert [(await client.get(url)).status_code for url in (good[:-4] + "0000", other, good.partition("?")[0])] == [
            403
        ] * 3
        await asyncio.sleep(2.1)  # the end is told in whole seconds by the server's own clock
        assert (await client.get(short)).status_code == 403


async def test_links_are_the_stores_where_they_lead_there(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By plain http only this machine (or a cluster) reaches it: then the bot hands the pictures out."""
    ours = FakeLinks()
    assert await StoreLinks(ObstorePictures(s3), ours).link(KEY, "image/png") == await ours.link(KEY, "image/png")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://objects.example.org")
    link = await StoreLinks(ObstorePictures(s3), ours).link(KEY, "image/png")
    assert link.startswith(f"https://objects.example.org/{s3.removeprefix('s3://')}/{KEY}?X-Amz-")
    assert "X-Amz-Expires=86400" in link
    with pytest.raises(ValueError, match="no drawn picture"):
        await StoreLinks(ObstorePictures(s3), ours).link("inputs/0123456789abcdef0123", "image/png")


async def test_a_store_that_cannot_sign_leaves_it_to_the_bot(caplog: pytest.LogCaptureFixture) -> None:
    ours: Links = FakeLinks()
    link = await StoreLinks(ObstorePictures("memory://"), ours).link(KEY, "image/png")
    assert link == await ours.link(KEY, "image/png")
    assert "store cannot sign" in caplog.text


async def test_a_bucket_that_is_not_there_is_no_lost_picture(s3: str) -> None:
    """Else jobs would take their pictures for gone, and end."""
    elsewhere = ObstorePictures(s3.replace(BUCKET, "nosuchbucket"))
    with pytest.raises(PicturesUnavailable, match=r"did not read: .*NoSuchBucket"):
        await elsewhere.get(KEY)
    with pytest.raises(KeyError):
        await ObstorePictures(s3).get(KEY)


async def test_wrong_keys_are_said_without_them(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-wrong-secret")
    with pytest.raises(PicturesUnavailable, match=r"did not write: .*403.*\(SignatureDoesNotMatch\)") as refused:
        await ObstorePictures(s3).put(KEY, PNG, "image/png")
    said = str(refused.value)
    assert "hush" not in said
    assert "\n" not in said


async def test_a_store_that_is_away_is_said_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        for name, value in {"AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(PicturesUnavailable, match=r"did not read: .*after 3 retries"):
            await ObstorePictures(f"s3://{BUCKET}").get(KEY)


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """A server that takes connections and says nothing."""
    gone = asyncio.Event()

    async def wait(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        gone.set()
        server.close()


async def test_a_store_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "REQUEST_SECONDS", 1)
    monkeypatch.setattr(objects, "RETRIES", 1)
    async with silent() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        with pytest.raises(PicturesUnavailable, match="did not write"):
            await ObstorePictures(f"s3://{BUCKET}").put(KEY, PNG, "image/png")


async def test_check_tries_it(s3: str, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    settings = {"IMAGINE_DATA_DIR": str(tmp_path), "PICTURES_URL": s3}
    good = await invoke("check", **settings)
    assert "ok     pictures" in good.output
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-wrong-secret")
    bad = await invoke("check", **settings)
    assert (bad.exit_code, "WRONG  pictures" in bad.output, "SignatureDoesNotMatch" in bad.output) == (1, True, True)
    assert "hush" not in bad.output


async def test_a_whole_job_draws_into_a_bucket(s3: str, tmp_path: Path) -> None:
    async with running_bot(tmp_path, {"PICTURES_URL": s3, "IMAGINE_PLAYGROUND": "on"}) as bot:
        actor = Actor(Platform.PLAYGROUND, "robin", "Robin")
        asked = Imagine(Ask(actor, Place(Platform.PLAYGROUND, "playground"), "key-1"), "a fox", {})
        answer = await bot.service.imagine(asked)
        assert isinstance(answer, Placeholder)

        async def delivered() -> Job | None:
            job = await bot.store.job(answer.job_id)
            return job if job and job.state is JobState.DELIVERED else None

        job = await eventually(delivered, within=30.0)
        assert job is not None
        keys = {picture.key for picture in (*job.pictures, job.shown) if picture}
        listed = {key async for some in ObstorePictures(s3).keys(f"jobs/{job.id}") for key in some}
        async with httpx.AsyncClient(trust_env=False) as client:
            reply = await client.get(await bot.house.links.link(job.pictures[0].key, job.pictures[0].mime))
    assert (len(keys), listed) == (5, keys)
    assert (reply.status_code, reply.headers["content-type"]) == (200, job.pictures[0].mime)


def test_keys_may_stand_in_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stores' own tools read the process's environment alone; ours reads `.env` too, and the environment wins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    (tmp_path / ".env").write_text("AWS_REGION=us-east-1\nAWS_SECRET_ACCESS_KEY=hush-in-a-file\nPATH=/nowhere\n")
    added: list[str] = []
    monkeypatch.setattr(environment, "add_secret", added.append)
    environment.settings()
    assert os.environ["AWS_REGION"] == "eu-west-1"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == "hush-in-a-file"
    assert os.environ["PATH"] != "/nowhere"
    assert "hush-in-a-file" in added
    assert "eu-west-1" not in added


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Generic Azure error: Error performing PUT https://a.b/c?sv=1&sig=hush%2F in 5ms - HTTP error: sending\nDebug",
            "Exception: Generic Azure error: Error performing PUT https://a.b/c in 5ms - HTTP error: sending",
        ),
        (
            "403 Forbidden: <?xml?><Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>hush</AWSAccessKeyId>",
            "Exception: 403 Forbidden (InvalidAccessKeyId)",
        ),
        ('401: {"error": {"message": "hush"}}', "Exception: 401"),
    ],
)
def test_a_reason_holds_no_part_that_may_be_secret(said: str, told: str) -> None:
    assert objects.reason(Exception(said)) == told
