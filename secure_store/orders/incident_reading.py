"""Incidents as they are shown: what is known, what was reported, what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.audit.tags import FieldGroup, groups_of
from secure_store.canonical import JST
from secure_store.errors import NotFound
from secure_store.orders.incident_facts import (
    IncidentClock,
    IncidentFacts,
    IncidentKind,
    IncidentStage,
    ReportStep,
    clock_of_incident,
    late_step,
)
from secure_store.orders.models import Incident, IncidentMeasure, IncidentReport
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report that was made."""

    step: ReportStep
    document_no: str
    reported_at: datetime
    reported_by: str
    persons: int
    groups: tuple[FieldGroup, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One stage of the emergency plan."""

    stage: IncidentStage
    owner: str | None
    due_on: date | None
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident as far as it is known; ``receivable`` None concerns the whole contract."""

    id: UUID
    number: str
    receivable: str | None
    kind: IncidentKind
    known_at: datetime
    opened_at: datetime
    opened_by: str
    facts: IncidentFacts
    clock: IncidentClock
    reports: tuple[ReportView, ...]
    measures: tuple[MeasureView, ...]
    late: ReportStep | None
    closed_at: datetime | None
    closed_by: str | None

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        return groups_of(self.facts.groups)


def incidents(work: UnitOfWork) -> list[IncidentView]:
    """All incidents, the newest first."""
    require(work.actor, Permission.SEE_INCIDENTS)
    rows = list(work.session.scalars(select(Incident).order_by(Incident.opened_at.desc())))
    return [_view(work, row) for row in rows]


def awaiting_report(work: UnitOfWork) -> list[IncidentView]:
    """Open ones that the city has not been told of, or whose next report is late (S4-21.2)."""
    return [
        one
        for one in incidents(work)
        if one.closed_at is None and (one.late is not None or not one.reports)
    ]


def incident(work: UnitOfWork, number: str) -> IncidentView:
    """One incident. Raises NotFound."""
    require(work.actor, Permission.SEE_INCIDENTS)
    row = work.session.scalar(select(Incident).where(Incident.number == number))
    if row is None:
        raise NotFound(kind="incident")
    return _view(work, row)


def facts_of(row: Incident) -> IncidentFacts:
    return IncidentFacts(row.groups, row.persons, row.place, row.circumstance, row.is_wrongful)


def _view(work: UnitOfWork, row: Incident) -> IncidentView:
    reports = work.session.scalars(
        select(IncidentReport)
        .where(IncidentReport.incident_id == row.id)
        .order_by(IncidentReport.reported_at)
    ).all()
    known_at = row.known_at.astimezone(JST)
    clock = clock_of_incident(known_at, is_wrongful=row.is_wrongful)
    done = frozenset(one.step for one in reports)
    until = row.closed_at or work.now
    return IncidentView(
        id=row.id,
        number=row.number,
        receivable=row.receivable,
        kind=row.kind,
        known_at=known_at,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        facts=facts_of(row),
        clock=clock,
        reports=tuple(_report(one) for one in reports),
        measures=_measures(work, row),
        late=late_step(clock, until.astimezone(JST), done),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _report(row: IncidentReport) -> ReportView:
    return ReportView(
        row.step,
        row.document_no,
        row.reported_at,
        row.reported_by,
        row.persons,
        groups_of(row.groups),
    )


def _measures(work: UnitOfWork, row: Incident) -> tuple[MeasureView, ...]:
    rows = work.session.scalars(
        select(IncidentMeasure).where(IncidentMeasure.incident_id == row.id)
    ).all()
    by_stage = {one.stage: one for one in rows}
    return tuple(
        MeasureView(stage, one.owner, one.due_on, one.done_at, one.done_by)
        for stage in IncidentStage
        if (one := by_stage.get(stage)) is not None
    )
