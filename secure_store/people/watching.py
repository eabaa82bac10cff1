"""Looking is counted: cases seen, searches made, calls placed (security.md 7.5, S4-14.4-1).

What is counted is what the audit trail is told, in the same transaction: whoever shows a case
without counting it shows it without noting it. Beyond the cap nothing is shown, and the
supervisors' board says who looked at how much.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import delete, func, select

from secure_store.access import Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotAllowed, NotFound, OutOfReach
from secure_store.people.caps import (
    COMPARED_EVERY,
    USUAL,
    WINDOW,
    AlertKind,
    Caps,
    WatchedKind,
    alert_on_view,
    is_far_above,
)
from secure_store.people.models import FoundCase, WatchAlert, WatchedAct
from secure_store.work import AuditNote, AuditWriter, SecureStore, UnitOfWork

FOUND_LASTS = timedelta(minutes=10)
KEPT = timedelta(days=1)
_SEARCHES = frozenset({Tag.SEARCH_NUMBER, Tag.SEARCH_KEY, Tag.SEARCH_NAME})
_DIALS = frozenset({Tag.PERMIT_ISSUED, Tag.CALLBACK_ANSWERED, Tag.ATTEMPT_PLACED})
_WATCHED = _SEARCHES | _DIALS | {Tag.CASE_OPENED}

_caps: WeakKeyDictionary[SecureStore, Caps] = WeakKeyDictionary()


class TooManyViews(NotAllowed):
    """This person has looked at as many cases as one hour allows."""

    code = "too_many_views"


class TooManySearches(NotAllowed):
    """This person has searched as often as one hour allows."""

    code = "too_many_searches"


class OwnAlert(NotAllowed):
    """Another supervisor looks into what the board says about this one."""

    code = "own_alert"


@dataclass(frozen=True, slots=True)
class Alert:
    """What the board says about a person."""

    id: UUID
    staff_code: str
    kind: AlertKind
    at: datetime
    count: int


def set_caps(store: SecureStore, caps: Caps) -> None:
    """Other caps than the usual ones, for this process."""
    _caps[store] = caps


def watched(write: AuditWriter) -> AuditWriter:
    """The audit writer that also counts what its notes tell."""

    def write_and_count(work: UnitOfWork, notes: tuple[AuditNote, ...]) -> None:
        if work.actor.role in (Role.AGENT, Role.SUPERVISOR):
            _count(work, [note for note in notes if note.tag in _WATCHED])
        write(work, (*notes, *work.take_notes()))

    return write_and_count


def _count(work: UnitOfWork, notes: list[AuditNote]) -> None:
    tags = {note.tag for note in notes}
    if not tags:
        return
    if tags & _DIALS:
        _add(work, WatchedKind.DIAL, None)
    if tags & _SEARCHES:
        _count_search(work)  # what it found is named by its kana to be chosen: no look at a case
    elif work.actor.role is Role.AGENT:
        for case_id in {note.object_id for note in notes if note.tag is Tag.CASE_OPENED}:
            _count_view(work, case_id)
    work.session.flush()


def _add(work: UnitOfWork, kind: WatchedKind, case_id: UUID | None) -> None:
    code = work.actor.code
    act = WatchedAct(id=uuid4(), staff_code=code, kind=kind, at=work.now, case_ref=case_id)
    work.session.add(act)


def _count_search(work: UnitOfWork) -> None:
    caps = _caps.get(work.store, USUAL)
    made = _made(work, WatchedKind.SEARCH) + 1
    if made > caps.searches_most:
        raise TooManySearches
    if made == caps.searches_most:
        _tell(work, AlertKind.TOO_MANY_SEARCHES, made)
    _add(work, WatchedKind.SEARCH, None)


def _count_view(work: UnitOfWork, case_id: UUID | None) -> None:
    if _looked_at(work, case_id):
        return
    caps = _caps.get(work.store, USUAL)
    views = _made(work, WatchedKind.VIEW) + 1
    if views > caps.views_most:
        raise TooManyViews
    alert = alert_on_view(caps, views, _undialled(work) + 1)
    if alert is None and _stands_out(work, views):
        alert = AlertKind.FAR_ABOVE_TEAM
    if alert is not None:
        _tell(work, alert, views)
    _add(work, WatchedKind.VIEW, case_id)


def _made(work: UnitOfWork, kind: WatchedKind) -> int:
    query = select(func.count()).where(
        WatchedAct.staff_code == work.actor.code,
        WatchedAct.kind == kind,
        WatchedAct.at > work.now - WINDOW,
    )
    return work.session.scalar(query) or 0


def _looked_at(work: UnitOfWork, case_id: UUID | None) -> bool:
    query = select(WatchedAct.id).where(
        WatchedAct.staff_code == work.actor.code,
        WatchedAct.at > work.now - WINDOW,
        WatchedAct.case_ref == case_id,
    )
    return work.session.scalar(query.limit(1)) is not None


def _stands_out(work: UnitOfWork, views: int) -> bool:
    """Told once, until a supervisor has looked into it."""
    if views % COMPARED_EVERY:
        return False
    told = select(WatchAlert.id).where(
        WatchAlert.staff_code == work.actor.code,
        WatchAlert.kind == AlertKind.FAR_ABOVE_TEAM,
        WatchAlert.seen_at.is_(None),
    )
    is_told = work.session.scalar(told.limit(1)) is not None
    return not is_told and is_far_above(views, _views_of_others(work))


def _views_of_others(work: UnitOfWork) -> list[int]:
    """How many cases each of the others has looked at in the last hour, if any."""
    query = (
        select(func.count())
        .where(
            WatchedAct.staff_code != work.actor.code,
            WatchedAct.kind == WatchedKind.VIEW,
            WatchedAct.at > work.now - WINDOW,
        )
        .group_by(WatchedAct.staff_code)
    )
    return list(work.session.scalars(query))


def _undialled(work: UnitOfWork) -> int:
    """Cases looked at since the last call of this person."""
    mine = WatchedAct.staff_code == work.actor.code
    last = select(func.max(WatchedAct.at)).where(mine, WatchedAct.kind == WatchedKind.DIAL)
    query = select(func.count()).where(mine, WatchedAct.kind == WatchedKind.VIEW)
    since = work.session.scalar(last)
    if since is not None:
        query = query.where(WatchedAct.at > since)
    return work.session.scalar(query) or 0


def _tell(work: UnitOfWork, kind: AlertKind, count: int) -> None:
    code = work.actor.code
    work.session.add(WatchAlert(id=uuid4(), staff_code=code, kind=kind, at=work.now, count=count))
    work.audit(Tag.WATCH_ALERTED, reason=kind.value, count=count, ref=code)


def open_alerts(work: UnitOfWork) -> tuple[Alert, ...]:
    """What no supervisor has looked into yet, the newest first."""
    require(work.actor, Permission.SEE_BOARD)
    rows = work.session.scalars(
        select(WatchAlert).where(WatchAlert.seen_at.is_(None)).order_by(WatchAlert.at.desc())
    )
    return tuple(Alert(row.id, row.staff_code, row.kind, row.at, row.count) for row in rows)


def look_into(work: UnitOfWork, alert_id: UUID) -> None:
    """A supervisor has spoken with the person; the count begins anew. Raises NotFound, OwnAlert."""
    require(work.actor, Permission.SEE_BOARD)
    row = work.session.get(WatchAlert, alert_id, with_for_update=True)
    if row is None or row.seen_at is not None:
        raise NotFound(kind="alert")
    if row.staff_code == work.actor.code:
        raise OwnAlert
    row.seen_at = work.now
    row.seen_by = work.actor.code
    work.session.execute(delete(WatchedAct).where(WatchedAct.staff_code == row.staff_code))
    work.audit(Tag.WATCH_LOOKED_INTO, reason=row.kind.value, ref=row.staff_code)


def remember_found(work: UnitOfWork, case_ids: Collection[UUID]) -> None:
    """What this person's search has found may be answered for ten minutes."""
    code = work.actor.code
    stale = delete(FoundCase).where(FoundCase.staff_code == code)
    work.session.execute(stale.where(FoundCase.found_at <= work.now - FOUND_LASTS))
    for case_id in case_ids:
        found = work.session.get(FoundCase, (code, case_id))
        if found is None:
            found = FoundCase(staff_code=code, case_ref=case_id)
            work.session.add(found)
        found.found_at = work.now


def require_found(work: UnitOfWork, case_id: UUID) -> None:
    """Raises OutOfReach unless this person has just found the case by a search of their own."""
    found = work.session.get(FoundCase, (work.actor.code, case_id))
    if found is None or work.now - found.found_at > FOUND_LASTS:
        raise OutOfReach(kind="case")


def forget_old(work: UnitOfWork) -> None:
    """What was counted a day ago is counted no more."""
    work.session.execute(delete(WatchedAct).where(WatchedAct.at < work.now - KEPT))
    work.session.execute(delete(FoundCase).where(FoundCase.found_at < work.now - KEPT))
