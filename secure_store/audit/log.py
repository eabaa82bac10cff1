"""The audit log: appends events under the head's lock, signs heads, reads the chain back.

Events are noted during a unit of work and appended just before its commit (ADR 0025): the head
is locked for a moment only, and a log that cannot be written fails the whole action.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from secure_store.audit.chain import (
    GENESIS,
    AuditFacts,
    MerkleAccumulator,
    canonical_bytes,
    checkpoint_text,
    event_hash,
    export_line,
    note_key_id,
    signed_note,
    signer_name,
)
from secure_store.audit.tags import Result, Tag
from secure_store.errors import Unavailable
from secure_store.models import AuditCheckpoint, AuditEvent, AuditHead
from secure_store.verifier.audit_check import LogEnd
from secure_store.work import AuditNote, AuditWriter, Subject, UnitOfWork

HEAD_ROW = 1
READ_SLICE = 2000
UNREADABLE_LINE = b"{}\n"  # stands for a row that is no event; no checker passes it

Pseudonym = Callable[[Subject], str | None]

_HEAD = (
    select(AuditHead.size, AuditHead.last_hash, AuditHead.peaks)
    .where(AuditHead.id == HEAD_ROW)
    .with_for_update()
)
_APPEND = insert(AuditEvent)
_MOVE_HEAD = (
    update(AuditHead)
    .where(AuditHead.id == HEAD_ROW)
    .values(
        size=bindparam("new_size"), last_hash=bindparam("new_hash"), peaks=bindparam("new_peaks")
    )
)


class AuditLogMissing(Unavailable):
    """The audit log has no head; nothing may be done or shown."""

    code = "audit_log_missing"


class AuditLogUnwritable(Unavailable):
    """The event could not be written, so nothing was done and nothing is shown."""

    code = "audit_log_unwritable"


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs heads: the installation's name, the contract, the raw key and a function.

    ``anchors`` is the file to which every signed head is added, outside of the database.
    """

    installation: str
    contract: str
    public_key: bytes
    sign: Callable[[bytes], bytes]
    anchors: Path | None = None


class StoredRow(NamedTuple):
    """One event as it lies in its table: the hashed bytes, and the columns copied out of them."""

    seq: int
    body: bytes | str  # SQLite takes text for bytes, when somebody else writes it
    hash: bytes | str
    at: datetime
    tag: str
    actor: str
    receivable: str | None
    object_id: UUID | None


@dataclass(frozen=True, slots=True)
class HeadNote:
    """A signed head: how many events it covers, their root, the note as the city gets it."""

    size: int
    last_hash: bytes
    note: str


def begin_log(work: UnitOfWork) -> None:
    """Makes the empty log of a new home."""
    work.session.add(
        AuditHead(id=HEAD_ROW, size=0, last_hash=GENESIS, peaks=MerkleAccumulator().to_bytes())
    )
    work.session.flush()


def make_writer(pseudonym: Pseudonym) -> AuditWriter:
    """The writer that units of work call before their commit."""

    def write(work: UnitOfWork, notes: tuple[AuditNote, ...]) -> None:
        # Statements made once and no objects: this runs under the head's lock at every commit.
        connection = work.session.connection()
        standing = connection.execute(_HEAD).one_or_none()
        if standing is None:
            raise AuditLogMissing
        size, last_hash, peaks = standing
        tree = MerkleAccumulator.from_bytes(peaks)
        rows = []
        for note in notes:
            body = canonical_bytes(_facts(work, note, size + 1, last_hash, pseudonym))
            last_hash = event_hash(body)
            size += 1
            tree.add(last_hash)
            rows.append(_row(work, note, size, last_hash, body))
        values = {"new_size": size, "new_hash": last_hash, "new_peaks": tree.to_bytes()}
        try:
            connection.execute(_APPEND, rows)
            connection.execute(_MOVE_HEAD, values)
        except DBAPIError as fault:
            raise AuditLogUnwritable(kind=type(fault.orig).__name__) from fault

    return write


def _locked_head(work: UnitOfWork) -> AuditHead:
    head = work.session.get(AuditHead, HEAD_ROW, with_for_update=True, populate_existing=True)
    if head is None:
        raise AuditLogMissing
    return head


