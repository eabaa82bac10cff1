"""Searches everything that was written for marked values, however they are written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, MetaData, select

_SHORTEST = 6  # bytes: anything shorter may stand there by chance


def _codec(name: str) -> Callable[[str], Iterator[bytes]]:
    def written(text: str) -> Iterator[bytes]:
        try:
            yield text.encode(name)
        except UnicodeEncodeError:
            return

    return written


_WIDE = ("utf-8", "cp932")


def _base64(text: str) -> Iterator[bytes]:
    for codec in _WIDE:
        plain = text.encode(codec)
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + plain)
            # The letters at both ends also hold bits of what stands beside the value.
            inside = whole[(0, 2, 3)[before] : (before + len(plain)) * 8 // 6]
            yield inside
            yield inside.translate(bytes.maketrans(b"+/", b"-_"))


def _hex(text: str) -> Iterator[bytes]:
    for codec in _WIDE:
        yield text.encode(codec).hex().encode()
        yield text.encode(codec).hex().upper().encode()


def _escaped(text: str) -> Iterator[bytes]:
    """As JSON and as a part of an address write what is not ASCII."""
    yield json.dumps(text)[1:-1].encode()
    for codec in _WIDE:
        yield quote(text, safe="", encoding=codec).encode()
        yield quote(text, safe="", encoding=codec).lower().encode()


ENCODINGS: Mapping[str, Callable[[str], Iterator[bytes]]] = {
    "utf-8": _codec("utf-8"),
    "utf-16le": _codec("utf-16-le"),
    "utf-16be": _codec("utf-16-be"),
    "cp932": _codec("cp932"),
    "euc-jp": _codec("euc-jp"),
    "base64": _base64,
    "hex": _hex,
    "escaped": _escaped,
}


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A marked value where it must not be. It never repeats the value."""

    place: str
    mark: str
    encoding: str


class Searcher:
    """Knows every way in which the cores of a run may be written."""

    def __init__(self, cores: Mapping[str, Iterable[str]]) -> None:
        self.patterns: dict[bytes, tuple[str, str]] = {}
        for mark, texts in cores.items():
            for encoding, written in ENCODINGS.items():
                for pattern in (p for text in texts for p in written(text)):
                    if len(pattern) >= _SHORTEST:
                        self.patterns.setdefault(pattern, (mark, encoding))

    def hits(self, parts: Iterable[tuple[str, bytes]]) -> list[Hit]:
        """What is found in the named parts."""
        found = {
            Hit(place, *known)
            for place, data in parts
            for pattern, known in self.patterns.items()
            if pattern in data
        }
        return sorted(found)


def files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder by its path, and after them all their names."""
    names = []
    for path in sorted(folder.rglob("*")):
        names.append(str(path.relative_to(folder)))
        if path.is_file() and not path.is_symlink():
            try:
                yield names[-1], path.read_bytes()
            except FileNotFoundError:  # a database server recycles its files meanwhile
                continue
    yield "file names", "\n".join(names).encode()


def rows_in(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as the database gives it back: it may store text compressed."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        rows = connection.execute(select(table))
        yield f"table {table.name}", b"\n".join(_bytes(value) for row in rows for value in row)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
