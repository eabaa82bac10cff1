"""File fields speak Japanese, and a locked screen gives nothing back (T25, S4-8.6f)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from campaigns import api as c
from secure_store.clock import FixedClock
from tests.acceptance.centre import take_case
from tests.browsers import served, visit
from tests.integration.campaigns.desk_world import MONTH, SV, bare_world, ready_world
from webui.rehearsal.persons import REHEARSAL_PASSWORD

if TYPE_CHECKING:
    from webui.services import Services

FILES = [
    {"name": f"A01_202209_{kind}_20220913_01.csv", "mimeType": "text/csv", "buffer": b"x" * size}
    for kind, size in (("TAISHO", 300_000), ("MEISAI", 2_000_000))
]
AGENTS_PAGES = ("/desk", "/desk?at=outcome", "/callbacks", "/desk/results")


def test_a_file_field_says_in_japanese_what_is_chosen(
    home: Services, clock: FixedClock, browser: Browser
) -> None:
    world = bare_world(home, clock)
    plan = c.CampaignPlan("A01", MONTH, date(2022, 9, 15), date(2022, 9, 30), date(2022, 10, 7))
    with world.store.work(SV) as work:
        c.open_campaign(work, plan)
    with served(home) as base:
        boss = visit(browser, base, "SV01", REHEARSAL_PASSWORD)
        boss.go("/imports")
        field = boss.page.get_by_label("貸与データ")
        chosen = boss.page.locator("[data-upload-chosen]")
        expect(chosen).to_contain_text("選ばれていません")
        expect(boss.page.locator("[data-upload]").get_by_text("ファイルを選ぶ")).to_be_visible()
        field.set_input_files(FILES)
        expect(chosen).to_contain_text("2個：A01_202209_TAISHO_20220913_01.csv")
        expect(chosen).to_contain_text("2.2MB")
        box = boss.page.locator("[data-upload]")
        box.evaluate("box => box.dataset.uploadMost = 1000000")
        field.set_input_files(FILES)
        expect(chosen).to_contain_text("977KBまでにして")
        assert field.evaluate("field => field.files.length") == 0
        assert boss.complaints == []


@pytest.mark.clause("T25", "S4-8.6f")
def test_a_locked_screen_shows_nobody_after_going_back_or_loading_again(
    home: Services, clock: FixedClock, browser: Browser
) -> None:
    ready_world(home, clock)
    with served(home) as base:
        agent = visit(browser, base, "OP01", REHEARSAL_PASSWORD)
        page = agent.page
        page.clock.install()
        take_case(agent)
        named = [one.strip() for one in page.locator("h1, h2").all_inner_texts() if "様" in one]
        assert named
        page.clock.fast_forward(301_000)
        page.get_by_label("パスワード").wait_for()
        for move in (lambda: None, page.go_back, page.go_forward, page.reload):
            move()
            page.get_by_label("パスワード").wait_for()
            assert not [one for one in named if one in page.content()]
        answers = {
            path: page.evaluate("async path => (await fetch(path)).status", path)
            for path in AGENTS_PAGES
        }
        assert set(answers.values()) == {423}, answers
