"""Pure: writes the daily report (業務日報) as one CSV of several tables (S4-13.1a, S4-11.3b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from campaigns.calling.outcomes import Direction
from campaigns.cases.encodings import Encoding
from campaigns.reports import layout
from campaigns.reports.csv_writer import CellWriter
from campaigns.reports.layout import HEAD, Column, FileLayout
from campaigns.reports.nippo import (
    NippoDay,
    ReceivableFigures,
    agent_figures,
    code_counts,
    figures_of,
    identities_passed_inbound,
    total_figures,
)
from campaigns.reports.result_row import date_text, instant_text
from campaigns.reports.rows import Outcomes

Cells = tuple[str, ...]


def build_nippo(day: NippoDay, outcomes: Outcomes, encoding: Encoding) -> Iterator[bytes]:
    """The report line by line. A day without any call is a report too and says so.

    Lines of one cell are titles; an empty cell stands between two tables. Raises OutcomeUnknown,
    CellNotWritable with the number of the line, ValueError for a remark under no known item.
    """
    writer = CellWriter(layout.NIPPO_FILE, encoding)
    lines = (*_head(day, outcomes), *_tables(day, outcomes), *_remarks(day))
    for number, (columns, cells) in enumerate(lines, start=1):
        line = writer.line(columns, cells, number)
        yield encoding.mark + line if number == 1 else line


_Line = tuple[Sequence[Column], Cells]


def _plain(*cells: str) -> _Line:
    return tuple(Column(f"cell_{at}", "") for at, _ in enumerate(cells, start=1)), cells


def _head(day: NippoDay, outcomes: Outcomes) -> Iterator[_Line]:
    yield _plain(layout.NIPPO_TITLE)
    if day.is_rehearsal:
        yield _plain(*layout.NIPPO_REHEARSAL)
    for label in outcomes.samples:
        yield _plain(*layout.NIPPO_SAMPLE, label)
    yield _plain(HEAD["contract"], day.contract_title)
    yield _plain(HEAD["form"], layout.LAYOUT_LABEL)
    yield _plain(HEAD["business_day"], date_text(day.business_day))
    yield _plain(HEAD["day_kind"], HEAD[day.day_kind.value])
    hours = tuple(_span(*window) for window in day.windows)
    yield _plain(HEAD["hours"], *(hours or (HEAD["closed_day"],)))
    yield _plain(HEAD["supervisors"], *(day.supervisors or (layout.NONE,)))
    staff = tuple(f"{one.band.value}: {one.agents}" for one in day.staffing)
    yield _plain(HEAD["staffing"], *(staff or (layout.NONE,)))
    yield _plain(HEAD["built_at"], instant_text(day.built_at))
    yield _plain(HEAD["revision"], str(day.revision))
    yield _plain(HEAD["calls"], *_activity(day))


def _span(start: datetime, end: datetime) -> str:
    return f"{instant_text(start, '%H:%M')}-{instant_text(end, '%H:%M')}"


def _activity(day: NippoDay) -> Iterator[str]:
    """S4-11.3b-3: nobody rang, and the report says it in words."""
    if day.outbound == 0 and day.callbacks == 0:
        yield layout.ZERO_DAY
    else:
        yield layout.ACTIVITY.format(calls=day.outbound, callbacks=day.callbacks)
    if day.callbacks == 0:
        yield layout.NO_CALLBACK


def _tables(day: NippoDay, outcomes: Outcomes) -> Iterator[_Line]:
    yield from _table(layout.TABLE_1, _by_receivable(day, outcomes))
    yield from _table(layout.TABLE_2, _by_code(day, outcomes))
    yield from _table(layout.TABLE_3, _inbound(day))
    yield from _table(layout.TABLE_4, _inbound_by_code(day, outcomes))
    yield from _table(layout.TABLE_5, _by_agent(day))


def _table(table: FileLayout, rows: Iterator[Cells]) -> Iterator[_Line]:
    yield _plain("")
    yield _plain(table.file)
    yield table.columns, table.names
    for cells in rows:
        yield table.columns, cells


def _by_receivable(day: NippoDay, outcomes: Outcomes) -> Iterator[Cells]:
    listed = [(part, figures_of(part, outcomes)) for part in day.receivables]
    for part, figures in listed:
        yield (part.receivable, part.name, *_figure_cells(figures))
    total = total_figures([figures for _, figures in listed])
    yield (layout.TOTAL, "", *_figure_cells(total))


def _figure_cells(figures: ReceivableFigures) -> Cells:
    keys = layout.TABLE_1.keys[2:-1]
    counts = tuple(str(getattr(figures, key)) for key in keys)
    return (*counts, figures.contact_rate.as_percent_text())


def _by_code(day: NippoDay, outcomes: Outcomes) -> Iterator[Cells]:
    counts = code_counts(day.live, outcomes)
    for one in counts:
        name = one.receivable or layout.NO_RECEIVABLE
        yield (name, one.code, one.label, *map(str, one.bands), str(one.total))
    width = len(layout.TABLE_2.columns) - 4
    sums = tuple(sum(one.bands[at] for one in counts) for at in range(width))
    yield (layout.TOTAL, "", "", *map(str, sums), str(sum(sums)))


def _inbound(day: NippoDay) -> Iterator[Cells]:
    counted = {
        "offered": day.callbacks,
        "answered": day.inbound.answered,
        "waited": day.inbound.waited,
        "abandoned": day.inbound.abandoned,
        "lost": day.inbound.lost,
        "out_of_hours": day.inbound.out_of_hours,
        "identity_passed": identities_passed_inbound(day),
        "follow_ups_made": day.inbound.follow_ups_made,
    }
    for key, name in layout.TABLE_3_ITEMS.items():
        count = counted[key]
        yield (name, layout.NOT_MEASURED if count is None else str(count))


def _inbound_by_code(day: NippoDay, outcomes: Outcomes) -> Iterator[Cells]:
    calls = [one for one in day.live if one[1].call.direction is Direction.INBOUND]
    for one in code_counts(calls, outcomes):
        name = one.receivable or layout.NO_RECEIVABLE
        yield (name, one.code, one.label, str(one.total))
    yield (layout.TOTAL, "", "", str(len(calls)))


def _by_agent(day: NippoDay) -> Iterator[Cells]:
    for one in agent_figures(day):
        values = (getattr(one, key) for key in layout.TABLE_5.keys)
        yield tuple("" if value is None else str(value) for value in values)


def _remarks(day: NippoDay) -> Iterator[_Line]:
    if any(remark.item not in layout.FREE_ITEMS for remark in day.remarks):
        raise ValueError("a remark stands under one of the known items")
    yield _plain("")
    yield _plain(layout.FREE_TITLE)
    for key, name in layout.FREE_ITEMS.items():
        texts = [remark.text for remark in day.remarks if remark.item == key]
        columns = (Column("item", ""), Column(key, "", typed=True))
        for text in texts or [layout.NONE]:
            yield columns, (name, text)
