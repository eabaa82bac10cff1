"""Accounts on the screen: gates, locks, the staffing chart, rights by role."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from secure_store.access import Role
from secure_store.audit import log
from secure_store.clock import FixedClock
from secure_store.people.staff import AccountBar
from secure_store.people.staff_register import RegisterEntry, register_entry
from secure_store.people.throttle import LOCK_AT_FAILURES
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services
from webui.words import staff as words

NEW = {
    "code": "op31",
    "name": "見本 担当三十一",
    "role": "agent",
    "receivables": ["A01", "A03"],
    "pledge": "2022-06-01",
    "training": "２０２２年６月２日",
    "reported": "2022/6/3",
    "second_code": "sv01",
    "second_password": REHEARSAL_PASSWORD,
}
SECOND = {"second_code": "SV01", "second_password": REHEARSAL_PASSWORD}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    return make_app(home)


def entry(home: Services, code: str) -> RegisterEntry:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return register_entry(work, code)


def events(home: Services, tag: str) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return sum(f'"tag":"{tag}"'.encode() in line for line in log.read_lines(work))


def test_the_register_shows_roles_gates_and_states_in_words(app: Flask, home: Services) -> None:
    page = Browser(app, home, "AU01").get("/staff")
    for text in ("OP01", "オペレーター", "A01 ほか7債権", "2022年6月1日", "使える", "載っている"):
        assert text in page
    assert "利用者を追加する" not in page
    assert "利用者を追加する" in Browser(app, home, "AD01").get("/staff")


@pytest.mark.clause("S4-9.4-2")
def test_the_first_password_stands_on_one_page_and_must_be_changed(
    app: Flask, home: Services
) -> None:
    admin = Browser(app, home, "AD01")
    assert admin.get("/staff/new")
    admin.post("/staff/new", NEW, status=201)
    found = re.search(r'class="huge together">([^<]{20})<', admin.last)
    assert found
    made = entry(home, "OP31")
    assert (made.role, made.receivables, made.bar) == (Role.AGENT, ("A01", "A03"), None)
    assert made.must_change_password
    assert "はじめのまま" in admin.get("/staff/OP31")
    assert found[1] not in admin.last + admin.get("/staff")
    admin.post("/staff/new", NEW, status=422)
    assert "この利用者番号はすでにあります" in admin.last
    assert Browser(app, home).log_in("OP31", found[1]) == 302
    assert entry(home, "OP31").failed_logins == 0


def test_an_account_without_its_dates_cannot_be_used_until_they_are_entered(
    app: Flask, home: Services
) -> None:
    admin = Browser(app, home, "AD01")
    admin.post("/staff/new", {**NEW, "pledge": "", "training": "", "reported": ""}, status=201)
    assert "誓約書がない" in admin.last
    for field, bar in (
        ("pledge", AccountBar.NO_TRAINING),
        ("training", AccountBar.NOT_REPORTED),
        ("reported", None),
    ):
        known = entry(home, "OP31").dates
        days = {
            "pledge": str(known.pledge_on or ""),
            "training": str(known.training_on or ""),
            "reported": str(known.reported_on or ""),
        }
        admin.post("/staff/OP31/dates", {**days, field: "2022-09-01"})
        assert entry(home, "OP31").bar is bar
    assert events(home, "staff:pledge:recorded") == 1
    admin.post("/staff/OP31/dates", {"pledge": "2022-09-16"}, status=422)
    assert "まだ来ていない日です" in admin.last


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "管理"}, "英字2文字と数字で書きます"),
        ({"name": "  "}, "氏名がまだです"),
        ({"name": "長" * 61}, "60文字までです"),
        ({"role": "system"}, "役割を選んでください"),
        ({"receivables": []}, "担当する債権を1つ以上選んでください"),
        ({"receivables": ["Z99"]}, "担当する債権を1つ以上選んでください"),
        ({"pledge": "六月"}, "年月日で書いてください"),
    ],
)
def test_a_new_account_with_a_fault_is_not_made(
    app: Flask, home: Services, change: dict[str, object], sentence: str
) -> None:
    admin = Browser(app, home, "AD01")
    admin.post("/staff/new", {**NEW, **change}, status=422)
    assert sentence in admin.last
    assert "OP31" not in admin.get("/staff")


@pytest.mark.clause("S4-8.6g")
def test_a_wrong_password_is_refused_and_noted(app: Flask, home: Services) -> None:
    before = events(home, "auth:login_failed")
    browser = Browser(app, home)
    assert browser.log_in("SV01", "not-the-right-one") == 401
    assert events(home, "auth:login_failed") == before + 1
    assert browser.client.get("/staff").status_code == 302
    assert browser.log_in("SV01") == 302
    assert browser.client.get("/staff").status_code == 200


@pytest.mark.clause("S4-8.6g")
def test_an_agent_on_a_supervisors_page_is_refused_and_noted(app: Flask, home: Services) -> None:
    agent = Browser(app, home, "OP01")
    before = events(home, "auth:refused")
    pages = ("/staff", "/staff/SV01", "/escalations", "/scripts", "/outcomes", "/audit")
    for page in pages:
        agent.get(page, status=403)
    assert events(home, "auth:refused") == before + len(pages)


@pytest.mark.clause("S4-9.3")
def test_guessing_locks_the_account_until_a_supervisor_releases_it(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    guesser = Browser(app, home)
    for _guess in range(LOCK_AT_FAILURES):
        assert guesser.log_in("OP01", "not-the-right-one") == 401
        clock.advance(timedelta(minutes=16))
    assert guesser.log_in("OP01") == 401, "also with the right password"
    assert entry(home, "OP01").is_locked
    assert events(home, "auth:locked") == 1
    supervisor = Browser(app, home, "SV01")
    assert "ロックされた人がいます" in supervisor.get("/staff")
    assert "ロックを解く" in supervisor.get("/staff/OP01")
    supervisor.post("/staff/OP01/unlock")
    assert "ロックを解きました" in supervisor.get("/staff/OP01?done=unlocked")
    assert guesser.log_in("OP01") == 302


@pytest.mark.clause("S4-14.3")
def test_a_supervisor_taken_off_the_chart_has_no_page_any_more(app: Flask, home: Services) -> None:
    supervisor = Browser(app, home, "SV01")
    supervisor.get("/staff")
    admin = Browser(app, home, "AD01")
    admin.post("/staff/SV01/chart", {"on_chart": "0"})
    assert "人員配置図にない" in admin.get("/staff/SV01")
    assert supervisor.client.get("/staff").location == "/login"
    assert supervisor.client.get("/outcomes").location == "/login"
    supervisor._token = None
    answer = supervisor.client.post(
        "/staff/OP01/unlock", data={"csrf_token": supervisor.token("/login")}
    )
    assert answer.status_code == 403
    assert Browser(app, home).log_in("SV01") == 401
    admin.post("/staff/SV01/chart", {"on_chart": "1"})
    assert Browser(app, home).log_in("SV01") == 302


def test_a_person_switched_off_is_out_at_the_next_request(app: Flask, home: Services) -> None:
    agent, admin = Browser(app, home, "OP01"), Browser(app, home, "AD01")
    agent.get("/password")
    admin.post("/staff/OP01/disable")
    assert agent.client.get("/staff").location == "/login"
    admin.post("/staff/AD01/disable", status=409)
    assert "自分の利用者番号には行えません" in admin.last
    admin.post("/staff/OP01/change", {"act": "enable", **SECOND})
    assert entry(home, "OP01").bar is None


def test_receivables_are_replaced_and_the_change_is_noted(app: Flask, home: Services) -> None:
    admin = Browser(app, home, "AD01")
    admin.post("/staff/OP01/receivables", {"receivables": ["A02", "Z99"]})
    assert entry(home, "OP01").receivables == ("A02",)
    assert events(home, "staff:role_changed") == 1
    admin.get("/staff/NOBODY", status=404)
    admin.post("/staff/NOBODY/receivables", {}, status=404)


# role → what the screens of this file let it do
MATRIX = {
    "OP01": (403, 403, 403, 403),
    "CF01": (403, 403, 403, 403),
    "SV01": (200, 403, 403, 303),
    "AU01": (200, 403, 403, 403),
    "VF01": (403, 403, 403, 403),
    "AD01": (200, 200, 303, 303),
}


@pytest.mark.parametrize("code", sorted(MATRIX))
def test_each_role_sees_changes_and_unlocks_what_the_table_says(
    app: Flask, home: Services, code: str
) -> None:
    sees, adds, changes, unlocks = MATRIX[code]
    browser = Browser(app, home, code)
    browser.get("/staff", status=sees)
    browser.get("/staff/OP01", status=sees)
    browser.get("/staff/new", status=adds)
    browser.post("/staff/new", NEW, status=201 if adds == 200 else 403)
    for act in ("receivables", "chart", "disable"):
        browser.post(
            f"/staff/CF01/{act}" if code != "CF01" else f"/staff/OP01/{act}", status=changes
        )
    browser.post("/staff/OP01/dates", status=changes)
    browser.post("/staff/OP01/unlock", status=unlocks)


@pytest.mark.clause("S4-9.3")
def test_a_forged_change_of_an_account_is_refused(app: Flask, home: Services) -> None:
    admin = Browser(app, home, "AD01")
    before = entry(home, "OP01")
    for act in ("receivables", "dates", "change", "disable", "chart", "unlock"):
        assert admin.post_without_token(f"/staff/OP01/{act}").status_code == 400
    assert admin.post_without_token("/staff/new", NEW).status_code == 400
    assert entry(home, "OP01") == before


def test_every_bar_has_its_words() -> None:
    assert set(words.BAR_WORDS) == set(words.BAR_HELP) == set(AccountBar)
    assert set(words.PERSON_ROLES) == set(Role) - {Role.SYSTEM}
