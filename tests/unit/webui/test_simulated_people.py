"""Facts about the people of a simulated day: whom they are, what they answer, what is entered."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from campaigns import api as c
from campaigns.calling.call_report import CaseLimits
from campaigns.calling.required_fields import missing_fields
from campaigns.intake.facts import AccountTransfer
from campaigns.profile.parameters import Parameters
from dialer.line_status import LineEnd
from webui.rehearsal.sample_delivery import make_delivery
from webui.rehearsal.simulated_callers import CallerQueue
from webui.rehearsal.simulated_people import (
    Manner,
    Network,
    answered_share,
    manner_for,
    people_of,
)
from webui.rehearsal.simulated_reports import Telling, choose_secondary, fill_report

NOON = datetime.fromisoformat("2022-09-15T12:00:00+09:00")
ROWS = c.sample_table().rows
OUTBOUND = {row.code for row in ROWS if row.direction is not c.Direction.INBOUND}
PARAMETERS = Parameters(voicemail_message_allowed=True)


def debt() -> c.DebtView:
    periods = tuple(
        c.PeriodView(
            f"{month:03d}", f"2022-{month:02d}", "見本月分", date(2022, month, 28), 4_000, ""
        )
        for month in (6, 7)
    )
    return c.DebtView(
        receivable="A01",
        levy_year=2022,
        periods=periods,
        total_yen=8_000,
        oldest_due_on=date(2022, 6, 28),
        mentions_late_charge=False,
        formal_demand_on=None,
        payment_slip_resent=False,
        account_transfer=AccountTransfer.UNKNOWN,
        account_transfer_target=True,
        last_promise_on=None,
        contact_section="見本係",
        contact_phone="0110000000",
        data_as_of=date(2022, 9, 10),
        items=(),
    )


def telling(direction: c.Direction = c.Direction.OUTBOUND, **values: Any) -> Telling:
    given = {"debt": debt(), "now": NOON, "until": date(2022, 9, 30), **values}
    return Telling(direction, **given)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_field_that_an_outcome_asks_for_is_entered(row: c.OutcomeRow) -> None:
    directions = (c.Direction.OUTBOUND, c.Direction.INBOUND)
    for direction in (one for one in directions if row.direction.serves(one)):
        for turn in range(40):
            chance = Random(f"{row.code}/{turn}")
            said = telling(direction)
            if row.position is c.Position.SECONDARY:
                rows = (next(one for one in ROWS if one.code == "51"), row)
            else:
                rows = (row, *choose_secondary(row, ROWS, said, chance))
            report = fill_report(rows, said, chance)
            faults = missing_fields(
                rows,
                report,
                c.IdentityResult.PASSED,
                PARAMETERS,
                NOON,
                CaseLimits(
                    unpaid_yen=8_000,
                    codec="cp932",
                    periods=frozenset({"2022-06", "2022-07"}),
                    is_transfer_target=True,
                    follow_ups_until=date(2022, 9, 30),
                ),
            )
            assert faults == ()


def test_every_outbound_outcome_comes_up_and_a_message_only_where_it_is_allowed() -> None:
    primary = {row.code for row in ROWS if row.position is not c.Position.SECONDARY}
    secondary = OUTBOUND - primary
    for allowed in (True, False):
        network = Network(1, ROWS, lambda: NOON, allowed)
        seen = Counter()
        for number in range(6_000):
            network.behaviour(f"{number:011d}")
            seen[network.meeting(f"{number:011d}").row.code] += 1
        missing = set() if allowed else {"14"}
        assert set(seen) == (OUTBOUND - secondary) - missing
    said, chance = telling(), Random(2)
    promise = next(row for row in ROWS if row.code == "51")
    beside = {row.code for _ in range(300) for row in choose_secondary(promise, ROWS, said, chance)}
    assert beside == secondary
    assert len(OUTBOUND) == 51


def test_a_number_answers_the_same_for_the_same_seed_only() -> None:
    def day(seed: int) -> list[tuple[LineEnd, str]]:
        network = Network(seed, ROWS, lambda: NOON, False)
        numbers = [f"{number % 50:011d}" for number in range(150)]
        return [(network.behaviour(one), network.meeting(one).row.code) for one in numbers]

    assert day(1) == day(1)
    assert day(1) != day(2)


@pytest.mark.parametrize(
    ("instant", "calls", "share"),
    [
        ("2022-09-15T12:00", 0, 0.30),
        ("2022-09-15T17:00", 0, 0.26),
        ("2022-09-15T19:00", 2, 0.34),
        ("2022-09-15T19:00", 3, 0.34 * 0.64),
        ("2022-09-18T11:00", 0, 0.34),
        ("2022-09-18T14:00", 0, 0.41),
    ],
)
def test_the_hour_decides_how_many_answer(instant: str, calls: int, share: float) -> None:
    assert answered_share(datetime.fromisoformat(f"{instant}+09:00"), calls) == share


def test_people_say_what_the_delivery_says_of_them() -> None:
    people = people_of("A01", make_delivery("A01", date(2022, 9, 1), 17, 7))
    assert len(people) == 17
    assert people[7].numbers == ()  # the eighth has no telephone
    assert all(person.kana.startswith("ミホン") for person in people)
    item = c.IdentityItem
    first = people[0]
    assert first.says(item.NAME, Manner.MIXES_UP) == first.kana
    assert first.says(item.ADDRESS, Manner.SAYS_ALL).startswith("札幌市")
    assert first.says(item.ADDRESS, Manner.SLIPS_ONCE) != first.own[item.ADDRESS]
    assert first.says(item.BIRTH_DATE, Manner.MIXES_UP) != first.own[item.BIRTH_DATE]
    assert first.says(item.NAME, Manner.REFUSES) == ""
    assert people[16].says(item.BIRTH_DATE, Manner.SAYS_ALL) == ""  # not lent, so not known here
    assert first.kana not in repr(first)


def test_outcomes_behind_the_check_are_wanted_by_people_who_take_it() -> None:
    for row in ROWS:
        manners = {manner_for(row, Random(turn)) for turn in range(60)}
        if not row.before_identity:
            assert manners == {Manner.SAYS_ALL, Manner.SLIPS_ONCE}
        if row.code == "41":
            assert manners == {Manner.REFUSES}


def test_callers_are_answered_in_the_order_of_their_arrival() -> None:
    queue = CallerQueue(1)
    later = datetime.fromisoformat("2022-09-15T12:10:00+09:00")
    queue.add(later, None, "2")
    queue.add(NOON, None, "1")
    queue.add(NOON, None, "1b")
    assert queue.take(datetime.fromisoformat("2022-09-15T11:59:59+09:00")) is None
    taken = [queue.take(later) for _ in range(4)]
    assert [one.number if one else None for one in taken] == ["1", "1b", "2", None]
