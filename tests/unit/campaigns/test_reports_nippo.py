"""The daily report: its figures against the raw calls, the day without any call, the marks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from reports_sample import (
    BEFORE,
    HARD,
    OUTCOMES,
    TABLE,
    at,
    call,
    case,
    days_of_cases,
    nippo_day,
    promised,
    report_of,
)

from campaigns.calling.call_report import TransferNotice
from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.encodings import Encoding
from campaigns.cases.states import IdentityResult
from campaigns.reports import layout
from campaigns.reports.counts import Rate
from campaigns.reports.csv_writer import CellNotWritable
from campaigns.reports.layout import FileLayout
from campaigns.reports.nippo import (
    AgentMinutes,
    BandStaff,
    InboundCounts,
    NippoDay,
    ReceivableDay,
    Remark,
)
from campaigns.reports.nippo_writer import build_nippo
from campaigns.reports.rows import CaseRow, Outcomes, Revision
from dialer.calendar.bands import Band
from dialer.calendar.holidays import DayKind

CP932, UTF8 = Encoding.CP932, Encoding.UTF_8_BOM
PASSED = IdentityResult.PASSED


def lines_of(data: bytes, encoding: Encoding = CP932) -> list[list[str]]:
    assert data.startswith(encoding.mark)
    text = data[len(encoding.mark) :].decode(encoding.codec)
    return list(csv.reader(io.StringIO(text, newline="")))


def table_of(data: bytes, table: FileLayout) -> list[dict[str, str]]:
    lines = lines_of(data)
    start = lines.index([table.file])
    stop = lines.index([""], start)
    assert tuple(lines[start + 1]) == table.names
    return [dict(zip(table.keys, line, strict=True)) for line in lines[start + 2 : stop]]


def written(day: NippoDay, outcomes: Outcomes = OUTCOMES) -> bytes:
    return b"".join(build_nippo(day, outcomes, CP932))


@pytest.mark.clause("S4-13.1a")
def test_the_head_names_contract_day_hours_and_people() -> None:
    data = report_of(
        [],
        supervisors=("SV01", "SV02"),
        staffing=(BandStaff(Band.H1, 5), BandStaff(Band.H2, 6)),
        revision=2,
    )
    lines = lines_of(data)
    assert lines[0] == ["業務日報"]
    for wanted in (
        ["契約件名", "見本 電話納付案内センター業務"],
        ["業務日", "2022-09-20"],
        ["曜日区分", "平日"],
        ["実施時間", "11:30-13:30", "16:30-20:30"],
        ["業務管理者", "SV01", "SV02"],
        ["配置人数", "H1: 5", "H2: 6"],
        ["作成日時", "2022-09-20 20:45:00"],
        ["版", "2"],
    ):
        assert wanted in lines


@pytest.mark.clause("S4-11.3b-3", "S4-13.1a")
def test_a_day_without_any_call_is_reported_in_words() -> None:
    data = report_of([case(1), case(2)], windows=(), day_kind=DayKind.WEEKEND_OR_HOLIDAY)
    lines = lines_of(data)
    assert ["架電・折返し", "架電なし・折返し入電 0 件", "折返し電話なし"] in lines
    assert ["実施時間", "実施なし"] in lines
    [first, total] = table_of(data, layout.TABLE_1)
    assert (first["lent"], first["dials"], first["stars"]) == ("2", "0", "0")
    assert total["receivable"] == "合計"
    assert [row["receivable"] for row in table_of(data, layout.TABLE_2)] == ["合計"]


def test_a_day_with_calls_of_ours_only_still_says_that_nobody_rang() -> None:
    lines = lines_of(report_of([case(1, call(1))]))
    assert ["架電・折返し", "架電 1 件・折返し入電 0 件", "折返し電話なし"] in lines


@pytest.mark.clause("S4-11.3b-2")
def test_callbacks_are_reported_in_number_and_by_outcome() -> None:
    rang_back = call(1, "54", at(17, 0), direction=Direction.INBOUND, identity=PASSED)
    unknown = call(0, "81", at(18, 0), serial=2, direction=Direction.INBOUND)
    data = report_of(
        [case(1, rang_back)],
        unassigned=(unknown,),
        inbound=InboundCounts(offered=3, answered=2, abandoned=1, lost=0, follow_ups_made=4),
    )
    counts = {row["item"]: row["count"] for row in table_of(data, layout.TABLE_3)}
    assert counts == {
        "着信数": "3",
        "応答数": "2",
        "待機発生": "計測なし",
        "放棄": "1",
        "呼損（話中）": "0",
        "時間外メッセージ": "計測なし",
        "本人確認済": "1",
        "再架電実施": "4",
    }
    by_code = [tuple(row.values()) for row in table_of(data, layout.TABLE_4)]
    assert by_code[0] == ("債権なし", "81", TABLE.row("81").label_ja, "1")
    assert by_code[1] == ("A01", "54", "納付済みの申出", "1")
    assert by_code[-1] == ("合計", "", "", "2")
    assert ["架電・折返し", "架電 0 件・折返し入電 3 件"] in lines_of(data)


def test_a_missed_callback_is_no_zero_day() -> None:
    data = report_of([], inbound=InboundCounts(offered=1))
    assert not any(layout.ZERO_DAY in line for line in lines_of(data))


@pytest.mark.clause("S4-13.1a")
@settings(max_examples=60, deadline=None)
@given(days_of_cases())
def test_the_totals_equal_the_raw_calls(cases: list[CaseRow]) -> None:
    data = report_of(cases)
    raw = [fact for one in cases for fact in one.calls]
    calls = [fact for fact in raw if fact.revision is not Revision.CANCELLATION]
    [first, total] = table_of(data, layout.TABLE_1)
    persons = {
        key: {fact.call.case_id for fact in calls if getattr(fact.call, flag)}
        for key, flag in (("contacts_wide", "contact_wide"), ("contacts_person", "contact_person"))
    }
    stars = {fact.call.case_id for fact in calls if fact.call.mark is Mark.STAR}
    white = {fact.call.case_id for fact in calls if fact.call.mark is Mark.WHITE_STAR} - stars
    assert {key: int(first[key]) for key in first if key not in _TEXTS} == {
        "lent": len(cases),
        "called": len({f.call.case_id for f in calls if f.call.direction is Direction.OUTBOUND}),
        "dials": sum(fact.counts_dial for fact in calls),
        "attempts": sum(fact.counts_attempt for fact in calls),
        "answered": sum(
            f.answered_at is not None and f.call.direction is Direction.OUTBOUND for f in calls
        ),
        "contacts_wide": len(persons["contacts_wide"]),
        "contacts_person": len(persons["contacts_person"]),
        "promises": len({fact.call.case_id for fact in calls if fact.promise}),
        "promised_yen": int(first["promised_yen"]),  # see the test below
        "paid_claims": len({f.call.case_id for f in calls if f.call.outcome_code == "54"}),
        "transfer_told": len(
            {f.call.case_id for f in calls if f.transfer_notice is not TransferNotice.NOT_A_TARGET}
        ),
        "transfer_wanted": len(
            {f.call.case_id for f in calls if f.transfer_notice is TransferNotice.WANTED}
        ),
        "stars": len(stars),
        "white_stars": len(white),
        "urgent": len({fact.call.case_id for fact in calls if fact.call.urgent}),
        "complaints": 0,
        "bad_numbers": len(
            {f.call.case_id for f in calls if f.call.outcome_code in ("21", "22", "23", "24")}
        ),
    }
    assert [total[key] for key in total if key not in _TEXTS] == [
        first[key] for key in first if key not in _TEXTS
    ]
    by_code = table_of(data, layout.TABLE_2)
    assert Counter({row["code"]: int(row["total"]) for row in by_code[:-1]}) == Counter(
        fact.call.outcome_code for fact in calls
    )
    for band in Band:
        assert int(by_code[-1][band.value]) == sum(fact.band is band for fact in calls)


_TEXTS = ("receivable", "name", "contact_rate")


def test_yen_are_added_over_persons_and_never_twice_for_one() -> None:
    cases = [
        case(1, promised(1, 999_999_999, at(12, 0), serial=1)),
        # The same person corrects the sum an hour later: the later promise counts.
        case(2, promised(2, 3_000, at(12, 0), serial=2), promised(2, 2_000, at(13, 0), serial=3)),
        case(3, promised(3, 7, at(12, 0), serial=4, revision=Revision.CANCELLATION)),
    ]
    [first, _] = table_of(report_of(cases), layout.TABLE_1)
    assert (first["promises"], first["promised_yen"]) == ("2", "1000001999")


@pytest.mark.clause("S4-13.1a")
def test_persons_of_two_receivables_are_added_and_never_taken_for_one() -> None:
    day = nippo_day([case(1, call(1, "34"))])
    other = ReceivableDay(
        receivable="A02",
        name="見本債権二",
        lent=30,
        calls=(call(1, "34", serial=1),),
        complaints=2,
        contact_rate=Rate(6, 30),
    )
    data = written(replace(day, receivables=(*day.receivables, other)))
    [first, second, total] = table_of(data, layout.TABLE_1)
    assert [row["receivable"] for row in (first, second)] == ["A01", "A02"]
    assert (total["lent"], total["white_stars"], total["complaints"]) == ("31", "2", "2")
    # 7 of 10 and 6 of 30 are 13 of 40, not the mean of 70 % and 20 %.
    assert (first["contact_rate"], second["contact_rate"]) == ("70.0%", "20.0%")
    assert total["contact_rate"] == "32.5%"
    assert [row["receivable"] for row in table_of(data, layout.TABLE_2)] == ["A01", "A02", "合計"]


@pytest.mark.clause("S4-13.1a")
def test_agents_are_told_with_their_hours_and_calls() -> None:
    fact = call(
        1,
        "61",
        at(12, 0),
        identity=PASSED,
        answered_at=at(12, 0, 10),
        ended_at=at(12, 4, 10),
        wrap_up_seconds=50,
    )
    data = report_of([case(1, fact)], agents=(AgentMinutes("OP001", 240),))
    lines = lines_of(data)
    start = lines.index([layout.TABLE_5.file])
    assert lines[start + 2 : start + 4] == [
        ["OP001", "240", "0", "0", "0", "0", "0", "0"],
        ["OP012", "", "1", "1", "0", "1", "240", "50"],
    ]


def test_a_call_outside_every_band_has_its_column() -> None:
    data = report_of([case(1, call(1, "11", at(15, 0)))])
    assert table_of(data, layout.TABLE_2)[0]["no_band"] == "1"


def test_remarks_stand_under_their_items_and_the_others_say_none() -> None:
    data = report_of(
        [], remarks=(Remark("system_faults", f"見本 {HARD}"), Remark("system_faults", "復旧"))
    )
    lines = lines_of(data)
    free = lines[lines.index([layout.FREE_TITLE]) + 1 :]
    assert ["システム障害（発生・復旧）", f"見本 {HARD}"] in free
    assert ["システム障害（発生・復旧）", "復旧"] in free
    assert ["録音実施", "なし"] in free
    with pytest.raises(ValueError, match="known items"):
        report_of([], remarks=(Remark("weather", "晴れ"),))


def test_a_remark_the_encoding_lacks_is_named_by_line_only() -> None:
    with pytest.raises(CellNotWritable) as caught:
        report_of([], remarks=(Remark("media", "見本\U0002363a"),))
    assert caught.value.details["column"] == "media"
    assert "\U0002363a" not in str(caught.value)
    # The same text can stand in a report in UTF-8.
    data = report_of([], UTF8, remarks=(Remark("media", "見本\U0002363a"),))
    assert ["媒体授受", "見本\U0002363a"] in lines_of(data, UTF8)


def test_a_report_of_a_rehearsal_and_with_our_own_outcome_table_says_so() -> None:
    lines = lines_of(report_of([], is_rehearsal=True))
    assert lines[1][0] == "訓練"
    assert ["見本", "架電結果分類表は見本", TABLE.label] in lines
    of_client = Outcomes((replace(TABLE, is_sample=False),))
    lines = lines_of(written(nippo_day([]), of_client))
    assert not any(line[0] in ("訓練", "見本") for line in lines)


def test_the_same_day_gives_the_same_bytes_in_any_order_of_calls() -> None:
    calls = [call(n, code, serial=n) for n, code in ((1, "11"), (2, "34"), (3, "12"))]
    one = report_of([case(fact.call.row_number, fact) for fact in calls])
    other = report_of([case(fact.call.row_number, fact) for fact in reversed(calls)])
    assert one == other


def test_earlier_calls_are_no_part_of_the_day() -> None:
    earlier = call(1, "61", at(12, 0, day=BEFORE), identity=PASSED)
    [first, _] = table_of(report_of([case(1, earlier=[earlier])]), layout.TABLE_1)
    assert (first["dials"], first["stars"]) == ("0", "0")
    assert earlier.call.case_id == UUID(int=1)
