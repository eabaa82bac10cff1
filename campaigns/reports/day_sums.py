"""Compares the built daily report with the records, counted a second time from the table of calls.

The report was made of facts that were assembled for it; here the rows are counted as they lie in
the database, so that the two can disagree (S4-13.1a).
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from campaigns.calling.histories import current_versions
from campaigns.calling.models import CallRecord
from campaigns.calling.outcomes import NOT_ENTERED_CODE, Direction, Mark, union_of_marks
from campaigns.cases.cases import published_lists, running_campaigns
from campaigns.cases.models import CallCase
from campaigns.reports import layout
from campaigns.reports.daily import REPORT_ENCODING
from campaigns.reports.day_views import day_row
from campaigns.reports.pack_reading import ReadReport, number_of, read_nippo
from campaigns.reports.pack_store import NIPPO, PackFileView, clear_content, pack_files
from secure_store.access import Permission, require
from secure_store.exchange.manifest import DailyFileKind
from secure_store.work import UnitOfWork


class SumKey(StrEnum):
    """What is compared."""

    CALLEES = "callees"
    CALLS = "calls"
    DETAIL_LINES = "detail_lines"
    DIALS = "dials"
    ATTEMPTS = "attempts"
    CONTACTS_PERSON = "contacts_person"
    PROMISES = "promises"
    STARS = "stars"
    WHITE_STARS = "white_stars"
    URGENT = "urgent"
    ESCALATED_LINES = "escalated_lines"
    CALLBACKS = "callbacks"


@dataclass(frozen=True, slots=True)
class SumLine:
    """One number as the records have it and as the files have it."""

    key: SumKey
    recorded: int
    in_files: int


@dataclass(frozen=True, slots=True)
class DaySums:
    """``lines`` is empty before the files are built and once their keys are destroyed.

    ``missing``: calls to which the close gave 結果未入力.
    """

    lines: tuple[SumLine, ...]
    missing: int

    @property
    def agree(self) -> bool:
        """True when every number is the same on both sides."""
        return all(line.recorded == line.in_files for line in self.lines)


def day_sums(work: UnitOfWork, day: date) -> DaySums:
    """The numbers of a closed day on both sides. Raises DayNotClosed."""
    require(work.actor, Permission.CLOSE_DAY)
    row = day_row(work, day)
    records = list(
        work.session.scalars(
            select(CallRecord).where(
                CallRecord.business_day == day, CallRecord.recorded_at <= row.closed_at
            )
        )
    )
    live = current_versions(records)
    missing = sum(record.outcome_code == NOT_ENTERED_CODE for record in live)
    files = pack_files(work, day)
    report = next((file for file in files if file.kind == NIPPO and file.is_readable), None)
    if report is None:
        return DaySums((), missing)
    _view, data = clear_content(work, day, report.name)
    in_files = _in_files(data, files)
    recorded = _recorded(live) | {SumKey.CALLEES: _callees(work, day)}
    return DaySums(
        tuple(SumLine(key, recorded[key], in_files[key]) for key in SumKey),
        missing,
    )


def _callees(work: UnitOfWork, day: date) -> int:
    """Published rows of the campaigns that owe files for the day."""
    total = 0
    for campaign in running_campaigns(work, day):
        total += (
            work.session.scalar(
                select(func.count())
                .select_from(CallCase)
                .where(
                    CallCase.campaign_code == campaign.code,
                    CallCase.lent_list_id.in_(published_lists(campaign.code)),
                )
            )
            or 0
        )
    return total


def _recorded(live: Sequence[CallRecord]) -> dict[SumKey, int]:
    listed = [record for record in live if record.campaign_code is not None]
    by_case: dict[UUID | None, list[CallRecord]] = defaultdict(list)
    for record in listed:
        by_case[record.case_id].append(record)
    marks = [union_of_marks(record.mark for record in calls) for calls in by_case.values()]
    return {
        SumKey.CALLS: len(live),
        SumKey.DETAIL_LINES: len(listed),
        SumKey.DIALS: sum(record.counts_dial for record in listed),
        SumKey.ATTEMPTS: sum(record.counts_attempt for record in listed),
        SumKey.CONTACTS_PERSON: _persons(by_case, "is_contact_person"),
        SumKey.PROMISES: _persons(by_case, "promised_on"),
        SumKey.STARS: marks.count(Mark.STAR),
        SumKey.WHITE_STARS: marks.count(Mark.WHITE_STAR),
        SumKey.URGENT: _persons(by_case, "is_urgent"),
        SumKey.ESCALATED_LINES: sum(mark is not Mark.NONE for mark in marks),
        SumKey.CALLBACKS: sum(record.direction is Direction.INBOUND for record in live),
    }


def _persons(by_case: dict[UUID | None, list[CallRecord]], column: str) -> int:
    """In how many cases at least one call says so."""
    return sum(any(getattr(one, column) for one in calls) for calls in by_case.values())


def _in_files(data: bytes, files: Sequence[PackFileView]) -> dict[SumKey, int]:
    report = read_nippo(data, REPORT_ENCODING)
    return {
        SumKey.CALLEES: _rows(files, DailyFileKind.CALLEE_RESULTS),
        SumKey.CALLS: sum(number_of(row["total"]) for row in report.by_code),
        SumKey.DETAIL_LINES: _rows(files, DailyFileKind.CALL_DETAILS),
        SumKey.DIALS: _column(report, "dials"),
        SumKey.ATTEMPTS: _column(report, "attempts"),
        SumKey.CONTACTS_PERSON: _column(report, "contacts_person"),
        SumKey.PROMISES: _column(report, "promises"),
        SumKey.STARS: _column(report, "stars"),
        SumKey.WHITE_STARS: _column(report, "white_stars"),
        SumKey.URGENT: _column(report, "urgent"),
        SumKey.ESCALATED_LINES: _rows(files, DailyFileKind.ESCALATIONS),
        SumKey.CALLBACKS: _callbacks(data),
    }


def _rows(files: Sequence[PackFileView], kind: DailyFileKind) -> int:
    return sum(file.rows for file in files if file.kind == kind.value)


def _column(report: ReadReport, key: str) -> int:
    return sum(number_of(row[key]) for row in report.by_receivable.values())


def _callbacks(data: bytes) -> int:
    """着信数 of the table of callbacks."""
    lines = list(csv.reader(io.StringIO(data.decode(REPORT_ENCODING.codec), newline="")))
    start = lines.index([layout.TABLE_3.file])
    name = layout.TABLE_3_ITEMS["offered"]
    return next(number_of(line[1]) for line in lines[start:] if line[:1] == [name])
