"""Incidents (事故・事案): opened at once, reported with four items, closed; also after the end.

While one is open nothing in its scope is erased (S4-14.11a). No key is needed to open, to read or
to report one, so that it works after the contract's keys are gone (S2-PI12.1).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag, groups_of
from secure_store.canonical import JST
from secure_store.errors import Conflict, Invalid, NotFound
from secure_store.models import StaffMember
from secure_store.orders.holds import Preserving, hold_erasures, resume_what_is_free
from secure_store.orders.incident_facts import (
    IncidentFacts,
    IncidentKind,
    IncidentStage,
    ReportStep,
    missing_facts,
)
from secure_store.orders.incident_reading import facts_of
from secure_store.orders.models import Incident, IncidentMeasure, IncidentReport
from secure_store.work import UnitOfWork

MAX_NUMBER = 60
MOST_PERSONS = 10_000_000


class IncidentIncomplete(Invalid):
    """A report needs content, number of persons, place and circumstances."""

    code = "incident_incomplete"


class IncidentNotReported(Conflict):
    """An incident is closed after its final report."""

    code = "incident_not_reported"


def open_incident(
    work: UnitOfWork,
    kind: IncidentKind,
    receivable: str | None,
    known_at: datetime,
    facts: IncidentFacts | None = None,
) -> str:
    """Opens an incident, its clock running since ``known_at``; returns its number.

    What is not known yet may be entered later. Raises Invalid for an instant still to come.
    """
    require(work.actor, Permission.HANDLE_INCIDENTS)
    if known_at > work.now:
        raise Invalid(field="known_at")
    year = work.now.astimezone(JST).year
    past = work.session.scalar(
        select(func.count()).select_from(Incident).where(Incident.number.like(f"INC-{year}-%"))
    )
    row = Incident(
        id=uuid4(),
        number=f"INC-{year}-{(past or 0) + 1:03d}",
        receivable=receivable,
        kind=kind,
        known_at=known_at,
        opened_at=work.now,
        opened_by=work.actor.code,
    )
    _write(row, facts or IncidentFacts())
    work.session.add(row)
    work.session.flush()
    for stage in IncidentStage:
        work.session.add(IncidentMeasure(id=uuid4(), incident_id=row.id, stage=stage))
    _note(work, Tag.INCIDENT_OPENED, row, kind.value)
    hold_erasures(work, receivable)
    return row.number


def state_facts(work: UnitOfWork, number: str, facts: IncidentFacts) -> None:
    """Enters what is known by now in place of what was. Raises Invalid, NotFound."""
    row = _open_row(work, number)
    _write(row, facts)
    _note(work, Tag.INCIDENT_STATED, row, None)


def _write(row: Incident, facts: IncidentFacts) -> None:
    if facts.persons is not None and not 0 <= facts.persons <= MOST_PERSONS:
        raise Invalid(field="persons")
    groups_of(facts.groups)
    row.groups, row.persons = facts.groups, facts.persons
    row.place, row.circumstance = facts.place, facts.circumstance
    row.is_wrongful = facts.is_wrongful


def report(work: UnitOfWork, number: str, step: ReportStep, document_no: str) -> None:
    """Notes that a report went to the city, with the time (S3-B2-16.1).

    Raises IncidentIncomplete while one of the four items is missing, Invalid, NotFound.
    """
    row = _open_row(work, number)
    facts, paper = facts_of(row), document_no.strip()
    missing = missing_facts(facts)
    if missing or facts.persons is None:
        raise IncidentIncomplete(missing=",".join(missing))
    if not 1 <= len(paper) <= MAX_NUMBER:
        raise Invalid(field="document_no")
    work.session.add(
        IncidentReport(
            id=uuid4(),
            incident_id=row.id,
            step=step,
            document_no=paper,
            reported_at=work.now,
            reported_by=work.actor.code,
            persons=facts.persons,
            groups=facts.groups,
        )
    )
    work.session.flush()
    _note(work, Tag.INCIDENT_REPORTED, row, step.value, facts.persons)


def plan_measure(
    work: UnitOfWork, number: str, stage: IncidentStage, owner: str, due_on: date
) -> None:
    """Says who answers for a stage and until when (S2-PI12.2). Raises Invalid, NotFound."""
    row = _open_row(work, number)
    if work.session.get(StaffMember, owner) is None:
        raise Invalid(field="owner")
    measure = _measure(work, row, stage)
    measure.owner, measure.due_on = owner, due_on
    _note(work, Tag.INCIDENT_STATED, row, stage.value)


def finish_measure(work: UnitOfWork, number: str, stage: IncidentStage) -> None:
    """A stage is done; said again it stays as it is. Raises NotFound."""
    row = _open_row(work, number)
    measure = _measure(work, row, stage)
    if measure.done_at is None:
        measure.done_at, measure.done_by = work.now, work.actor.code
        _note(work, Tag.INCIDENT_STATED, row, f"{stage.value}_done")


def close_incident(work: UnitOfWork, number: str) -> None:
    """Closes it; erasures that waited for it go on. Raises IncidentNotReported, NotFound."""
    row = _open_row(work, number)
    steps = set(
        work.session.scalars(
            select(IncidentReport.step).where(IncidentReport.incident_id == row.id)
        )
    )
    if ReportStep.FINAL not in steps:
        raise IncidentNotReported(number=row.number)
    row.closed_at, row.closed_by = work.now, work.actor.code
    work.session.flush()
    _note(work, Tag.INCIDENT_CLOSED, row, None)
    resume_what_is_free(work)


def open_incidents(work: UnitOfWork, receivable: str | None) -> list[str]:
    """Numbers of the open incidents that an erasure of the receivable (None: of all) would touch."""
    rows = work.session.execute(
        select(Incident.number, Incident.receivable)
        .where(Incident.closed_at.is_(None))
        .order_by(Incident.opened_at)
    )
    return [number for number, scope in rows if Preserving(number, scope).stands_over(receivable)]


def _row(work: UnitOfWork, number: str) -> Incident:
    row = work.session.scalar(select(Incident).where(Incident.number == number).with_for_update())
    if row is None:
        raise NotFound(kind="incident")
    return row


def _open_row(work: UnitOfWork, number: str) -> Incident:
    require(work.actor, Permission.HANDLE_INCIDENTS)
    row = _row(work, number)
    if row.closed_at is not None:
        raise NotFound(kind="incident")
    return row


def _measure(work: UnitOfWork, row: Incident, stage: IncidentStage) -> IncidentMeasure:
    return work.session.scalars(
        select(IncidentMeasure).where(
            IncidentMeasure.incident_id == row.id, IncidentMeasure.stage == stage
        )
    ).one()


def _note(
    work: UnitOfWork, tag: Tag, row: Incident, reason: str | None, count: int | None = None
) -> None:
    work.audit(
        tag,
        receivable=row.receivable,
        object_kind="incident",
        object_id=row.id,
        reason=reason,
        ref=row.number,
        count=count,
    )
