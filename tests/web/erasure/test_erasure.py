"""The pages of an erasure: three persons, three signs, and the certificate (S4-14.10)."""

from __future__ import annotations

import html
import json
import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as c
from campaigns.cases.models import CallCase
from secure_store.erasure.printed import printed_text
from secure_store.erasure.reading import read_certificate
from secure_store.erasure.states import ErasureState
from secure_store.models import StaffMember
from secure_store.orders import holds
from secure_store.verifier.certificate_check import check
from tests.integration.campaigns.desk_world import (
    SV,
    DeskWorld,
)
from tests.web.erasing import (
    certified,
    number_of,
    plan,
    state_of,
    up_to_destruction,
)
from tests.web.pages import Browser
from webui.rehearsal.persons import REHEARSAL_PASSWORD


def text_of(page: str) -> str:
    """What a person reads."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.clause("S4-14.10", "S4-16.1-2")
def test_three_persons_take_an_erasure_to_its_certificate(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page, signs = up_to_destruction(supervisor)
    shown = supervisor.get(page)
    assert "元に戻せません" in shown
    count = re.search(r"(\d+)個の鍵を抹消する", shown)
    assert count
    supervisor.post(f"{page}/destroy", signs)
    assert f"{count[1]}個を抹消" in supervisor.get(page)
    supervisor.post(f"{page}/purge")
    supervisor.post(f"{page}/copies")
    assert state_of(world, page) is ErasureState.COPIES_DESTROYED
    verifier = Browser(app, world.services, "VF01")
    assert "検証する" in verifier.get(page)
    verifier.post(f"{page}/verify")
    supervisor.post(f"{page}/certify")
    assert "残り 0　すべて消えました" in supervisor.get(page)
    for code in ("AD01", "AU01", "VF01", "CF01"):
        assert "証明書は真正であり" in Browser(app, world.services, code).get(f"{page}/certificate")
    supervisor.post(f"{page}/accept")
    assert state_of(world, page) is ErasureState.ACCEPTED
    assert "受領済み" in supervisor.get("/erasure")


@pytest.mark.clause("S4-14.10")
def test_the_file_and_the_key_of_the_page_convince_anybody(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page = certified(app, world, supervisor)
    file = supervisor.client.get(f"{page}/certificate.json")
    key = supervisor.client.get("/erasure/public-key.pem")
    name = f"{number_of(supervisor, page)}.json"
    assert file.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert key.data.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert check(file.data, key.data).error_code is None
    changed = file.data.replace(b'"before":5', b'"before":4', 1)
    assert changed != file.data
    assert check(changed, key.data).error_code is not None
    assert json.loads(file.data)["certificate"]["head"]["scope"].endswith("A01-202209 の全部")


def test_the_paper_says_every_line_of_the_file(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page = certified(app, world, supervisor)
    file = supervisor.client.get(f"{page}/certificate.json").data
    certificate = read_certificate(file)
    shown = text_of(supervisor.get(f"{page}/certificate"))
    lines = printed_text(certificate).split("\n")[2:]
    assert len(lines) > 40
    assert [line for line in lines if line.strip("　") not in shown] == []
    assert '<body class="printable"' in supervisor.last
    # What was read back from the file would be signed with the same bytes.
    with world.store.work(SV, readonly=True) as work:
        assert c.certificate_file(work, UUID(page.rpartition("/")[2])) == file


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "E-20230602-002"}, "抹消番号が違います"),
        ({"number": ""}, "抹消番号が違います"),
        ({"code": ""}, "システム管理者の利用者番号を入れてください"),
        ({"password": ""}, "パスワードを入れてください"),
        ({"password": "kunren-2022-mihom"}, "利用者番号かパスワードが違います"),
        ({"code": "AD99"}, "利用者番号かパスワードが違います"),
        ({"code": "SV01"}, "あなたとは別の"),
    ],
)
def test_keys_stand_while_one_of_the_three_signs_is_wrong(
    world: DeskWorld, supervisor: Browser, wrong: dict[str, str], sentence: str
) -> None:
    page, signs = up_to_destruction(supervisor)
    supervisor.post(f"{page}/destroy", signs | wrong, 422)
    assert sentence in supervisor.last
    assert REHEARSAL_PASSWORD not in supervisor.last
    assert state_of(world, page) is ErasureState.SCANNED_BEFORE
    supervisor.post(f"{page}/destroy", signs)


@pytest.mark.parametrize("code", ["OP01", "VF01"])
def test_the_second_person_has_to_be_an_administrator(
    world: DeskWorld, supervisor: Browser, code: str
) -> None:
    page, signs = up_to_destruction(supervisor)
    supervisor.post(f"{page}/destroy", signs | {"code": code}, 422)
    assert "業務管理者とシステム管理者の二人で行います。" in supervisor.last
    assert state_of(world, page) is ErasureState.SCANNED_BEFORE


def test_an_administrator_alone_destroys_nothing(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page, signs = up_to_destruction(supervisor)
    administrator = Browser(app, world.services, "AD01")
    assert "業務管理者の画面で行います" in administrator.get(page)
    administrator.post(f"{page}/destroy", signs, 422)
    administrator.post(f"{page}/destroy", signs | {"code": "SV01"}, 422)
    assert state_of(world, page) is ErasureState.SCANNED_BEFORE


@pytest.mark.clause("S4-9.3")
def test_guessing_the_second_password_is_slowed_as_at_the_login(
    world: DeskWorld, supervisor: Browser
) -> None:
    page, signs = up_to_destruction(supervisor)
    wrong = signs | {"password": "wrong-wrong-wrong"}
    for _try in range(5):
        supervisor.post(f"{page}/destroy", wrong, 422)
    supervisor.post(f"{page}/destroy", signs, 422)
    assert "少し待ってから" in supervisor.last
    with world.store.work(SV, readonly=True) as work:
        assert work.session.get_one(StaffMember, "AD01").failed_logins == 5


def test_the_third_person_is_neither_of_the_two(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page, signs = up_to_destruction(supervisor)
    for step in ("destroy", "purge", "copies"):
        supervisor.post(f"{page}/{step}", signs if step == "destroy" else {})
    supervisor.post(f"{page}/verify", status=403)
    Browser(app, world.services, "AD01").post(f"{page}/verify", status=403)
    assert state_of(world, page) is ErasureState.COPIES_DESTROYED


@pytest.mark.clause("S4-14.11a")
def test_evidence_that_is_held_stops_the_freeze_with_its_number(
    world: DeskWorld, supervisor: Browser
) -> None:
    page = plan(supervisor)
    with world.store.work(SV) as work:
        hold_id = holds.place(work, "A01", "市文第12号")
    shown = supervisor.get(page)
    assert "証拠保全のため止まっています" in shown
    supervisor.post(f"{page}/freeze", status=409)
    assert "市文第12号" in supervisor.last
    with world.store.work(SV) as work:
        holds.lift(work, hold_id)
    supervisor.post(f"{page}/freeze")
    assert state_of(world, page) is ErasureState.FROZEN


def test_a_case_in_hand_stops_the_freeze(world: DeskWorld, supervisor: Browser) -> None:
    page = plan(supervisor)
    world.at("2022-09-15T11:40")
    world.served()
    supervisor.post(f"{page}/freeze", status=409)
    assert "担当者の手元に案件があります" in supervisor.last
    assert "上の赤い条件が済むまで、凍結できません" in supervisor.last


def test_papers_of_the_city_stand_beside_their_conditions(
    world: DeskWorld, supervisor: Browser
) -> None:
    page = plan(supervisor)
    letter = {"document_no": "第118号", "consented_on": "2023-06-02", "post": "見本課長"}
    supervisor.post(f"{page}/consent", letter | {"document_no": ""}, 422)
    assert "文書の番号を入れてください" in supervisor.last
    supervisor.post(f"{page}/consent", letter | {"consented_on": "6月2日"}, 422)
    assert "日付として読めません" in supervisor.last
    supervisor.post(f"{page}/consent", letter | {"consented_on": "2023-06-01"}, 422)
    assert "申請した日より前の日です" in supervisor.last
    supervisor.post(f"{page}/consent", letter | {"consented_on": "2023-06-03"}, 422)
    assert "まだ来ていない日です" in supervisor.last
    supervisor.post(f"{page}/consent", letter)
    supervisor.post(f"{page}/condition", {"gate": "line_off", "condition_no": "x"}, 422)
    supervisor.post(f"{page}/condition", {"gate": "return_done", "condition_no": "返第3号"})
    supervisor.post(f"{page}/freeze")
    supervisor.post(f"{page}/scan")
    shown = supervisor.get(page)
    assert "第118号　受領済み" in shown
    assert "返第3号　済み" in shown


def test_what_the_contract_does_not_wait_for_is_noted(supervisor: Browser) -> None:
    page, _signs = up_to_destruction(supervisor)
    shown = supervisor.get(page)
    assert "まだ受け取っていません" in shown
    assert "満たさなくても進めます" in shown
    assert 'data-met="no"' not in shown


@pytest.mark.clause("S4-16.1-2")
def test_one_case_is_erased_and_gets_a_record_of_deletion(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    with world.store.work(SV, readonly=True) as work:
        case_id = work.session.scalars(select(CallCase.id).order_by(CallCase.row_number)).first()
    page = plan(supervisor, {"kind": "case", "case_id": str(case_id)})
    for step in ("freeze", "scan"):
        supervisor.post(f"{page}/{step}")
    signs = {"number": number_of(supervisor, page), "code": "ad01", "password": REHEARSAL_PASSWORD}
    supervisor.post(f"{page}/destroy", signs)
    for step in ("purge", "copies"):
        supervisor.post(f"{page}/{step}")
    Browser(app, world.services, "VF01").post(f"{page}/verify")
    supervisor.post(f"{page}/certify")
    assert "<h2>消去記録</h2>" in supervisor.get(f"{page}/certificate")


def test_there_is_no_certificate_before_it_is_signed(supervisor: Browser) -> None:
    page, _signs = up_to_destruction(supervisor)
    supervisor.get(f"{page}/certificate", 404)
    assert supervisor.client.get(f"{page}/certificate.json").status_code == 404
    supervisor.post(f"{page}/certify", status=409)
    supervisor.post(f"{page}/purge", status=409)
    supervisor.post(f"{page}/accept", status=409)
    assert "順に進めます" in supervisor.last
