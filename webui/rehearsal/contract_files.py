"""Checks of a simulated contract over the daily files, read back as their receiver reads them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from io import StringIO

from campaigns import api as campaigns
from webui.rehearsal.contract_city import SUPERVISOR
from webui.rehearsal.contract_floor import Floor
from webui.rehearsal.contract_hours import local
from webui.rehearsal.contract_memory import MARK_WEIGHTS, Broken, LentRow, Told

Cells = dict[str, str]
RECEIVABLE, KEY = "債権コード", "整理番号"
NOT_ENTERED = "00"


def check_files(floor: Floor, day: date) -> None:
    """The pack of one closed day against what people know of that day (S4-13.1b, 13.1c)."""
    with floor.store.work(SUPERVISOR) as work:
        files = campaigns.get_day(work, day).files
        contents = {file.name: campaigns.read_file(work, day, file.name) for file in files}
    for span in floor.spans:
        if not span.calls_from <= day <= span.callbacks_until:
            continue
        tables: dict[str, list[Cells]] = {}
        for name, content in contents.items():
            if name.startswith(f"{span.receivable}_{span.month:%Y%m}_"):
                kind = "ESC" if "_ESC_" in name else "KEKKA" if "_KEKKA_" in name else "CALLS"
                tables[kind] = _rows(content)
        check_campaign(floor, day, span.code, tables)
    floor.memory.counts["files"] += len(contents)


def check_campaign(floor: Floor, day: date, code: str, tables: dict[str, list[Cells]]) -> None:
    """One campaign's three files of one day."""
    memory = floor.memory
    if set(tables) != {"ESC", "KEKKA", "CALLS"}:
        memory.saw(Broken.FILES_DIFFER)
        return
    receivable = code.partition("-")[0]
    for row in (row for rows in tables.values() for row in rows):
        is_own = row[RECEIVABLE] == receivable and row[KEY].startswith(f"{receivable}-")
        memory.saw(Broken.MIXED_RECEIVABLES, int(not is_own))
    told = [(one, row) for one, row in told_on(floor, day) if row.campaign == code]
    lent = [row.key for row in memory.lent[code]]
    memory.saw(Broken.FILES_DIFFER, int([row[KEY] for row in tables["KEKKA"]] != lent))
    _check_touched(floor, tables["KEKKA"], told)
    _check_calls(floor, tables["CALLS"], told)
    _check_marks(floor, tables["ESC"], told)


def told_on(floor: Floor, day: date) -> Iterable[tuple[Told, LentRow]]:
    """The calls about cases that belong into the files of this day."""
    for one in floor.memory.told:
        if one.case_id is not None and reporting_day(floor, one) == day:
            yield one, floor.row(one.case_id)


def reporting_day(floor: Floor, one: Told) -> date:
    """Its own day, or the first one that was not closed yet when it was told (decision 15)."""
    day = one.day
    while (closed := floor.memory.closed_at.get(day)) is not None and closed < one.told_at:
        day += timedelta(days=1)
    return day


def _rows(content: bytes) -> list[Cells]:
    return list(csv.DictReader(StringIO(content.decode("cp932"), newline="")))


def _check_touched(floor: Floor, rows: list[Cells], told: list[tuple[Told, LentRow]]) -> None:
    blank = {
        row[KEY] for row in rows if row["当日区分"] == "1" and row["結果コード"] == NOT_ENTERED
    }
    touched = {row[KEY] for row in rows if row["当日区分"] == "1"} - blank
    ours = {row.key for _one, row in told}
    floor.memory.saw(Broken.FILES_DIFFER, len((touched ^ ours) - blank))


def _check_calls(floor: Floor, rows: list[Cells], told: list[tuple[Told, LentRow]]) -> None:
    theirs = Counter(
        (row[KEY], row["方向"], row["発信・着信時刻"], row["オペレーターID"], row["結果コード"])
        for row in rows
        if row["結果コード"] != NOT_ENTERED
    )
    ours = Counter(
        (
            row.key,
            "1" if one.is_outbound else "2",
            f"{local(one.placed_at):%H:%M:%S}",
            one.agent,
            one.code,
        )
        for one, row in told
    )
    floor.memory.saw(Broken.FILES_DIFFER, ((theirs - ours) + (ours - theirs)).total())


def _check_marks(floor: Floor, rows: list[Cells], told: list[tuple[Told, LentRow]]) -> None:
    """Every ★ and ☆ of the day stands in its list, and nothing else does."""
    ours: dict[str, str] = {}
    for one, row in told:
        ours[row.key] = max(ours.get(row.key, ""), one.mark, key=MARK_WEIGHTS.__getitem__)
    wanted = {key: mark for key, mark in ours.items() if mark}
    theirs = {row[KEY]: row["区分"] for row in rows}
    wrong = {key for key in wanted | theirs if wanted.get(key) != theirs.get(key)}
    floor.memory.saw(Broken.MARKS_DIFFER, len(wrong) + len(rows) - len(theirs))
