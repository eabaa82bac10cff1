"""Checks a disclosed part of the audit log: every event belongs to the log that was signed.

Works alone: no database, no code of the writer. Each event stands with its path in the tree
(RFC 6962); the path, the event and the signed head have to agree. The head is ours: only one that
the commissioner kept shows that it is the head of the log that was there then, and the file
proves for each older head that the log grew from it. The exchange's list is a copy and not
signed. That nothing was left out shows only against the whole log.

    python -m secure_store.verifier.disclosure_check FILE.jsonl --public-key KEY.pem [--anchors DIR]

By hand: ``tail -n +2 FILE.jsonl`` are the events; the first line carries the signed head, whose
text ``openssl pkeyutl -verify -rawin`` checks; ``sha256sum`` gives the digest the log noted.
"""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from secure_store.verifier.canonical import (
    NotCanonicalError,
    NotJsonError,
    UnusableKeyError,
    public_key_of,
    read,
)
from secure_store.verifier.notes import Head, head_of, notes_in
from secure_store.verifier.tree import grew_from, is_included

FORMAT = "dialer-disclosure-1"
_EVENT, _PATH, _HEAD = b'{"event":', b',"path":[', b'{"head":'


class DisclosureFault(StrEnum):
    """What is wrong with a disclosure, the first that was found."""

    UNREADABLE = "unreadable"
    HEAD_NOT_SIGNED = "head_not_signed"
    NOT_IN_THE_LOG = "not_in_the_log"
    OUT_OF_ORDER = "out_of_order"
    OUTSIDE_SCOPE = "outside_scope"
    COUNT = "count"
    ANCHOR_DIFFERS = "anchor_differs"
    ANCHOR_NOT_MET = "anchor_not_met"


SENTENCES = {
    None: "開示された記録は、すべて署名された記録の一部です。",
    DisclosureFault.UNREADABLE: "開示ファイルの形が正しくありません。",
    DisclosureFault.HEAD_NOT_SIGNED: "先頭値の署名を確かめられません。",
    DisclosureFault.NOT_IN_THE_LOG: "署名された記録にない内容があります。",
    DisclosureFault.OUT_OF_ORDER: "記録の順序が正しくありません。",
    DisclosureFault.OUTSIDE_SCOPE: "指定した債権又は期間の外の記録があります。",
    DisclosureFault.COUNT: "件数が一致しません。",
    DisclosureFault.ANCHOR_DIFFERS: "外部で保管した先頭値と一致しません。",
    DisclosureFault.ANCHOR_NOT_MET: "外部で保管した先頭値の、どれとも照合できません。",
}


@dataclass(frozen=True, slots=True)
class DisclosureVerdict:
    """``line`` is the first bad line of the file, counted from 1; ``anchors`` outside heads met."""

    events: int
    transfers: int
    tree_size: int
    fault: DisclosureFault | None = None
    line: int | None = None
    anchors: int = 0

    @property
    def exit_code(self) -> int:
        if self.fault is DisclosureFault.ANCHOR_NOT_MET:
            return 3
        return 0 if self.fault is None else 1


class _Wrong(Exception):
    def __init__(self, fault: DisclosureFault, line: int) -> None:
        self.fault, self.line = fault, line


@dataclass(slots=True)
class _Seen:
    events: int = 0
    transfers: int = 0
    heads: int = 0
    last: int = 0
    met: set[int] = field(default_factory=set)


def check_disclosure(
    lines: Iterable[bytes], public_key: bytes, anchors: Iterable[str] = ()
) -> DisclosureVerdict:
    """Judges a disclosure (S4-14.11b). Raises ``UnusableKeyError``."""
    key = public_key_of(public_key)
    numbered = enumerate(lines, start=1)
    seen, head = _Seen(), Head("", 0, b"")
    try:
        said = _header(next(numbered, (1, b""))[1])
        found = head_of(str(said.get("note")), key)
        if found is None:
            raise _Wrong(DisclosureFault.HEAD_NOT_SIGNED, 1)
        head = found
        held = _held(anchors, key, head)
        seen.met |= held.keys() & {head.size}
        for line, text in numbered:
            _take(seen, said, head, held, line, text.removesuffix(b"\n"))
        counts = (seen.events, seen.transfers, seen.heads)
        if counts != (said.get("events"), said.get("transfers"), said.get("heads")):
            raise _Wrong(DisclosureFault.COUNT, 1)
        if held and not seen.met:
            raise _Wrong(DisclosureFault.ANCHOR_NOT_MET, 1)
    except _Wrong as wrong:
        return DisclosureVerdict(seen.events, seen.transfers, head.size, wrong.fault, wrong.line)
    return DisclosureVerdict(seen.events, seen.transfers, head.size, anchors=len(seen.met))


def _held(anchors: Iterable[str], key: Ed25519PublicKey, head: Head) -> dict[int, Head]:
    """The heads kept outside, by size."""
    held: dict[int, Head] = {}
    for note in anchors:
        kept = head_of(note, key)
        is_ours = kept is not None and kept.origin == head.origin
        if kept is None or not is_ours or held.setdefault(kept.size, kept) != kept:
            raise _Wrong(DisclosureFault.ANCHOR_DIFFERS, 1)
        if kept.size == head.size and kept != head:
            raise _Wrong(DisclosureFault.ANCHOR_DIFFERS, 1)
    return held


