"""Case lists as screens page through them, and the story of one case. Opens nothing sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from campaigns.calling.histories import records_of
from campaigns.calling.outcome_master import table_version
from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.assignments import NOBODY
from campaigns.cases.cases import (
    CampaignView,
    case_row,
    get_campaign,
    lent_list_of,
    moves_of,
    published_lists,
)
from campaigns.cases.listings import PAGE, CaseLine
from campaigns.cases.models import Assignment, CallCase
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult
from campaigns.profile.calendar_view import OrderView, order_behind
from campaigns.profile.contract import current_profile
from secure_store.access import Permission, require
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

_Key = tuple[int, UUID]


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What a list is narrowed to. ``assignee`` "-" means open cases that nobody has.

    ``after`` is the key of the last case of the page before, as a page gave it.
    """

    status: CaseStatus | None = None
    assignee: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of at most ``PAGE`` cases. ``first`` counts from 1, 0 on an empty page.

    ``previous`` and ``next`` are keys for ``CaseQuery.after``; None where there is no such page.
    """

    lines: tuple[CaseLine, ...]
    total: int
    first: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class CaseMoveLine:
    """One change of a case's status; ``why`` is a code or the number of a document."""

    at: datetime
    by: str
    origin: CaseStatus
    target: CaseStatus
    close_reason: CloseReason | None
    why: str


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """Who worked on the case from when to when (S4-12.1c)."""

    assignee: str
    began_at: datetime
    began_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call about the case, without what was said.

    ``rule``: the label of what allowed it; ``order``: the city's order behind that, if it was one.
    """

    at: datetime
    direction: Direction
    code: str
    label: str
    agent: str
    identity: IdentityResult
    mark: Mark
    is_urgent: bool
    counts_attempt: bool
    rule: str
    order: OrderView | None


@dataclass(frozen=True, slots=True)
class CaseSource:
    """The file and row a case comes from (S4-6.2)."""

    file_name: str
    digest: str
    row_number: int
    department: str
    data_as_of: date
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CaseStory:
    """Everything but personal data about one case, oldest first."""

    line: CaseLine
    campaign: CampaignView
    source: CaseSource
    moves: tuple[CaseMoveLine, ...]
    calls: tuple[CallLine, ...]
    assignments: tuple[AssignmentLine, ...]


def case_page(work: UnitOfWork, campaign_code: str, wanted: CaseQuery) -> CasePage:
    """One page in lent order, by key. An unknown key begins at the beginning. Raises NotFound."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    get_campaign(work, campaign_code)
    where = _where(campaign_code, wanted)
    key = read_key(wanted.after)
    beyond = [*where, _after(key)] if key else where
    rows = list(
        work.session.scalars(
            select(CallCase)
            .where(*beyond)
            .order_by(CallCase.row_number, CallCase.id)
            .limit(PAGE + 1)
        )
    )
    shown = rows[:PAGE]
    total = _count(work, where)
    skipped = total - _count(work, beyond) if key else 0
    return CasePage(
        lines=tuple(_line(row) for row in shown),
        total=total,
        first=skipped + 1 if shown else 0,
        previous=_key_before(work, where, key) if key else None,
        next=key_text(shown[-1].row_number, shown[-1].id) if len(rows) > PAGE else None,
    )


def _where(campaign_code: str, wanted: CaseQuery) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
    ]
    if wanted.status is not None:
        where.append(CallCase.status == wanted.status)
    if wanted.assignee == NOBODY:
        where += [CallCase.assignee.is_(None), CallCase.status != CaseStatus.CLOSED]
    elif wanted.assignee:
        where.append(CallCase.assignee == wanted.assignee)
    return where


def _after(key: _Key) -> ColumnElement[bool]:
    # Row numbers begin anew with each delivery of a campaign, so the id decides among equals.
    row_number, case_id = key
    return or_(
        CallCase.row_number > row_number,
        and_(CallCase.row_number == row_number, CallCase.id > case_id),
    )


