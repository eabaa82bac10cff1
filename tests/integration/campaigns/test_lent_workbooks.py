"""What is lent comes back as it was lent: text for text from a workbook, byte for byte from a CSV."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campaigns import api as c
from campaigns.cases.encodings import Encoding
from campaigns.intake.csv_bytes import split_rows, value_of
from secure_store.clock import FixedClock
from secure_store.models import SealedFile
from tests.fixtures_lent import Draft, draft, name_of
from tests.integration.campaigns.daily_world import CAMPAIGN, build
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    DAY,
    MONTH,
    NOON,
    SV,
    DeskWorld,
    bare_world,
)
from tests.workbooks import as_workbooks
from webui.services import Services

TRIGGERS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "|calc", "＝1+1", "＋1", "－1", "＠SUM", "｜calc", "−1",
    " =1+1", "　＝1+1", "'=1+1", "\"=1+1", "“=1+1", "”＝1", "’=1", "﹢1", "﹣1", "﹦1", "﹫1",
)  # fmt: skip
IN_CP932 = tuple(one for one in TRIGGERS if one == one.encode("cp932", "ignore").decode("cp932"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    world = bare_world(home, clock)
    world.approve("A01", "A02")
    clock.set(ARRIVAL)
    dates = (DAY, date(2022, 9, 30), date(2022, 10, 7))
    with world.store.work(SV) as work:
        c.open_campaign(work, c.CampaignPlan("A01", MONTH, *dates))
    return world


def with_triggers() -> Draft:
    made = draft(len(IN_CP932))
    for row, trigger in enumerate(IN_CP932):
        made.set("TAISHO", row, "債務者氏名", f"{trigger}見本")
        made.set("TAISHO", row, "架電配慮メモ", trigger)
    return made


def returned(world: DeskWorld, files: dict[str, bytes]) -> tuple[c.DeliveryView, bytes]:
    """Lends, publishes, closes the day: the report and the result file."""
    list_id = c.stage_delivery(world.store, SV, CAMPAIGN, files)
    with world.store.work(SV) as work:
        delivery = c.get_delivery(work, list_id)
    world.publish(list_id, CAMPAIGN, ["OP01"])
    world.clock.set(NOON)
    return delivery, build(world)["KEKKA"]


@pytest.mark.clause("T44", "S4-13.1b")
def test_formulas_in_lent_columns_are_told_of_and_come_back_byte_for_byte(world: DeskWorld) -> None:
    files = with_triggers().files()
    delivery, result = returned(world, files)
    asked = {
        (one["row"], one["column"])
        for one in delivery.report["questions"]
        if one["code"] == "formula_like"
    }
    wanted = {
        (row, column)
        for row in range(1, len(IN_CP932) + 1)
        for column in ("債務者氏名", "架電配慮メモ")
    }
    assert asked == wanted
    lent = files[name_of(files, "TAISHO")].removesuffix(b"\r\n").split(b"\r\n")
    given_back = result.removesuffix(b"\r\n").split(b"\r\n")
    assert [back.startswith(line + b",") for back, line in zip(given_back, lent, strict=True)] == [
        True
    ] * len(lent)


@pytest.mark.clause("T44", "S4-13.1b")
def test_the_texts_of_a_workbook_come_back_as_they_were(world: DeskWorld) -> None:
    made = with_triggers()
    files = as_workbooks(made)
    _delivery, result = returned(world, files)
    rows = [
        [value_of(cell, Encoding.CP932) for cell in row.segments]
        for row in split_rows(result, Encoding.CP932)
    ]
    width = len(made.headers["TAISHO"])
    assert [tuple(row[:width]) for row in rows] == [made.headers["TAISHO"], *made.rows["TAISHO"]]


@pytest.mark.clause("S4-8.8b")
def test_a_workbook_lies_sealed_and_its_key_goes_at_publication(world: DeskWorld) -> None:
    list_id = c.stage_delivery(world.store, SV, CAMPAIGN, as_workbooks(draft(6)))
    world.publish(list_id, CAMPAIGN, ["OP01"])
    with world.store.work(SV) as work:
        kept = list(work.session.query(SealedFile))
        assert len([one for one in kept if one.name.endswith(".xlsx")]) == 3
        assert all(one.key_destroyed_at for one in kept if one.name.endswith(".xlsx"))
