"""Logs: one stream, every library, no secret."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from bot.logs import HIDDEN, add_secret, bound, configure_logs

SECRET = 'xoxb-1"2\\3-geheim+/'


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the process's logging back."""
    monkeypatch.setattr(logs, "SECRETS", logs.Secrets())
    root = logging.getLogger()
    names = {*logs.CHATTY, *logs.OWN_HANDLERS, *logs.TELL_TALES, logs.STATEMENTS}
    kept = [(log, log.handlers, log.level, log.propagate) for log in (root, *(logging.getLogger(name) for name in names))]
    yield
    for log, handlers, level, propagate in kept:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    structlog.get_logger("bot.jobs").info("delivered", cost=120, seconds=1.5)
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "delivered", "level": "info", "logger": "bot.jobs", "cost": 120, "seconds": 1.5}


def test_colours_on_a_terminal_and_none_elsewhere() -> None:
    terminal, plain = Terminal(), io.StringIO()
    configure_logs(stream=terminal)
    structlog.get_logger("bot").info("delivered", cost=120)
    configure_logs(json=False, stream=plain)
    structlog.get_logger("bot").info("delivered", cost=120)
    assert "\x1b[" in terminal.getvalue()
    assert "\x1b[" not in plain.getvalue()
    assert "delivered" in terminal.getvalue()
    assert "cost=120" in plain.getvalue()


@pytest.mark.parametrize("name", ["discord.gateway", "slack_bolt.AsyncApp", "uvicorn.error", "alembic.runtime", "anything"])
def test_libraries_go_through_it(name: str) -> None:
    stream = io.StringIO()
    top = logging.getLogger(name.partition(".")[0])
    top.addHandler(logging.StreamHandler(stream))
    configure_logs(stream=stream)
    top.handlers = [] if name == "anything" else top.handlers
    logging.getLogger(name).warning("shard %s is %s", 3, "late", extra={"guild": 7})
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["logger"], line["guild"]) == ("shard 3 is late", "warning", name, 7)


def test_warnings_go_through_it() -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old thing", DeprecationWarning, stacklevel=1)
    assert "old thing" in lines(stream)[0]["event"]


def test_levels() -> None:
    stream = io.StringIO()
    configure_logs("warning", stream=stream)
    structlog.get_logger("bot").info("unheard")
    logging.getLogger("discord").info("unheard")
    structlog.get_logger("bot").warning("heard")
    configure_logs("info", stream=stream)
    logging.getLogger("httpx").info("unheard")
    configure_logs("debug", stream=stream)
    logging.getLogger("httpx").debug("heard")
    assert [line["event"] for line in lines(stream)] == ["heard", "heard"]


def test_what_is_bound_stands_on_every_line_inside() -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    with bound(job="j1", user="discord:1", provider="sketch", attempt=0):
        structlog.get_logger("bot").info("ours")
        logging.getLogger("discord").info("theirs")
    structlog.get_logger("bot").info("outside")
    ours, theirs, outside = lines(stream)
    for line in (ours, theirs):
        assert (line["job"], line["user"], line["provider"], line["attempt"]) == ("j1", "discord:1", "sketch", 0)
        assert "community" not in line
    assert "job" not in outside


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_hidden_everywhere(*, as_json: bool) -> None:
    stream = io.StringIO()
    configure_logs(json=as_json, stream=stream)
    add_secret(SECRET)
    log = structlog.get_logger("bot")
    said = f"token {SECRET}"
    log.info(said, field=SECRET, nested={"deep": [SECRET]}, raw=SECRET.encode())
    logging.getLogger("slack_sdk").warning("header %s", {"Authorization": f"Bearer {SECRET}"})
    logging.getLogger("aiohttp").warning("GET https://a.b/?token=xoxb-1%222%5C3-geheim%2B%2F")
    try:
        int(SECRET)
    except ValueError:
        log.exception("failed")
        logging.getLogger("discord").exception("failed")
    text = stream.getvalue()
    assert "geheim" not in text
    assert text.count(HIDDEN) >= 8
    assert text.count("ValueError") >= 2


def test_tokens_of_slack_are_hidden_that_nobody_named() -> None:
    """Those of workspaces that install the bot stand in no setting."""
    stream = io.StringIO()
    configure_logs(stream=stream)
    for token in ("xoxb-12-34-AbC", "xoxe.xoxb-1-geheim", "xapp-1-A1"):
        structlog.get_logger("bot").info("said", token=token, word=f"Bearer {token}, done")
    said = stream.getvalue()
    assert "AbC" not in said
    assert "geheim" not in said
    assert ", done" in said


def test_short_values_are_no_secrets() -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    add_secret("")
    add_secret("e")
    structlog.get_logger("bot").info("delivered")
    assert lines(stream)[0]["event"] == "delivered"


def test_a_line_that_cannot_be_made_is_named_without_its_contents(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    logging.getLogger("slack_sdk").warning("%d pictures", SECRET)
    (line,) = lines(stream)
    assert (line["event"], line["logger"], line["fault"]) == ("log line lost", "slack_sdk", "TypeError")
    assert capsys.readouterr() == ("", "")


def test_a_stream_that_is_gone_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure_logs(stream=stream)
    stream.close()
    structlog.get_logger("bot").info("unheard")
    assert capsys.readouterr() == ("", "")


def test_libraries_that_write_out_what_people_say_are_not_heard_at_debug() -> None:
    stream = io.StringIO()
    configure_logs("debug", stream=stream)
    for name in ("aiosqlite", "discord.gateway", "slack_bolt.App", "slack_sdk.web"):
        logging.getLogger(name).debug("a prompt")
        logging.getLogger(name).info("connected")
    logging.getLogger("sqlalchemy.engine").info("a prompt")
    assert [line["event"] for line in lines(stream)] == ["connected"] * 4
