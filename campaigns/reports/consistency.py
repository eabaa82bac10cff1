"""Pure: do the files of a day agree with each other, with the lent list and with the calls?

The built bytes are read again, not taken from what wrote them. A fault names file, row and
column, never a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.encodings import Encoding
from campaigns.reports import layout
from campaigns.reports.csv_writer import CampaignFrame
from campaigns.reports.pack_reading import (
    PackFileUnreadable,
    ReadReport,
    ReadRow,
    number_of,
    read_esc,
    read_kekka,
    read_meisai_call,
    read_nippo,
)
from campaigns.reports.result_row import TODAY
from campaigns.reports.rows import CallFact
from dialer.calendar.windows import CallingHours
from secure_store.errors import DomainError

_KEKKA, _CALLS, _ESC = layout.KEKKA.file, layout.MEISAI_CALL.file, layout.ESC_FRONT.file
_NIPPO = layout.NIPPO_FILE


class PackFaultKind(StrEnum):
    """What does not agree."""

    UNREADABLE = "unreadable"
    LENT_CELLS = "lent_cells"
    ROW_COUNT = "row_count"
    ROW_MISSING = "row_missing"
    ROW_UNEXPECTED = "row_unexpected"
    ROW_DIFFERS = "row_differs"
    SUM_DIFFERS = "sum_differs"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class PackFault:
    """``row`` counts data rows from 1, 0 is the file as a whole; ``column`` is a column's key.

    For OUTSIDE_HOURS ``row`` is the serial of the call.
    """

    kind: PackFaultKind
    file: str
    receivable: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFiles:
    """One campaign's files of a day and what they must agree with.

    ``lent``: the cells of every published row in the lent order, taken from the lent list and
    not from the built file; ``calls``: the calls of the day; ``hours``: those of the receivable,
    dated orders included.
    """

    frame: CampaignFrame
    lent: tuple[tuple[bytes, ...], ...] = field(repr=False)
    calls: tuple[CallFact, ...] = field(repr=False)
    hours: CallingHours
    kekka: bytes = field(repr=False)
    meisai_call: bytes = field(repr=False)
    esc: bytes = field(repr=False)

    @property
    def live(self) -> tuple[CallFact, ...]:
        """The calls that count."""
        return tuple(fact for fact in self.calls if fact.counts)

    def fault(self, kind: PackFaultKind, file: str, row: int = 0, column: str = "") -> PackFault:
        """A fault of one of these files."""
        return PackFault(kind, file, self.frame.receivable, row, column)


_Rows = tuple[ReadRow, ...]
_Faults = Iterator[PackFault]


def check_pack(
    campaigns: Iterable[CampaignFiles], nippo: bytes, nippo_encoding: Encoding
) -> tuple[PackFault, ...]:
    """Every disagreement of a day's pack; empty when it may be signed (S4-13.1, domain 2.3).

    Never raises for what the files hold: a file that cannot be read is a fault.
    """
    faults: list[PackFault] = []
    report: ReadReport | None = None
    try:
        report = read_nippo(nippo, nippo_encoding)
    except DomainError:
        faults.append(PackFault(PackFaultKind.UNREADABLE, _NIPPO, ""))
    together: dict[str, list[_Read]] = {}
    for files in campaigns:
        read = _read_campaign(files)
        faults.extend(_check_campaign(files, read))
        together.setdefault(files.frame.receivable, []).append(read)
    if report is not None:
        for reads in together.values():
            faults.extend(_check_report(reads, report))
    return tuple(faults)


@dataclass(frozen=True, slots=True)
class _Read:
    """The files of one campaign as rows; None where a file cannot be read."""

    files: CampaignFiles
    kekka: _Rows | None
    calls: _Rows | None
    esc: _Rows | None


def _read_campaign(files: CampaignFiles) -> _Read:
    return _Read(
        files,
        _readable(files, files.kekka, read_kekka),
        _readable(files, files.meisai_call, read_meisai_call),
        _readable(files, files.esc, read_esc),
    )


def _check_campaign(files: CampaignFiles, read: _Read) -> _Faults:
    yield from _outside_hours(files)
    for name, rows in ((_KEKKA, read.kekka), (_CALLS, read.calls), (_ESC, read.esc)):
        if rows is None:
            yield files.fault(PackFaultKind.UNREADABLE, name)
    if read.kekka is not None:
        yield from _lent_part(files, read.kekka)
    if read.kekka is not None and read.esc is not None:
        yield from _escalations(files, read.kekka, read.esc)
    if read.kekka is not None and read.calls is not None:
        yield from _sums(files, read.kekka, read.calls)


def _check_report(reads: Sequence[_Read], report: ReadReport) -> _Faults:
    """The report speaks of a receivable; two of its campaigns may run on one day."""
    kekka: _Rows = ()
    calls: _Rows = ()
    esc: _Rows = ()
    for read in reads:
        if read.kekka is None or read.calls is None or read.esc is None:
            return
        kekka, calls, esc = kekka + read.kekka, calls + read.calls, esc + read.esc
    try:
        yield from _report(reads[0].files, report, kekka, calls, esc)
    except PackFileUnreadable:
        yield reads[0].files.fault(PackFaultKind.UNREADABLE, _NIPPO)


def _readable(
    files: CampaignFiles, data: bytes, read: Callable[[CampaignFrame, bytes], _Rows]
) -> _Rows | None:
    try:
        return read(files.frame, data)
    except DomainError:
        return None


def _outside_hours(files: CampaignFiles) -> _Faults:
    """No call of ours outside the windows without an order (S4-7.2b)."""
    for fact in files.live:
        ours = fact.call.direction is Direction.OUTBOUND
        if ours and not fact.order_no and not files.hours.is_open(fact.call.at):
            yield files.fault(PackFaultKind.OUTSIDE_HOURS, _CALLS, fact.serial, "started_at")


def _lent_part(files: CampaignFiles, kekka: _Rows) -> _Faults:
    """The lent columns are the lent file, byte for byte and in its order (S4-13.1b)."""
    if len(kekka) != len(files.lent):
        yield files.fault(PackFaultKind.ROW_COUNT, _KEKKA)
    for row, lent in zip(kekka, files.lent, strict=False):
        if row.lent != lent:
            yield files.fault(PackFaultKind.LENT_CELLS, _KEKKA, row.number)


def _escalations(files: CampaignFiles, kekka: _Rows, esc: _Rows) -> _Faults:
    """The list is the filter of the results and nothing else (S4-13.1c)."""
    wanted = [row for row in kekka if row.cells["is_today"] == TODAY and row.cells["mark"]]
    if len(wanted) > len(esc):
        yield files.fault(PackFaultKind.ROW_MISSING, _ESC)
    for row in esc[len(wanted) :]:
        yield files.fault(PackFaultKind.ROW_UNEXPECTED, _ESC, row.number)
    for row, result in zip(esc, wanted, strict=False):
        yield from _same_row(files, row, result)


def _same_row(files: CampaignFiles, row: ReadRow, result: ReadRow) -> _Faults:
    if row.lent != result.lent:
        yield files.fault(PackFaultKind.LENT_CELLS, _ESC, row.number)
    differing = [key for key in layout.KEKKA.keys if row.cells[key] != result.cells[key]]
    differing += [key for key in ("mark", "urgent") if row.front[key] != result.cells[key]]
    for key in dict.fromkeys(differing):
        yield files.fault(PackFaultKind.ROW_DIFFERS, _ESC, row.number, key)


def _sums(files: CampaignFiles, kekka: _Rows, calls: _Rows) -> _Faults:
    """D and A of the results are those of the calls."""
    if len(calls) != len(files.live):
        yield files.fault(PackFaultKind.ROW_COUNT, _CALLS)
    dials = sum(row.count("day_dials") for row in kekka)
    attempts = sum(row.count("day_attempts") for row in kekka)
    if dials != sum(fact.counts_dial for fact in files.live):
        yield files.fault(PackFaultKind.SUM_DIFFERS, _KEKKA, column="day_dials")
    if attempts != sum(row.count("counts_attempt") for row in calls):
        yield files.fault(PackFaultKind.SUM_DIFFERS, _KEKKA, column="day_attempts")
    if Counter(row.cells["code"] for row in calls) != Counter(
        fact.call.outcome_code for fact in files.live
    ):
        yield files.fault(PackFaultKind.SUM_DIFFERS, _CALLS, column="code")


def _report(
    files: CampaignFiles, report: ReadReport, kekka: _Rows, calls: _Rows, esc: _Rows
) -> _Faults:
    """The daily report says of the receivable what its files say (S4-13.1a)."""
    said = report.by_receivable.get(files.frame.receivable)
    if said is None:
        yield files.fault(PackFaultKind.ROW_MISSING, _NIPPO, column="receivable")
        return
    today = [row for row in kekka if row.cells["is_today"] == TODAY]
    marks = Counter(row.front["mark"] for row in esc)
    expected = {
        "dials": sum(row.count("day_dials") for row in today),
        "attempts": sum(row.count("day_attempts") for row in today),
        "promised_yen": sum(row.count("promised_yen") for row in today),
        "stars": marks[Mark.STAR.symbol],
        "white_stars": marks[Mark.WHITE_STAR.symbol],
        "urgent": sum(row.cells["urgent"] == "1" for row in today),
    }
    for key, count in expected.items():
        if number_of(said[key]) != count:
            yield files.fault(PackFaultKind.SUM_DIFFERS, _NIPPO, column=key)
    yield from _codes(files, report, calls)


def _codes(files: CampaignFiles, report: ReadReport, calls: _Rows) -> _Faults:
    """Table 2 is the call details by code and band."""
    bands = layout.TABLE_2.keys[3:-1]
    in_report: Counter[tuple[str, str]] = Counter()
    for line in report.by_code:
        if line["receivable"] != files.frame.receivable:
            continue
        for band in bands:
            in_report[line["code"], band] += number_of(line[band])
        if number_of(line["total"]) != sum(number_of(line[band]) for band in bands):
            yield files.fault(PackFaultKind.SUM_DIFFERS, _NIPPO, column="total")
    in_calls = Counter((row.cells["code"], row.cells["band"] or bands[-1]) for row in calls)
    if +in_report != +in_calls:
        yield files.fault(PackFaultKind.SUM_DIFFERS, _NIPPO, column="code")
