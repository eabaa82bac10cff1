"""The identity check and what it opens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases.groups import Group
from campaigns.desk.identity import (
    IdentityItem,
    IdentityResult,
    ItemResult,
    Stage,
    check,
    spare_allowed,
    stage_after,
    what_may_be_shown,
)
from campaigns.errors import ParameterInvalid

NAME, BIRTH, ADDRESS, CHILD, SCHOOL, NOTICE = IdentityItem
OK, SLIP, NOT_ASKED = ItemResult
REQUIRED = frozenset({NAME, BIRTH, ADDRESS})
SPARES = frozenset({CHILD})


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ({}, IdentityResult.PENDING),
        ({NAME: OK}, IdentityResult.PENDING),
        ({NAME: OK, BIRTH: OK}, IdentityResult.PENDING),
        ({NAME: OK, BIRTH: OK, ADDRESS: NOT_ASKED}, IdentityResult.PENDING),
        ({NAME: OK, BIRTH: OK, ADDRESS: OK}, IdentityResult.PASSED),
        ({NAME: OK, BIRTH: SLIP, ADDRESS: OK}, IdentityResult.PENDING),
        ({NAME: OK, BIRTH: SLIP, ADDRESS: OK, CHILD: OK}, IdentityResult.PASSED),
        ({NAME: OK, BIRTH: SLIP, ADDRESS: OK, CHILD: SLIP}, IdentityResult.MISMATCHED),
        ({NAME: OK, BIRTH: SLIP, ADDRESS: SLIP}, IdentityResult.MISMATCHED),
        ({NAME: SLIP, BIRTH: SLIP, ADDRESS: OK, CHILD: OK}, IdentityResult.MISMATCHED),
        ({NAME: OK, BIRTH: OK, CHILD: OK}, IdentityResult.PENDING),
        ({BIRTH: OK, ADDRESS: OK, CHILD: OK}, IdentityResult.PENDING),
    ],
)
@pytest.mark.clause("S4-11.3a-1")
def test_the_result_of_the_answers(
    results: dict[IdentityItem, ItemResult], expected: IdentityResult
) -> None:
    assert check(results, REQUIRED, spares=SPARES) is expected


def test_one_slip_with_nothing_left_to_ask_is_a_mismatch() -> None:
    results = {NAME: OK, BIRTH: SLIP, ADDRESS: OK}
    assert check(results, REQUIRED, spares=frozenset()) is IdentityResult.MISMATCHED


def test_a_refusal_ends_the_check_unless_two_slips_did_before() -> None:
    assert check({NAME: OK}, REQUIRED, refused=True) is IdentityResult.REFUSED
    slips = {NAME: OK, BIRTH: SLIP, ADDRESS: SLIP}
    assert check(slips, REQUIRED, refused=True) is IdentityResult.MISMATCHED


def test_a_spare_may_be_asked_after_one_slip_only() -> None:
    assert spare_allowed({NAME: OK, BIRTH: OK}, REQUIRED, spares=SPARES) == frozenset()
    assert spare_allowed({NAME: OK, BIRTH: SLIP}, REQUIRED, spares=SPARES) == SPARES
    used = {NAME: OK, BIRTH: SLIP, ADDRESS: OK, CHILD: OK}
    assert spare_allowed(used, REQUIRED) == frozenset()
    two = {NAME: OK, BIRTH: SLIP, ADDRESS: SLIP}
    assert spare_allowed(two, REQUIRED) == frozenset()


@pytest.mark.parametrize(
    "required",
    [frozenset(), {NAME}, {NAME, BIRTH}, {BIRTH, ADDRESS, CHILD}],
)
def test_a_name_and_two_further_items_are_the_least(required: frozenset[IdentityItem]) -> None:
    with pytest.raises(ParameterInvalid):
        check({}, required)


@given(st.dictionaries(st.sampled_from(IdentityItem), st.sampled_from(ItemResult)), st.booleans())
def test_nobody_passes_with_fewer_than_three_matches_or_two_slips(
    results: dict[IdentityItem, ItemResult], refused: bool
) -> None:
    if check(results, REQUIRED, refused=refused) is IdentityResult.PASSED:
        assert list(results.values()).count(OK) >= 3
        assert list(results.values()).count(SLIP) <= 1
        assert all(results.get(item, NOT_ASKED) is not NOT_ASKED for item in REQUIRED)


@pytest.mark.clause("S4-11.3a-1")
def test_each_stage_shows_only_its_groups() -> None:
    assert what_may_be_shown(Stage.GREETING) == {Group.G1}
    assert what_may_be_shown(Stage.IDENTITY) == {Group.G1, Group.G2}
    assert what_may_be_shown(Stage.GUIDANCE) == {Group.G1, Group.G2, Group.G3}


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("result", IdentityResult)
def test_the_debt_shows_after_a_pass_and_never_else(started: bool, result: IdentityResult) -> None:
    shown = what_may_be_shown(stage_after(started, result))
    assert (Group.G3 in shown) == (result is IdentityResult.PASSED)


def test_a_failed_check_takes_the_items_away_again() -> None:
    assert stage_after(True, IdentityResult.PENDING) is Stage.IDENTITY
    assert stage_after(True, IdentityResult.MISMATCHED) is Stage.GREETING
    assert stage_after(True, IdentityResult.REFUSED) is Stage.GREETING
    assert stage_after(False, IdentityResult.PENDING) is Stage.GREETING
