"""Intake on screen: files in, counted, reported without values, published, receipted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from threading import enumerate as living_threads
from uuid import uuid4

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.errors import Conflict
from tests.fixtures_lent import draft
from tests.web.calls_to_tickets import CAMPAIGN, MONTH, SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.import_jobs import MOST_JOBS, ImportJobs
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services
from webui.views.imports import JOBS

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")


def at_once(run: Callable[[], None]) -> None:
    run()


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", *OTHERS)
    app = make_app(home)
    app.extensions[JOBS] = ImportJobs(at_once)
    return app


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    browser = Browser(app, home, "SV01")
    days = {"calls_from": "2022-09-15", "calls_until": "2022-09-28"}
    plan = {"receivable": "A01", "month": "2022-09", "callbacks_until": "2022-10-05", **days}
    browser.post("/campaigns", plan)
    return browser


def send(browser: Browser, files: Mapping[str, bytes], status: int = 303) -> str:
    """Uploads a delivery; the address the answer leads to."""
    data = {
        "campaign": CAMPAIGN,
        "files": [(BytesIO(body), name) for name, body in files.items()],
    }
    return browser.post("/imports", data, status, multipart=True).location or ""


def sound(rows: int = 12) -> Mapping[str, bytes]:
    return make_delivery("A01", MONTH, rows, 7, with_unreachable=True).files


def staged(browser: Browser, files: Mapping[str, bytes]) -> str:
    """Uploads a sound delivery; the address of its report."""
    waiting = send(browser, files)
    answer = browser.client.get(waiting)
    assert answer.status_code == 303
    return answer.location or ""


def deliveries(home: Services) -> list[campaigns.DeliveryView]:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.list_deliveries(work)


def test_only_a_supervisor_takes_data_in(app: Flask, home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    for code in OTHERS:
        other = Browser(app, home, code)
        for path in ("/imports", report, f"{report}/receipt", f"/imports/jobs/{uuid4()}"):
            other.get(path, 403)
        for act in ("publish", "discard"):
            other.post(f"{report}/{act}", status=403)
        other.post("/imports", {"campaign": CAMPAIGN}, 403, multipart=True)
    assert [one.state for one in deliveries(home)] == [campaigns.LentListState.STAGED]


@pytest.mark.clause("S4-5.2b")
def test_a_delivery_becomes_a_list_with_one_entry_per_lent_row(
    home: Services, browser: Browser
) -> None:
    report = staged(browser, sound(40))
    page = browser.get(report)
    assert "0　一致" in page
    assert "40件を公開する" in page
    excluded = browser.get(f"{report}?view=excluded")
    delivery = deliveries(home)[0]
    assert delivery.received == 40 == delivery.accepted + delivery.excluded
    assert delivery.excluded > 0
    for row in delivery.report["excluded_rows"]:
        assert f">{row['row']:,}<" in excluded
    browser.post(f"{report}/publish")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        lines = campaigns.case_page(work, CAMPAIGN, campaigns.CaseQuery()).lines
    assert [line.row_number for line in lines] == list(range(1, 41))
    assert sum(line.exclusion is not None for line in lines) == delivery.excluded
    assert f"架電リストに {delivery.accepted}件を加えました" in browser.get(report)


def test_rows_are_not_listed_before_they_are_published(home: Services, browser: Browser) -> None:
    staged(browser, sound())
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.campaign_numbers(work, CAMPAIGN).received == 0
    assert "公開したデータがまだありません" in browser.get(f"/campaigns/{CAMPAIGN}")


@pytest.mark.clause("S4-5.2b")
def test_a_refused_delivery_is_told_by_row_and_reason_and_never_by_value(
    home: Services, browser: Browser
) -> None:
    wrong = draft(6).set("TAISHO", 2, "生年月日", "20220230").set("TAISHO", 4, "賦課年度", "1999")
    names = [wrong.get("TAISHO", row, "債務者氏名") for row in (2, 4)]
    page = browser.get(send(browser, wrong.files()))
    assert "日付の形ではないか、ない日付です" in page
    assert "賦課年度が対象の年度ではありません" in page
    assert re.search(r">3</td>.*生年月日", page)
    assert not any(value in page for value in ["20220230", "1999", *names])
    assert deliveries(home) == []


def test_the_same_files_are_not_taken_twice(home: Services, browser: Browser) -> None:
    staged(browser, sound())
    page = browser.get(send(browser, sound()))
    assert "同じ貸与データをすでに受け取っています" in page
    assert len(deliveries(home)) == 1


def test_a_file_whose_name_is_no_name_is_spoken_of_by_its_place(browser: Browser) -> None:
    files = {"見本　花子.csv": b"a,b\r\n", **sound()}
    page = browser.get(send(browser, files))
    assert "ファイル名が取り決めの形ではありません" in page
    assert "花子" not in page


def test_files_that_cannot_be_a_delivery_are_refused_in_place(browser: Browser) -> None:
    table: tuple[tuple[list[tuple[bytes, str]], str], ...] = (
        ([], "ファイルを選んでください"),
        ([(b"", "a.csv")], "空のファイルがあります"),
        ([(b"a", "a.csv"), (b"b", "lent/a.csv")], "同じ名前のファイルが2つあります"),
    )
    for files, words in table:
        data = {"campaign": CAMPAIGN, "files": [(BytesIO(body), name) for body, name in files]}
        browser.post("/imports", data, 422, multipart=True)
        assert words in browser.last


def test_a_delivery_needs_a_campaign_that_still_runs(browser: Browser) -> None:
    data = {"campaign": "A02-202209", "files": [(BytesIO(b"a"), "a.csv")]}
    browser.post("/imports", data, 422, multipart=True)
    assert "一覧から選んでください" in browser.last


def test_files_longer_than_a_form_come_through(home: Services, browser: Browser) -> None:
    files = sound(600)
    assert max(len(body) for body in files.values()) > 3 * 64 * 1024 // 2
    staged(browser, files)
    assert deliveries(home)[0].received == 600


def test_a_form_that_is_no_file_stays_short(browser: Browser) -> None:
    answer = browser.client.post(
        "/campaigns", data={"csrf_token": browser.token(), "receivable": "A" * 70_000}
    )
    assert answer.status_code == 413


def test_a_delivery_that_was_given_back_can_come_again(home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    browser.post(f"{report}/discard")
    assert deliveries(home)[0].state is campaigns.LentListState.DISCARDED
    assert "差し戻しました" in browser.get(report)
    browser.post(f"{report}/publish", status=409)
    staged(browser, sound())


def test_what_is_published_cannot_be_given_back(home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    browser.post(f"{report}/publish")
    browser.post(f"{report}/discard", status=409)
    assert deliveries(home)[0].state is campaigns.LentListState.PUBLISHED


def test_publishing_again_changes_nothing(home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    browser.post(f"{report}/publish")
    first = deliveries(home)[0]
    browser.post(f"{report}/publish")
    assert deliveries(home)[0] == first
    assert "架電リストに 0件を加えました" in browser.get(report)


def test_the_receipt_names_number_files_and_whole_digests(home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    browser.get(f"{report}/receipt", 409)
    browser.post(f"{report}/publish")
    page = browser.get(f"{report}/receipt")
    delivery = deliveries(home)[0]
    assert delivery.receipt_no
    assert delivery.receipt_no in page
    assert len(delivery.report["files"]) == 4
    for file in delivery.report["files"]:
        assert file["name"] in page
        assert file["sha256"] in page
    assert 'class="printable"' in page


def test_the_intake_runs_behind_and_its_page_asks_how_far_it_is(
    app: Flask, browser: Browser, home: Services
) -> None:
    app.extensions[JOBS] = ImportJobs()
    waiting = send(browser, sound())
    for thread in living_threads():
        if thread.name == "intake":
            thread.join(60)
    answer = browser.client.get(f"{waiting}/progress").get_json()
    assert answer["finished"] is True
    assert answer["done"] == answer["total"] == 12
    assert answer["next"] == waiting


def test_a_delivery_on_its_way_shows_its_progress(app: Flask, browser: Browser) -> None:
    held: list[Callable[[], None]] = []
    app.extensions[JOBS] = ImportJobs(held.append)
    waiting = send(browser, sound())
    assert "検査しています" in browser.get(waiting)
    answer = browser.client.get(f"{waiting}/progress").get_json()
    assert answer == {"done": 0, "total": 0, "text": "検査しています", "finished": False}
    held[0]()
    assert browser.client.get(waiting).status_code == 303


def test_a_fault_of_the_program_ends_the_waiting(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("webui.import_jobs.stage_delivery", fails)
    page = browser.get(send(browser, sound()))
    assert "受け付けられませんでした" in page
    assert "no space" not in page


def test_a_job_of_another_process_is_not_found(browser: Browser) -> None:
    browser.get(f"/imports/jobs/{uuid4()}", 404)


def test_the_registry_keeps_only_the_newest(home: Services) -> None:
    jobs = ImportJobs(lambda _run: None)
    made = [jobs.begin(home.store, SUPERVISOR, CAMPAIGN, {}) for _ in range(MOST_JOBS + 1)]
    assert jobs.find(made[0].id) is None
    assert jobs.find(made[-1].id) == made[-1]


def test_an_unfinished_staging_is_never_published(home: Services, browser: Browser) -> None:
    report = staged(browser, sound())
    list_id = deliveries(home)[0].id
    browser.post(f"{report}/discard")
    with pytest.raises(Conflict), home.store.work(SUPERVISOR) as work:
        campaigns.publish(work, list_id)
