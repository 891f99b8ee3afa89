"""A backup's file: a tar of the database's copy, the secret, the pictures, and last a manifest that proves it whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from bot.errors import ImagineError
from storage.pictures import safe_key
from storage.snapshot import digest

FORM = 1
"""Of the archive itself."""
DATABASE, SECRET, MANIFEST, PICTURES = "imagine.db", "secret", "manifest.json", "pictures/"


class BadBackup(ImagineError):
    """Not a backup, or not a whole one; `str()` says what is wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made`: UTC, ISO 8601. `counts`: rows by table. `sha256`: of the database.

    `pictures` of `size` bytes are in the file, `digest` is over their names and contents; `missing` were named by the
    database and not in the store any more. `with_pictures` False: they were left out on wish.
    """

    made: str
    version: str
    revision: str
    counts: dict[str, int]
    open_jobs: int
    sha256: str
    with_pictures: bool
    pictures: int
    size: int
    missing: int
    digest: str
    form: int = FORM


@dataclass
class Tally:
    """Pictures as they pass."""

    pictures: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self._digest = hashlib.sha256()

    def add(self, key: str, data: bytes) -> None:
        """One more."""
        self.pictures += 1
        self.size += len(data)
        self._digest.update(f"{key}\n{len(data)}\n".encode())
        self._digest.update(data)

    @property
    def digest(self) -> str:
        """Over all of them, in their order."""
        return self._digest.hexdigest()


class Writer:
    """Writes beside the target and takes its name at the end: an interrupted backup never looks like one."""

    def __init__(self, target: Path) -> None:
        """For this user's eyes only: it holds the secret and what people said."""
        self.tally = Tally()
        self._target, self._draft = target, target.with_name(f".{target.name}.{os.getpid()}")
        self._file = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w")  # noqa: SIM115 - closed by finish or drop

    def file(self, name: str, path: Path) -> None:
        """A whole file."""
        self._tar.add(path, name, filter=_plain)

    def picture(self, key: str, data: bytes) -> None:
        """One picture."""
        self._bytes(f"{PICTURES}{key}", data)
        self.tally.add(key, data)

    def finish(self, manifest: Manifest) -> None:
        """On the disk, then under its name."""
        self._bytes(MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.replace(self._target)

    def drop(self) -> None:
        """Leave nothing of what was not finished."""
        self._file.close()
        self._draft.unlink(missing_ok=True)

    def _bytes(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o600
        self._tar.addfile(entry, io.BytesIO(data))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def unpack(source: Path, folder: Path) -> Manifest:
    """Database and secret into `folder`, everything checked against the manifest. Raises BadBackup."""
    tally, found = Tally(), b""
    try:
        with tarfile.open(source, "r:") as tar:
            for entry in tar:
                file = tar.extractfile(entry) if entry.isreg() else None  # a link's is searched for, and may not be there
                if file is None:
                    raise BadBackup(f"{entry.name} is no file")
                if entry.name == MANIFEST:
                    found = file.read()
                elif entry.name in {DATABASE, SECRET}:
                    _copy(file, folder / entry.name)
                elif entry.name.startswith(PICTURES):
                    tally.add(safe_key(entry.name.removeprefix(PICTURES)), file.read())
                else:
                    raise BadBackup(f"{entry.name} does not belong into a backup")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BadBackup(f"it cannot be read ({error})") from error
    return _checked(_read(found), tally, folder / DATABASE)


def pictures(source: Path) -> Iterator[tuple[str, bytes]]:
    """Key and bytes of each, one after another."""
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            if entry.name.startswith(PICTURES) and (file := tar.extractfile(entry)) is not None:
                yield entry.name.removeprefix(PICTURES), file.read()


def _read(found: bytes) -> Manifest:
    if not found:
        raise BadBackup("it has no manifest: it was not finished, or cut")
    try:
        manifest = Manifest(**json.loads(found))
    except (TypeError, ValueError) as error:
        raise BadBackup(f"its manifest cannot be read ({error})") from error
    if manifest.form != FORM:
        raise BadBackup(f"it is of form {manifest.form}, this version reads {FORM}")
    return manifest


def _checked(manifest: Manifest, tally: Tally, database: Path) -> Manifest:
    if not database.exists() or digest(database) != manifest.sha256:
        raise BadBackup("its database is not the one that the manifest names")
    if (tally.pictures, tally.size, tally.digest) != (manifest.pictures, manifest.size, manifest.digest):
        raise BadBackup("its pictures are not those that the manifest names")
    return manifest


def _copy(file: IO[bytes], target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while block := file.read(2**20):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
