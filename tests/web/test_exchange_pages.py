"""受渡し・媒体台帳・届け先・書出し・保管場所一覧 on screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread

import pyrage
import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.exchange.locking import age_locked, zip_locked
from secure_store.models import AuditEvent
from tests.web.calls_to_tickets import CAMPAIGN, MONTH, SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.import_jobs import ImportJobs
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services
from webui.views.imports import JOBS

ADMIN = Actor("AD01", Role.SYSTEM_ADMIN, rehearsal=True)
OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
PASSWORD = "見本のパスワード-2022"
AT = (2022, 9, 13, 10, 0, 0)
CITY = pyrage.x25519.Identity.generate()
BY_HAND = {
    "means": "hand",
    "place": "centre",
    "handed_by": "保育課長",
    "handed_on": "2022-09-15",
    "handed_time": "11:00",
}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "SV02", *OTHERS)
    app = make_app(home)
    app.extensions[JOBS] = ImportJobs(behind)
    return app


def behind(run: Callable[[], None]) -> None:
    """In a thread of its own, as intake runs; the answer waits for it here."""
    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    browser = Browser(app, home, "SV01")
    days = {"calls_from": "2022-09-15", "calls_until": "2022-09-28"}
    plan = {"receivable": "A01", "month": "2022-09", "callbacks_until": "2022-10-05", **days}
    browser.post("/campaigns", plan)
    return browser


def fresh(browser: Browser) -> Browser:
    """The password was given within five minutes."""
    browser.post("/reauthenticate", {"password": REHEARSAL_PASSWORD, "back": "/board"})
    browser._token = None
    return browser


def stale(browser: Browser, clock: FixedClock) -> Browser:
    """Six minutes of work after the password was given."""
    for _part in range(2):
        clock.advance(timedelta(minutes=3))
        browser.get("/password")
    return browser


def numbers(browser: Browser) -> str:
    """The part of the board that is asked for every ten seconds."""
    return browser.client.get("/board/numbers").get_data(as_text=True)


def lent(rows: int = 8) -> Mapping[str, bytes]:
    return make_delivery("A01", MONTH, rows, 7, with_unreachable=False).files


def send(browser: Browser, files: Mapping[str, bytes], status: int = 303, **fields: str) -> str:
    data = {
        "campaign": CAMPAIGN,
        "files": [(BytesIO(body), name) for name, body in files.items()],
        **fields,
    }
    return browser.post("/imports", data, status, multipart=True).location or ""


def told(home: Services, tag: Tag) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return work.session.query(AuditEvent).where(AuditEvent.tag == tag.value).count()


def in_zip(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {
        f"{number}.zip": zip_locked(name, data, PASSWORD, AT)
        for number, (name, data) in enumerate(files.items())
    }


@pytest.mark.clause("S4-8.7-1")
def test_a_locked_delivery_is_taken_in_with_its_password_and_nothing_clear_is_left(
    home: Services, browser: Browser
) -> None:
    files = in_zip(lent())
    assert "パスワードで保護されたファイルです" in page_of(browser, files)
    wrong = page_of(browser, files, password="a guess")
    assert "パスワードが違います。何も取り込んでいません" in wrong
    assert "a guess" not in wrong
    waiting = send(browser, files, password=PASSWORD)
    assert browser.client.get(waiting).status_code == 303
    with home.store.work(SUPERVISOR, readonly=True) as work:
        (delivery,) = campaigns.list_deliveries(work)
    assert (delivery.received, delivery.accepted) == (8, 8)
    values = [cell for data in lent().values() for cell in data.split(b",") if len(cell) > 12]
    for path in home.settings.home.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert PASSWORD.encode() not in held
            assert not [value for value in values[:40] if value in held], path.name


def page_of(browser: Browser, files: Mapping[str, bytes], **fields: str) -> str:
    send(browser, files, 422, **fields)
    return browser.last


@pytest.mark.clause("S3-B2-12")
def test_a_delivery_without_a_hand_over_is_unconfirmed_until_it_is_recorded(
    browser: Browser,
) -> None:
    report = browser.client.get(send(browser, lent())).location or ""
    assert ">未確認<" in browser.get("/imports")
    assert "未確認" in browser.get(report)
    address = re.search(r'href="(/exchange/lists/[^"]+)"', browser.last)
    assert address
    browser.get(address[1])
    browser.post(address[1], {**BY_HAND, "handed_by": "見本 花子"}, 422)
    assert "職の名前で入れてください" in browser.last
    receipt = browser.post(address[1], BY_HAND).location or ""
    paper = browser.get(receipt)
    for words in (
        "預り証",
        "保育課長",
        "担当者どうしの手渡し",
        "電話納付案内センター",
        "4ファイル",
    ):
        assert words in paper
    assert 'class="printable' in paper
    assert ">未確認<" not in browser.get("/imports")
    assert "預り証あり" in browser.get(report)


@pytest.mark.clause("S3-B2-12")
def test_where_the_contract_wants_it_nothing_is_published_without_a_receipt(
    home: Services, browser: Browser
) -> None:
    wanted = campaigns.shipped_profile("004").replace(
        "receipt_needed: false", "receipt_needed: true"
    )
    with home.store.work(ADMIN) as work:
        campaigns.enter_profile(work, wanted)
    report = browser.client.get(send(browser, lent())).location or ""
    browser.post(f"{report}/publish", status=409)
    assert "受渡しの記録がありません（未確認）" in browser.last
    browser.post(f"/exchange/lists/{report.rpartition('/')[2]}", BY_HAND)
    browser.post(f"{report}/publish")
    assert "公開済み" in browser.get(report)


@pytest.mark.clause("S3-B2-12", "S4-14.2b", "S4-8.7-2")
def test_a_delivery_by_medium_is_receipted_and_the_board_counts_until_it_is_wiped(
    app: Flask, home: Services, browser: Browser, clock: FixedClock
) -> None:
    browser.get("/media")
    browser.post("/media", {"serial": "USB-0001", "maker": "見本 U", "encrypted": "yes"})
    browser.post("/media/USB-0001/take")
    by_medium = {**BY_HAND, "means": "medium", "medium": "USB-0001", "told_rows": "8"}
    without = {**by_medium, "medium": ""}
    send(browser, lent(), 422, **without)
    assert "使った媒体を選びます" in browser.last
    send(browser, lent(), 422, **{**by_medium, "medium": "USB-9999"})
    waiting = send(browser, lent(), **by_medium)
    assert browser.client.get(waiting).status_code == 303
    log = browser.get("/exchange")
    assert "受入済み" in log
    assert "USB-0001" in log
    clock.advance(timedelta(minutes=60))
    browser = Browser(app, home, "SV01")
    assert "媒体のデータを、まだ消去していません" in browser.get("/board")
    assert "60分を過ぎても消去していません" in browser.get("/media")
    browser.post("/media/USB-0001/give-back", status=409)
    browser.post("/media/USB-0001/wiped", {"files": "4"}, 422)
    browser.post("/media/USB-0001/wiped", {"files": "4", "verified": "1"})
    assert "まだ消去していません" not in browser.get("/board")
    browser.post("/media/USB-0001/give-back")
    assert "施錠保管" in browser.get("/media")


@pytest.mark.clause("S4-8.5")
def test_what_lies_in_the_inbound_folder_is_registered_and_taken_in(
    home: Services, browser: Browser
) -> None:
    fresh(browser).post("/exchange/keys")
    key = re.search(r"age1[0-9a-z]{58}", browser.get("/exchange/recipients"))
    assert key
    folder = home.settings.exchange / "inbound" / "A01_20220913"
    folder.mkdir()
    for name, data in lent().items():
        (folder / f"{name}.age").write_bytes(age_locked(data, key[0]))
    assert "A01_20220913" in browser.get("/exchange")
    given = {"folder": "A01_20220913", "campaign": CAMPAIGN, **BY_HAND}
    browser.post("/exchange/inbound", {**given, "folder": "elsewhere"}, 422)
    receipt = browser.post("/exchange/inbound", given).location or ""
    assert "age（公開鍵）" in browser.get(receipt)
    altered = next(iter(folder.iterdir()))
    original = altered.read_bytes()
    altered.write_bytes(original[:-1])
    browser.post(f"{receipt}/take", status=422)
    assert "受信フォルダのファイルが変わっています" in browser.last
    altered.write_bytes(original)
    waiting = browser.post(f"{receipt}/take").location or ""
    assert browser.client.get(waiting).status_code == 303
    assert "受信フォルダは空です" in browser.get("/exchange")
    assert not folder.exists()
    assert "受入済み" in browser.last


@pytest.mark.clause("S4-8.7-2")
def test_a_registered_delivery_that_is_not_taken_in_is_an_alarm_on_the_board(
    app: Flask, home: Services, browser: Browser, clock: FixedClock
) -> None:
    folder = home.settings.exchange / "inbound" / "late"
    folder.mkdir()
    (folder / "A.zip").write_bytes(zip_locked("A.csv", b"1", PASSWORD, AT))
    given = {"folder": "late", "campaign": CAMPAIGN, **BY_HAND}
    receipt = browser.post("/exchange/inbound", given).location or ""
    assert "まだ取り込んでいません" not in numbers(browser)
    clock.advance(timedelta(minutes=30))
    browser = Browser(app, home, "SV01")
    assert "まだ取り込んでいません" in numbers(browser)
    browser.post(f"{receipt}/return")
    assert "まだ取り込んでいません" not in numbers(browser)


@pytest.mark.clause("S4-8.5")
def test_a_recipient_is_confirmed_by_another_person(
    app: Flask, home: Services, browser: Browser, clock: FixedClock
) -> None:
    entry = {
        "receivable": "contract",
        "form": "age",
        "public_key": str(CITY.to_public()),
        "document_no": "保第12号",
    }
    browser.post("/exchange/recipients", {**entry, "public_key": "age1abc"}, 422)
    assert "age の公開鍵として読めません" in browser.last
    browser.post("/exchange/recipients", entry)
    page = browser.get("/exchange/recipients")
    assert "別の人が確かめる" in page
    assert "confirm-" not in page
    officer = Browser(app, home, "CF01")
    address = re.search(
        r'action="(/exchange/recipients/[^"]+/confirm)"', officer.get("/exchange/recipients")
    )
    assert address
    asked = stale(officer, clock).post(address[1])
    assert "/reauthenticate" in (asked.location or "")
    fresh(officer).post(address[1])
    assert "使用中" in officer.get("/exchange/recipients")
    assert told(home, Tag.RECIPIENT_CONFIRMED) == 1


@pytest.mark.clause("S4-8.6-1", "S4-16.2")
def test_the_page_of_exports_asks_for_the_password_first_and_refuses_without_an_approval(
    browser: Browser, clock: FixedClock
) -> None:
    stale(browser, clock)
    assert "/reauthenticate" in (browser.client.get("/exports").location or "")
    page = fresh(browser).get("/exports")
    assert "いま使える市の承認がありません" in page
    approval = {
        "document_no": "保第30号",
        "signer": "保育課長",
        "purpose": "report",
        "place": "department",
        "receivable": "contract",
        "valid_from": "2022-09-15",
        "valid_until": "2022-09-30",
    }
    for field, value in (("purpose", "statistics"), ("place", "home"), ("signer", "見本花子")):
        browser.post("/exports/approvals", {**approval, field: value}, 422)
    browser.post("/exports/approvals", {**approval, "valid_until": "2022-09-14"}, 422)
    browser.post("/exports/approvals", approval)
    assert "保第30号" in browser.get("/exports")
    browser.post("/exports", {"approval": "x", "day": "2022-09-15"}, 422)


@pytest.mark.clause("S4-8.6e")
def test_the_inventory_names_every_sealed_column_and_is_printable(
    app: Flask, home: Services
) -> None:
    from secure_store.inventory import inventory

    for code in ("SV01", "AD01", "AU01", "VF01"):
        page = Browser(app, home, code).get("/inventory")
        assert [one.place for one in inventory().columns if one.place not in page] == []
        assert 'class="printable' in page
    assert told(home, Tag.INVENTORY_LOOKED_AT) == 4


@pytest.mark.clause("S4-8.10c")
def test_only_those_who_may_open_these_pages(app: Flask, home: Services, browser: Browser) -> None:
    table = {
        "/exchange": {"AD01", "AU01", "VF01"},
        "/media": {"AD01", "AU01", "VF01"},
        "/exchange/recipients": {"CF01"},
        "/exports": set(),
        "/inventory": {"AD01", "AU01", "VF01"},
    }
    for code in OTHERS:
        other = Browser(app, home, code)
        for path, allowed in table.items():
            other.get(path, 200 if code in allowed else 403)
        for path in ("/media", "/exchange/inbound", "/exports", "/exports/approvals"):
            other.post(path, status=403)
        other.post("/exchange/recipients", status=403)
        other.post("/exchange/keys", status=403)
    browser.get("/exchange")


def test_a_file_in_the_folder_is_never_named_after_a_person(
    home: Services, browser: Browser
) -> None:
    folder: Path = home.settings.exchange / "inbound" / "見本 花子"
    folder.mkdir()
    (folder / "花子.csv").write_bytes(b"1")
    assert "花子" not in browser.get("/exchange")
    assert "名前の使えないフォルダ" in browser.last
