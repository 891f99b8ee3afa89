"""`imagine-bot keys` beside a running bot: what it makes works at once, and what it revokes works no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.api import tokens
from bot.policy.records import What
from tests.bot.cli.conftest import Invoke
from tests.support.api import FOX, open_api, problem

TOKEN = re.compile(r"imk_[0-9a-f]{12}_[0-9a-f]{64}")
SECRET = "a-secret-of-the-tests-0123456789"


async def test_a_key_from_its_making_to_its_end(tmp_path: Path, invoke: Invoke) -> None:
    here = {"IMAGINE_DATA_DIR": str(tmp_path), "IMAGINE_SECRET": SECRET}
    async with open_api(tmp_path, {"IMAGINE_SECRET": SECRET}) as api:
        assert (await invoke("keys", "list", **here)).output == "There are no keys.\n"
        made = await invoke("keys", "create", "Shop\u202e\n", "--daily", "5", "--per-minute", "600", **here)
        assert made.exit_code == 0, made.output
        (token,) = TOKEN.findall(made.output)
        key_id = tokens.id_of(token) or ""
        assert tokens.callback_secret(SECRET, key_id) in made.output
        key = await api.store.key(key_id)
        assert key is not None
        assert (key.name, key.per_minute, key.digest) == ("Shop", 600, tokens.digest_of(token))
        program = api.again(key, token)
        await program.accepted()
        over = await program.post("", FOX)
        assert problem(over) == (429, "quota")
        assert "of your 5" in over.json()["detail"]
        (told,) = json.loads((await invoke("keys", "list", "--json", **here)).output)
        assert (told["id"], "digest" in told) == (key_id, False)
        assert told["used_at"] is not None
        listed = (await invoke("keys", "list", **here)).output
        assert key_id in listed
        assert (await invoke("keys", "revoke", key_id, **here)).exit_code == 0
        assert problem(await program.get("")) == (401, "key_invalid")
        assert "revoked" in (await invoke("keys", "list", **here)).output
        assert (await invoke("keys", "revoke", key_id, **here)).exit_code == 2
        entries = await api.bot.house.policy.entries("api:keys", subject=key.user_key)
        assert [entry.what for entry in entries] == [What.SETTING, What.REFUSED, What.ACCEPTED, What.SETTING, What.LIMITED]
        path = api.bot.db.path
        assert path is not None
        kept = path.read_bytes() + path.with_name("imagine.db-wal").read_bytes()
        assert token.encode() not in kept
        assert token.rpartition("_")[2].encode() not in kept


async def test_a_key_that_has_expired(tmp_path: Path, invoke: Invoke) -> None:
    here = {"IMAGINE_DATA_DIR": str(tmp_path)}
    async with open_api(tmp_path) as api:
        made = await invoke("keys", "create", "Fair", "--days", "7", "--scope", "read", **here)
        (token,) = TOKEN.findall(made.output)
        key = await api.store.key(tokens.id_of(token) or "")
        assert key is not None
        program = api.again(key, token)
        assert (await program.get("")).status_code == 200
        api.clock.ahead = 8 * 86400.0
        assert problem(await program.get("")) == (401, "key_invalid")


async def test_what_cannot_be_made(tmp_path: Path, invoke: Invoke) -> None:
    here = {"IMAGINE_DATA_DIR": str(tmp_path)}
    assert "There is no database" in (await invoke("keys", "create", "Shop", **here)).output
    for wrong in ((" \n",), ("a", "--community", "nowhere"), ("a", "--community", "discord:"), ("a", "--scope", "all")):
        assert (await invoke("keys", "create", *wrong, **here)).exit_code == 2, wrong
