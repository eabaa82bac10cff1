"""The records of erasures: their numbers, states and documents. What is erased is told by callers.

Each state is stored with its instant and its actor, so that a crash resumes at the same place
(security.md 5.8). A step done before is not done again; a step out of order is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from secure_store.audit.tags import Tag
from secure_store.canonical import JST
from secure_store.erasure.scopes import CountLine, ErasureScope, ScopeKind
from secure_store.erasure.states import (
    BEFORE_DESTRUCTION,
    STEPS,
    ErasureState,
    Gate,
    GatePolicy,
    IllegalErasureMove,
    Position,
    advance,
    legal_targets,
)
from secure_store.errors import NotFound
from secure_store.models import Erasure, ErasureStep
from secure_store.work import UnitOfWork

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepView:
    state: ErasureState
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class OpeningCount:
    """Of ``tried`` sealed values, ``opened`` did; ``hits`` of ``sought`` patterns were found."""

    tried: int
    opened: int
    sought: int
    hits: int


@dataclass(frozen=True, slots=True)
class ErasureView:
    """One erasure as screens and the command line show it."""

    id: UUID
    number: str
    scope: ErasureScope
    state: ErasureState
    held_from: ErasureState | None
    created_at: datetime
    created_by: str
    counts: tuple[CountLine, ...]
    steps: tuple[StepView, ...]
    gates_noted: tuple[Gate, ...]
    consent_no: str | None
    before: OpeningCount | None
    after: OpeningCount | None
    keys_destroyed: int | None
    has_certificate: bool


def begin(work: UnitOfWork, scope: ErasureScope) -> Erasure:
    """A new erasure in ``DRAFT`` with the next number of the day."""
    row = Erasure(
        id=uuid4(),
        number=_next_number(work),
        scope_kind=scope.kind.value,
        scope_code=scope.text(),
        state=ErasureState.DRAFT,
        created_at=work.now,
        created_by=work.actor.code,
        document="",
    )
    write(row, {"scope": _scope_document(scope)})
    work.session.add(row)
    work.session.flush()
    _reached(work, row, scope)
    return row


def _next_number(work: UnitOfWork) -> str:
    prefix = f"E-{work.now.astimezone(JST):%Y%m%d}-"
    used = select(func.count()).select_from(Erasure).where(Erasure.number.startswith(prefix))
    return f"{prefix}{(work.session.scalar(used) or 0) + 1:03d}"


def locked(work: UnitOfWork, erasure_id: UUID) -> Erasure:
    """The erasure, for a change. Raises NotFound."""
    row = work.session.get(
        Erasure, erasure_id, with_for_update=not work.readonly or None, populate_existing=True
    )
    if row is None:
        raise NotFound(kind="erasure")
    return row


def document_of(row: Erasure) -> Document:
    """Counts, digests, key ids and dates of an erasure."""
    return dict(json.loads(row.document))


def write(row: Erasure, document: Document) -> None:
    row.document = json.dumps(document, ensure_ascii=False, sort_keys=True)


def scope_of(row: Erasure) -> ErasureScope:
    document = document_of(row)
    raw, until = document["scope"], document.get("keys_destroyed_at")
    return ErasureScope(
        ScopeKind(raw["kind"]),
        raw["receivable"],
        raw["campaign_code"],
        UUID(raw["case_id"]) if raw["case_id"] else None,
        datetime.fromisoformat(until) if until else None,
        UUID(raw["file_id"]) if raw.get("file_id") else None,
    )


def _scope_document(scope: ErasureScope) -> Document:
    return {
        "kind": scope.kind.value,
        "receivable": scope.receivable,
        "campaign_code": scope.campaign_code,
        "case_id": str(scope.case_id) if scope.case_id else None,
        "file_id": str(scope.file_id) if scope.file_id else None,
    }


def is_due(row: Erasure, target: ErasureState, policy: GatePolicy) -> bool:
    """True when the step is the next one, False when it was done before.

    Raises IllegalErasureMove, naming the present state, for a step out of order.
    """
    if row.state is not ErasureState.HELD and STEPS.index(row.state) >= STEPS.index(target):
        return False
    if row.state is ErasureState.HELD or target not in legal_targets(Position(row.state), policy):
        raise IllegalErasureMove(current=row.state.value, target=target.value)
    return True


def move(
    work: UnitOfWork,
    row: Erasure,
    target: ErasureState,
    passed: Iterable[Gate],
    policy: GatePolicy,
    count: int | None = None,
) -> None:
    """One step on: state, step, audit event. Raises as ``states.advance``."""
    step = advance(Position(row.state), target, passed, policy)
    document = document_of(row)
    noted = [*document.get("noted", []), *(gate.value for gate in step.noted)]
    document["noted"] = list(dict.fromkeys(noted))
    write(row, document)
    row.state = step.position.state
    _reached(work, row, scope_of(row), count)


def _reached(work: UnitOfWork, row: Erasure, scope: ErasureScope, count: int | None = None) -> None:
    work.session.add(
        ErasureStep(id=uuid4(), erasure_id=row.id, state=row.state, at=work.now, by=work.actor.code)
    )
    work.session.flush()
    _note(work, row, scope, row.state, count)


def _note(
    work: UnitOfWork,
    row: Erasure,
    scope: ErasureScope,
    state: ErasureState,
    count: int | None = None,
) -> None:
    work.audit(
        Tag[f"ERASURE_{state.name}"],
        receivable=scope.receivable,
        batch=scope.campaign_code,
        object_kind="erasure",
        object_id=row.id,
        ref=row.number,
        count=count,
    )


def hold_running(work: UnitOfWork, concerns: Callable[[str | None], bool]) -> None:
    """Holds the erasures whose keys still stand, if their receivable is concerned."""
    for row in _rows_in(work, BEFORE_DESTRUCTION):
        scope, document = scope_of(row), document_of(row)
        # Once destruction has begun, stopping half way would preserve nothing.
        if "destroying" in document or not concerns(scope.receivable):
            continue
        held = advance(Position(row.state), ErasureState.HELD, ()).position
        write(row, {**document, "held_from": row.state.value})
        row.state = held.state
        _note(work, row, scope, ErasureState.HELD)


def resume_held(work: UnitOfWork, is_free: Callable[[str | None], bool]) -> None:
    """Lets held erasures go on from where they stood, if nothing holds them any more."""
    for row in _rows_in(work, {ErasureState.HELD}):
        scope, document = scope_of(row), document_of(row)
        if not is_free(scope.receivable):
            continue
        origin = ErasureState(document.pop("held_from"))
        position = Position(row.state, origin)
        row.state = advance(position, origin, (Gate.NO_OPEN_HOLD,)).position.state
        write(row, document)
        _note(work, row, scope, row.state)


def _rows_in(work: UnitOfWork, states: Iterable[ErasureState]) -> list[Erasure]:
    query = select(Erasure).where(Erasure.state.in_(list(states))).with_for_update()
    return list(work.session.scalars(query))


def erased_by(work: UnitOfWork, receivable: str, campaign_code: str) -> str | None:
    """The number of the first erasure that destroyed keys of this campaign or of a case in it.

    A pack of the campaign is not rebuilt after that (decision 3); its digests stay.
    """
    gone = set(STEPS) - BEFORE_DESTRUCTION
    rows = sorted(_all(work), key=lambda row: row.created_at)
    for row in rows:
        if row.state in gone and scope_of(row).touches(receivable, campaign_code):
            return row.number
    return None


def _all(work: UnitOfWork) -> list[Erasure]:
    return list(work.session.scalars(select(Erasure)))


def same_scope(work: UnitOfWork, scope: ErasureScope) -> list[Erasure]:
    """Erasures of exactly this scope, oldest first."""
    query = select(Erasure).where(Erasure.scope_code == scope.text()).order_by(Erasure.number)
    return list(work.session.scalars(query))
