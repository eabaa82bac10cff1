"""The log for people who read it: page by page, newest first, by family of tags or by actor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from secure_store.access import Permission, require
from secure_store.audit.log import READ_SLICE
from secure_store.audit.tags import FieldGroup, Result, Tag, groups_of
from secure_store.canonical import NotCanonical, parse_canonical
from secure_store.models import AuditEvent
from secure_store.work import UnitOfWork

EVENTS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to show. ``family`` is the first word of the tags (``auth``), empty for all."""

    family: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in codes. ``is_readable`` is false when its stored bytes are not those of an event.

    ``subject`` is the keyed pseudonym of a row; it names nobody (security: 6.3).
    """

    seq: int
    at: datetime
    actor: str
    tag: Tag | None
    receivable: str | None
    object_id: UUID | None
    is_readable: bool
    role: str | None = None
    object_kind: str | None = None
    subject: str | None = None
    groups: tuple[FieldGroup, ...] = ()
    count: int | None = None
    result: Result | None = None
    reason: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Newest first; ``older_before`` is the number to go on from, None on the last page."""

    lines: tuple[EventLine, ...]
    older_before: int | None


def families() -> tuple[str, ...]:
    """The first words of all tags, in the order of the table of tags."""
    return tuple(dict.fromkeys(tag.value.partition(":")[0] for tag in Tag))


def events_page(
    work: UnitOfWork,
    only: EventFilter,
    before_seq: int | None = None,
    limit: int = EVENTS_A_PAGE,
) -> EventPage:
    """The newest events before a number (S4-8.6h). Reading codes opens no personal data."""
    require(work.actor, Permission.READ_AUDIT)
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(limit + 1)
    if before_seq is not None:
        query = query.where(AuditEvent.seq < before_seq)
    if only.family:
        tags = [tag.value for tag in Tag if tag.value.partition(":")[0] == only.family]
        query = query.where(AuditEvent.tag.in_(tags))
    if only.actor:
        query = query.where(AuditEvent.actor == only.actor)
    rows = list(work.session.scalars(query))
    shown = rows[:limit]
    more = len(rows) > limit
    return EventPage(tuple(_line(row) for row in shown), shown[-1].seq if more else None)


def _line(row: AuditEvent) -> EventLine:
    try:
        said = parse_canonical(row.body)
        return EventLine(
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            tag=Tag(row.tag),
            receivable=row.receivable,
            object_id=row.object_id,
            is_readable=True,
            role=said.get("role"),
            object_kind=said.get("object"),
            subject=said.get("subject"),
            groups=groups_of(said.get("groups") or 0),
            count=said.get("count"),
            result=Result(said["result"]),
            reason=said.get("reason"),
            ref=said.get("ref"),
        )
    except (NotCanonical, ValueError, KeyError, TypeError, AttributeError):
        # A row somebody tampered with is still listed: its place in the log is what matters.
        return EventLine(
            row.seq, row.at, row.actor, None, row.receivable, row.object_id, is_readable=False
        )


def stored_events(work: UnitOfWork, wanted: ColumnElement[bool]) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of the wanted events in their order, read slice by slice."""
    last = 0
    while True:
        rows = work.session.execute(
            select(AuditEvent.seq, AuditEvent.body)
            .where(wanted, AuditEvent.seq > last)
            .order_by(AuditEvent.seq)
            .limit(READ_SLICE)
        ).all()
        if not rows:
            return
        yield from ((row.seq, row.body) for row in rows)
        last = rows[-1].seq
