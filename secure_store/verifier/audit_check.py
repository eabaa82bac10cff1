"""Checks an exported audit log against its own chain and against signed heads kept elsewhere.

Works alone: no database, no code of the writer. A chain without anchors can be written anew
from any place on, so a sound chain counts only up to the newest head that an outsider holds.

    python -m secure_store.verifier.audit_check LOG.jsonl --public-key KEY.pem --anchors DIR
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from secure_store.verifier.audit_log import (
    NO_SEQ,
    Link,
    Start,
    StoredEvent,
    Walk,
    link_of,
    read_lines,
    read_start,
)
from secure_store.verifier.canonical import UnusableKeyError, public_key_of
from secure_store.verifier.notes import Head, head_of, notes_in


class Status(StrEnum):
    """The four ends of a check."""

    SOUND = "sound"
    BROKEN = "broken"
    UNANCHORED_TAIL = "unanchored_tail"
    ANCHOR_NOT_REPRODUCED = "anchor_not_reproduced"


class Kind(StrEnum):
    """What was found wrong first."""

    UNREADABLE = "unreadable"
    EDITED = "edited"
    HASH_ALTERED = "hash_altered"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    RELINKED = "relinked"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    COLUMN_ALTERED = "column_altered"
    START_NOT_SIGNED = "start_not_signed"
    HEAD_NOT_SIGNED = "head_not_signed"
    HEAD_OF_ANOTHER_LOG = "head_of_another_log"


EXIT_CODES = {
    Status.SOUND: 0,
    Status.BROKEN: 1,
    Status.UNANCHORED_TAIL: 3,
    Status.ANCHOR_NOT_REPRODUCED: 4,
}


SENTENCES = {
    Status.SOUND: "ログは完全で、最後まで外部保管の先頭値と一致しています。",
    Status.BROKEN: "ログは連続していません。改変又は欠落があります。",
    Status.UNANCHORED_TAIL: "ログは連続していますが、末尾は外部保管の先頭値でまだ確かめられません。",
    Status.ANCHOR_NOT_REPRODUCED: "外部保管の先頭値と一致しません。切り詰め又は書き直しがあります。",
}


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """``first_bad_seq`` is exact for ``BROKEN``. For ``ANCHOR_NOT_REPRODUCED`` it is the first
    event that no reproduced head vouches for: the change lies there or later, at the latest in
    event ``anchor_size``. ``size`` counts the events read, ``unanchored`` the newest ones that
    no anchor covers.
    """

    status: Status
    size: int
    unanchored: int
    first_bad_seq: int | None = None
    kind: Kind | None = None
    anchor_size: int | None = None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.status]


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where the writer says that its log ends: how many events, the hash of the last."""

    size: int
    last_hash: bytes


def check_chain(
    events: Iterable[StoredEvent],
    checkpoints: Iterable[str],
    anchors: Iterable[str],
    public_key: bytes,
    *,
    origin: str | None = None,
    end: LogEnd | None = None,
    start: Start | None = None,
) -> AuditVerdict:
    """Judge a whole log from its first event on (S4-8.6h, S4-14.11b).

    ``checkpoints`` are the signed heads kept with the log, ``anchors`` those kept by an
    outsider; both are signed notes and both must come out of the recomputed tree. Only anchors
    shorten the unanchored tail. ``public_key`` is raw or PEM; ``origin`` names the log and
    ``end`` its last event when the caller knows them; ``start`` says where the kept part begins
    when old months were taken out. Memory does not grow with the log. Raises ``UnusableKeyError``.
    """
    key = public_key_of(public_key)
    held = [head_of(note, key) for note in anchors]
    kept = [head_of(note, key) for note in checkpoints]
    begun = [start.head(key)] if start else []
    if start is not None and None in begun:
        return AuditVerdict(Status.BROKEN, start.size, 0, None, Kind.START_NOT_SIGNED)
    heads = [head for head in held + kept + begun if head is not None]
    if len(heads) != len(held) + len(kept) + len(begun):
        return AuditVerdict(Status.BROKEN, 0, 0, None, Kind.HEAD_NOT_SIGNED)
    if len({head.origin for head in heads} | ({origin} if origin else set())) > 1:
        return AuditVerdict(Status.BROKEN, 0, 0, None, Kind.HEAD_OF_ANOTHER_LOG)
    walk = Walk(_by_size(heads), frozenset(head.size for head in held if head is not None))
    walk.end = end.size if end else 0
    if start is not None and not walk.begin_at(start):
        return AuditVerdict(Status.BROKEN, start.size, 0, None, Kind.START_NOT_SIGNED)
    walk.compare()
    verdict = _walk_through(walk, events)
    return verdict if end is None else _against_end(walk, verdict, end)


