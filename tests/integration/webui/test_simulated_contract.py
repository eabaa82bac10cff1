"""Whole simulated contracts keep every rule, tell the same story again, and notice a broken rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from campaigns.api import window_at
from secure_store.access import system_actor
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from tests.broken_rules import BROKEN_RULES, QUICKLY_FOUND
from tests.contract_homes import copied_home, make_template
from webui.rehearsal.contract_hours import CityHours
from webui.rehearsal.contract_plan import Scale
from webui.rehearsal.contract_simulation import simulate_contract
from webui.rehearsal.simulation import require_persons
from webui.services import Services

SOUND_SEEDS = (1, 2, 3, 4, 5, 6)
FAULTY_SEEDS = (11, 12, 13, 14)
CASES, AGENTS = 12, 2
TEST = system_actor("test")


class NewHome(Protocol):
    def __call__(self, name: str) -> AbstractContextManager[Services]: ...


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("contract") / "template")


@pytest.fixture
def new_home(template: Path, tmp_path: Path) -> NewHome:
    return lambda name: copied_home(template, tmp_path / name)


@pytest.fixture
def one_home(new_home: NewHome) -> Iterator[Services]:
    with new_home("home") as services:
        yield services


@pytest.mark.clause("S4-7.2b-1")
@pytest.mark.clause("S4-13.1c")
@pytest.mark.parametrize("seed", SOUND_SEEDS)
def test_a_simulated_month_breaks_no_rule(one_home: Services, seed: int) -> None:
    result = simulate_contract(one_home, Scale(seed=seed, cases=CASES, agents=AGENTS))
    assert dict(result.violations) == {}
    assert result.counts["cases"] == CASES
    assert result.counts["calls"] > CASES
    assert result.counts["days"] >= 14


@pytest.mark.clause("S4-11.2e")
@pytest.mark.parametrize("seed", FAULTY_SEEDS)
def test_kills_locks_and_clock_jumps_break_no_rule_either(one_home: Services, seed: int) -> None:
    result = simulate_contract(one_home, Scale(seed=seed, faults=True, cases=CASES, agents=AGENTS))
    assert dict(result.violations) == {}
    assert result.counts["kills"] > 0
    assert result.counts["database_unavailable"] > 0


@pytest.mark.clause("T63")
def test_the_same_seed_tells_the_same_story_and_another_seed_another(new_home: NewHome) -> None:
    stories = []
    for turn, seed in enumerate((7, 7, 8)):
        with new_home(str(turn)) as services:
            stories.append(simulate_contract(services, Scale(seed=seed, cases=4, agents=1)))
    assert stories[0].to_document() == stories[1].to_document()
    assert stories[0].event_hash != stories[2].event_hash


@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_rule_broken_on_purpose_is_noticed(
    one_home: Services, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    BROKEN_RULES[name](monkeypatch)
    scale = Scale(seed=1, cases=20, agents=2)
    assert simulate_contract(one_home, scale, until_broken=True).violations


@pytest.mark.both_databases
def test_a_simulated_month_breaks_no_rule_on_either_database(
    home: Services, clock: FixedClock
) -> None:
    require_persons(home)
    result = simulate_contract(home, Scale(seed=3, cases=4, agents=1))
    assert dict(result.violations) == {}


def test_the_witness_and_the_program_agree_on_every_hour_of_the_contract(
    one_home: Services,
) -> None:
    """Were the second account of the hours wrong, it would judge the program wrongly."""
    witness = CityHours()
    at = datetime.fromisoformat("2022-07-01T00:00:00+09:00")
    with one_home.store.work(TEST, readonly=True) as work:
        for day in range(0, 300, 2):
            for clock in (
                time(9, 59),
                time(10),
                time(11, 30),
                time(13, 30),
                time(16),
                time(20, 29),
            ):
                instant = datetime.combine(at + timedelta(days=day), clock, at.tzinfo)
                expected = window_at(work, instant).is_open
                assert witness.may_call(instant, "A01") == expected, instant


def test_a_contract_cannot_be_simulated_in_a_production_home(one_home: Services) -> None:
    production = replace(one_home, settings=replace(one_home.settings, is_rehearsal=False))
    with pytest.raises(NotAllowed):
        simulate_contract(production, Scale(seed=1))
