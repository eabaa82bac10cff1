"""What only a real browser shows: keys, expiry, locking, input methods, what a page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from dialer.api import AgentActivity, set_activity
from secure_store.clock import FixedClock
from tests.acceptance.centre import (
    ASKS_PERMIT,
    SHOWS_NUMBER,
    dial,
    save_and_next,
    somebody_answers,
    take_case,
)
from tests.browsers import DESK, WIDE, Visit, served, visit
from tests.integration.campaigns.desk_world import OP, DeskWorld, ready_world
from webui.rehearsal.persons import REHEARSAL_PASSWORD

if TYPE_CHECKING:
    from webui.services import Services

PAGES = (
    "/board",
    "/follow-ups",
    "/campaigns",
    "/campaigns/A01-202209",
    "/schedule?month=2022-09",
    "/imports",
    "/assignments",
    "/escalations",
    "/hours",
    "/outcomes",
    "/scripts",
    "/daily",
    "/erasure",
)


@dataclass
class Room:
    """A served home on a calling day, and who sits in it."""

    world: DeskWorld
    browser: Browser
    base: str

    def enters(self, code: str) -> Visit:
        return visit(self.browser, self.base, code, REHEARSAL_PASSWORD)


@pytest.fixture
def room(home: Services, clock: FixedClock, browser: Browser) -> Iterator[Room]:
    world = ready_world(home, clock)
    with served(home) as base:
        yield Room(world, browser, base)


def test_a_case_is_worked_with_the_keyboard_alone(room: Room) -> None:
    agent = room.enters("OP01")
    take_case(agent)
    dial(agent)
    agent.page.keyboard.type("11")
    save_and_next(agent)
    assert [record.outcome_code for record in room.world.records()] == ["11"]
    assert agent.complaints == []


def test_no_page_asks_for_anything_from_outside(room: Room) -> None:
    for code, paths in (("SV01", PAGES), ("OP01", ("/desk", "/callbacks"))):
        person = room.enters(code)
        for path in paths:
            person.go(path)
            person.page.wait_for_load_state("networkidle")
        assert [one for one in person.addresses if not one.startswith(room.base)] == []
        assert person.complaints == []


def test_a_refused_form_has_the_focus_on_its_first_wrong_field(room: Room) -> None:
    supervisor = room.enters("SV01")
    supervisor.go("/instructions/A01/new")
    supervisor.page.get_by_role("button", name="この版を入れる").click()
    expect(supervisor.page.get_by_label("使い始める日")).to_be_focused()


@pytest.mark.parametrize("size", [DESK, WIDE], ids=["1280", "1920"])
def test_no_page_scrolls_sideways(room: Room, size: dict[str, int]) -> None:
    supervisor = room.enters("SV01")
    supervisor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    wide = []
    for path in PAGES:
        supervisor.go(path)
        root = "document.documentElement"
        if supervisor.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            wide.append(path)
    assert wide == []


def test_the_number_leaves_the_page_when_its_permit_ends(room: Room) -> None:
    agent = room.enters("OP01")
    agent.page.clock.install()
    take_case(agent)
    agent.press("F2", SHOWS_NUMBER)
    secret = agent.page.locator("#permit [data-permit-secret]")
    shown = [text for text in secret.all_inner_texts() if sum(map(str.isdigit, text)) >= 10]
    assert shown
    room.world.clock.advance(timedelta(seconds=91))
    agent.page.clock.fast_forward(91_000)
    agent.page.locator('[data-ended="yes"]').wait_for()
    assert secret.count() == 0
    source = agent.page.content()
    assert not [text for text in shown if text.strip() in source]
    assert agent.page.locator("#permit-again").is_visible()


def test_a_forgotten_screen_loses_its_page_and_locks(room: Room) -> None:
    agent = room.enters("OP01")
    agent.page.clock.install()
    take_case(agent)
    named = [text for text in agent.page.locator("h1, h2").all_inner_texts() if "様" in text]
    assert named
    agent.page.clock.fast_forward(301_000)
    agent.page.get_by_label("パスワード").wait_for()
    agent.go("/desk")
    agent.page.get_by_label("パスワード").wait_for()
    assert agent.page.locator(ASKS_PERMIT).count() == 0
    source = agent.page.content()
    assert not [text for text in named if text in source]


@pytest.mark.parametrize("asks_for_help", [False, True])
def test_a_talk_keeps_its_screen_for_ten_minutes_and_its_end_for_five(
    room: Room, asks_for_help: bool
) -> None:
    agent = room.enters("OP01")
    agent.page.clock.install()
    take_case(agent)
    dial(agent)
    somebody_answers(agent)
    if asks_for_help:
        with room.world.store.work(OP) as work:
            set_activity(work, "OP01", AgentActivity.HELP_WANTED)
    room.world.clock.advance(timedelta(seconds=301))
    agent.page.clock.fast_forward(301_000)
    assert agent.page.locator("#desk").is_visible()
    agent.press("Alt+k", "#outcome-form")
    agent.page.get_by_role("button", name="通話を終えた").click()
    agent.page.get_by_role("button", name="通話を終えた").wait_for(state="detached")
    agent.page.clock.fast_forward(301_000)
    agent.page.get_by_label("パスワード").wait_for()


def test_a_page_the_server_has_locked_locks_at_the_next_touch(room: Room) -> None:
    agent = room.enters("OP01")
    agent.page.clock.install()
    take_case(agent)
    room.world.clock.advance(timedelta(seconds=301))
    agent.page.clock.fast_forward(61_000)
    agent.page.mouse.move(300, 300)
    agent.page.get_by_label("パスワード").wait_for()


def test_enter_of_an_input_method_takes_no_outcome(room: Room) -> None:
    agent = room.enters("OP01")
    take_case(agent)
    dial(agent)
    somebody_answers(agent)
    agent.press("Alt+k", "#outcome-form")
    box = agent.page.get_by_role("combobox").first
    box.focus()
    agent.page.keyboard.type("23")
    value = agent.page.locator("[data-combo-value]").first
    composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true})"
    box.evaluate(f"box => box.dispatchEvent({composing})")
    assert value.input_value() == ""
    agent.page.keyboard.press("Enter")
    expect(value).to_have_value("23")


def test_a_time_clicked_beside_an_illegal_one_is_the_time_that_counts(room: Room) -> None:
    agent = room.enters("OP01")
    agent.go("/desk")
    take_case(agent)
    dial(agent)
    somebody_answers(agent)
    agent.go("/desk?at=outcome")
    page = agent.page
    page.get_by_role("combobox").first.fill("31")
    page.keyboard.press("Enter")
    page.get_by_label("再架電の日").fill("土")
    page.get_by_label("再架電の時刻").fill("1730")
    expect(page.locator("#follow-up-picker")).to_contain_text("実施時間の外です")
    page.locator("#pick-2022-09-17T10-30").click(delay=150)
    expect(page.locator("#follow-up-picker")).to_contain_text("10:30 にかけられます")
    expect(page.get_by_label("再架電の時刻")).to_have_value("10:30")
