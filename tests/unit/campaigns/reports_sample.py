"""Facts for the tests of the daily files: lent rows with hard characters, calls, a whole day."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st

from campaigns.calling.call_report import PaymentMethod, TransferNotice
from campaigns.calling.outcome_files import sample_table
from campaigns.calling.outcomes import Connection, Direction, Mark, RequiredField
from campaigns.cases.encodings import Encoding
from campaigns.cases.states import IdentityResult
from campaigns.escalation.extraction import CallOfDay
from campaigns.intake.csv_bytes import segment_of
from campaigns.intake.layouts import SAMPLE_LAYOUTS
from campaigns.reports.consistency import CampaignFiles
from campaigns.reports.counts import Rate
from campaigns.reports.csv_writer import CampaignFrame, build_esc, build_kekka, build_meisai_call
from campaigns.reports.nippo import NippoDay, ReceivableDay
from campaigns.reports.nippo_writer import build_nippo
from campaigns.reports.rows import (
    CallFact,
    CaseRow,
    Outcomes,
    PromiseFact,
    Revision,
    TicketFact,
)
from dialer.calendar.bands import band_of
from dialer.calendar.holidays import TOKYO, DayKind
from tests.usual_hours import HOURS

DAY = date(2022, 9, 20)  # a Tuesday
BEFORE = date(2022, 9, 16)  # the Friday before
TABLE = sample_table()
OUTCOMES = Outcomes((TABLE,))
NAMES = SAMPLE_LAYOUTS.taisho.names
HARD = "見本　表ソ能十噂〓髙﨑"  # 0x5C as a second byte, gaiji stand-in, characters of CP932 only
CP932 = Encoding.CP932


def at(*clock: int, day: date = DAY) -> datetime:
    return datetime.combine(day, time(*clock), tzinfo=TOKYO)


def lent_header(encoding: Encoding = Encoding.CP932) -> bytes:
    return b",".join(segment_of(name, encoding) for name in NAMES) + b"\r\n"


def lent_row(number: int, encoding: Encoding = Encoding.CP932) -> tuple[bytes, ...]:
    """A row as a department might write it: quoted, bare and with quotes inside."""
    cells = [segment_of("", encoding) for _ in NAMES]
    cells[0] = b"A01"  # bare
    cells[1] = segment_of(f"A01-{number:07d}", encoding)
    cells[2] = segment_of(f'{HARD}"{number}"', encoding)
    cells[3] = f"ソ{number}".encode(encoding.codec)  # bare, with 0x5C
    cells[7] = segment_of("=1+1,表", encoding)
    return tuple(cells)


def frame(encoding: Encoding = Encoding.CP932, *, rehearsal: bool = False) -> CampaignFrame:
    return CampaignFrame("A01", DAY, lent_header(encoding), encoding, rehearsal)


def case_id(number: int) -> UUID:
    return UUID(int=number)


def call(
    number: int,
    code: str = "11",
    when: datetime | None = None,
    *,
    serial: int = 1,
    direction: Direction = Direction.OUTBOUND,
    identity: IdentityResult = IdentityResult.PENDING,
    **other: object,
) -> CallFact:
    """A call about case ``number``; counts, contact and mark are those the table gives."""
    moment = when or at(19, 3, 12)
    row = TABLE.row(code)
    outbound = direction is Direction.OUTBOUND
    fact = CallFact(
        call=CallOfDay(
            case_id=case_id(number),
            row_number=number,
            record_id=UUID(int=10_000 + serial),
            at=moment,
            business_day=moment.astimezone(TOKYO).date(),
            outcome_code=code,
            mark=row.mark,
            urgent=row.urgent,
            contact_wide=row.contact_wide,
            contact_person=row.reaches_person(identity),
            direction=direction,
        ),
        serial=serial,
        outcome_version=TABLE.version,
        agent="OP012",
        band=band_of(moment, DayKind.WEEKDAY),
        counts_dial=row.counts_dial and outbound,
        counts_attempt=row.counts_attempt and outbound,
        identity=identity,
        speaker=row.speaker_with(identity),
        ended_at=moment + timedelta(seconds=30),
        last4="0000",
        number_rank=1,
    )
    return replace(fact, **other)  # type: ignore[arg-type]


def promised(number: int, yen: int, when: datetime | None = None, **other: object) -> CallFact:
    """A call with a promise (51)."""
    promise = PromiseFact(
        on=date(2022, 9, 30), yen=yen, periods=("2022-06", "2022-07"), method=PaymentMethod.SLIP
    )
    return call(number, "51", when, identity=IdentityResult.PASSED, promise=promise, **other)  # type: ignore[arg-type]


def case(
    number: int,
    *calls: CallFact,
    earlier: Sequence[CallFact] = (),
    encoding: Encoding = Encoding.CP932,
) -> CaseRow:
    counted = sum(fact.counts_attempt for fact in (*calls, *earlier))
    return CaseRow(
        case_id=case_id(number),
        row_number=number,
        lent=lent_row(number, encoding),
        counted_total=counted,
        status_code="4" if calls or earlier else "1",
        calls=calls,
        earlier=tuple(earlier),
    )


def ticket(number: int, **other: object) -> TicketFact:
    fact = TicketFact(
        case_id=case_id(number),
        number=f"E-A01-20220920-{number:03d}",
        reply_due_on=date(2022, 9, 26),
        summary="見本 納付書の送付希望",
    )
    return replace(fact, **other)  # type: ignore[arg-type]


def tickets_for(cases: Sequence[CaseRow]) -> list[TicketFact]:
    """One ticket for each case with a mark among the day's calls that count."""
    marked = [
        one
        for one in cases
        if any(fact.counts and fact.call.mark is not Mark.NONE for fact in one.calls)
    ]
    return [ticket(one.row_number) for one in marked]


