"""Pure: writes 架電先別結果, 架電明細 and エスカレーション案件リスト as bytes (S4-13.1b, S4-13.1c).

Lent cells are handed through as the bytes they came as; only cells of ours are encoded. The
same facts always give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.calling.typed_text import text_fault
from campaigns.cases.encodings import BOM, Encoding
from campaigns.errors import PackInconsistent
from campaigns.intake.csv_bytes import split_rows, value_of
from campaigns.reports import layout
from campaigns.reports.layout import Column, FileLayout
from campaigns.reports.result_row import (
    ResultRow,
    date_text,
    direction_code,
    flag,
    instant_text,
    result_row,
)
from campaigns.reports.rows import CallFact, CallSource, CaseRow, Outcomes, TicketFact
from secure_store.errors import Invalid

LINE_END = b"\r\n"
LONGEST_TYPED = 1000
"""A cell longer than this never was accepted anywhere; widths are checked at entry."""

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class CellNotWritable(Invalid):
    """A cell of a report cannot stand in the file; it should have been refused at entry."""

    code = "cell_not_writable"


@dataclass(frozen=True, slots=True)
class CampaignFrame:
    """What all files of a campaign's day share. ``header``: that of TAISHO as delivered."""

    receivable: str
    day: date
    header: bytes = field(repr=False)
    encoding: Encoding
    is_rehearsal: bool

    @property
    def header_segments(self) -> tuple[bytes, ...]:
        """The header's cells. Raises PackInconsistent when they cannot be told apart."""
        rows = list(split_rows(self.header.removeprefix(BOM), self.encoding))
        if len(rows) != 1 or rows[0].faults:
            raise PackInconsistent(file=layout.KEKKA.file, reason="lent_header")
        return rows[0].segments

    def lent_place(self, name: str) -> int:
        """Where a lent column stands, from 0. Raises PackInconsistent when it is not there."""
        names = [value_of(segment, self.encoding) for segment in self.header_segments]
        if name not in names:
            raise PackInconsistent(file=layout.KEKKA.file, reason="lent_header")
        return names.index(name)

    def columns(self, *layouts: FileLayout) -> tuple[Column, ...]:
        """Our columns, and that of the rehearsal at the end."""
        ours = tuple(column for one in layouts for column in one.columns)
        return (*ours, layout.REHEARSAL) if self.is_rehearsal else ours

    def cells(self, *values: str) -> tuple[str, ...]:
        """The values of those columns."""
        return (*values, layout.REHEARSAL.name) if self.is_rehearsal else values


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Encodes cells of ours: all quoted, quotes doubled, never a byte that reads back otherwise."""

    file: str
    encoding: Encoding

    def cells(self, columns: Sequence[Column], values: Sequence[str], row: int) -> bytes:
        """The cells with commas between, no line end. ``row`` is 0 for the header.

        Raises CellNotWritable with row and column key, and the place where text was typed.
        """
        for column, value in zip(columns, values, strict=True):
            self._check(column, value, row)
        text = ",".join('"' + value.replace('"', '""') + '"' for value in values)
        return text.encode(self.encoding.codec)

    def line(self, columns: Sequence[Column], values: Sequence[str], row: int) -> bytes:
        """The cells as a line of their own."""
        return self.cells(columns, values, row) + LINE_END

    def _check(self, column: Column, value: str, row: int) -> None:
        if value.isascii() and value.isalnum():
            return
        if column.typed and value:
            fault = text_fault(value, codec=self.encoding.codec, longest=LONGEST_TYPED)
            if fault is not None:
                raise CellNotWritable(
                    file=self.file,
                    row=row,
                    column=column.key,
                    reason=fault.kind.value,
                    position=fault.position,
                )
        if _BREAKS.search(value) or not self._survives(value):
            raise CellNotWritable(
                file=self.file, row=row, column=column.key, reason="not_encodable"
            )

    def _survives(self, value: str) -> bool:
        # CP932 turns some characters into look-alikes without a word, so the way back counts.
        try:
            return value.encode(self.encoding.codec).decode(self.encoding.codec) == value
        except UnicodeError:
            return False


def build_kekka(
    frame: CampaignFrame, cases: Iterable[CaseRow], outcomes: Outcomes
) -> Iterator[bytes]:
    """架電先別結果, line by line, the header first: every case, in the lent order.

    Raises PackInconsistent when a row does not fit the lent header or the order, OutcomeUnknown,
    CellNotWritable.
    """
    writer = CellWriter(layout.KEKKA.file, frame.encoding)
    columns = frame.columns(layout.KEKKA)
    header = frame.header_segments
    names = tuple(column.name for column in columns)
    yield frame.encoding.mark + _joined(header, writer.cells(columns, names, 0))
    for number, case in enumerate(_in_order(cases, len(header)), start=1):
        row = result_row(case, frame.day, outcomes, frame.receivable)
        yield _joined(case.lent, writer.cells(columns, frame.cells(*_kekka(row)), number))


def _kekka(row: ResultRow) -> tuple[str, ...]:
    return tuple(getattr(row, key) for key in layout.KEKKA.keys)


def _joined(lent: Sequence[bytes], ours: bytes) -> bytes:
    return b",".join((*lent, ours)) + LINE_END


def _in_order(cases: Iterable[CaseRow], width: int) -> Iterator[CaseRow]:
    last: int | None = None
    for case in cases:
        if len(case.lent) != width:
            raise PackInconsistent(row=case.row_number, reason="lent_cells")
        if last is not None and case.row_number <= last:
            raise PackInconsistent(row=case.row_number, reason="lent_order")
        last = case.row_number
        yield case


def build_meisai_call(
    frame: CampaignFrame, cases: Iterable[CaseRow], outcomes: Outcomes
) -> Iterator[bytes]:
    """架電明細: one line per call of the day, callbacks included, by serial (S4-11.3b-2).

    Raises PackInconsistent for a serial that stands twice, OutcomeUnknown, CellNotWritable.
    """
    writer = CellWriter(layout.MEISAI_CALL.file, frame.encoding)
    columns = frame.columns(layout.MEISAI_CALL)
    key_at = frame.lent_place(layout.LENT_KEY)
    yield frame.encoding.mark + writer.line(columns, tuple(one.name for one in columns), 0)
    calls = [
        (fact.serial, fact, value_of(case.lent[key_at], frame.encoding))
        for case in cases
        for fact in case.calls
        if fact.counts
    ]
    calls.sort(key=lambda one: one[0])
    if len({serial for serial, _, _ in calls}) != len(calls):
        raise PackInconsistent(file=layout.MEISAI_CALL.file, reason="serial_repeated")
    for number, (_, fact, key) in enumerate(calls, start=1):
        outcomes.row(fact, frame.receivable)  # a code no table has must not go out
        values = frame.cells(*_call_cells(fact, frame.receivable, key))
        yield writer.line(columns, values, number)


def _call_cells(fact: CallFact, receivable: str, key: str) -> tuple[str, ...]:
    clock = "%H:%M:%S"
    return (
        f"{fact.serial:08d}",
        date_text(fact.call.business_day),
        receivable,
        key,
        direction_code(fact),
        instant_text(fact.call.at, clock),
        instant_text(fact.answered_at, clock),
        instant_text(fact.ended_at, clock),
        _number(fact.ring_seconds),
        _number(fact.talk_seconds),
        _number(fact.wrap_up_seconds),
        fact.band.value if fact.band else "",
        _number(fact.number_rank),
        fact.last4,
        fact.agent,
        fact.call.outcome_code,
        flag(fact.call.contact_wide),
        flag(fact.call.contact_person),
        flag(fact.counts_attempt),
        flag(fact.recorded),
        flag(fact.source is CallSource.PAPER),
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def build_esc(
    frame: CampaignFrame,
    cases: Iterable[CaseRow],
    outcomes: Outcomes,
    tickets: Iterable[TicketFact],
) -> Iterator[bytes]:
    """エスカレーション案件リスト: the rows of 架電先別結果 with 当日区分 = 1 and 印 ≠ 空 (S4-13.1c).

    A filter and no judgement: PackInconsistent when such a row has no ticket or a ticket has no
    such row. Made also when it is empty.
    """
    writer = CellWriter(layout.ESC_FRONT.file, frame.encoding)
    front, middle = layout.ESC_FRONT.columns, layout.KEKKA.columns
    back = frame.columns(layout.ESC_BACK)
    header = frame.header_segments
    parts = (
        writer.cells(front, tuple(one.name for one in front), 0),
        *header,
        writer.cells((*middle, *back), tuple(one.name for one in (*middle, *back)), 0),
    )
    yield frame.encoding.mark + b",".join(parts) + LINE_END
    open_tickets = {ticket.case_id: ticket for ticket in tickets}
    number = 0
    for case in _in_order(cases, len(header)):
        row = result_row(case, frame.day, outcomes, frame.receivable)
        if not row.is_escalated:
            continue
        number += 1
        ticket = open_tickets.pop(case.case_id, None)
        if ticket is None:
            raise PackInconsistent(file="ESC", row=case.row_number, reason="ticket_missing")
        ours = frame.cells(*_kekka(row), *_ticket_cells(ticket))
        parts = (
            writer.cells(front, (ticket.number, row.mark, row.urgent), number),
            *case.lent,
            writer.cells((*middle, *back), ours, number),
        )
        yield b",".join(parts) + LINE_END
    if open_tickets:
        raise PackInconsistent(file="ESC", count=len(open_tickets), reason="row_missing")


def _ticket_cells(ticket: TicketFact) -> tuple[str, ...]:
    by_center = (
        ticket.summary,
        ticket.wish,
        ticket.told,
        ticket.measure,
        instant_text(ticket.phoned_at, "%Y-%m-%d %H:%M"),
        ticket.phoned_to,
        date_text(ticket.reply_due_on),
    )
    left_open = ("",) * (len(layout.ESC_BACK.columns) - len(by_center))
    return by_center + left_open
