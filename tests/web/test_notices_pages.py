"""引抜き・納付確認 on screen: checked, confirmed, seen by the agent on that very call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.cases.models import CallCase
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import CAMPAIGN, MONTH, SUPERVISOR, open_a01
from tests.web.desk_driver import Desk
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.sample_notices import SamplePayment, SampleWithdrawal, make_notice
from webui.services import Services

TODAY = date(2022, 9, 15)
AT = datetime(2022, 9, 15, 11, 0)


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01")
    open_a01(home)
    with home.store.work(SUPERVISOR) as work:
        for case in work.session.scalars(select(CallCase)):
            case.care_code = None
    return make_app(home)


@pytest.fixture
def desk(app: Flask, home: Services, clock: FixedClock) -> Desk:
    return Desk(app, home, clock)


@pytest.fixture
def supervisor(app: Flask, home: Services) -> Browser:
    return Browser(app, home, "SV01")


def send(browser: Browser, files: Mapping[str, bytes], status: int = 303) -> str:
    """Uploads a notice; the address, or the page, the answer leads to."""
    data = {"campaign": CAMPAIGN, "files": [(BytesIO(body), name) for name, body in files.items()]}
    answer = browser.post("/notices", data, status, multipart=True)
    return answer.location if status == 303 else answer.get_data(as_text=True)


def withdrawal(*keys: str) -> Mapping[str, bytes]:
    entries = [SampleWithdrawal(key=key, received_at=AT) for key in keys]
    return make_notice("A01", MONTH, entries, as_of=TODAY).files


def key(case: CallCase) -> str:
    return f"A01-{case.row_number:07d}"


def test_only_who_receives_data_sees_the_notices(app: Flask, home: Services) -> None:
    for code in ("OP01", "CF01", "AD01"):
        browser = Browser(app, home, code)
        for path in ("/notices", "/payments"):
            browser.get(path, 403)


def test_many_notices_are_told_page_by_page(
    supervisor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.views.notices.PAGE", 1)
    for number in ("A01-0000001", "A01-0000002"):
        send(supervisor, withdrawal(number))
    newest, before = (supervisor.get(f"/notices?from={first}") for first in (0, 1))
    assert "2件のうち 1–1" in newest
    assert "2件のうち 2–2" in before
    assert "2件のうち 2–2" in supervisor.get("/notices?from=5000")


def test_a_notice_is_counted_confirmed_and_applied_once(
    supervisor: Browser, home: Services
) -> None:
    place = send(supervisor, withdrawal("A01-0000001", "A01-0000002", "A01-0009999"))
    page = supervisor.get(place)
    assert "この架電期間にない整理番号が 1行あります" in page
    assert "A01-000" not in page
    assert "同じ連絡をすでに受け取っています" in send(
        supervisor, withdrawal("A01-0000001", "A01-0000002", "A01-0009999"), 409
    )
    supervisor.post(f"{place}/apply")
    assert "件の案件を終えました" in supervisor.get(place)
    supervisor.post(f"{place}/apply", {}, 409)
    assert "反映済み" in supervisor.get("/notices")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        ended = work.session.scalars(
            select(CallCase.row_number).where(
                CallCase.close_reason == campaigns.CloseReason.WITHDRAWN
            )
        )
        assert set(ended) <= {1, 2}


def test_a_faulty_notice_is_shown_by_its_places_and_a_checked_one_can_be_given_back(
    supervisor: Browser,
) -> None:
    files = withdrawal("A01-0000001", "A01-0000001")
    page = send(supervisor, files, 422)
    assert "同じ整理番号の行が2つあります" in page
    assert "A01-0000001" not in page
    place = send(supervisor, withdrawal("A01-0000003"))
    supervisor.post(f"{place}/give-back")
    supervisor.get(place, 404)
    assert send(supervisor, withdrawal("A01-0000003"))


@pytest.mark.clause("S4-11.3a-1")
def test_the_agent_on_that_call_is_told_and_the_debt_leaves_the_page(
    desk: Desk, supervisor: Browser
) -> None:
    desk.identify()
    _address, total = desk.secrets()
    assert total in desk.page()
    beat = {"handling": desk.handling()["handling"], "shown": ""}
    assert "HX-Refresh" not in desk.browser.post("/desk/news", beat, 204).headers
    place = send(supervisor, withdrawal(key(desk.case())))
    supervisor.post(f"{place}/apply")
    assert desk.browser.post("/desk/news", beat, 204).headers["HX-Refresh"] == "true"
    shown = {**beat, "shown": "1"}
    assert "HX-Refresh" not in desk.browser.post("/desk/news", shown, 204).headers
    page = desk.page()
    assert "引抜きの連絡が入りました" in page
    assert total not in page
    assert "本人確認を始める" not in page
    desk.send("identity")
    assert total not in desk.page()
    page = desk.send("to-outcome")
    assert "引抜きの連絡が入りました" in page
    assert total not in page
    assert 'data-value="57"' in page or ">57<" in page
    assert "納付約束（全額" not in page  # nobody promises anything about a case taken back
    desk.send("outcome", outcome="57", note="見本：内容を聞き、分かったとのこと。")
    assert [record.outcome_code for record in desk.records()] == ["57"]


def test_a_case_taken_back_before_dialling_offers_only_to_put_it_back(
    desk: Desk, supervisor: Browser
) -> None:
    desk.next()
    desk.send("permit")
    place = send(supervisor, withdrawal(key(desk.case())))
    supervisor.post(f"{place}/apply")
    page = desk.page()
    assert "かけずに戻す" in page
    assert "permit__number" not in page
    desk.send("put-back")
    assert not desk.is_in_hand()


@pytest.mark.clause("S4-11.3a-1")
def test_who_is_not_identified_does_not_hear_of_a_payment(desk: Desk, supervisor: Browser) -> None:
    desk.connect()
    paid = SamplePayment(key=key(desk.case()), paid_on=date(2022, 9, 14), yen=999_999_999)
    told = make_notice("A01", MONTH, [paid], as_of=TODAY)
    supervisor.post(f"{send(supervisor, told.files)}/apply")
    page = desk.page()
    assert "納付の確認が入りました" in page  # for the agent's eyes
    assert "本日の用件は済みました" in page
    assert "ご納付ありがとうございました" not in page


def test_a_payment_by_document_is_entered_on_the_case_and_counted_without_persons(
    supervisor: Browser, home: Services
) -> None:
    assert "納付確認のファイルは、まだ届いていません" in supervisor.get("/payments")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        case = work.session.scalars(select(CallCase).order_by(CallCase.row_number)).first()
    assert case is not None
    found = re.search(
        r'href="(/notices/cases/[^"]+)"', supervisor.get(f"/assignments/cases/{case.id}")
    )
    assert found
    supervisor.get(found[1])
    wrong = supervisor.post(f"{found[1]}/payment", {"paid_yen": "0", "paid_on": "2022-12-01"}, 422)
    text = wrong.get_data(as_text=True)
    for sentence in ("市の文書の番号を入れてください", "1円以上の金額", "実際に納付された日"):
        assert sentence in text
    typed = {"payment_no": "市財第7号", "paid_on": "2022-09-14", "paid_yen": "1,000"}
    supervisor.post(f"{found[1]}/payment", typed)
    supervisor.post(f"{found[1]}/payment", typed, 409)
    told = make_notice(
        "A01",
        MONTH,
        [SamplePayment(key="A01-0000002", paid_on=date(2022, 9, 14), yen=2_000)],
        as_of=TODAY,
    )
    place = send(supervisor, told.files)
    supervisor.post(f"{place}/apply")
    page = supervisor.get(f"/payments?campaign={CAMPAIGN}")
    assert "2022年9月15日（木）までの納付です" in page
    assert "5人未満のため出しません" in page  # two amounts would be told by their sum
    assert "3,000" not in page
    supervisor.post(f"{found[1]}/withdrawal", {"withdrawal_no": ""}, 422)
    supervisor.post(f"{found[1]}/withdrawal", {"withdrawal_no": "市財第8号"})
    supervisor.get("/payments?campaign=A01-209901", 404)
