"""Who may speak to the playground at all."""

from __future__ import annotations

import pytest

from tests.bot.playground.house import build, fields


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "127.8.8.8"])
async def test_own_hosts(host: str) -> None:
    house = await build()
    async with house.client() as client:
        assert (await client.get("/api/state", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7", "", "[::1", "localhost.evil", "0x7f.1", "bot.example"]
)
async def test_foreign_hosts(host: str) -> None:
    house = await build(hosts=frozenset({"bot.example"}))
    async with house.client() as client:
        assert (await client.get("/api/state", headers={"host": host})).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"x-playground": "1"}, 200), ({"x-playground": ""}, 403), ({"x-playground": "1", "origin": "http://evil.test"}, 403),
     ({"x-playground": "1", "origin": "null"}, 403), ({"x-playground": "1", "origin": "http://127.0.0.1:9999"}, 403),
     ({"x-playground": "1", "origin": "http://127.0.0.1:8080"}, 200), ({"x-playground": "1", "origin": "http://[x"}, 403)],
)  # fmt: skip
async def test_posts_need_our_own_page(headers: dict[str, str], status: int) -> None:
    house = await build()
    async with house.client() as client:
        reply = await client.post("/api/command", files=fields(text="/info"), headers=headers)
    assert reply.status_code == status
    assert len(house.core.asked) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    "path", ["/", "/api/state", "/static/main.js", "/pictures/a?message=a&user=b", "/api/events?user=Kim"]
)
async def test_with_a_key_everything_needs_it(path: str) -> None:
    house = await build(key="sésame")
    async with house.client() as client:
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers={b"cookie": "playground=sésame".encode()})).status_code == 401


async def test_the_key_becomes_a_cookie() -> None:
    house = await build(key="sésame")
    async with house.client(host="192.168.0.7:8080") as client:
        assert (await client.get("/", params={"key": "wrong"})).status_code == 401
        opened = await client.get("/", params={"key": "sésame"})
        assert opened.status_code == 200
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "sésame" not in cookie
        assert (await client.get("/api/state")).status_code == 200
        assert (await client.get("/api/state", headers={"host": "evil.example"})).status_code == 403


@pytest.mark.parametrize(("host", "status"), [("bot.example", 200), ("10.0.0.7:8080", 200), ("evil.example", 403)])
async def test_with_a_key_other_names_are_answered(host: str, status: int) -> None:
    house = await build(key="sesame", hosts=frozenset({"bot.example"}))
    async with house.client() as client:
        reply = await client.get("/", params={"key": "sesame"}, headers={"host": host, "x-forwarded-for": "203.0.113.9"})
    assert reply.status_code == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_without_a_key_a_proxy_is_refused(header: str) -> None:
    house = await build()
    async with house.client() as client:
        assert (await client.get("/", headers={header: "203.0.113.9"})).status_code == 403