def nippo_day(cases: Sequence[CaseRow], **other: object) -> NippoDay:
    calls = tuple(fact for one in cases for fact in one.calls)
    day = NippoDay(
        business_day=DAY,
        contract_title="見本 電話納付案内センター業務",
        is_rehearsal=False,
        day_kind=DayKind.WEEKDAY,
        windows=HOURS.windows_on(DAY),
        supervisors=("SV01",),
        staffing=(),
        built_at=at(20, 45),
        revision=1,
        receivables=(
            ReceivableDay(
                receivable="A01",
                name="見本債権",
                lent=len(cases),
                calls=calls,
                complaints=0,
                contact_rate=Rate(7, 10),
            ),
        ),
    )
    return replace(day, **other)  # type: ignore[arg-type]


def files_of(
    cases: Sequence[CaseRow], encoding: Encoding = Encoding.CP932, *, rehearsal: bool = False
) -> CampaignFiles:
    """The three files of a campaign, built; the lent rows come from ``lent_row``, not from them."""
    of = frame(encoding, rehearsal=rehearsal)
    return CampaignFiles(
        frame=of,
        lent=tuple(lent_row(one.row_number, encoding) for one in cases),
        calls=tuple(fact for one in cases for fact in one.calls),
        hours=HOURS,
        kekka=b"".join(build_kekka(of, cases, OUTCOMES)),
        meisai_call=b"".join(build_meisai_call(of, cases, OUTCOMES)),
        esc=b"".join(build_esc(of, cases, OUTCOMES, tickets_for(cases))),
    )


def report_of(
    cases: Sequence[CaseRow], encoding: Encoding = Encoding.CP932, **other: object
) -> bytes:
    return b"".join(build_nippo(nippo_day(cases, **other), OUTCOMES, encoding))


MINUTES = [at(11, 30) + timedelta(minutes=n) for n in range(120)] + [
    at(16, 30) + timedelta(minutes=n) for n in range(240)
]


@st.composite
def _calls(draw: st.DrawFn, number: int, serial: int) -> CallFact:
    when = draw(st.sampled_from(MINUTES))
    direction = draw(st.sampled_from((Direction.OUTBOUND, Direction.INBOUND)))
    row = draw(st.sampled_from(TABLE.rows_for(direction)))
    identity = draw(st.sampled_from(tuple(IdentityResult)))
    fact = call(number, row.code, when, serial=serial, direction=direction, identity=identity)
    promise = None
    if RequiredField.PROMISED_ON in row.required_fields:
        yen = draw(st.integers(1, 999_999_999))
        promise = PromiseFact(on=date(2022, 9, 30), yen=yen, periods=("2022-06",))
    talked = row.connection is Connection.TALKED
    return replace(
        fact,
        promise=promise,
        note=draw(st.sampled_from(("", HARD, '見本 "引用", ソ'))),
        answered_at=when + timedelta(seconds=13) if talked else None,
        transfer_notice=draw(st.sampled_from(tuple(TransferNotice))),
        revision=draw(st.sampled_from((*Revision, *[Revision.ORIGINAL] * 5))),
    )


@st.composite
def days_of_cases(draw: st.DrawFn) -> list[CaseRow]:
    """Up to five lent rows, each with up to three calls of the day and perhaps an earlier one."""
    serial = 0
    cases = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        calls = []
        for _ in range(draw(st.integers(0, 3))):
            serial += 1
            calls.append(draw(_calls(number, serial)))
        earlier: list[CallFact] = []
        if draw(st.booleans()):
            code = draw(st.sampled_from(("11", "22", "61")))
            earlier = [call(number, code, at(12, 0, day=BEFORE), serial=9_000 + number)]
        cases.append(case(number, *calls, earlier=earlier))
    return cases


def text_of(data: bytes, encoding: Encoding = CP932) -> str:
    assert data.startswith(encoding.mark)
    return data[len(encoding.mark) :].decode(encoding.codec)


def dicts(data: bytes, encoding: Encoding = CP932) -> list[dict[str, str]]:
    """Read by another reader than the one the checks use."""
    return list(csv.DictReader(io.StringIO(text_of(data, encoding), newline="")))


def kekka(*cases: CaseRow, encoding: Encoding = CP932) -> bytes:
    return b"".join(build_kekka(frame(encoding), cases, OUTCOMES))


def esc(*cases: CaseRow, tickets: list[TicketFact] | None = None) -> bytes:
    given_tickets = tickets_for(cases) if tickets is None else tickets
    return b"".join(build_esc(frame(), cases, OUTCOMES, given_tickets))
