"""The pages of the daily close and of the delivered files (S4-13.1, S4-12.1e, S4-8.10c)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from campaigns import api as c
from campaigns.calling.day_close import DailyClose
from campaigns.calling.models import CallRecord
from secure_store.access import Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.people.staff import NewStaff, add_staff
from tests.integration.campaigns.daily_world import (
    CLOSING,
    NOTE,
    build,
    close,
    closing_of,
    confirm,
    day_of,
    deliver,
    told,
)
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    FOUNDER,
    MONTH,
    SV,
    DeskWorld,
    ready_world,
)
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

PAGE = "/daily/20220915"
KEKKA = "A01_202209_KEKKA_20220915_01.csv"
STEPS = ("close", "build", "sign", "place", "confirm")
DUE = datetime.fromisoformat("2022-09-16T09:30:00+09:00")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    world = ready_world(home, clock, rows=8)
    enrol(home, "AD01", "AU01", "VF01")
    return world


@pytest.fixture
def app(home: Services) -> Flask:
    return make_app(home)


class Supervisor:
    """Signs in anew for every page: a session does not live through hours of the clock."""

    def __init__(self, app: Flask, world: DeskWorld) -> None:
        self._app, self._world = app, world
        self.last = ""

    def get(self, path: str, status: int = 200) -> str:
        return person(self._app, self._world, "SV01").get(path, status)

    def post(self, path: str, data: dict[str, str] | None = None, status: int = 303) -> None:
        browser = person(self._app, self._world, "SV01")
        browser.post(path, data, status)
        self.last = browser.last


@pytest.fixture
def supervisor(app: Flask, world: DeskWorld) -> Supervisor:
    return Supervisor(app, world)


def person(app: Flask, world: DeskWorld, code: str) -> Browser:
    return Browser(app, world.services, code)


@pytest.mark.clause("S4-8.10c")
def test_an_agent_gets_no_page_and_no_file(app: Flask, world: DeskWorld) -> None:
    deliver(world)
    agent = person(app, world, "OP01")
    for path in (
        "/daily",
        PAGE,
        f"{PAGE}/report",
        f"{PAGE}/files/{KEKKA}",
        f"{PAGE}/files/NIPPO_20220915_01.csv",
        "/delivered",
        "/delivered/20220915",
    ):
        agent.get(path, 403)
    for step in STEPS:
        agent.post(f"{PAGE}/{step}", status=403)
    assert told(world, Tag.AUTH_REFUSED) >= 7 + len(STEPS)


@pytest.mark.parametrize("code", ["CF01", "AD01", "AU01", "VF01"])
def test_only_supervisors_reach_the_close(app: Flask, world: DeskWorld, code: str) -> None:
    world.clock.set(CLOSING)
    other = person(app, world, code)
    other.get("/daily", 403)
    other.get(PAGE, 403)
    for step in STEPS:
        other.post(f"{PAGE}/{step}", status=403)
    with world.store.work(SV, readonly=True) as work:
        assert c.list_days(work) == []


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_without_the_token(app: Flask, world: DeskWorld, step: str) -> None:
    world.clock.set(CLOSING)
    supervisor = person(app, world, "SV01")
    assert supervisor.post_without_token(f"{PAGE}/{step}").status_code == 400
    with world.store.work(SV, readonly=True) as work:
        assert c.list_days(work) == []


def test_a_day_that_is_not_over_says_when_it_may_be_closed(
    world: DeskWorld, supervisor: Supervisor
) -> None:
    assert "9月15日（木）20:45から" in supervisor.get("/daily")
    page = supervisor.get(PAGE)
    assert "まだ締めていません。" in page
    assert "20:45 から" in page
    assert "data-opens" not in page
    supervisor.post(f"{PAGE}/close", status=409)
    assert "まだ締められません" in supervisor.last
    assert "9月15日（木）20:45から締められます。" in supervisor.last
    with world.store.work(SV, readonly=True) as work:
        assert c.list_days(work) == []


def test_a_day_goes_from_the_close_to_the_receipt(world: DeskWorld, supervisor: Supervisor) -> None:
    world.call("71", note=NOTE)
    world.call("11")
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.clock.set(CLOSING)
    assert "締めますか" in supervisor.get(PAGE)
    supervisor.post(f"{PAGE}/close")
    page = supervisor.get(PAGE)
    assert "5のうち 1 が済み" in page
    assert "1件の通話を「結果未入力」としました" in page
    supervisor.post(f"{PAGE}/build")
    page = supervisor.get(PAGE)
    assert "すべて一致" in page
    assert "差 0　一致" in page
    assert KEKKA in page
    assert day_of(world).files[1].sha256[:32] in page
    supervisor.post(f"{PAGE}/sign")
    supervisor.post(f"{PAGE}/place")
    page = supervisor.get(PAGE)
    assert "5のうち 4 が済み" in page
    assert "市の受領番号" in page
    supervisor.post(f"{PAGE}/confirm", {"receipt_no": "R-0915"})
    page = supervisor.get(f"{PAGE}?done=confirmed")
    assert "受領番号 R-0915" in page
    assert "受領を確認しました。" in page
    seen = day_of(world)
    assert (seen.state, seen.signed_by, seen.placed_by, seen.confirmed_by) == (
        c.DayState.CONFIRMED,
        "SV01",
        "SV01",
        "SV01",
    )


def test_steps_out_of_order_are_refused_in_place(world: DeskWorld, supervisor: Supervisor) -> None:
    close(world)
    supervisor.post(f"{PAGE}/sign", status=409)
    assert "5のうち 1 が済み" in supervisor.last
    supervisor.post(f"{PAGE}/place", status=409)
    assert "署名を待っています" in supervisor.last
    supervisor.post(f"{PAGE}/confirm", {"receipt_no": "R-1"}, 409)
    assert day_of(world).state is c.DayState.CLOSED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "市の受領番号を入れてください"),
        ("　 ", "市の受領番号を入れてください"),
        ("R" * 61, "60文字まで"),
        ("R-1\nR-2", "改行や見えない文字"),
    ],
)
def test_a_receipt_number_is_one_short_line(
    world: DeskWorld, supervisor: Supervisor, typed: str, sentence: str
) -> None:
    deliver(world)
    supervisor.post(f"{PAGE}/confirm", {"receipt_no": typed}, 422)
    assert sentence in supervisor.last
    assert day_of(world).state is c.DayState.PLACED


@pytest.mark.clause("S4-13.1")
def test_the_pages_say_when_a_day_is_late(world: DeskWorld, supervisor: Supervisor) -> None:
    deliver(world)
    world.clock.set(DUE)
    assert "遅れ" not in supervisor.get("/daily")
    assert "09:30 まで" in supervisor.get(PAGE)
    world.clock.advance(timedelta(minutes=61))
    assert "期限を 1時間1分 過ぎています" in supervisor.get("/daily")
    page = supervisor.get(PAGE)
    assert "提出の期限を過ぎています。" in page
    assert "1時間1分" in page
    confirm(world)
    assert "1時間1分の遅れ" in supervisor.get("/daily")


def test_faults_of_a_pack_stand_on_the_page_of_the_day(
    world: DeskWorld, supervisor: Supervisor
) -> None:
    world.call("11")
    close(world)
    with world.store.work(SV) as work:
        late = CLOSING - timedelta(minutes=5)
        work.session.execute(update(CallRecord).values(started_at=late))
    supervisor.post(f"{PAGE}/build", status=409)
    assert "食い違いが 1か所あります" in supervisor.last
    assert "実施時間の外の発信がある" in supervisor.last
    assert day_of(world).state is c.DayState.CLOSED


def test_sums_that_disagree_warn_before_the_signature(
    world: DeskWorld, supervisor: Supervisor
) -> None:
    world.call("11")
    build(world)
    with world.store.work(SV) as work:
        work.session.execute(update(CallRecord).values(counts_dial=False))
    page = supervisor.get(PAGE)
    assert "すべて一致" not in page
    assert "記録とファイルが違います" in page
    assert "不一致があります。署名しないでください。" in page


@pytest.mark.parametrize("day", ["20220931", "abc", "2022-09-15", "99991231", "20220101"])
def test_a_day_that_owes_nothing_has_no_page(supervisor: Supervisor, day: str) -> None:
    supervisor.get(f"/daily/{day}", 404)


def test_a_home_without_campaigns_has_nothing_to_close(home: Services, app: Flask) -> None:
    enrol(home, "SV01", "CF01")
    page = Browser(app, home, "SV01").get("/daily")
    assert "締めていない日はありません" in page
    assert "締めた日はまだありません" in page
    assert "届いたファイルはありません" in Browser(app, home, "CF01").get("/delivered")


def test_days_nobody_closed_stay_on_the_list(world: DeskWorld, supervisor: Supervisor) -> None:
    world.clock.set(closing_of(date(2022, 9, 17)) - timedelta(hours=12))
    page = supervisor.get("/daily")
    for day in ("2022年9月15日（木）", "2022年9月16日（金）", "2022年9月17日（土）"):
        assert day in page
    assert page.count("締められます</span>") == 2


def test_closed_days_are_shown_page_by_page(world: DeskWorld, supervisor: Supervisor) -> None:
    first = date(2022, 9, 15)
    days = [first + timedelta(days=number) for number in range(33)]
    with world.store.work(SV) as work:
        for day in days:
            closed = closing_of(day)
            due = closed + timedelta(hours=12, minutes=45)
            work.session.add(
                DailyClose(
                    business_day=day,
                    state=c.DayState.SIGNED,
                    closed_at=closed,
                    closed_by="SV01",
                    due_at=due,
                    audit_size=1,
                    audit_note="x",
                    signed_at=closed,
                    signed_by="SV01",
                )
            )
    for path in ("/daily", "/delivered"):
        page = supervisor.get(path)
        assert f"{path}/{days[-1]:%Y%m%d}" in page
        assert f"{path}/{days[2]:%Y%m%d}" in page
        assert f"{path}/{days[1]:%Y%m%d}" not in page
        older = supervisor.get(f"{path}?until={days[1]:%Y%m%d}")
        assert f"{path}/{days[1]:%Y%m%d}" in older
        assert f"{path}/{days[0]:%Y%m%d}" in older
        assert f"{path}/{days[2]:%Y%m%d}" not in older.replace(f'href="{path}"', "")


@pytest.mark.clause("S4-13.1a")
def test_the_report_is_a_page_of_the_built_file(world: DeskWorld, supervisor: Supervisor) -> None:
    world.call("71", note=NOTE)
    world.call("11")
    build(world)
    before = told(world, Tag.DAILY_READ)
    page = supervisor.get(f"{PAGE}/report")
    assert told(world, Tag.DAILY_READ) == before + 1
    assert '<body class="printable"' in page
    assert "まだ署名していません。" in page
    for text in ("架電 2 件・折返し入電 0 件", "折返し電話なし", "表1 債権別", "特記事項"):
        assert text in page
    assert "A01　保育所等保育料" in page  # the widest table stands on its side
    assert day_of(world).files[-1].sha256 in page


@pytest.mark.clause("S4-12.1e")
def test_nobody_outside_sees_a_pack_before_the_signature(app: Flask, world: DeskWorld) -> None:
    build(world)
    officer = person(app, world, "CF01")
    assert "届いたファイルはありません" in officer.get("/delivered")
    officer.get("/delivered/20220915", 409)
    officer.get(f"{PAGE}/report", 409)
    officer.get(f"{PAGE}/files/{KEKKA}", 409)


def test_a_department_sees_and_takes_its_own_files(app: Flask, world: DeskWorld) -> None:
    deliver(world)
    officer = person(app, world, "CF01")
    page = officer.get("/delivered")
    assert KEKKA in page
    assert "受け取る" in page
    assert "手順へ戻る" not in officer.get(f"{PAGE}/report")
    answer = officer.client.get(f"{PAGE}/files/{KEKKA}")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == day_of(world).files[1].sha256
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{KEKKA}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/octet-stream"
    officer.get(f"{PAGE}/files/A01_202209_KEKKA_20220914_01.csv", 404)


def test_files_of_another_department_are_not_there(app: Flask, world: DeskWorld) -> None:
    deliver(world)
    with world.store.work(FOUNDER) as work:
        new = NewStaff(
            "CF02", "見本 所管二", Role.DEPARTMENT_OFFICER, ("A02",), MONTH, MONTH, MONTH
        )
        add_staff(work, new, REHEARSAL_PASSWORD)
    officer = person(app, world, "CF02")
    page = officer.get("/delivered")
    assert "KEKKA" not in page
    assert "NIPPO_20220915_01.csv" in page
    officer.get(f"{PAGE}/files/{KEKKA}", 403)


def test_clear_files_are_taken_in_rehearsal_homes_only(
    world: DeskWorld, supervisor: Supervisor
) -> None:
    deliver(world)
    world.store.is_rehearsal = False
    supervisor.get(f"{PAGE}/files/{KEKKA}", 403)
    assert "受け取る</a>" not in supervisor.get("/delivered")


def test_a_pack_without_keys_keeps_its_digests_on_the_page(
    world: DeskWorld, supervisor: Supervisor
) -> None:
    deliver(world)
    confirm(world)
    world.clock.advance(timedelta(days=8))
    c.destroy_old_packs(world.store, SV)
    page = supervisor.get(PAGE)
    assert "ファイルの中身は開けません" in page
    assert "鍵を抹消済み" in page
    assert day_of(world).files[0].sha256[:32] in page
    assert "鍵は抹消されています" in supervisor.get(f"{PAGE}/report", 404)


def test_no_callee_stands_on_any_of_the_pages(world: DeskWorld, supervisor: Supervisor) -> None:
    world.call("71", note=NOTE)
    deliver(world)
    pages = [supervisor.get(path) for path in ("/daily", PAGE, f"{PAGE}/report", "/delivered")]
    (taisho,) = [data for name, data in world.deliveries["A01"].files.items() if "TAISHO" in name]
    rows = [line.split(b'","') for line in taisho.split(b"\r\n")[1:] if line]
    for row in rows:
        for place in (1, 2, 3, 9):  # key, name, kana, number
            value = row[place].decode("cp932").strip('"')
            if value:
                assert not any(value in page for page in pages)
    assert not any(NOTE in page for page in pages)
