"""States of a case: moves, reopening, codes of the files."""

from __future__ import annotations

import pytest

from campaigns.cases.states import (
    MOVES,
    CaseStatus,
    CloseReason,
    IdentityResult,
    file_code,
    move,
    reopen,
)
from campaigns.errors import IllegalMove, ReasonMissing

W, F, P, D, C = CaseStatus

ALLOWED = {
    (W, F), (W, P), (W, D), (W, C),
    (F, W), (F, P), (F, D), (F, C),
    (P, W), (P, F), (P, D), (P, C),
    (D, W), (D, C),
}  # fmt: skip


@pytest.mark.parametrize("target", CaseStatus)
@pytest.mark.parametrize("current", CaseStatus)
def test_only_the_listed_moves_are_possible(current: CaseStatus, target: CaseStatus) -> None:
    if current is target or (current, target) in ALLOWED:
        assert move(current, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(current, target)


def test_every_status_has_moves_and_none_to_itself() -> None:
    assert set(MOVES) == set(CaseStatus)
    assert all(status not in targets for status, targets in MOVES.items())


def test_a_closed_case_reopens_only_with_a_reason() -> None:
    assert reopen(C, "所管課の指示") is W
    with pytest.raises(ReasonMissing):
        reopen(C, " 　")


@pytest.mark.parametrize("status", [W, F, P, D])
def test_an_open_case_cannot_be_reopened(status: CaseStatus) -> None:
    with pytest.raises(IllegalMove):
        reopen(status, "理由")


def test_close_reasons_carry_the_codes_91_to_98() -> None:
    assert [reason.code for reason in CloseReason] == [str(code) for code in range(91, 99)]
    assert CloseReason.ATTEMPTS_USED_UP.code == "93"
    assert CloseReason.HANDED_OVER.code == "98"


@pytest.mark.parametrize(
    ("status", "leased", "touched", "code"),
    [
        (W, False, False, "1"),
        (W, True, False, "2"),
        (W, True, True, "2"),
        (F, False, True, "3"),
        (F, True, True, "2"),
        (W, False, True, "4"),
        (P, False, True, "5"),
        (P, True, True, "2"),
        (D, False, True, "6"),
        (C, False, True, "9"),
        (C, True, True, "9"),
        (C, False, False, "9"),
    ],
)
def test_the_file_code_of_a_case(
    status: CaseStatus, leased: bool, touched: bool, code: str
) -> None:
    assert file_code(status, leased, touched=touched) == code


def test_identity_results_have_the_codes_of_the_file() -> None:
    assert [(result.value, result.file_code) for result in IdentityResult] == [
        ("pending", "0"),
        ("passed", "1"),
        ("refused", "2"),
        ("mismatched", "3"),
    ]
