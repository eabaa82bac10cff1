"""A working day and the end of the contract, as its people live it: in Chromium, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from secure_store.clock import FixedClock
from tests.acceptance.centre import (
    Centre,
    choose_outcome,
    confirm,
    dial,
    jst,
    match_identity,
    open_campaign,
    save_and_next,
    share_out,
    somebody_answers,
    take_case,
    take_in,
)
from tests.acceptance.contract_end import (
    anybody_can_check_the_certificate,
    nobody_is_found_any_more,
    the_contract_is_erased,
)
from tests.browsers import Visit, served
from webui.rehearsal.setup import populate

if TYPE_CHECKING:
    from webui.services import Services


@pytest.fixture
def clock() -> FixedClock:
    """Two days before the first call: the day on which the city lends the data."""
    return FixedClock(jst(13, 10))


@pytest.fixture
def centre(home: Services, clock: FixedClock, browser: Browser, tmp_path: Path) -> Iterator[Centre]:
    populate(home)
    with served(home) as base:
        one = Centre(home, clock, browser, base, tmp_path / "lent")
        yield one
        for each in one.visits:
            each.page.context.close()


def the_list_is_lent_and_shared(centre: Centre) -> None:
    """Two days before: campaign, delivery, publication, assignment."""
    centre.lend()
    supervisor = centre.enters("SV01")
    open_campaign(supervisor)
    take_in(supervisor, centre.lent)
    assert "差" in supervisor.text()
    assert "一致" in supervisor.text()
    confirm(supervisor, "24件を公開する")
    share_out(supervisor, ("OP01", "OP02"))
    # The same files again change nothing.
    supervisor.go("/imports")
    page = supervisor.page
    page.get_by_label("架電期間").select_option("A01-202209")
    page.locator("input[type=file]").set_input_files(
        sorted(str(one) for one in centre.lent.iterdir())
    )
    page.get_by_role("button", name="受け取って検査する").click()
    page.get_by_text("同じ貸与データをすでに受け取っています").first.wait_for()


def nobody_calls_too_early(centre: Centre) -> tuple[Visit, Visit, Visit]:
    """11:29:59 is not 11:30:00, and without a supervisor on duty nothing is served."""
    centre.clock.set(jst(15, 11, 29, 59))
    first, second = centre.enters("OP01"), centre.enters("OP02")
    first.page.keyboard.press("F2")
    expect(first.page.locator("body")).not_to_contain_text("様")
    centre.clock.set(jst(15, 11, 30))
    first.go("/desk")
    first.page.keyboard.press("F2")
    expect(first.page.locator("body")).to_contain_text("業務管理者がいません")
    supervisor = centre.enters("SV01")
    supervisor.page.get_by_role("button", name="業務を開始する").click()
    supervisor.page.wait_for_load_state("networkidle")
    return first, second, supervisor


def the_first_agent_works(centre: Centre, agent: Visit) -> str:
    """不在, a promise, a question for the department: by keyboard. Gives a number that rang out."""
    take_case(agent)
    absent = centre.row_in_hand(agent)
    dial(agent)
    agent.page.keyboard.type("11")
    save_and_next(agent)

    person = centre.row_in_hand(agent)
    assert person["整理番号"] != absent["整理番号"]
    nothing_is_sent_before_its_stage(agent, person)
    dial(agent)
    somebody_answers(agent)
    nothing_is_sent_before_its_stage(agent, person)
    match_identity(agent)
    assert f"{int(person['未納額合計']):,}円" in agent.text()
    centre.clock.advance(jst(15, 11, 32) - jst(15, 11, 30))
    choose_outcome(agent, "51")
    agent.page.get_by_label("約束日").fill("来週金")
    agent.page.get_by_label("約束日").blur()
    agent.page.get_by_text("2022年9月23日（金）").first.wait_for()
    save_and_next(agent)

    asked = centre.row_in_hand(agent)
    dial(agent)
    somebody_answers(agent)
    match_identity(agent)
    choose_outcome(agent, "63")
    agent.page.get_by_label("対話の要旨").fill("七月分の内訳を知りたいとのこと。郵送を希望。")
    save_and_next(agent)
    assert asked["整理番号"] not in agent.text()
    return absent["電話番号1"] or absent["電話番号2"]


def nothing_is_sent_before_its_stage(agent: Visit, person: dict[str, str]) -> None:
    """What may not be seen was never sent: the page's source holds no address and no amount."""
    source = agent.page.content()
    assert person["住所"] not in source
    assert person["生年月日"] == "" or person["生年月日"] not in source
    assert f"{int(person['未納額合計']):,}" not in source


def the_second_agent_works(centre: Centre, agent: Visit) -> None:
    """A wrong number and a relative who says when the person is in."""
    take_case(agent)
    dial(agent)
    somebody_answers(agent)
    choose_outcome(agent, "23")
    agent.page.get_by_label("対話の要旨").fill("その名前の人はいないとのこと。")
    save_and_next(agent)
    dial(agent)
    somebody_answers(agent)
    choose_outcome(agent, "31")
    agree_on(agent, "今日", "19:00")
    save_and_next(agent)
    put_back(agent)


def somebody_rings_back(centre: Centre, agent: Visit, number: str) -> None:
    """Found by number in one receivable; identity fails, so we owe a call to the lent number."""
    page = agent.page
    put_back(agent)
    agent.go("/callbacks")
    page.get_by_label("債権").select_option("A01")
    page.get_by_label("かけてきた番号").fill(number)
    page.get_by_role("button", name="探す").click()
    page.get_by_role("button", name="この方に応対する").first.click()
    page.get_by_text("折返し").first.wait_for()
    person = centre.row_in_hand(agent)
    nothing_is_sent_before_its_stage(agent, person)
    choose_outcome(agent, "82")
    agree_on(agent, "今日", "19:30")
    save_and_next(agent)
    put_back(agent)
    assert number not in "".join(agent.addresses)


