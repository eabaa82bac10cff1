"""The close of a day and the files made of it (S4-13.1, S4-11.3b, S4-12.1e)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from campaigns import api as c
from campaigns.calling.day_close import DailyClose
from campaigns.calling.models import CallRecord
from campaigns.errors import (
    DayNotClosed,
    DayNotOver,
    HandlingOpen,
    NothingDue,
    PackInconsistent,
)
from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from tests.integration.campaigns.daily_world import (
    CLOSING,
    NOTE,
    build,
    case_ids,
    close,
    closing_of,
    day_of,
    digests,
    item,
    lent_lines,
    rebuilt,
    report_text,
    ring_back,
    table,
    told,
)
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    CF,
    DAY,
    OP,
    SV,
    DeskWorld,
    ready_world,
)
from webui.services import Services

pytestmark = pytest.mark.both_databases

NEXT_DAY = date(2022, 9, 16)
CALLBACK_DAY = date(2022, 10, 3)  # calls ended on 30 September, callbacks on 7 October
HARD_NAMES = ("見本髙﨑", "見本表ソ能", "見本〓田", "見本濵本", "見本ﾃｽﾄ")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock, rows=8)


def test_a_day_is_closed_a_quarter_of_an_hour_after_its_last_window(world: DeskWorld) -> None:
    world.clock.set(CLOSING - timedelta(seconds=1))
    with pytest.raises(DayNotOver) as refused:
        c.close_day(world.store, SV, DAY)
    assert refused.value.details == {"closes_at": "2022-09-15T20:45:00+09:00"}
    assert told(world, Tag.DAILY_CLOSED) == 0
    with pytest.raises(DayNotClosed):
        day_of(world)
    world.clock.set(CLOSING)
    assert c.close_day(world.store, SV, DAY) is c.DayState.CLOSED
    with pytest.raises(DayNotOver):
        c.close_day(world.store, SV, DAY + timedelta(days=1))


@pytest.mark.parametrize("actor", [OP, CF])
def test_only_a_supervisor_closes_a_day(world: DeskWorld, actor: Actor) -> None:
    world.clock.set(CLOSING)
    with pytest.raises(NotAllowed):
        c.close_day(world.store, actor, DAY)
    with pytest.raises(DayNotClosed):
        day_of(world)


def test_a_call_without_outcome_is_reported_as_such_and_its_outcome_is_asked_for(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    files = build(world)
    (record,) = world.records(served.case_id)
    assert (record.outcome_code, record.counts_dial, record.counts_attempt) == ("00", True, True)
    assert (record.mark, record.is_contact_wide) == (c.Mark.NONE, False)
    case = world.case(served.case_id)
    assert (case.dials, case.counted_attempts) == (1, 1)
    assert told(world, Tag.OUTCOME_LEFT_BLANK) == 1
    assert item(files["NIPPO"], "表2 結果コード・時間帯別", "A01")[1:3] == ["00", "結果未入力"]
    assert table(files["ESC"]) == []
    before = digests(world)
    world.at("2022-09-16T11:30")
    world.on_duty()
    with pytest.raises(HandlingOpen):
        world.take()
    world.record(served.handling_id, "71", note=NOTE)
    following = world.served()
    case = world.case(served.case_id)
    assert (case.dials, case.counted_attempts) == (1, 1)
    assert rebuilt(world) == before
    world.clock.set(closing_of(NEXT_DAY))
    with world.store.work(OP) as work:
        c.put_back(work, following.handling_id)
    late = build(world, NEXT_DAY)
    assert [row["結果コード"] for row in table(late["MEISAI_CALL"])] == ["71"]
    assert [row["区分"] for row in table(late["ESC"])] == ["★"]
    for day in (DAY, NEXT_DAY):
        with world.store.work(SV, readonly=True) as work:
            assert c.day_sums(work, day).agree


def test_closing_again_changes_nothing(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    close(world)
    first = day_of(world)
    world.clock.advance(timedelta(hours=1))
    assert c.close_day(world.store, SV, DAY) is c.DayState.CLOSED
    assert day_of(world) == first
    assert len(world.records()) == 1
    assert told(world, Tag.DAILY_CLOSED) == 1
    assert c.build_files(world.store, SV, DAY) > 0
    sealed = digests(world)
    assert c.build_files(world.store, SV, DAY) == 0
    assert digests(world) == sealed


@pytest.mark.clause("S4-11.3b-3")
def test_a_day_without_any_call_in_the_callback_period_is_reported(world: DeskWorld) -> None:
    files = build(world, CALLBACK_DAY)
    text = report_text(files["NIPPO"])
    assert "架電なし・折返し入電 0 件" in text
    assert "折返し電話なし" in text
    assert len(table(files["KEKKA"])) == 8
    assert table(files["MEISAI_CALL"]) == []
    assert table(files["ESC"]) == []


@pytest.mark.clause("S4-11.3b-3")
def test_the_last_day_of_callbacks_is_the_last_day_reported(world: DeskWorld) -> None:
    last = date(2022, 10, 7)
    assert "折返し電話なし" in report_text(build(world, last)["NIPPO"])
    after = last + timedelta(days=1)
    world.clock.set(closing_of(after))
    with pytest.raises(NothingDue):
        c.close_day(world.store, SV, after)
    with world.store.work(SV) as work:
        assert [one.business_day for one in c.list_days(work)] == [last]


@pytest.mark.clause("S4-13.1b")
def test_the_lent_columns_come_back_byte_for_byte_in_the_lent_order(world: DeskWorld) -> None:
    world.call("11")
    lent = lent_lines(world)
    for name in HARD_NAMES:
        assert any(name.encode("cp932") in line for line in lent), name
    lines = build(world)["KEKKA"].removesuffix(b"\r\n").split(b"\r\n")
    assert len(lines) == len(lent)
    for line, original in zip(lines, lent, strict=True):
        assert line.startswith(original + b',"')


@pytest.mark.clause("S4-13.1c")
def test_the_escalation_list_is_the_marked_calls_and_nothing_else(world: DeskWorld) -> None:
    star, _ = world.call("71", note=NOTE)
    white, _ = world.call("23")
    world.call("11")
    files = build(world)
    rows = table(files["ESC"])
    assert sorted(row["区分"] for row in rows) == ["★", "☆"]
    keys = {world.case(one.case_id).row_number for one in (star, white)}
    results = table(files["KEKKA"])
    assert {row["整理番号"] for row in rows} == {
        row["整理番号"] for place, row in enumerate(results, start=1) if place in keys
    }


@pytest.mark.clause("S4-13.1c")
def test_a_marked_call_of_yesterday_is_not_in_the_list_of_today(world: DeskWorld) -> None:
    world.call("71", note=NOTE)
    build(world)
    world.at("2022-09-16T11:30")
    world.on_duty()
    world.call("11")
    assert table(build(world, date(2022, 9, 16))["ESC"]) == []


def test_building_again_gives_the_same_digests(world: DeskWorld) -> None:
    world.call("71", note=NOTE)
    world.call("11")
    build(world)
    first = digests(world)
    assert rebuilt(world) == first
    world.at("2022-09-16T11:30")
    world.on_duty()
    world.call("23")
    ring_back(world)
    assert rebuilt(world) == first


def test_what_is_recorded_after_the_close_is_not_in_the_day(world: DeskWorld) -> None:
    world.call("11")
    close(world)
    world.clock.advance(timedelta(minutes=1))
    world.on_duty()
    ring_back(world)
    assert c.build_files(world.store, SV, DAY) > 0
    with world.store.work(SV) as work:
        files = {
            file.kind: c.read_file(work, DAY, file.name) for file in c.get_day(work, DAY).files
        }
    assert [row["結果コード"] for row in table(files["MEISAI_CALL"])] == ["11"]
    assert "折返し電話なし" in report_text(files["NIPPO"])
    with world.store.work(SV, readonly=True) as work:
        assert c.day_sums(work, DAY).agree


@pytest.mark.clause("S4-11.3b-2")
def test_a_callback_of_the_day_is_in_the_files_of_the_day(world: DeskWorld) -> None:
    world.clock.set(closing_of(CALLBACK_DAY).replace(hour=14))
    world.on_duty()
    ring_back(world)
    files = build(world, CALLBACK_DAY)
    (call,) = table(files["MEISAI_CALL"])
    assert call["結果コード"] == "57"
    assert item(files["NIPPO"], "表3 折返し入電", "着信数")[1] == "1"
    assert item(files["NIPPO"], "表3 折返し入電", "本人確認済")[1] == "1"
    assert item(files["NIPPO"], "表4 折返し入電の対応結果", "A01")[1:] == [
        "57",
        "案内了承（回答なし）",
        "1",
    ]
    assert "折返し電話なし" not in report_text(files["NIPPO"])


@pytest.mark.clause("S4-13.1a")
def test_the_totals_of_the_report_are_those_of_the_records(world: DeskWorld) -> None:
    world.call("11")
    world.call("12")
    world.call("71", note=NOTE)
    world.call("23")
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    world.record(served.handling_id, "51", **world.promise())
    ring_back(world)
    files = build(world)
    total = item(files["NIPPO"], "表1 債権別", "合計")
    records = world.records()
    assert len(records) == 6
    assert total[2] == "8"
    assert total[4:6] == [
        str(sum(record.counts_dial for record in records)),
        str(sum(record.counts_attempt for record in records)),
    ]
    assert total[8] == str(len({record.case_id for record in records if record.is_contact_person}))
    assert (total[9], total[14], total[15]) == ("1", "1", "1")
    assert item(files["NIPPO"], "表2 結果コード・時間帯別", "合計")[-1] == "6"
    assert len(table(files["MEISAI_CALL"])) == 6
    with world.store.work(SV, readonly=True) as work:
        sums = c.day_sums(work, DAY)
    assert sums.agree
    counted = {line.key: line.recorded for line in sums.lines}
    assert counted[c.SumKey.CALLS] == 6
    assert counted[c.SumKey.CALLBACKS] == 1
    assert counted[c.SumKey.ESCALATED_LINES] == 2


def test_the_sums_notice_records_that_changed_behind_the_files(world: DeskWorld) -> None:
    world.call("11")
    build(world)
    _change(world, counts_dial=False)
    with world.store.work(SV, readonly=True) as work:
        sums = c.day_sums(work, DAY)
    assert not sums.agree
    different = [line for line in sums.lines if line.recorded != line.in_files]
    assert [(line.key, line.recorded, line.in_files) for line in different] == [
        (c.SumKey.DIALS, 0, 1)
    ]


def _change(world: DeskWorld, **values: object) -> None:
    """What somebody with the database in hand could do."""
    with world.store.work(SV) as work:
        work.session.execute(update(CallRecord).values(**values))


def test_a_pack_that_contradicts_itself_is_refused_whole(world: DeskWorld) -> None:
    world.call("11")
    close(world)
    _change(world, started_at=CLOSING - timedelta(minutes=5))
    with pytest.raises(PackInconsistent) as refused:
        c.build_files(world.store, SV, DAY)
    assert refused.value.details == {"faults": 1, "kinds": "outside_hours"}
    assert day_of(world).state is c.DayState.CLOSED
    assert day_of(world).files == ()
    assert told(world, Tag.DAILY_BUILT) == 0


def test_the_close_keeps_the_head_of_the_log(world: DeskWorld) -> None:
    world.call("11")
    close(world)
    with world.store.work(SV, readonly=True) as work:
        row = work.session.get_one(DailyClose, DAY)
        assert row.audit_size > 0
        assert row.audit_note.split("\n")[1] == str(row.audit_size)


def test_every_case_of_the_list_stands_once_in_the_results(world: DeskWorld) -> None:
    world.call("11")
    rows = table(build(world)["KEKKA"])
    assert len(rows) == len(case_ids(world)) == len({row["整理番号"] for row in rows})
