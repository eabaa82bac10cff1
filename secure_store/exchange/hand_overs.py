"""受渡し and 預り証: means, place, time, item, counts and digests of every delivery (S3-B2-12).

A delivery that was taken in without such a record stays 未確認, on its page and on the board.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.canonical import JST
from secure_store.exchange.exchange_errors import HandOverInvalid, HandOverStands
from secure_store.exchange.hand_over_views import (
    FileFacts,
    HandOverView,
    digest_over,
    row_of,
    view_of,
)
from secure_store.exchange.handlers import require_handler
from secure_store.exchange.media import note_use, require_usable
from secure_store.exchange.models import HandOver, HandOverFile, HandOverState
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Designated:
    """What the contract designates: codes of means and places, and which means need a medium."""

    means: Collection[str]
    places: Collection[str]
    by_medium: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class NewHandOver:
    """A hand-over as a supervisor tells it. ``handed_by`` is a post, never a person."""

    receivable: str
    campaign_code: str | None
    means: str
    place: str
    handed_by: str
    handed_at: datetime
    medium_serial: str | None = None
    told_rows: int | None = None


def note_hand_over(
    work: UnitOfWork,
    new: NewHandOver,
    files: Sequence[FileFacts],
    designated: Designated,
    *,
    folder: str | None = None,
    list_id: UUID | None = None,
) -> HandOverView:
    """Records a hand-over and gives its receipt a number.

    With ``list_id`` for a delivery that was taken in before. Raises HandOverInvalid for a means or
    place the contract does not designate, what ``require_usable`` raises for a medium, and
    HandOverStands when this delivery has its receipt already.
    """
    require(work.actor, Permission.MANAGE_EXCHANGE)
    require_handler(work)
    require_receivable(work.actor, new.receivable)
    _check(work, new, files, designated)
    digest = digest_over(files)
    _refuse_twice(work, digest, list_id)
    row = _new_row(work, new, _medium_id(work, new, len(files)))
    row.digest, row.folder, row.list_id = digest, folder, list_id
    if list_id is not None:
        row.state, row.done_at = HandOverState.IMPORTED, work.now
    work.session.add(row)
    work.session.flush()
    _add_files(work, row.id, files)
    _audit(work, Tag.TRANSFER_REGISTERED, row, count=len(files), reason=new.means)
    work.audit(Tag.LIST_RECEIPT_ISSUED, receivable=new.receivable, ref=row.number)
    return view_of(work, row)


def _new_row(work: UnitOfWork, new: NewHandOver, medium_id: UUID | None) -> HandOver:
    row_id = uuid4()
    return HandOver(
        id=row_id,
        number=f"Y-{work.now.astimezone(JST):%Y%m%d}-{row_id.hex[:6].upper()}",
        receivable=new.receivable,
        campaign_code=new.campaign_code,
        means=new.means,
        place=new.place,
        handed_by=new.handed_by,
        medium_id=medium_id,
        told_rows=new.told_rows,
        handed_at=new.handed_at,
        noted_at=work.now,
        noted_by=work.actor.code,
        state=HandOverState.RECEIVED,
    )


def _add_files(work: UnitOfWork, hand_over_id: UUID, files: Sequence[FileFacts]) -> None:
    for position, one in enumerate(files, start=1):
        work.session.add(
            HandOverFile(
                hand_over_id=hand_over_id,
                position=position,
                name=one.name,
                sha256=one.sha256,
                size=one.size,
                form=one.form,
            )
        )
    work.session.flush()


def _check(
    work: UnitOfWork, new: NewHandOver, files: Sequence[FileFacts], designated: Designated
) -> None:
    wrong = {
        "means": new.means not in designated.means,
        "place": new.place not in designated.places,
        "handed_by": not new.handed_by.strip(),
        "handed_at": new.handed_at > work.now,
        "medium": (new.means in designated.by_medium) != (new.medium_serial is not None),
        "files": not files,
    }
    faulty = [name for name, is_wrong in wrong.items() if is_wrong]
    if faulty:
        raise HandOverInvalid(field=faulty[0])


def _refuse_twice(work: UnitOfWork, digest: str, list_id: UUID | None) -> None:
    same = HandOver.digest == digest if list_id is None else HandOver.list_id == list_id
    standing = select(HandOver.id).where(same, HandOver.state != HandOverState.RETURNED)
    if work.session.scalar(standing.limit(1)) is not None:
        raise HandOverStands


def _medium_id(work: UnitOfWork, new: NewHandOver, files: int) -> UUID | None:
    if new.medium_serial is None:
        return None
    view = require_usable(work, new.medium_serial)
    note_use(work, new.medium_serial, new.campaign_code or new.receivable, files)
    return view.id


def mark_imported(work: UnitOfWork, hand_over_id: UUID, list_id: UUID) -> HandOverView:
    """The data is in the system; its timer stops (S4-8.7-2)."""
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    row = row_of(work, hand_over_id)
    row.state, row.done_at, row.list_id = HandOverState.IMPORTED, work.now, list_id
    _audit(work, Tag.TRANSFER_IMPORTED, row)
    return view_of(work, row)


def give_back(work: UnitOfWork, hand_over_id: UUID) -> HandOverView:
    """The delivery goes back to the city and is not taken in. Raises HandOverStands."""
    require(work.actor, Permission.MANAGE_EXCHANGE)
    require_handler(work)
    row = row_of(work, hand_over_id)
    if row.state is not HandOverState.RECEIVED:
        raise HandOverStands(state=row.state.value)
    row.state, row.done_at = HandOverState.RETURNED, work.now
    _audit(work, Tag.TRANSFER_RETURNED, row)
    return view_of(work, row)


def _audit(
    work: UnitOfWork, tag: Tag, row: HandOver, count: int | None = None, reason: str | None = None
) -> None:
    work.audit(
        tag,
        receivable=row.receivable,
        batch=row.campaign_code,
        object_kind="hand_over",
        object_id=row.id,
        count=count,
        reason=reason,
        ref=row.digest,
    )
