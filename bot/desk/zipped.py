"""Everything kept about a user as one ZIP: the tables for programs, an index for people, the pictures, newest first."""

from __future__ import annotations

import asyncio
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.jobs.ports import Pictures
from bot.policy.records import Kept
from bot.texts import privacy as texts

Tables = Mapping[str, Sequence[Mapping[str, object]]]
ENDINGS = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"RIFF", ".webp"))
RAW = "calls/"
"""Pictures as their provider sent them: mostly the same bytes again as those of the job."""
OVERHEAD = 512
"""Bytes of a ZIP's entry besides its content, on the dear side."""
LOOKS = (
    "body{font:16px sans-serif;margin:2em}td,th{border:1px solid #ccc;padding:.3em;text-align:left;"
    "vertical-align:top;max-width:30em;overflow-wrap:anywhere}img{max-width:16em}"
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The file, and how many pictures are not in it."""

    data: bytes
    left_out: int


async def pack(kept: Kept, pictures: Pictures, most: int) -> Parcel:
    """A ZIP of at most `most` bytes (the tables alone may be more); its index names what did not fit. In threads."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        await asyncio.to_thread(_tables, packed, kept.tables)
        longest = await asyncio.to_thread(_index, kept.tables, {key: key for key in kept.pictures}, kept.pictures)
        names, left_out = await _pictures(packed, kept, pictures, most - file.tell() - len(longest) - OVERHEAD)
        await asyncio.to_thread(packed.writestr, "index.html", _index(kept.tables, names, left_out))
    return Parcel(file.getvalue(), len(left_out))


async def _pictures(packed: zipfile.ZipFile, kept: Kept, pictures: Pictures, room: int) -> tuple[dict[str, str], list[str]]:
    """Names in the file by key, and the keys for which there was no room."""
    names: dict[str, str] = {}
    left_out: list[str] = []
    seen: set[bytes] = set()
    newest = kept.pictures[::-1]
    for key in sorted(newest, key=lambda key: key.startswith(RAW)):
        data = await _read(pictures, key)
        digest = hashlib.sha256(data or b"").digest()
        if data is None or digest in seen:
            continue
        seen.add(digest)
        if room < len(data) + OVERHEAD:
            left_out.append(key)
            continue
        room -= len(data) + OVERHEAD
        names[key] = f"pictures/{key.replace('/', '-')}{_ending(data)}"
        await asyncio.to_thread(packed.writestr, zipfile.ZipInfo(names[key]), data)
    return names, left_out


async def _read(pictures: Pictures, key: str) -> bytes | None:
    """None for one that is gone already."""
    try:
        return await pictures.get(key)
    except KeyError:
        return None


def _tables(packed: zipfile.ZipFile, tables: Tables) -> None:
    packed.writestr("data.json", json.dumps(tables, indent=1, ensure_ascii=False, default=str))


def _ending(data: bytes) -> str:
    return next((ending for begin, ending in ENDINGS if data.startswith(begin)), "")


def _index(tables: Tables, names: Mapping[str, str], left_out: Sequence[str]) -> bytes:
    """A page that needs nothing but the ZIP's own files."""
    parts = [f"<!doctype html><meta charset=utf-8><title>{texts.INDEX_TITLE}</title><style>{LOOKS}</style>"]
    parts.append(f"<h1>{texts.INDEX_TITLE}</h1><p>{texts.INDEX_NOTE}</p>")
    if left_out:
        parts.append(f"<h2>{texts.LEFT_OUT}</h2><ul>{''.join(f'<li>{html.escape(key)}</li>' for key in left_out)}</ul>")
    parts += [f"<h2>{html.escape(name)}</h2>{_table(rows)}" for name, rows in tables.items()]
    parts.append(f"<h2>pictures</h2>{''.join(map(_shown, names.values())) or texts.EMPTY}")
    return "\n".join(parts).encode("utf-8", "replace")


def _shown(path: str) -> str:
    return f'<a href="{html.escape(path)}"><img src="{html.escape(path)}" alt="{html.escape(path)}"></a> '


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    """Columns that are empty in every row are left out."""
    columns = [name for name in (rows[0] if rows else ()) if any(row[name] not in (None, "", [], {}) for row in rows)]
    if not columns:
        return f"<p>{texts.EMPTY}</p>"
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(row[name])}</td>" for name in columns) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return html.escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
