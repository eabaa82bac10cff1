"""Evening out: what is kept, what moves, and how even it gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases.evening_out import Move, even_out, moves_between

CODES = ("OP01", "OP02", "OP03", "G01", "G02")


@st.composite
def hands(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int]]:
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    held = {code: draw(st.integers(0, 400)) for code in codes}
    return held, {code: draw(st.integers(0, number)) for code, number in held.items()}


@pytest.mark.clause("S4-12.1c")
@given(hands())
def test_evening_out_keeps_every_case_and_gives_away_only_what_may_move(
    given_hands: tuple[dict[str, int], dict[str, int]],
) -> None:
    held, movable = given_hands
    after = even_out(held, movable)
    assert after.keys() == held.keys()
    assert sum(after.values()) == sum(held.values())
    assert all(after[code] >= held[code] - movable[code] for code in held)


@pytest.mark.clause("S4-12.1c")
@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 100_000), min_size=1))
def test_when_everything_may_move_two_holders_differ_by_one_at_most(held: dict[str, int]) -> None:
    after = even_out(held, held)
    assert max(after.values()) - min(after.values()) <= 1


@given(hands())
def test_only_what_must_be_kept_makes_an_uneven_share(
    given_hands: tuple[dict[str, int], dict[str, int]],
) -> None:
    held, movable = given_hands
    after = even_out(held, movable)
    smallest = min(after.values())
    for code, number in after.items():
        assert number <= smallest + 1 or number == held[code] - movable[code]


@given(hands())
def test_the_moves_lead_from_one_state_to_the_other_and_nobody_both_gives_and_takes(
    given_hands: tuple[dict[str, int], dict[str, int]],
) -> None:
    held, movable = given_hands
    after = even_out(held, movable)
    moves = moves_between(held, after)
    reached = dict(held)
    for move in moves:
        reached[move.origin] -= move.count
        reached[move.target] += move.count
    assert reached == after
    assert {move.origin for move in moves}.isdisjoint(move.target for move in moves)


@pytest.mark.parametrize(
    ("held", "movable", "after", "moves"),
    [
        ({"OP01": 6, "OP02": 0}, {"OP01": 6}, {"OP01": 3, "OP02": 3}, 1),
        ({"OP01": 5, "OP02": 0}, {"OP01": 5}, {"OP01": 3, "OP02": 2}, 1),
        ({"OP01": 6, "OP02": 0}, {"OP01": 1}, {"OP01": 5, "OP02": 1}, 1),
        ({"OP01": 6, "OP02": 0}, {}, {"OP01": 6, "OP02": 0}, 0),
        ({"OP01": 3, "OP02": 3, "G01": 4}, {"G01": 4}, {"OP01": 3, "OP02": 3, "G01": 4}, 0),
        ({"OP01": 9, "OP02": 0, "G01": 0}, {"OP01": 9}, {"OP01": 3, "OP02": 3, "G01": 3}, 2),
        ({"OP01": 7}, {"OP01": 7}, {"OP01": 7}, 0),
    ],
)
def test_as_few_cases_move_as_will_do(
    held: dict[str, int], movable: dict[str, int], after: dict[str, int], moves: int
) -> None:
    assert even_out(held, movable) == after
    assert len(moves_between(held, after)) == moves


def test_a_move_says_from_whom_to_whom() -> None:
    assert moves_between({"OP01": 4, "G01": 0}, {"OP01": 2, "G01": 2}) == (Move("OP01", "G01", 2),)
