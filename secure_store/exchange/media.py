"""媒体台帳: carrier media from issue to wiped and back under lock (S4-8.7-1, S4-14.2a to 14.2c).

A medium is taken out by one named supervisor, used, wiped, and returned; each step is one row that
is never changed. Between USED and WIPED personal data lies on it, and the board says how long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.exchange.exchange_errors import (
    MediumExists,
    MediumNotAllowed,
    MediumNotEncrypted,
    MediumUnknown,
)
from secure_store.exchange.handlers import require_handler
from secure_store.exchange.models import Medium, MediumEvent, MediumStep
from secure_store.work import UnitOfWork

# The step before → the steps that may follow. None: under lock since it was registered.
FOLLOWING: dict[MediumStep | None, frozenset[MediumStep]] = {
    None: frozenset({MediumStep.TAKEN}),
    MediumStep.TAKEN: frozenset({MediumStep.USED, MediumStep.WIPED, MediumStep.RETURNED}),
    MediumStep.USED: frozenset({MediumStep.USED, MediumStep.WIPED}),
    MediumStep.WIPED: frozenset({MediumStep.USED, MediumStep.RETURNED}),
    MediumStep.RETURNED: frozenset({MediumStep.TAKEN}),
}
TAGS = {
    MediumStep.TAKEN: Tag.MEDIUM_TAKEN,
    MediumStep.USED: Tag.MEDIUM_USED,
    MediumStep.WIPED: Tag.MEDIUM_WIPED,
    MediumStep.RETURNED: Tag.MEDIUM_RETURNED,
}
BY_HAND = "by_hand"
OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class EventView:
    """One step of one medium."""

    step: MediumStep
    at: datetime
    by: str
    reference: str | None
    files: int | None
    method: str | None


@dataclass(frozen=True, slots=True)
class MediumView:
    """One medium with its steps, newest first.

    ``taken_at`` None: under lock. ``open_since``: since when data lies on it, None when none does.
    """

    id: UUID
    serial: str
    maker: str
    is_encrypted: bool
    custodian: str
    registered_at: datetime
    registered_by: str
    retired_at: datetime | None
    events: tuple[EventView, ...]

    @property
    def last_step(self) -> MediumStep | None:
        return self.events[0].step if self.events else None

    @property
    def taken_at(self) -> datetime | None:
        """When it was taken out of its lock, if it is out now."""
        if self.last_step in (None, MediumStep.RETURNED):
            return None
        return next(one.at for one in self.events if one.step is MediumStep.TAKEN)

    @property
    def holder(self) -> str | None:
        """Who took it out, if it is out now."""
        if self.taken_at is None:
            return None
        return next(one.by for one in self.events if one.step is MediumStep.TAKEN)

    @property
    def open_since(self) -> datetime | None:
        """The first use after the last wipe."""
        return first_use(self.events)


def first_use(events: Sequence[EventView]) -> datetime | None:
    """Since when data lies on a medium; ``events`` newest first."""
    since = None
    for one in events:
        if one.step is MediumStep.WIPED:
            break
        since = one.at if one.step is MediumStep.USED else since
    return since


def register_medium(work: UnitOfWork, serial: str, maker: str, *, encrypted: bool) -> MediumView:
    """Puts a medium into the register. Raises MediumExists.

    One without encryption may be registered too, so that its refusal has a reason on record.
    """
    require(work.actor, Permission.MANAGE_EXCHANGE)
    require_handler(work)
    if work.session.scalar(select(Medium.id).where(Medium.serial == serial)) is not None:
        raise MediumExists
    row = Medium(
        id=uuid4(),
        serial=serial,
        maker=maker,
        is_encrypted=encrypted,
        custodian=work.actor.code,
        registered_at=work.now,
        registered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    reason = "encrypted" if encrypted else "not_encrypted"
    work.audit(Tag.MEDIUM_REGISTERED, object_kind="medium", object_id=row.id, reason=reason)
    return _view(row, ())


def list_media(work: UnitOfWork) -> list[MediumView]:
    """All media, those in use first."""
    require(work.actor, Permission.SEE_TRANSFERS)
    return media_views(work)


def media_views(work: UnitOfWork) -> list[MediumView]:
    """All media without asking who looks; for alarms."""
    events: dict[UUID, list[EventView]] = {}
    for one in work.session.scalars(select(MediumEvent).order_by(*_NEWEST_FIRST)):
        events.setdefault(one.medium_id, []).append(_event(one))
    rows = work.session.scalars(select(Medium).order_by(Medium.serial))
    views = [_view(row, tuple(events.get(row.id, ()))) for row in rows]
    return sorted(views, key=lambda view: (view.retired_at is not None, view.taken_at is None))


def media_with_data(work: UnitOfWork) -> list[MediumView]:
    """The media on which data lies: used, and no wipe on record since."""
    return [view for view in media_views(work) if view.open_since is not None]


# Steps of one instant (a movable clock stands in tests) keep the order in which they must come.
_NEWEST_FIRST = (MediumEvent.at.desc(), MediumEvent.position.desc())


def get_medium(work: UnitOfWork, serial: str) -> MediumView:
    """One medium. Raises MediumUnknown."""
    row = _row(work, serial)
    events = work.session.scalars(
        select(MediumEvent).where(MediumEvent.medium_id == row.id).order_by(*_NEWEST_FIRST)
    )
    return _view(row, tuple(_event(one) for one in events))


def take_out(work: UnitOfWork, serial: str) -> MediumView:
    """Out of its lock, by the supervisor who answers for it until it is back."""
    return _step(work, serial, MediumStep.TAKEN)


def note_use(work: UnitOfWork, serial: str, reference: str, files: int) -> MediumView:
    """Data is on it from now on. Raises what ``require_usable`` raises."""
    require_usable(work, serial)
    return _step(work, serial, MediumStep.USED, reference=reference, files=files)


def note_wiped(work: UnitOfWork, serial: str, files: int, method: str = BY_HAND) -> MediumView:
    """What lay on it is overwritten and was looked for again (S4-14.2b)."""
    return _step(work, serial, MediumStep.WIPED, files=files, method=method)


def give_back(work: UnitOfWork, serial: str) -> MediumView:
    """Back under lock. Raises MediumNotAllowed while data lies on it."""
    return _step(work, serial, MediumStep.RETURNED)


def retire(work: UnitOfWork, serial: str) -> MediumView:
    """Out of the register's use for good; only from under lock."""
    require(work.actor, Permission.MANAGE_EXCHANGE)
    require_handler(work)
    row = _row(work, serial, locked=True)
    if row.retired_at is not None or get_medium(work, serial).taken_at is not None:
        raise MediumNotAllowed(step="retire")
    row.retired_at = work.now
    work.audit(Tag.MEDIUM_RETIRED, object_kind="medium", object_id=row.id)
    return get_medium(work, serial)


