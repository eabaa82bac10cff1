"""The outcome table screen: reading, importing with every fault named, downloading."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask

from campaigns import api as campaigns
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services
from webui.words import outcomes as words

FROM = date(2022, 4, 1)


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "AD01")
    return make_app(home)


@pytest.fixture
def table() -> bytes:
    return campaigns.write_outcome_table(campaigns.sample_table())


@pytest.fixture
def imported(app: Flask, home: Services, table: bytes) -> Browser:
    with home.store.work(SUPERVISOR) as work:
        campaigns.import_table(work, table, FROM)
    return Browser(app, home, "SV01")


def version_today(home: Services, day: date = date(2022, 9, 15)) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.table_on(work, day).version


def send(browser: Browser, document: bytes, day: str, status: int) -> str:
    file = (io.BytesIO(document), "table.csv")
    browser.post("/outcomes", {"table": file, "valid_from": day}, status=status)
    return browser.last


def test_a_home_without_a_table_says_what_to_do(app: Flask, home: Services) -> None:
    page = Browser(app, home, "SV01").get("/outcomes")
    assert "使える分類表がありません" in page


def test_the_table_in_force_is_read_in_words(imported: Browser) -> None:
    page = imported.get("/outcomes")
    assert "見本の分類表です" in page
    for row in campaigns.sample_table().rows:
        assert row.label_ja in page
    for text in ("所管課の回答を待つ", "約束の日を待つ", "納付の話ができた", "納付方法"):
        assert text in page
    assert 'aria-label="要対応"' in page


@pytest.mark.clause("S4-11.2e")
def test_the_citys_table_replaces_ours_from_its_day_on(
    imported: Browser, home: Services, table: bytes
) -> None:
    text = table.decode("utf-8-sig").replace("; sample=見本", "", 1)
    renamed = text.replace("不在（応答なし）", "不在（呼出のみ）")
    assert renamed != text
    send(imported, renamed.encode(), "2022-09-20", 303)
    assert (version_today(home), version_today(home, date(2022, 9, 20))) == (1, 2)
    assert "不在（呼出のみ）" not in imported.get("/outcomes")
    page = imported.get("/outcomes/2")
    assert "不在（呼出のみ）" in page
    assert "見本の分類表です" not in page


def test_a_faulty_file_changes_nothing_and_names_row_and_column(
    imported: Browser, home: Services, table: bytes
) -> None:
    lines = table.decode("utf-8-sig").splitlines()
    lines[2] = lines[2].replace("not_reached", "somewhere", 1)
    lines[3] = lines[3].replace("12,", "1x,", 1)
    page = send(imported, "\r\n".join(lines).encode(), "2022-09-20", 422)
    assert "1行目" in page
    assert "content" in page
    assert "決められた言葉・数ではありません" in page
    assert version_today(home, date(2022, 9, 20)) == 1
    lines[2] = lines[2].replace("somewhere", "not_reached", 1)
    page = send(imported, "\r\n".join(lines).encode(), "2022-09-20", 422)
    assert "2行目" in page
    assert "コードは数字2桁です" in page


@pytest.mark.parametrize(
    ("document", "day", "sentence"),
    [
        (b"", "2022-09-20", "ファイル（CSV）を選んでください"),
        (b"\xff\xfe", "2022-09-20", "UTF-8 の CSV にしてください"),
        (b"code,label_ja\r\n", "2022-09-20", "必要な内容がありません"),
        (None, "", "日付がまだです"),
        (None, "来週", "年月日で書いてください"),
        (None, "2022-02-30", "暦にない日です"),
        (None, "2022-03-31", "始まりより前の日は選べません"),
    ],
)
def test_what_cannot_be_imported_is_told_in_place(
    imported: Browser, home: Services, table: bytes, document: bytes | None, day: str, sentence: str
) -> None:
    page = send(imported, table if document is None else document, day, 422)
    assert sentence in page
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert len(campaigns.table_versions(work)) == 1


def test_the_download_is_the_file_an_import_takes_back(imported: Browser, table: bytes) -> None:
    answer = imported.client.get("/outcomes/1.csv")
    assert answer.data == table
    assert answer.headers["Content-Disposition"].startswith("attachment")
    imported.get("/outcomes/7", status=404)


def test_a_version_no_database_can_count_to_is_not_found(imported: Browser) -> None:
    for path in (f"/outcomes/{10**22}", f"/outcomes/{10**22}.csv", f"/outcomes/{2**31}"):
        assert imported.client.get(path).status_code == 404


def test_others_have_no_way_in(app: Flask, home: Services, imported: Browser) -> None:
    for code in ("OP01", "AD01"):
        browser = Browser(app, home, code)
        browser.get("/outcomes", status=403)
        browser.get("/outcomes/1.csv", status=403)
        browser.post("/outcomes", {"valid_from": "2022-09-20"}, status=403)


def test_every_word_of_the_closed_sets_has_a_sentence() -> None:
    assert set(words.EFFECT_WORDS) == set(campaigns.OutcomeEffect)
    assert set(words.FIELD_WORDS) == set(campaigns.RequiredField)
    assert set(words.CONTENT_WORDS) == set(campaigns.Content)
    assert set(words.TABLE_FAULTS) == set(campaigns.TableFaultKind)
    assert set(words.CONDITION_WORDS) == set(campaigns.MarkCondition)
    assert set(words.PERSON_WORDS) == set(campaigns.ContactPerson)
