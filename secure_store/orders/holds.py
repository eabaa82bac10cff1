"""Evidence holds (証拠保全, S4-14.11a): while one stands, nothing in its scope is erased.

An open incident preserves its evidence in the same way, without anybody having to ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.erasure.execution import hold_running, resume_held
from secure_store.errors import Conflict, Invalid, NotFound
from secure_store.models import Hold
from secure_store.orders.models import Incident
from secure_store.work import UnitOfWork

MAX_NUMBER = 60


class EvidenceHeld(Conflict):
    """Evidence is preserved under this case number; nothing in its scope may be erased."""

    code = "evidence_held"


@dataclass(frozen=True, slots=True)
class HoldView:
    """One hold that stands. ``receivable`` None holds the whole contract."""

    id: UUID
    receivable: str | None
    document_no: str
    placed_at: datetime
    placed_by: str


@dataclass(frozen=True, slots=True)
class Preserving:
    """What preserves evidence: the number of a hold or of an open incident, and its scope."""

    number: str
    receivable: str | None

    def stands_over(self, receivable: str | None) -> bool:
        """Whether an erasure of this receivable (None: of the contract) would touch it."""
        return None in (self.receivable, receivable) or self.receivable == receivable


def place(work: UnitOfWork, receivable: str | None, document_no: str) -> UUID:
    """Freezes evidence under the number of the case; erasures before their keys' end are held.

    Raises Invalid without a number.
    """
    require(work.actor, Permission.SUSPEND)
    number = document_no.strip()
    if not 1 <= len(number) <= MAX_NUMBER:
        raise Invalid(field="document_no")
    row = Hold(
        id=uuid4(),
        receivable=receivable,
        document_no=number,
        placed_at=work.now,
        placed_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Tag.HOLD_PLACED, receivable=receivable, object_kind="hold", object_id=row.id)
    hold_erasures(work, receivable)
    return row.id


def lift(work: UnitOfWork, hold_id: UUID) -> None:
    """Ends a hold. Erasures it held go on from where they stood, unless another hold stands."""
    require(work.actor, Permission.SUSPEND)
    row = work.session.get(Hold, hold_id, with_for_update=True)
    if row is None or row.lifted_at is not None:
        raise NotFound(kind="hold")
    row.lifted_at = work.now
    row.lifted_by = work.actor.code
    work.session.flush()
    work.audit(Tag.HOLD_LIFTED, receivable=row.receivable, object_kind="hold", object_id=row.id)
    resume_what_is_free(work)


def resume_what_is_free(work: UnitOfWork) -> None:
    """Erasures that nothing preserves any more go on from where they stood."""
    left = preserving(work)
    resume_held(work, lambda scope: not any(one.stands_over(scope) for one in left))


def hold_erasures(work: UnitOfWork, receivable: str | None) -> None:
    """Erasures of the scope wait at once, if their keys still stand."""
    hold_running(work, Preserving("", receivable).stands_over)


def standing(work: UnitOfWork) -> list[HoldView]:
    """All holds that stand, oldest first."""
    rows = work.session.scalars(
        select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.placed_at)
    )
    return [_view(row) for row in rows]


def preserving(work: UnitOfWork) -> list[Preserving]:
    """Every standing hold, then every open incident, each oldest first."""
    incidents = work.session.execute(
        select(Incident.number, Incident.receivable)
        .where(Incident.closed_at.is_(None))
        .order_by(Incident.opened_at)
    )
    holds = [Preserving(hold.document_no, hold.receivable) for hold in standing(work)]
    return holds + [Preserving(number, receivable) for number, receivable in incidents]


def require_no_hold(work: UnitOfWork, receivable: str | None) -> None:
    """Raises EvidenceHeld with the case number while evidence in the scope is preserved."""
    for one in preserving(work):
        if one.stands_over(receivable):
            raise EvidenceHeld(document_no=one.number)


def _view(row: Hold) -> HoldView:
    return HoldView(row.id, row.receivable, row.document_no, row.placed_at, row.placed_by)