def put_back(agent: Visit) -> None:
    """Before a break: the case in hand goes back undialled."""
    agent.page.get_by_role("button", name="かけずに戻す").click()
    agent.page.get_by_role("button", name="次の案件へ").wait_for()


def agree_on(agent: Visit, day: str, time: str) -> None:
    """The day and time the person names; the page says at once that it may be agreed."""
    page = agent.page
    page.get_by_label("再架電の日").fill(day)
    page.get_by_label("再架電の時刻").fill(time)
    expect(page.locator("#follow-up-picker")).to_contain_text(f"{time} にかけられます")


def the_agreed_call_is_made(centre: Centre) -> None:
    """At seven in the evening the call we owe comes before everything else."""
    centre.clock.set(jst(15, 19))
    agent = centre.enters("OP02")
    take_case(agent)
    person = centre.row_in_hand(agent)
    dial(agent)
    somebody_answers(agent)
    match_identity(agent)
    assert f"{int(person['未納額合計']):,}円" in agent.text()
    choose_outcome(agent, "57")
    save_and_next(agent)
    put_back(agent)


def the_department_answers(centre: Centre) -> None:
    """A marked call becomes a ticket: acknowledged, told, answered, closed; no step is skipped."""
    supervisor, officer = centre.enters("SV01"), centre.enters("CF01")
    supervisor.go("/escalations")
    page = supervisor.page
    page.locator('a[href^="/escalations/"]').first.click()
    page.get_by_role("button", name="確認済みにする").click()
    page.get_by_label("連絡した相手").fill("保育料係 係長")
    page.get_by_role("button", name="所管課へ連絡したことを記録する").click()
    page.get_by_text("経過").first.wait_for()
    path = page.url.removeprefix(centre.base)
    officer.go(path)
    answer = officer.page
    assert "様" not in officer.text()
    answer.get_by_label("対応の結果").select_option(index=2)
    answer.get_by_text("再開してよい", exact=True).click()
    answer.get_by_role("button", name="回答する").click()
    answer.get_by_text("回答を受け付けました").wait_for()
    supervisor.go(path)
    page.get_by_role("button", name="引継ぎを終える").click()
    page.wait_for_load_state("networkidle")


def the_day_is_closed_and_delivered(centre: Centre) -> None:
    """A quarter of an hour after the window: close, build, sign, place, confirm; late is told."""
    centre.clock.set(jst(15, 20, 44))
    supervisor = centre.enters("SV01")
    supervisor.go("/daily/20220915")
    page = supervisor.page
    expect(page.locator("main")).to_contain_text("20:45")
    centre.clock.set(jst(15, 20, 45))
    supervisor.go("/daily/20220915")
    confirm(supervisor, "締める")
    page.get_by_role("button", name="作る").click()
    page.get_by_role("button", name="署名する").first.wait_for()
    expect(page.locator("main")).to_contain_text("一致")
    confirm(supervisor, "署名する")
    page.get_by_role("button", name="置く").click()
    page.get_by_label("市の受領番号").fill("R-2022-0915")
    page.get_by_role("button", name="受領を確認した").click()
    expect(page.locator("main")).to_contain_text("受領番号 R-2022-0915")


def the_department_reads_its_files(centre: Centre) -> None:
    """Every lent row comes back byte for byte in the lent order; ★ and ☆ of the day are the list."""
    officer = centre.enters("CF01")
    officer.go("/delivered/20220915")
    results = download(officer, "KEKKA")
    lent_path, _rows = centre.taisho()
    lent = lent_path.read_bytes().split(b"\r\n")
    built = results.split(b"\r\n")
    assert len(built) == len(lent)
    assert all(ours.startswith(theirs) for ours, theirs in zip(built, lent, strict=True))
    rows = list(csv.DictReader(io.StringIO(results.decode("cp932"))))
    marked = [row for row in rows if row["当日区分"] == "1" and row["印"]]
    escalated = list(csv.DictReader(io.StringIO(download(officer, "ESC").decode("cp932"))))
    assert [row["整理番号"] for row in escalated] == [row["整理番号"] for row in marked]
    assert sorted(row["結果コード"] for row in rows if row["当日区分"] == "1") != []
    calls = list(csv.DictReader(io.StringIO(download(officer, "MEISAI_CALL").decode("cp932"))))
    assert sorted(row["結果コード"] for row in calls) == ["11", "23", "31", "51", "57", "63", "82"]


def download(visitor: Visit, kind: str) -> bytes:
    """One file of the page as the browser gets it."""
    link = visitor.page.locator(f'a[href*="_{kind}_"]').first
    with visitor.page.expect_download() as started:
        link.click()
    return Path(started.value.path()).read_bytes()


@pytest.mark.both_databases
def test_a_working_day_and_the_end_of_the_contract(centre: Centre, tmp_path: Path) -> None:
    the_list_is_lent_and_shared(centre)
    first, second, supervisor = nobody_calls_too_early(centre)
    number = the_first_agent_works(centre, first)
    the_second_agent_works(centre, second)
    somebody_rings_back(centre, first, number)
    the_agreed_call_is_made(centre)
    the_department_answers(centre)
    the_day_is_closed_and_delivered(centre)
    the_department_reads_its_files(centre)
    address = the_contract_is_erased(centre)
    anybody_can_check_the_certificate(centre, address, tmp_path)
    nobody_is_found_any_more(centre)