def _by_size(heads: Iterable[Head]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for head in heads:
        found.setdefault(head.size, set()).add(head.root)
    return found


def _walk_through(walk: Walk, events: Iterable[StoredEvent]) -> AuditVerdict:
    links = map(link_of, events)
    before: Link | None = None
    link = next(links, None)
    ahead = next(links, None)
    while link is not None:
        fault = _fault(walk, link, ahead)
        if fault is not None:
            return _broken(walk, *_blame(fault, walk, link, ahead, before))
        walk.take(link)
        before, link, ahead = link, ahead, next(links, None) if ahead is not None else None
    return _end(walk)


def _fault(walk: Walk, link: Link, ahead: Link | None) -> Kind | None:
    expected = walk.size + 1
    if link.computed != link.stored:
        return _altered(link, ahead)
    if link.seq == NO_SEQ:
        return Kind.UNREADABLE
    if link.seq != expected:
        return _out_of_place(link, ahead, expected)
    return Kind.RELINKED if link.prev != walk.last_hash else None


def _altered(link: Link, ahead: Link | None) -> Kind:
    # The next event remembers the true hash: it tells which of the two was touched.
    untouched = ahead is not None and ahead.prev == link.computed
    return Kind.HASH_ALTERED if untouched else Kind.EDITED


def _out_of_place(link: Link, ahead: Link | None, expected: int) -> Kind:
    if link.seq < expected:
        return Kind.INSERTED
    return Kind.SWAPPED if ahead is not None and ahead.seq < link.seq else Kind.DELETED


def _blame(
    fault: Kind, walk: Walk, link: Link, ahead: Link | None, before: Link | None
) -> tuple[int, Kind]:
    """The first bad number and the final word for the fault found at ``link``."""
    expected = walk.size + 1
    if fault is Kind.INSERTED:
        return min(link.seq, expected), fault
    if fault is not Kind.RELINKED or before is None:
        return expected, fault
    if ahead is not None and ahead.seq == expected:
        return expected, Kind.INSERTED
    # A number of its own and the right one, but another predecessor: if those after it agree
    # with it, the event before was exchanged together with its hash.
    followed = ahead is None or ahead.prev == link.computed
    return (walk.size, Kind.EDITED) if followed else (expected, Kind.RELINKED)


def _broken(walk: Walk, seq: int, kind: Kind) -> AuditVerdict:
    # An anchor missed before the break points further back, unless the break itself explains it.
    explained = walk.missed is None or seq <= walk.missed
    first = seq if explained else walk.vouched + 1
    unanchored = max(0, walk.size - walk.anchored_to)
    return AuditVerdict(Status.BROKEN, walk.size, unanchored, first, kind)


def _end(walk: Walk) -> AuditVerdict:
    unanchored = walk.size - walk.anchored_to
    beyond = [size for size in walk.heads if size > walk.size]
    if walk.missed is not None:
        return _not_reproduced(walk, walk.vouched + 1, Kind.REWRITTEN, walk.missed)
    if beyond:
        return _not_reproduced(walk, walk.size + 1, Kind.TRUNCATED, min(beyond))
    status = Status.UNANCHORED_TAIL if unanchored else Status.SOUND
    return AuditVerdict(status, walk.size, unanchored)


def _against_end(walk: Walk, verdict: AuditVerdict, end: LogEnd) -> AuditVerdict:
    # Events after the end may have been written while the log was read.
    is_met = walk.size >= end.size and walk.hash_at_end == end.last_hash
    if verdict.kind is not None or is_met:
        return verdict
    first = min(walk.size + 1, end.size)
    return _not_reproduced(walk, first, Kind.TRUNCATED, end.size)


def _not_reproduced(walk: Walk, first: int, kind: Kind, anchor: int) -> AuditVerdict:
    unanchored = walk.size - walk.anchored_to
    return AuditVerdict(
        Status.ANCHOR_NOT_REPRODUCED, walk.size, unanchored, first, kind, anchor_size=anchor
    )


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 sound and anchored, 1 broken, 2 wrong usage, 3 unanchored tail, 4 rewritten."""
    parser = ArgumentParser(prog="audit_check", description="監査ログの完全性を確認します。")
    parser.add_argument("file", type=Path, help="監査ログ (JSON Lines)")
    parser.add_argument("--public-key", type=Path, required=True, help="公開鍵 (PEM 又は32バイト)")
    parser.add_argument("--anchors", type=Path, help="外部で保管した署名付き先頭値のフォルダ")
    parser.add_argument(
        "--checkpoints", type=Path, help="ログと共に保管した署名付き先頭値のフォルダ"
    )
    parser.add_argument("--start", type=Path, help="古い月を消した後の、記録の始まり (JSON)")
    parser.add_argument("--origin", help="ログの名前 (dialer.設置名/契約番号)")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")
    given = parser.parse_args(arguments)
    try:
        with given.file.open("rb") as lines:
            verdict = check_chain(
                read_lines(lines),
                _notes(given.checkpoints),
                _notes(given.anchors),
                given.public_key.read_bytes(),
                origin=given.origin,
                start=read_start(given.start.read_bytes()) if given.start else None,
            )
    except OSError as fault:
        parser.error(f"ファイルを読めません: {fault.filename}")
    except UnusableKeyError:
        parser.error("公開鍵として読み取れません。")
    sys.stdout.write(_as_json(verdict) if given.json else _as_text(verdict))
    return verdict.exit_code


def _notes(folder: Path | None) -> list[str]:
    # A file that is not text is no head either: it must be reported, not passed over.
    paths = sorted(folder.iterdir()) if folder else []
    texts = [path.read_bytes().decode("utf-8", errors="replace") for path in paths]
    return [note for text in texts for note in notes_in(text)]


def _as_json(verdict: AuditVerdict) -> str:
    return json.dumps(asdict(verdict), sort_keys=True) + "\n"


def _as_text(verdict: AuditVerdict) -> str:
    place = "" if verdict.first_bad_seq is None else f", seq {verdict.first_bad_seq}"
    found = "" if verdict.kind is None else f" ({verdict.kind.value}{place})"
    counts = f"件数 {verdict.size:,}、うち未固定 {verdict.unanchored:,}"
    return f"{verdict.status.value}{found}\n{SENTENCES[verdict.status]} {counts}\n"


if __name__ == "__main__":
    sys.exit(main())
