"""The life of a work instruction: entered as a draft, approved by the city's document, in force
from its day, replaced by the next (S4-8.6b, S4-11.2-1). No version is ever changed or removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from campaigns.errors import InstructionInvalid, InstructionObsolete
from campaigns.profile.contract import current_profile
from campaigns.profile.instruction_models import WorkInstruction
from campaigns.profile.instruction_sheet import (
    InstructionSheet,
    SheetFault,
    SheetFaultKind,
    write_sheet,
)
from campaigns.profile.instructions import calling_rules
from campaigns.profile.rules import CallingRules, cached_sheet, rules_from, sheet_of
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

DOCUMENT_NO_MAX = 60


class InstructionState(StrEnum):
    """Where a version stands today."""

    DRAFT = "draft"
    COMING = "coming"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    NEVER_APPROVED = "never_approved"


@dataclass(frozen=True, slots=True)
class InstructionView:
    """One version. ``rules``: the contract's values with its own over them."""

    receivable: str
    version: int
    state: InstructionState
    effective_from: date
    entered_at: datetime
    entered_by: str
    document_no: str | None
    approved_at: datetime | None
    approved_by: str | None
    sha256: str
    sheet: InstructionSheet
    rules: CallingRules


@dataclass(frozen=True, slots=True)
class ReceivableInstructions:
    """A receivable's instructions at one glance. ``in_force`` None: the contract's values count."""

    receivable: str
    name: str
    in_force: InstructionView | None
    coming: tuple[InstructionView, ...]
    drafts: tuple[InstructionView, ...]


def enter_instruction(
    work: UnitOfWork, sheet: InstructionSheet, effective_from: date
) -> InstructionView:
    """Stores a new version as a draft. Raises NotFound for a receivable not of the contract,
    InstructionInvalid for a day that is past: calls were made by what held that day.
    """
    _may_change(work, sheet.receivable)
    current_profile(work).receivable(sheet.receivable)
    if effective_from < business_day(work.now):
        raise InstructionInvalid(faults=(SheetFault("effective_from", SheetFaultKind.UNUSABLE),))
    newest = select(func.max(WorkInstruction.version)).where(
        WorkInstruction.receivable == sheet.receivable
    )
    document = write_sheet(sheet)
    row = WorkInstruction(
        receivable=sheet.receivable,
        version=(work.session.scalar(newest) or 0) + 1,
        document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(),
        effective_from=effective_from,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Tag.INSTRUCTION_ENTERED, receivable=row.receivable, count=row.version)
    return get_instruction(work, row.receivable, row.version)


def approve_instruction(
    work: UnitOfWork, receivable: str, version: int, document_no: str
) -> InstructionView:
    """Notes the city's approval; from its day on the next case served follows it.

    A day that has passed meanwhile means at once. Raises NotFound, InstructionInvalid for the
    number, InstructionObsolete when it is approved already or a newer one was.
    """
    _may_change(work, receivable)
    number = document_no.strip()
    if not number or len(number) > DOCUMENT_NO_MAX or not number.isprintable():
        kind = SheetFaultKind.UNUSABLE if number else SheetFaultKind.MISSING
        raise InstructionInvalid(faults=(SheetFault("document_no", kind),))
    row = work.session.get(WorkInstruction, (receivable, version), with_for_update=True)
    if row is None:
        raise NotFound(kind="work_instruction")
    if row.version <= _newest_approved(work, receivable):
        raise InstructionObsolete(version=version)
    row.document_no = number
    row.approved_at = work.now
    row.approved_by = work.actor.code
    work.session.flush()
    work.audit(Tag.INSTRUCTION_APPROVED, receivable=receivable, count=version)
    return get_instruction(work, receivable, version)


def _may_change(work: UnitOfWork, receivable: str) -> None:
    require(work.actor, Permission.ENTER_INSTRUCTIONS)
    require_receivable(work.actor, receivable)


def _newest_approved(work: UnitOfWork, receivable: str) -> int:
    query = select(func.max(WorkInstruction.version)).where(
        WorkInstruction.receivable == receivable, WorkInstruction.approved_at.is_not(None)
    )
    return work.session.scalar(query) or 0


def get_instruction(work: UnitOfWork, receivable: str, version: int) -> InstructionView:
    """One version. Raises NotFound."""
    for view in instruction_history(work, receivable):
        if view.version == version:
            return view
    raise NotFound(kind="work_instruction")


def instruction_history(work: UnitOfWork, receivable: str) -> list[InstructionView]:
    """All versions of a receivable, newest first. Raises NotFound for an unknown receivable."""
    require(work.actor, Permission.ENTER_INSTRUCTIONS)
    require_receivable(work.actor, receivable)
    current_profile(work).receivable(receivable)
    in_force = calling_rules(work, receivable).version
    approved = _newest_approved(work, receivable)
    rows = work.session.scalars(
        select(WorkInstruction)
        .where(WorkInstruction.receivable == receivable)
        .order_by(WorkInstruction.version.desc())
    )
    return [_view(work, row, in_force, approved) for row in rows]


def _view(work: UnitOfWork, row: WorkInstruction, in_force: int, approved: int) -> InstructionView:
    sheet = cached_sheet(row.document)
    return InstructionView(
        row.receivable,
        row.version,
        _state(row, in_force, approved),
        row.effective_from,
        row.entered_at,
        row.entered_by,
        row.document_no,
        row.approved_at,
        row.approved_by,
        row.sha256,
        sheet,
        rules_from(current_profile(work), row.receivable, sheet, row.version),
    )


def _state(row: WorkInstruction, in_force: int, approved: int) -> InstructionState:
    if row.version == in_force:
        return InstructionState.IN_FORCE
    if row.approved_at is None:
        is_open = row.version > approved
        return InstructionState.DRAFT if is_open else InstructionState.NEVER_APPROVED
    return InstructionState.COMING if row.version > in_force else InstructionState.REPLACED


def instructions_overview(work: UnitOfWork) -> list[ReceivableInstructions]:
    """Every receivable this person may see, with what holds now and what is to come."""
    require(work.actor, Permission.ENTER_INSTRUCTIONS)
    found = []
    for receivable in current_profile(work).receivables:
        if not work.actor.sees(receivable.code):
            continue
        views = instruction_history(work, receivable.code)
        by_state: Mapping[InstructionState, list[InstructionView]] = {
            state: [view for view in views if view.state is state] for state in InstructionState
        }
        found.append(
            ReceivableInstructions(
                receivable.code,
                receivable.name,
                next(iter(by_state[InstructionState.IN_FORCE]), None),
                tuple(reversed(by_state[InstructionState.COMING])),
                tuple(by_state[InstructionState.DRAFT]),
            )
        )
    return found


def rules_before(work: UnitOfWork, view: InstructionView) -> CallingRules:
    """What this version is compared with: the approved one before it, else the contract's values."""
    earlier = [
        one
        for one in instruction_history(work, view.receivable)
        if one.version < view.version and one.approved_at is not None
    ]
    if earlier:
        return earlier[0].rules
    return rules_from(current_profile(work), view.receivable, None, 0)


def whole_sheet(work: UnitOfWork, receivable: str) -> InstructionSheet:
    """What holds now, written out as a sheet to begin from. Raises NotFound."""
    require(work.actor, Permission.ENTER_INSTRUCTIONS)
    require_receivable(work.actor, receivable)
    return sheet_of(calling_rules(work, receivable))