def require_usable(work: UnitOfWork, serial: str) -> MediumView:
    """Whether data may be carried on this medium by this person, now.

    Raises NotAHandler, MediumUnknown, MediumNotEncrypted, and MediumNotAllowed for one that is
    still under lock, retired, or in another person's hands.
    """
    require_handler(work)
    view = get_medium(work, serial)
    if not view.is_encrypted:
        raise MediumNotEncrypted
    if view.retired_at is not None or view.holder != work.actor.code:
        raise MediumNotAllowed(step=MediumStep.USED.value)
    return view


def _step(
    work: UnitOfWork,
    serial: str,
    step: MediumStep,
    *,
    reference: str | None = None,
    files: int | None = None,
    method: str | None = None,
) -> MediumView:
    require(work.actor, Permission.MANAGE_EXCHANGE)
    require_handler(work)
    row = _row(work, serial, locked=True)
    before = get_medium(work, serial)
    if row.retired_at is not None or step not in FOLLOWING[before.last_step]:
        raise MediumNotAllowed(step=step.value)
    event = MediumEvent(
        id=uuid4(),
        medium_id=row.id,
        position=len(before.events) + 1,
        step=step,
        at=work.now,
        by=work.actor.code,
        reference=reference,
        files=files,
        method=method,
    )
    work.session.add(event)
    work.session.flush()
    work.audit(TAGS[step], object_kind="medium", object_id=row.id, count=files, reason=method)
    return get_medium(work, serial)


def _row(work: UnitOfWork, serial: str, *, locked: bool = False) -> Medium:
    query = select(Medium).where(Medium.serial == serial)
    row = work.session.scalar(query.with_for_update() if locked else query)
    if row is None:
        raise MediumUnknown
    return row


def _event(row: MediumEvent) -> EventView:
    return EventView(row.step, row.at, row.by, row.reference, row.files, row.method)


def _view(row: Medium, events: tuple[EventView, ...]) -> MediumView:
    return MediumView(
        row.id,
        row.serial,
        row.maker,
        row.is_encrypted,
        row.custodian,
        row.registered_at,
        row.registered_by,
        row.retired_at,
        events,
    )
