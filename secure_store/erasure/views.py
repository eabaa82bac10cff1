"""Erasures as others see them: frozen values, no rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from secure_store.erasure.execution import (
    Document,
    ErasureView,
    OpeningCount,
    StepView,
    document_of,
    scope_of,
)
from secure_store.erasure.scopes import CountLine
from secure_store.erasure.states import ErasureState, Gate
from secure_store.models import Erasure, ErasureStep
from secure_store.work import UnitOfWork


def view_of(work: UnitOfWork, row: Erasure) -> ErasureView:
    """One erasure with its steps in order."""
    document = document_of(row)
    held_from = document.get("held_from")
    return ErasureView(
        id=row.id,
        number=row.number,
        scope=scope_of(row),
        state=row.state,
        held_from=ErasureState(held_from) if held_from else None,
        created_at=row.created_at,
        created_by=row.created_by,
        counts=count_lines(document.get("counts", [])),
        steps=_steps(work, row.id),
        gates_noted=tuple(Gate(gate) for gate in document.get("noted", [])),
        consent_no=document.get("consent", {}).get("consent_no"),
        before=_before(document),
        after=_after(document),
        keys_destroyed=len(document["keys"]) if "keys" in document else None,
        has_certificate=row.certificate is not None,
    )


def newest_first(work: UnitOfWork) -> list[ErasureView]:
    """All erasures of the contract."""
    rows = work.session.scalars(select(Erasure).order_by(Erasure.number.desc()))
    return [view_of(work, row) for row in rows]


def count_lines(raw: Iterable[Sequence[Any]]) -> tuple[CountLine, ...]:
    return tuple(CountLine(*line) for line in raw)


def raw_counts(lines: Iterable[CountLine]) -> list[list[Any]]:
    return [[line.receivable, line.batch, line.place, line.count] for line in lines]


def _steps(work: UnitOfWork, erasure_id: UUID) -> tuple[StepView, ...]:
    query = select(ErasureStep).where(ErasureStep.erasure_id == erasure_id)
    steps = [StepView(step.state, step.at, step.by) for step in work.session.scalars(query)]
    order = list(ErasureState)
    return tuple(sorted(steps, key=lambda step: (step.at, order.index(step.state))))


def _before(document: Document) -> OpeningCount | None:
    said = document.get("before")
    if said is None:
        return None
    return OpeningCount(
        said["control_sealed"], said["control_opened"], said["values_sought"], said["plain_hits"]
    )


def _after(document: Document) -> OpeningCount | None:
    said = document.get("after")
    if said is None:
        return None
    hits = said["remnant_hits"] + said["key_hits"]
    return OpeningCount(said["values_tried"], said["values_opened"], said["remnants_sought"], hits)
