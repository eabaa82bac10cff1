"""Gateway folders: what the exchange server left here, and what waits to be taken there (S4-8.5).

The closed system never opens a connection itself. A delivery is one folder below ``inbound``; it
is registered with digests and time, taken in from memory only, and then overwritten. In production
only encrypted files may lie there: the folder is a disk like any other (security.md 5.9).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from secure_store import limits
from secure_store.exchange.envelopes import Form, form_of
from secure_store.exchange.exchange_errors import InboundAltered, InboundRefused
from secure_store.exchange.hand_over_views import FileFacts, HandOverView, facts_of
from secure_store.exchange.models import HandOver, HandOverState
from secure_store.exchange.wiping import overwrite
from secure_store.sealing_access import exchange_folder
from secure_store.work import SecureStore, UnitOfWork

MANIFEST = "SHA256SUMS"
MOST_FILES = 20
_FOLDER = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,63}")
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/\\]+)")


class InboundFault(StrEnum):
    """Why a folder cannot be registered."""

    NAME = "name"
    EMPTY = "empty"
    MANY = "many"
    SIZE = "size"
    LINK = "link"
    PLAIN = "plain"
    MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class InboundFolder:
    """One delivery that lies in the inbound folder.

    ``name`` None: a name that is not made of codes, which is neither shown nor stored.
    ``number``: the receipt of a registered one. ``since``: when its newest file was written.
    """

    name: str | None
    files: int
    bytes: int
    since: datetime
    number: str | None


def inbound_folder(store: SecureStore) -> Path:
    """Where the exchange computer's files arrive."""
    return exchange_folder(store) / "inbound"


def list_inbound(work: UnitOfWork) -> list[InboundFolder]:
    """Every delivery that lies there, longest waiting first. Nothing is opened."""
    root = inbound_folder(work.store)
    if not root.is_dir():
        return []
    numbers: dict[str | None, str] = {}
    rows = work.session.execute(
        select(HandOver.folder, HandOver.number).where(HandOver.state == HandOverState.RECEIVED)
    )
    numbers.update({folder: number for folder, number in rows if folder is not None})
    found = [_described(entry, numbers) for entry in root.iterdir() if entry.is_dir()]
    return sorted(found, key=lambda one: one.since)


def _described(entry: Path, numbers: Mapping[str | None, str]) -> InboundFolder:
    files = [one for one in entry.iterdir() if one.is_file() and one.name != MANIFEST]
    times = [one.stat(follow_symlinks=False).st_mtime for one in (entry, *files)]
    name = entry.name if _FOLDER.fullmatch(entry.name) else None
    size = sum(one.stat(follow_symlinks=False).st_size for one in files)
    return InboundFolder(
        name, len(files), size, datetime.fromtimestamp(max(times), UTC), numbers.get(name)
    )


def read_inbound(store: SecureStore, name: str) -> dict[str, bytes]:
    """The files of one folder, in memory, compared with their manifest where there is one.

    Raises InboundRefused with its fault, InboundAltered when a digest of the manifest differs.
    """
    folder = _folder(store, name)
    paths = sorted(folder.iterdir())
    _refuse_if(any(one.is_symlink() or not one.is_file() for one in paths), InboundFault.LINK)
    _refuse_if(len(paths) > MOST_FILES, InboundFault.MANY)
    size = sum(one.stat().st_size for one in paths)
    _refuse_if(size > limits.ALL_MEMBERS.most, InboundFault.SIZE)  # all of it is held at once
    contents = {one.name: _bytes_of(one) for one in paths}
    told = contents.pop(MANIFEST, None)
    _refuse_if(not contents, InboundFault.EMPTY)
    if told is not None:
        _compare(_manifest(told), contents)
    if not store.is_rehearsal:
        is_plain = any(form_of(data) is Form.PLAIN for data in contents.values())
        _refuse_if(is_plain, InboundFault.PLAIN)
    return contents


def _folder(store: SecureStore, name: str) -> Path:
    folder = inbound_folder(store) / name
    safe = _FOLDER.fullmatch(name) is not None
    _refuse_if(not safe or folder.is_symlink() or not folder.is_dir(), InboundFault.NAME)
    return folder


def _bytes_of(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as stream:
        data = stream.read(limits.LENT_FILE.most + 1)
    _refuse_if(len(data) > limits.LENT_FILE.most, InboundFault.SIZE)
    return data


def _manifest(told: bytes) -> dict[str, str]:
    """Names and digests as ``sha256sum`` writes them."""
    digests: dict[str, str] = {}
    for line in told.decode("utf-8", "replace").splitlines():
        found = _LINE.fullmatch(line)
        _refuse_if(found is None or found[2] in digests, InboundFault.MANIFEST)
        assert found is not None  # noqa: S101 - narrows the type
        digests[found[2]] = found[1]
    return digests


def _compare(told: Mapping[str, str], contents: Mapping[str, bytes]) -> None:
    found = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    if told != found:
        differing = {name for name in told.keys() | found if told.get(name) != found.get(name)}
        raise InboundAltered(files=len(differing))


def _refuse_if(wrong: bool, fault: InboundFault) -> None:
    if wrong:
        raise InboundRefused(fault=fault.value)


def read_registered(store: SecureStore, registered: HandOverView) -> dict[str, bytes]:
    """The files of a registered delivery. Raises InboundAltered when one is no longer the same."""
    contents = read_inbound(store, registered.folder or "")
    if _digests(facts_of(contents)) != _digests(registered.files):
        raise InboundAltered(files=len(contents))
    return contents


def _digests(files: tuple[FileFacts, ...]) -> list[str]:
    return sorted(one.sha256 for one in files)


def remove_inbound(store: SecureStore, taken_in: HandOverView) -> None:
    """Overwrites and removes the files of a delivery that is in the system.

    What arrived beside them since its registration is on no receipt: it stays, and the folder with
    it, as a delivery that nobody has registered.
    """
    folder = _folder(store, taken_in.folder or "")
    known = {one.sha256 for one in taken_in.files}
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        if path.name == MANIFEST or hashlib.sha256(_bytes_of(path)).hexdigest() in known:
            overwrite(path)
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def sums_of(contents: Mapping[str, bytes]) -> bytes:
    """The manifest that is placed beside outgoing files; ``sha256sum -c`` reads it."""
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(contents.items())
    ]
    return "".join(lines).encode()
