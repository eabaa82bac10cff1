"""Hand-overs as pages and alarms read them: one view, its files, lists, what still waits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.canonical import JST
from secure_store.errors import NotFound
from secure_store.exchange.envelopes import Form, form_of
from secure_store.exchange.models import HandOver, HandOverFile, HandOverState, Medium
from secure_store.work import UnitOfWork

_SAFE_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,119}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file as it was handed over. ``name`` None where it is not made of codes."""

    name: str | None
    sha256: str
    size: int
    form: Form


@dataclass(frozen=True, slots=True)
class HandOverView:
    """One hand-over with its files; its number is the receipt's."""

    id: UUID
    number: str
    receivable: str
    campaign_code: str | None
    means: str
    place: str
    handed_by: str
    medium_serial: str | None
    told_rows: int | None
    digest: str
    folder: str | None
    handed_at: datetime
    noted_at: datetime
    noted_by: str
    state: HandOverState
    done_at: datetime | None
    list_id: UUID | None
    files: tuple[FileFacts, ...]


def facts_of(files: Mapping[str, bytes]) -> tuple[FileFacts, ...]:
    """What may be told of files: safe names, digests, sizes, forms; in the order of the names."""
    return tuple(
        FileFacts(
            name if _SAFE_NAME.fullmatch(name) else None,
            hashlib.sha256(data).hexdigest(),
            len(data),
            form_of(data),
        )
        for name, data in sorted(files.items())
    )


def digest_over(files: Sequence[FileFacts]) -> str:
    """One digest over all files, whatever they are called."""
    return hashlib.sha256("\n".join(sorted(one.sha256 for one in files)).encode()).hexdigest()


def get_hand_over(work: UnitOfWork, hand_over_id: UUID) -> HandOverView:
    """One hand-over, for its receipt. Raises NotFound."""
    require(work.actor, Permission.SEE_TRANSFERS)
    return view_of(work, row_of(work, hand_over_id))


def list_hand_overs(
    work: UnitOfWork, first: date | None = None, last: date | None = None
) -> list[HandOverView]:
    """Hand-overs of this person's receivables, newest first."""
    require(work.actor, Permission.SEE_TRANSFERS)
    rows = work.session.scalars(select(HandOver).order_by(HandOver.noted_at.desc()))
    days = ((row, row.noted_at.astimezone(JST).date()) for row in rows)
    return [
        view_of(work, row)
        for row, day in days
        if work.actor.sees(row.receivable)
        and (first is None or first <= day)
        and (last is None or day <= last)
    ]


def hand_over_of_list(work: UnitOfWork, list_id: UUID) -> HandOverView | None:
    """The record of a delivery that was taken in, or None while it is 未確認."""
    row = work.session.scalar(select(HandOver).where(HandOver.list_id == list_id))
    return None if row is None else view_of(work, row)


def confirmed_lists(work: UnitOfWork) -> frozenset[UUID]:
    """The deliveries that have a record."""
    query = select(HandOver.list_id).where(HandOver.list_id.is_not(None))
    return frozenset(one for one in work.session.scalars(query) if one is not None)


def waiting_since(work: UnitOfWork) -> list[HandOverView]:
    """Received and not taken in, longest waiting first; for the alarm."""
    rows = work.session.scalars(
        select(HandOver)
        .where(HandOver.state == HandOverState.RECEIVED)
        .order_by(HandOver.handed_at)
    )
    return [view_of(work, row) for row in rows if work.actor.sees(row.receivable)]


def waiting_with(work: UnitOfWork, digest: str) -> HandOverView | None:
    """The hand-over of these very files that was not taken in yet."""
    row = work.session.scalar(
        select(HandOver).where(HandOver.digest == digest, HandOver.state == HandOverState.RECEIVED)
    )
    return None if row is None or not work.actor.sees(row.receivable) else view_of(work, row)


def row_of(work: UnitOfWork, hand_over_id: UUID) -> HandOver:
    row = work.session.get(HandOver, hand_over_id, with_for_update=not work.readonly or None)
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="hand_over")
    return row


def view_of(work: UnitOfWork, row: HandOver) -> HandOverView:
    files = work.session.scalars(
        select(HandOverFile)
        .where(HandOverFile.hand_over_id == row.id)
        .order_by(HandOverFile.position)
    )
    serial = None
    if row.medium_id is not None:
        serial = work.session.scalar(select(Medium.serial).where(Medium.id == row.medium_id))
    return HandOverView(
        row.id,
        row.number,
        row.receivable,
        row.campaign_code,
        row.means,
        row.place,
        row.handed_by,
        serial,
        row.told_rows,
        row.digest,
        row.folder,
        row.handed_at,
        row.noted_at,
        row.noted_by,
        row.state,
        row.done_at,
        row.list_id,
        tuple(FileFacts(one.name, one.sha256, one.size, one.form) for one in files),
    )
