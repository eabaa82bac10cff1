"""Rules of a call: the contract's values with the instruction's over them, and their label."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from campaigns.calling.number_order import choose_number
from campaigns.cases.models import CasePhone, NumberState
from campaigns.errors import CaseNotCallable
from campaigns.profile.contract import read_profile, shipped_profile
from campaigns.profile.instruction_sheet import (
    InstructionSheet,
    NumberKind,
    read_sheet,
    sheet_from,
    write_sheet,
)
from campaigns.profile.rules import CallingRules, rule_label, rules_from, sheet_of
from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band
from dialer.calendar.holidays import load_holidays
from dialer.calendar.windows import CallingHours
from secure_store.errors import NotFound

PROFILE = read_profile(shipped_profile("004"), 3)
HOURS = CallingHours(
    weekday=PROFILE.weekday_hours,
    weekend_or_holiday=PROFILE.weekend_hours,
    holidays=load_holidays(),
)
BANDS = {
    "weekday": {"H1": "11:30-13:30", "H2": "16:30-20:00", "H3": "20:00-20:30"},
    "weekend_or_holiday": {"H4": "10:00-11:00", "H5": "11:00-16:00"},
}


def rules(receivable: str | None = "A01", **fields: object) -> CallingRules:
    if receivable is None or not fields:
        return rules_from(PROFILE, receivable, None, 0)
    return rules_from(PROFILE, receivable, sheet_from({"receivable": receivable, **fields}), 2)


def phone(rank: int, kind: int) -> CasePhone:
    return CasePhone(
        case_id=UUID(int=1),
        rank=rank,
        campaign_code="A01-202209",
        kind=kind,
        lookup_index=bytes([rank] * 16),
        state=NumberState.UNTRIED,
    )


@pytest.mark.clause("S4-11.2-1")
def test_without_an_instruction_the_contract_counts() -> None:
    given = rules()
    assert given.parameters == PROFILE.parameters
    assert (given.cuts, given.rotation) == (DEFAULT_CUTS, DEFAULT_ROTATION)
    assert given.receivable == PROFILE.receivable("A01")
    assert (given.workplace_numbers, given.version, given.label) == (False, 0, "p3")


@pytest.mark.clause("S4-11.2-1", "S4-8.6b")
def test_what_the_instruction_says_stands_over_the_contract() -> None:
    given = rules(
        parameters={"min_counted_attempts": 1, "max_counted_attempts": 3},
        bands=BANDS,
        rotation="H5,H1",
        account_transfer=False,
        identity_items=["name", "address", "notice_number"],
        spare_item="birth_date",
    )
    assert given.parameters.max_counted_attempts == 3
    assert given.parameters.max_counted_in_7_days == PROFILE.parameters.max_counted_in_7_days
    assert given.cuts.weekday[1].hours.end.isoformat() == "20:00:00"
    assert given.rotation == (Band.H5, Band.H1)
    assert given.receivable is not None
    assert given.receivable.identity_items == ("name", "address", "notice_number")
    assert given.receivable.spare_item == "birth_date"
    assert not given.receivable.recommends_transfer
    assert given.receivable.name == PROFILE.receivable("A01").name
    assert given.label == "p3/i2"


def test_a_call_of_no_receivable_follows_the_contract() -> None:
    given = rules(None)
    assert given.receivable is None
    assert given.parameters == PROFILE.parameters


def test_a_receivable_that_is_not_of_the_contract_has_no_rules() -> None:
    with pytest.raises(NotFound):
        rules_from(PROFILE, "Z99", None, 0)


@pytest.mark.parametrize(
    ("window_rule", "label"),
    [
        ("weekday", "weekday@p3/i2"),
        ("order:市保財第118号", "order:市保財第118号@p3/i2"),
        ("order:" + "第" * 60, "order:" + "第" * 60 + "@p3/i2"),
        ("order:" + "第" * 90, "order:" + "第" * 68 + "@p3/i2"),
    ],
)
def test_the_label_holds_the_rule_of_the_hours_and_both_versions(
    window_rule: str, label: str
) -> None:
    made = rule_label(window_rule, rules(workplace_numbers=False))
    assert made == label
    assert len(made) <= 80


MOBILE, LANDLINE, WORKPLACE, UNKNOWN = 2, 1, 3, 9


@pytest.mark.parametrize(
    ("at", "kinds", "chosen"),
    [
        ("2022-09-15T11:30", (LANDLINE, MOBILE), 2),  # H1
        ("2022-09-15T16:30", (LANDLINE, MOBILE), 1),  # H2: as lent
        ("2022-09-15T18:30", (LANDLINE, UNKNOWN, MOBILE), 3),  # H3
        ("2022-09-17T10:00", (MOBILE, LANDLINE), 2),  # H4
        ("2022-09-19T13:00", (MOBILE, UNKNOWN), 1),  # H5 on a holiday, no landline
    ],
)
@pytest.mark.clause("S4-11.2f")
def test_the_number_follows_the_band(at: str, kinds: tuple[int, ...], chosen: int) -> None:
    phones = [phone(rank, kind) for rank, kind in enumerate(kinds, start=1)]
    now = datetime.fromisoformat(f"{at}:00+09:00")
    assert choose_number(phones, rules(), HOURS, now).rank == chosen


@pytest.mark.clause("S4-11.2f")
def test_order_and_bands_of_the_instruction_choose_the_number() -> None:
    given = rules(bands=BANDS, number_order={"H2": "workplace,landline"}, workplace_numbers=True)
    phones = [phone(1, MOBILE), phone(2, LANDLINE), phone(3, WORKPLACE)]
    before = datetime.fromisoformat("2022-09-15T19:59:59+09:00")
    after = datetime.fromisoformat("2022-09-15T20:00:00+09:00")
    assert choose_number(phones, given, HOURS, before).rank == 3
    assert choose_number(phones[:2], given, HOURS, before).rank == 2
    assert choose_number(phones, given, HOURS, after).rank == 1  # H3 is not in the order: as lent


def test_without_a_number_there_is_nothing_to_dial() -> None:
    now = datetime.fromisoformat("2022-09-15T11:30:00+09:00")
    with pytest.raises(CaseNotCallable):
        choose_number([], rules(), HOURS, now)


@pytest.mark.parametrize("fields", [{}, {"bands": BANDS, "rotation": "H2", "number_order": {}}])
def test_rules_written_out_as_a_sheet_are_the_same_rules(fields: dict[str, object]) -> None:
    first = rules(**fields)
    sheet = read_sheet(write_sheet(sheet_of(first)))
    assert rules_from(PROFILE, "A01", sheet, first.version) == first
    with pytest.raises(NotFound):
        sheet_of(rules(None))


def test_a_sheet_without_fields_changes_nothing() -> None:
    empty = rules_from(PROFILE, "A01", InstructionSheet(receivable="A01"), 1)
    assert empty.parameters == PROFILE.parameters
    assert empty.number_order[Band.H1] == (NumberKind.MOBILE,)