def _header(text: bytes) -> dict[str, Any]:
    try:
        said = read(text.removesuffix(b"\n"))
    except (NotJsonError, NotCanonicalError):
        said = None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise _Wrong(DisclosureFault.UNREADABLE, 1)
    return said


def _take(
    seen: _Seen, said: dict[str, Any], head: Head, held: dict[int, Head], line: int, text: bytes
) -> None:
    if text.startswith(_HEAD):
        seen.heads += 1
        _compare(seen, head, held, line, text)
        return
    if text.startswith(b'{"transfer":'):
        seen.transfers += 1
        return
    body, path = _parts(text, line)
    event = _event(body, line)
    if event["seq"] <= seen.last or seen.transfers or seen.heads:
        raise _Wrong(DisclosureFault.OUT_OF_ORDER, line)
    leaf = hashlib.sha256(b"\x00" + body).digest()
    if not is_included(leaf, event["seq"] - 1, head.size, path, head.root):
        raise _Wrong(DisclosureFault.NOT_IN_THE_LOG, line)
    if not _in_scope(event, said):
        raise _Wrong(DisclosureFault.OUTSIDE_SCOPE, line)
    seen.events, seen.last = seen.events + 1, event["seq"]


def _compare(seen: _Seen, head: Head, held: dict[int, Head], line: int, text: bytes) -> None:
    """An older head that is held outside has to lead to the head of the file."""
    try:
        older = read(text)["head"]
        size, path = int(older["size"]), [bytes.fromhex(node) for node in older["path"]]
    except (NotJsonError, NotCanonicalError, ValueError, TypeError, KeyError) as fault:
        raise _Wrong(DisclosureFault.UNREADABLE, line) from fault
    kept = held.get(size)
    if kept is None or size == head.size:
        return
    if not grew_from((size, kept.root), (head.size, head.root), path):
        raise _Wrong(DisclosureFault.ANCHOR_DIFFERS, line)
    seen.met.add(size)


def _parts(text: bytes, line: int) -> tuple[bytes, list[bytes]]:
    cut = text.rfind(_PATH)
    if not text.startswith(_EVENT) or cut < 0:
        raise _Wrong(DisclosureFault.UNREADABLE, line)
    try:
        path = [bytes.fromhex(node) for node in json.loads(text[cut + len(_PATH) - 1 : -1])]
    except (ValueError, TypeError) as fault:
        raise _Wrong(DisclosureFault.UNREADABLE, line) from fault
    return text[len(_EVENT) : cut], path


def _event(body: bytes, line: int) -> dict[str, Any]:
    try:
        event = read(body)
    except (NotJsonError, NotCanonicalError) as fault:
        raise _Wrong(DisclosureFault.UNREADABLE, line) from fault
    if not isinstance(event, dict) or type(event.get("seq")) is not int:
        raise _Wrong(DisclosureFault.UNREADABLE, line)
    return event


def _in_scope(event: dict[str, Any], said: dict[str, Any]) -> bool:
    wanted, day = said.get("receivable"), str(event.get("at"))[:10]
    is_asked = wanted is None or event.get("receivable") in (wanted, None)
    return is_asked and str(said.get("from")) <= day <= str(said.get("until"))


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 all belongs to the signed log, 1 something does not, 2 wrong usage,
    3 none of the heads kept outside could be compared."""
    parser = ArgumentParser(prog="disclosure_check", description="開示された監査ログを確かめます。")
    parser.add_argument("file", type=Path, help="開示ファイル (JSON Lines)")
    parser.add_argument("--public-key", type=Path, required=True, help="公開鍵 (PEM 又は32バイト)")
    parser.add_argument("--anchors", type=Path, help="外部で保管した署名付き先頭値のフォルダ")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")
    given = parser.parse_args(arguments)
    try:
        with given.file.open("rb") as lines:
            verdict = check_disclosure(lines, given.public_key.read_bytes(), _notes(given.anchors))
    except OSError as fault:
        parser.error(f"ファイルを読めません: {fault.filename}")
    except UnusableKeyError:
        parser.error("公開鍵として読み取れません。")
    place = "" if verdict.line is None else f" ({verdict.line}行目)"
    counts = f"記録 {verdict.events:,}件、授受の一覧（署名の対象外） {verdict.transfers:,}件"
    counts += f"、外部で保管した先頭値 {verdict.anchors:,}件と一致"
    text = f"{SENTENCES[verdict.fault]}{place} {counts}\n"
    sys.stdout.write(json.dumps(asdict(verdict), sort_keys=True) + "\n" if given.json else text)
    return verdict.exit_code


def _notes(folder: Path | None) -> Iterator[str]:
    for path in sorted(folder.iterdir()) if folder else []:
        yield from notes_in(path.read_bytes().decode("utf-8", errors="replace"))


if __name__ == "__main__":
    sys.exit(main())
