"""The centre of an acceptance day: its people, its lent files, and what each does at the screen."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Locator

from dialer.calendar.holidays import TOKYO
from secure_store.clock import FixedClock
from tests.browsers import Visit, visit
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.rehearsal.sample_delivery import make_delivery

if TYPE_CHECKING:
    from webui.services import Services

CAMPAIGN = "A01-202209"
ROWS, SEED = 24, 11


def jst(
    day: int, hour: int, minute: int = 0, second: int = 0, *, month: int = 9, year: int = 2022
) -> datetime:
    """An instant in Japan; of September 2022 unless told otherwise."""
    return datetime(year, month, day, hour, minute, second, tzinfo=TOKYO)


@dataclass
class Centre:
    """Everything an acceptance day needs at hand."""

    services: Services
    clock: FixedClock
    browser: Browser
    base: str
    lent: Path
    visits: list[Visit] = field(default_factory=list)

    def enters(self, code: str) -> Visit:
        """A person logs in."""
        one = visit(self.browser, self.base, code, REHEARSAL_PASSWORD)
        self.visits.append(one)
        return one

    def lend(self) -> None:
        """The city's files lie on the supervisor's terminal."""
        self.lent.mkdir()
        make_delivery("A01", date(2022, 9, 1), ROWS, SEED).write_to(self.lent)

    def taisho(self) -> tuple[Path, list[dict[str, str]]]:
        """The lent TAISHO file and its rows as text."""
        path = next(self.lent.glob("*_TAISHO_*.csv"))
        text = path.read_bytes().decode("cp932")
        return path, list(csv.DictReader(io.StringIO(text)))

    def row_in_hand(self, agent: Visit) -> dict[str, str]:
        """The lent row of the case on the agent's screen: its number stands above the name."""
        number = re.search(rf"{CAMPAIGN}\s*(\d+)行", agent.text())
        assert number is not None, "the desk names the row of the case in hand"
        row = self.taisho()[1][int(number[1]) - 1]
        assert row["債務者氏名カナ"] in agent.page.content()
        return row


def confirm(visitor: Visit, name: str) -> None:
    """Presses a button, then the same words in the dialog that asks back."""
    page = visitor.page
    page.get_by_role("button", name=name).first.click()
    page.locator("dialog[open]").get_by_role("button", name=name).click()
    page.wait_for_load_state("networkidle")


def field_of(visitor: Visit, label: str) -> Locator:
    return visitor.page.get_by_label(label)


def open_campaign(supervisor: Visit) -> None:
    """架電期間を開く"""
    supervisor.go("/campaigns")
    page = supervisor.page
    page.get_by_label("債権").select_option("A01")
    page.get_by_label("実施月").select_option(label="2022年9月")
    page.get_by_label("架電を始める日").fill("2022-09-15")
    page.get_by_label("架電を終える日").fill("2022-09-28")
    page.get_by_label("折返しの終わり").fill("2022-10-05")
    page.get_by_role("button", name="架電期間を開く").click()
    page.wait_for_url(f"**/campaigns/{CAMPAIGN}")


def take_in(supervisor: Visit, folder: Path) -> None:
    """データ受入: upload, wait for the check, publish."""
    supervisor.go("/imports")
    page = supervisor.page
    page.get_by_label("架電期間").select_option(CAMPAIGN)
    page.locator("input[type=file]").set_input_files(sorted(str(one) for one in folder.iterdir()))
    page.get_by_role("button", name="受け取って検査する").click()
    page.get_by_role("button", name=f"{ROWS}件を公開する").first.wait_for()


def share_out(supervisor: Visit, agents: tuple[str, ...]) -> None:
    """未割当を分ける"""
    supervisor.go("/assignments")
    page = supervisor.page
    page.get_by_role("button", name="未割当").click()
    dialog = page.locator("dialog[open]")
    for box in dialog.locator("input[type=checkbox]").all():
        box.set_checked(box.get_attribute("value") in agents)
    dialog.get_by_role("button", name="件を分ける").click()
    page.wait_for_load_state("networkidle")


ASKS_PERMIT = 'button:has-text("発信許可を受ける")'
SHOWS_NUMBER = 'button:has-text("番号照合済")'
LINE_IS_LIVE = 'button:has-text("つながった"):not([aria-disabled="true"])'
TALKING = '[data-stage="greeting"] :text("通話中"), [data-stage="greeting"]:has-text("通話中")'


def take_case(agent: Visit) -> None:
    """Keyboard: the next case comes into hand."""
    agent.go("/desk")
    agent.press("F2", ASKS_PERMIT)


def dial(agent: Visit) -> None:
    """Keyboard: permit, number compared."""
    agent.press("F2", SHOWS_NUMBER)
    agent.press("F2", LINE_IS_LIVE)


def somebody_answers(agent: Visit) -> None:
    """Keyboard: つながった."""
    agent.press(
        "Enter",
        'button:has-text("本人確認を始める"), a:has-text("結果へ"), button:has-text("結果へ")',
    )


def match_identity(agent: Visit) -> None:
    """Keyboard: begin the check, everything matches; the spare item when one is not lent."""
    agent.press("F4", "[name^=verdict-]")
    agent.press("1", "[name=verdict-name][value=match]:checked")
    page = agent.page
    for one in page.locator("[name^=verdict-][value=open]:checked").all():
        name = one.get_attribute("name") or ""
        page.locator(f"[name={name}][value=match]").check(force=True)
        page.locator(f"[name={name}][value=match]:checked").wait_for()
    page.locator('button:has-text("本人確認済みにする"):not([aria-disabled="true"])').wait_for()
    agent.press("F4", ':text("案内の内容")')


def choose_outcome(agent: Visit, code: str) -> None:
    """Keyboard: to the outcome stage, the code, its fields appear."""
    agent.press("Alt+k", "#outcome-form")
    agent.page.keyboard.type(code)
    agent.press("Enter", f'#outcome-fields:has-text("{code}")')


def save_and_next(agent: Visit) -> None:
    """Ctrl+Enter records the outcome and serves the next case."""
    agent.press("Control+Enter", ASKS_PERMIT)