def _facts(
    work: UnitOfWork, note: AuditNote, seq: int, prev: bytes, pseudonym: Pseudonym
) -> AuditFacts:
    actor = work.actor
    return AuditFacts(
        seq=seq,
        at=work.now,
        actor=actor.code,
        role=actor.role.value,
        tag=note.tag,
        prev=prev,
        result=note.result,
        session_ref=actor.session_ref,
        terminal=actor.terminal,
        receivable=note.receivable,
        batch=note.batch,
        object_kind=note.object_kind,
        object_id=note.object_id,
        subject=pseudonym(note.subject) if note.subject else None,
        groups=note.groups,
        count=note.count,
        reason=note.reason,
        ref=note.ref,
        request_id=actor.request_id,
    )


def _row(
    work: UnitOfWork, note: AuditNote, seq: int, own_hash: bytes, body: bytes
) -> dict[str, object]:
    return {
        "seq": seq,
        "body": body,
        "hash": own_hash,
        "at": work.now,
        "tag": note.tag.value,
        "actor": work.actor.code,
        "receivable": note.receivable,
        "object_id": note.object_id,
    }


def sign_head(work: UnitOfWork, signer: Signer, why: str) -> HeadNote:
    """Signs the head over all committed events and stores it; at most one per size."""
    head = _locked_head(work)
    stored = work.session.get(AuditCheckpoint, head.size)
    if stored is not None:
        return HeadNote(stored.size, stored.last_hash, stored.note)
    tree = MerkleAccumulator.from_bytes(head.peaks)
    text = checkpoint_text(signer.installation, signer.contract, head.size, tree.root())
    name = signer_name(signer.installation)
    note = signed_note(text, name, note_key_id(name, signer.public_key), signer.sign(text.encode()))
    work.session.add(
        AuditCheckpoint(size=head.size, at=work.now, why=why, note=note, last_hash=head.last_hash)
    )
    work.session.flush()
    kept = _keep_outside(signer.anchors, note)
    work.audit(
        Tag.AUDIT_CHECKPOINT,
        count=head.size,
        reason=why,
        result=Result.OK if kept else Result.FAILED,
    )
    return HeadNote(head.size, head.last_hash, note)


def _keep_outside(path: Path | None, note: str) -> bool:
    """Adds a head to the file beside the database; a full disk there stops nobody's work.

    The head covers committed events only, so it stays true if this unit of work is rolled back.
    """
    if path is None:
        return True
    try:
        with path.open("ab") as kept:
            kept.write(note.encode())
            kept.flush()
            os.fsync(kept.fileno())
    except OSError:
        return False
    return True


def read_rows(work: UnitOfWork, from_seq: int = 1) -> Iterator[StoredRow]:
    """The rows of the log in order, slice by slice."""
    last = from_seq - 1
    columns = [getattr(AuditEvent, name) for name in StoredRow._fields]
    while True:
        rows = work.session.execute(
            select(*columns).where(AuditEvent.seq > last).order_by(AuditEvent.seq).limit(READ_SLICE)
        ).all()
        if not rows:
            return
        yield from (StoredRow(*row) for row in rows)
        last = rows[-1].seq


def line_of(row: StoredRow) -> bytes:
    """One JSON line of the export, event bytes unchanged."""
    if isinstance(row.body, str) or isinstance(row.hash, str):
        return UNREADABLE_LINE
    return export_line(row.body, row.hash)


def read_lines(work: UnitOfWork, from_seq: int = 1) -> Iterator[bytes]:
    """The log as JSON lines, in order; every row gives its line."""
    return map(line_of, read_rows(work, from_seq))


def checkpoints(work: UnitOfWork) -> list[str]:
    """All signed heads, oldest first."""
    return list(work.session.scalars(select(AuditCheckpoint.note).order_by(AuditCheckpoint.size)))


def newest_note(work: UnitOfWork) -> str | None:
    """The newest signed head, or None in a new home."""
    newest = select(AuditCheckpoint.note).order_by(AuditCheckpoint.size.desc()).limit(1)
    return work.session.scalar(newest)


def size(work: UnitOfWork) -> int:
    """How many events there are."""
    head = work.session.get(AuditHead, HEAD_ROW)
    return head.size if head else 0


def written_end(work: UnitOfWork) -> LogEnd:
    """Where the log ends according to its head. Raises AuditLogMissing."""
    head = work.session.get(AuditHead, HEAD_ROW)
    if head is None:
        raise AuditLogMissing
    return LogEnd(head.size, head.last_hash)