def _key_before(work: UnitOfWork, where: list[ColumnElement[bool]], key: _Key) -> str:
    """The key that leads to the page before; empty for the first page."""
    row_number, case_id = key
    not_after = or_(
        CallCase.row_number < row_number,
        and_(CallCase.row_number == row_number, CallCase.id <= case_id),
    )
    rows = work.session.execute(
        select(CallCase.row_number, CallCase.id)
        .where(*where, not_after)
        .order_by(CallCase.row_number.desc(), CallCase.id.desc())
        .offset(PAGE)
        .limit(1)
    ).all()
    return key_text(*rows[0]) if rows else ""


def _count(work: UnitOfWork, where: list[ColumnElement[bool]]) -> int:
    return work.session.scalar(select(func.count()).select_from(CallCase).where(*where)) or 0


def key_text(row_number: int, case_id: UUID) -> str:
    """The key of a case for ``CaseQuery.after``."""
    return f"{row_number}.{case_id.hex}"


def read_key(text: str) -> _Key | None:
    """The case a key names; None for one that is none."""
    row, _, case_id = text.partition(".")
    try:
        return int(row), UUID(case_id)
    except ValueError:
        return None


def _line(row: CallCase) -> CaseLine:
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(CaseLine)}
    return CaseLine(**values)


def case_lines(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID]) -> list[CaseLine]:
    """The named cases of one campaign, a page of them at most. Raises NotFound for any other."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    get_campaign(work, campaign_code)
    rows = work.session.scalars(
        select(CallCase)
        .where(*_where(campaign_code, CaseQuery()), CallCase.id.in_(case_ids))
        .order_by(CallCase.row_number, CallCase.id)
    ).all()
    if len(rows) != len(set(case_ids)):
        raise NotFound(kind="case")
    return [_line(row) for row in rows]


def case_story(work: UnitOfWork, case_id: UUID) -> CaseStory:
    """What happened to one case: moves, calls, who had it, where it came from. Raises NotFound."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    row = case_row(work, case_id)
    return CaseStory(
        line=_line(row),
        campaign=get_campaign(work, row.campaign_code),
        source=_source(work, row),
        moves=tuple(
            CaseMoveLine(one.at, one.by, one.origin, one.target, one.close_reason, one.why)
            for one in moves_of(work, case_id)
        ),
        calls=_calls(work, row),
        assignments=tuple(
            AssignmentLine(one.assignee, one.began_at, one.began_by, one.ended_at)
            for one in work.session.scalars(
                select(Assignment)
                .where(Assignment.case_id == case_id)
                .order_by(Assignment.began_at, Assignment.ended_at)
            )
        ),
    )


def _source(work: UnitOfWork, row: CallCase) -> CaseSource:
    lent_list = lent_list_of(work, row)
    return CaseSource(
        file_name=lent_list.taisho_name,
        digest=lent_list.digest,
        row_number=row.row_number,
        department=current_profile(work).receivable(row.receivable).department,
        data_as_of=lent_list.data_as_of,
        received_at=lent_list.staged_at,
    )


def _calls(work: UnitOfWork, row: CallCase) -> tuple[CallLine, ...]:
    lines = []
    for record in records_of(work, row.id):
        table = table_version(work, record.outcome_version)
        outcome = table.recorded_row(
            record.outcome_code, receivable=row.receivable, on=record.business_day
        )
        lines.append(
            CallLine(
                at=record.started_at,
                direction=record.direction,
                code=record.outcome_code,
                label=outcome.label_ja,
                agent=record.agent,
                identity=record.identity_result,
                mark=record.mark,
                is_urgent=record.is_urgent,
                counts_attempt=record.counts_attempt,
                rule=record.rule,
                order=order_behind(work, record.rule, record.business_day, row.receivable),
            )
        )
    return tuple(lines)
