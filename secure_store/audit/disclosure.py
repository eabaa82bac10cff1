"""Discloses the access log of one receivable and a period to the city (S4-14.11b).

One file of JSON lines, without personal data: a head line with the signed head, each event with
its path in the tree, the exchange's own list of transfers, then how the log grew from each head
signed before, because the city holds some of those. ``verifier/disclosure_check.py``
checks it alone. Two logs are disclosed: the system's events, and the exchange's (peculiarity 16).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from secure_store.access import Permission, require, require_receivable
from secure_store.audit.boundary import kept_from
from secure_store.audit.checkpoints import sign_now
from secure_store.audit.log import READ_SLICE, HeadNote
from secure_store.audit.proofs import ProofTree, grown_path
from secure_store.audit.reading import stored_events
from secure_store.audit.tags import Tag
from secure_store.canonical import JST, canonical_json
from secure_store.errors import Invalid, NotFound
from secure_store.models import AuditCheckpoint, AuditEvent, Transfer
from secure_store.work import UnitOfWork

FORMAT = "dialer-disclosure-1"  # the checker says the same a second time
WHY = "disclosure"
# What a transfer leaves in the log names no receivable when the files concern all of them.
TRANSFERS = frozenset({"list", "daily", "export", "medium", "transfer", "notice"})


@dataclass(frozen=True, slots=True)
class DisclosureScope:
    """What is disclosed: one receivable (None: all), from a day until a day, both included."""

    receivable: str | None
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid(field="until")

    @property
    def name(self) -> str:
        """The name of the file: codes and dates."""
        return f"disclosure-{self.receivable or 'all'}-{self.first:%Y%m%d}-{self.last:%Y%m%d}.jsonl"

    def instants(self) -> tuple[datetime, datetime]:
        """The half-open interval of the days in Tokyo."""
        begin = datetime.combine(self.first, time.min, tzinfo=JST)
        return begin, datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=JST)


def anchor_disclosure(work: UnitOfWork, scope: DisclosureScope) -> HeadNote:
    """Signs the head that the disclosure is proven against."""
    require(work.actor, Permission.DISCLOSE_AUDIT)
    if scope.receivable is not None:
        require_receivable(work.actor, scope.receivable)
    return sign_now(work, WHY)


def disclosed_lines(work: UnitOfWork, scope: DisclosureScope, head: HeadNote) -> Iterator[bytes]:
    """The lines of the file, each ended by a newline. ``work`` may be a reading one.

    Raises NotFound when the log holds no event of the scope. Takes 64 bytes for each event of
    the whole log, and the time to read all hashes once.
    """
    require(work.actor, Permission.DISCLOSE_AUDIT)
    wanted = and_(_within(scope, AuditEvent.at), _asked(scope), AuditEvent.seq <= head.size)
    events = work.session.scalar(select(func.count()).select_from(AuditEvent).where(wanted)) or 0
    if not events:
        raise NotFound(kind="audit_event")
    transfers = _transfers(work, scope)
    tree = _tree(work, head.size)
    older = list(_older_heads(work, tree))
    yield _head_line(scope, head, events, len(transfers), len(older))
    for seq, body in stored_events(work, wanted):
        path = ",".join(f'"{node.hex()}"' for node in tree.path(seq - 1))
        yield b'{"event":' + body + b',"path":[' + path.encode() + b"]}\n"
    yield from transfers
    yield from older


def _older_heads(work: UnitOfWork, tree: ProofTree) -> Iterator[bytes]:
    """For every signed head from before, how the log grew from it: the city holds some of them."""
    sizes = select(AuditCheckpoint.size).where(
        AuditCheckpoint.size > 0, AuditCheckpoint.size < tree.size
    )
    for size in work.session.scalars(sizes.order_by(AuditCheckpoint.size)):
        with suppress(IndexError):  # its events were taken out; nothing leads on from it
            path = [node.hex() for node in grown_path(tree, size)]
            yield b'{"head":' + canonical_json({"path": path, "size": size}) + b"}\n"


def note_disclosed(work: UnitOfWork, scope: DisclosureScope, sha256: str, events: int) -> None:
    """Notes what was handed over: the receivable, how many events, the digest of the file."""
    require(work.actor, Permission.DISCLOSE_AUDIT)
    work.audit(Tag.AUDIT_DISCLOSED, receivable=scope.receivable, count=events, ref=sha256)


def digest_of(content: bytes) -> str:
    """The digest of the file in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _head_line(
    scope: DisclosureScope, head: HeadNote, events: int, transfers: int, heads: int
) -> bytes:
    return (
        canonical_json(
            {
                "format": FORMAT,
                "receivable": scope.receivable,
                "from": scope.first,
                "until": scope.last,
                "events": events,
                "transfers": transfers,
                "heads": heads,
                "note": head.note,
            }
        )
        + b"\n"
    )


def _within(scope: DisclosureScope, column: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    begin, end = scope.instants()
    return and_(column >= begin, column < end)


def _asked(scope: DisclosureScope) -> ColumnElement[bool]:
    if scope.receivable is None:
        return AuditEvent.seq > 0
    shared = [tag.value for tag in Tag if tag.value.partition(":")[0] in TRANSFERS]
    return or_(
        AuditEvent.receivable == scope.receivable,
        and_(AuditEvent.receivable.is_(None), AuditEvent.tag.in_(shared)),
    )


def _tree(work: UnitOfWork, size: int) -> ProofTree:
    start = kept_from(work)
    before = start.size if start else 0
    hashes = work.session.execute(
        select(AuditEvent.hash)
        .where(AuditEvent.seq > before, AuditEvent.seq <= size)
        .order_by(AuditEvent.seq)
        .execution_options(yield_per=READ_SLICE)
    )
    return ProofTree((row[0] for row in hashes), before, start.peaks if start else ())


def _transfers(work: UnitOfWork, scope: DisclosureScope) -> list[bytes]:
    query = select(Transfer).where(_within(scope, Transfer.at)).order_by(Transfer.at)
    if scope.receivable is not None:
        is_asked = Transfer.receivable == scope.receivable
        query = query.where(or_(is_asked, Transfer.receivable.is_(None)))
    return [
        b'{"transfer":'
        + canonical_json(
            {
                "id": row.id,
                "direction": row.direction,
                "receivable": row.receivable,
                "name": row.name,
                "sha256": row.sha256,
                "receipt_no": row.receipt_no,
                "at": row.at,
                "by": row.by,
            }
        )
        + b"}\n"
        for row in work.session.scalars(query)
    ]
