"""A simulated day keeps every rule, and the same seed tells the same day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from campaigns import api as c
from secure_store.access import Actor, Role, system_actor
from secure_store.audit.log import checkpoints, read_lines
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from secure_store.sealing_access import public_key_pem
from secure_store.verifier.audit_check import Status, check_chain
from secure_store.verifier.audit_log import read_lines as read_events
from tests.homes import make_home
from webui.rehearsal.day_result import (
    DayBook,
    DayResult,
    Recording,
    ViolationKind,
    find_violations,
)
from webui.rehearsal.simulation import SIMULATION_DAY, simulate_day
from webui.services import Services

FOUNDED = datetime.fromisoformat("2022-09-12T09:00:00+09:00")
NOON = datetime.fromisoformat("2022-09-15T12:00:00+09:00")
SV = Actor("SV01", Role.SUPERVISOR, rehearsal=True)
AUDITOR = system_actor("test")
SEED = 11


def new_home(folder: Path) -> Services:
    return make_home(folder / "home", f"sqlite:///{folder / 'day.db'}", FixedClock(FOUNDED))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Services, DayResult]:
    """One home after one day with two receivables of the same people and three agents."""
    services = new_home(tmp_path_factory.mktemp("worked"))
    result = simulate_day(
        services, cases=40, seed=SEED, receivables=("A01", "A05"), agents=3, day=SIMULATION_DAY
    )
    return services, result


@pytest.fixture(scope="module")
def log(worked: tuple[Services, DayResult]) -> list[dict[str, Any]]:
    with worked[0].store.work(AUDITOR, readonly=True) as work:
        return [json.loads(line)["event"] for line in read_lines(work)]


def test_a_day_breaks_no_rule(worked: tuple[Services, DayResult]) -> None:
    _services, result = worked
    assert result.violations == ()
    assert result.calls > 40
    assert result.callbacks > 0
    assert result.contacts > 0
    assert result.marks.keys() <= {"★", "☆"}
    assert result.follow_ups_done <= result.follow_ups_booked
    assert sum(result.outcomes.values()) == result.calls + result.callbacks


@pytest.mark.both_databases
def test_a_day_breaks_no_rule_on_either_database(home: Services, clock: FixedClock) -> None:
    clock.set(FOUNDED)
    result = simulate_day(home, cases=16, seed=3, agents=2)
    assert result.violations == ()
    assert len(result.files) == 4
    assert home.store.clock.now() >= datetime.fromisoformat("2022-09-15T20:45:00+09:00")


@pytest.mark.clause("T63")
def test_the_same_seed_gives_the_same_day_and_another_seed_another(tmp_path: Path) -> None:
    days = []
    for turn, seed in enumerate((5, 5, 6)):
        folder = tmp_path / str(turn)
        folder.mkdir()
        days.append(simulate_day(new_home(folder), cases=16, seed=seed).to_document())
    for day in days:  # ids of calls stand in the files
        for file in day["files"]:
            assert len(file.pop("sha256")) == 64
    assert days[0] == days[1]
    assert days[0]["outcomes"] != days[2]["outcomes"]


@pytest.mark.clause("S4-7.2b-1")
def test_every_permit_and_every_dialled_call_lies_inside_a_window(
    log: list[dict[str, Any]],
) -> None:
    windows = (("11:30:00", "13:30:00"), ("16:30:00", "20:30:00"))
    asked = [event for event in log if event["tag"] in ("permit:issued", "attempt:placed")]
    assert len(asked) > 100
    for event in asked:
        at = datetime.fromisoformat(event["at"])
        assert at.date() == SIMULATION_DAY
        assert any(start <= f"{at:%H:%M:%S}" < end for start, end in windows), event["at"]


@pytest.mark.clause("S4-8.6h")
def test_the_audit_chain_of_the_day_verifies(worked: tuple[Services, DayResult]) -> None:
    services, _result = worked
    with services.store.work(AUDITOR, readonly=True) as work:
        lines, heads = list(read_lines(work)), checkpoints(work)
    key = public_key_pem(services.store).encode()
    assert heads
    verdict = check_chain(read_events(lines), heads, heads[-1:], key)
    assert verdict.status in (Status.SOUND, Status.UNANCHORED_TAIL)
    assert (verdict.size, verdict.first_bad_seq) == (len(lines), None)
    middle = len(lines) // 2
    cut = check_chain(read_events(lines[:middle] + lines[middle + 1 :]), heads, heads[-1:], key)
    assert cut.status is Status.BROKEN


@pytest.mark.clause("S4-13.1c")
def test_the_escalation_lists_hold_the_marked_cases_of_the_day(
    worked: tuple[Services, DayResult],
) -> None:
    services, result = worked
    with services.store.work(SV) as work:
        tickets = c.list_tickets(work, include_closed=True)
    for receivable in ("A01", "A05"):
        cases = {ticket.case_id for ticket in tickets if ticket.receivable == receivable}
        (rows,) = [
            file.rows for file in result.files if file.name.startswith(f"{receivable}_202209_ESC_")
        ]
        assert rows == len(cases)


def test_the_files_of_the_day_are_placed_with_the_digests_that_were_told(
    worked: tuple[Services, DayResult],
) -> None:
    services, result = worked
    names = [file.name.split("_2022")[0] for file in result.files]
    assert len(result.files) == 7
    assert names[-1].startswith("NIPPO")
    placed = services.settings.exchange / "outbound" / result.folder
    sealed = {path.name for path in placed.iterdir() if path.suffix == ".sealed"}
    assert sealed == {f"{file.name}.sealed" for file in result.files}
    for file in result.files:
        with services.store.work(SV) as work:
            content = c.read_file(work, SIMULATION_DAY, file.name)
        assert hashlib.sha256(content).hexdigest() == file.sha256


def test_each_person_was_looked_at_in_the_stages_of_the_desk(log: list[dict[str, Any]]) -> None:
    """Details are opened only after a passed check of the same agent in the same case."""
    passed: set[str] = set()
    opened = 0
    for event in log:
        if event["tag"] == Tag.IDENTITY_CHECKED.value and event["reason"] == "passed":
            passed.add(event["subject"])
        if event["tag"] == Tag.CASE_DETAILS_OPENED.value:
            opened += 1
            assert event["subject"] in passed
    assert opened > 0


def test_a_day_cannot_be_simulated_in_a_production_home(
    worked: tuple[Services, DayResult],
) -> None:
    services = worked[0]
    production = replace(services, settings=replace(services.settings, is_rehearsal=False))
    with pytest.raises(NotAllowed):
        simulate_day(production, cases=1, seed=1)


# What the checks of a day would say if a rule were broken.


def violations_of(services: Services, book: DayBook, events: list[dict[str, Any]]) -> set[str]:
    with services.store.work(SV) as work:
        found = find_violations(work, book, c.list_campaigns(work), SIMULATION_DAY, events)
    return {one.kind.value for one in found}


def recording(**values: Any) -> Recording:
    given = {
        "handling_id": uuid4(),
        "record_id": uuid4(),
        "case_id": uuid4(),
        "code": "11",
        "direction": c.Direction.OUTBOUND,
        **values,
    }
    return Recording(**given)


def event(tag: Tag, at: str = "2022-09-15T12:00:00+09:00", **values: Any) -> dict[str, Any]:
    return {"tag": tag.value, "at": at, "receivable": "A01", **values}


def told(one: Recording) -> list[dict[str, Any]]:
    """What the log says of a recorded outbound call."""
    recorded = event(Tag.OUTCOME_RECORDED, object_id=str(one.record_id))
    return [event(Tag.ATTEMPT_PLACED), recorded]


def test_a_clean_book_has_no_violation(worked: tuple[Services, DayResult]) -> None:
    one = recording()
    book = DayBook(taken={one.handling_id}, records=[one])
    assert violations_of(worked[0], book, told(one)) == set()


@pytest.mark.parametrize("at", ["2022-09-15T13:30:00+09:00", "2022-09-15T11:29:59+09:00"])
def test_a_permit_outside_the_window_is_found(worked: tuple[Services, DayResult], at: str) -> None:
    found = violations_of(worked[0], DayBook(), [event(Tag.PERMIT_ISSUED, at)])
    assert found == {ViolationKind.PERMIT_OUTSIDE_WINDOW}


def test_a_handling_without_a_record_is_found(worked: tuple[Services, DayResult]) -> None:
    found = violations_of(worked[0], DayBook(taken={uuid4()}), [])
    assert found == {ViolationKind.HANDLING_WITHOUT_RECORD}


def test_a_second_counted_call_of_a_day_is_found_unless_it_was_granted(
    worked: tuple[Services, DayResult],
) -> None:
    case = uuid4()
    first = recording(case_id=case, counted=True, effect=c.OutcomeEffect.RETRY)
    again = recording(case_id=case, counted=True)
    granted = replace(first, effect=c.OutcomeEffect.NEXT_NUMBER)
    agreed = replace(again, is_follow_up=True)
    for calls, broken in (
        ((first, again), True),
        ((granted, again), False),
        ((first, agreed), False),
    ):
        book = DayBook(taken={one.handling_id for one in calls}, records=list(calls))
        found = violations_of(worked[0], book, [line for one in calls for line in told(one)])
        expected = {ViolationKind.TOO_MANY_ATTEMPTS_IN_A_DAY} if broken else set()
        assert found == expected


def test_a_mark_without_a_ticket_and_a_repeated_record_are_found(
    worked: tuple[Services, DayResult],
) -> None:
    one = recording(mark=c.Mark.STAR)
    book = DayBook(taken={one.handling_id}, records=[one])
    assert violations_of(worked[0], book, told(one)) == {ViolationKind.MARKS_WITHOUT_TICKETS}
    plain = recording()
    book = DayBook(taken={plain.handling_id}, records=[plain])
    twice = [*told(plain), event(Tag.OUTCOME_RECORDED, object_id=str(plain.record_id))]
    assert violations_of(worked[0], book, twice) == {ViolationKind.RECORD_REPEATED}


def test_a_record_that_the_log_does_not_know_is_found(
    worked: tuple[Services, DayResult],
) -> None:
    one = recording()
    book = DayBook(taken={one.handling_id}, records=[one])
    assert violations_of(worked[0], book, []) == {ViolationKind.LOG_DISAGREES}
