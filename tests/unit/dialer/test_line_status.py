"""The line only goes forward, whatever order its events arrive in."""

from __future__ import annotations

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.errors import LineStatusBackward
from dialer.line_status import LineEnd, LineStatus, advance, move, news_from_twilio, settle_end

IN_ORDER = [
    LineStatus.PLANNED,
    LineStatus.DIALING,
    LineStatus.RINGING,
    LineStatus.CONNECTED,
    LineStatus.ENDED,
]


@pytest.mark.parametrize("place", range(5))
def test_an_event_moves_the_line_forward_or_not_at_all(place: int) -> None:
    current = IN_ORDER[place]
    for event in IN_ORDER[: place + 1]:
        assert advance(current, event) is current
    for event in IN_ORDER[place + 1 :]:
        assert advance(current, event) is event


def test_the_order_of_events_makes_no_difference() -> None:
    events = IN_ORDER[1:]
    reached = {reduce(advance, order, LineStatus.PLANNED) for order in permutations(events)}
    assert reached == {LineStatus.ENDED}


@given(st.lists(st.sampled_from(LineStatus), max_size=12))
def test_events_told_twice_change_nothing(events: list[LineStatus]) -> None:
    once = reduce(advance, events, LineStatus.PLANNED)
    assert reduce(advance, [*events, *reversed(events)], LineStatus.PLANNED) is once


@pytest.mark.parametrize("current", LineStatus)
@pytest.mark.parametrize("to", LineStatus)
def test_a_step_of_our_own_must_lead_forward(current: LineStatus, to: LineStatus) -> None:
    if IN_ORDER.index(to) > IN_ORDER.index(current):
        assert move(current, to) is to
        return
    with pytest.raises(LineStatusBackward) as refused:
        move(current, to)
    assert refused.value.details == {"current": current, "to": to}


def test_the_first_reason_for_an_end_stays() -> None:
    assert settle_end(None, LineEnd.BUSY) is LineEnd.BUSY
    assert settle_end(LineEnd.CANCELLED, LineEnd.FAILED) is LineEnd.CANCELLED


@pytest.mark.parametrize(
    ("word", "status", "end"),
    [
        ("queued", LineStatus.DIALING, None),
        ("initiated", LineStatus.DIALING, None),
        ("ringing", LineStatus.RINGING, None),
        ("answered", LineStatus.CONNECTED, None),
        ("in-progress", LineStatus.CONNECTED, None),
        ("completed", LineStatus.ENDED, LineEnd.ANSWERED),
        ("busy", LineStatus.ENDED, LineEnd.BUSY),
        ("no-answer", LineStatus.ENDED, LineEnd.NO_ANSWER),
        ("failed", LineStatus.ENDED, LineEnd.FAILED),
        ("canceled", LineStatus.ENDED, LineEnd.CANCELLED),
    ],
)
def test_words_of_twilio_in_ours(word: str, status: LineStatus, end: LineEnd | None) -> None:
    news = news_from_twilio(word)
    assert news is not None
    assert (news.status, news.end) == (status, end)


def test_an_unknown_word_means_nothing() -> None:
    assert news_from_twilio("cancelled") is None
    assert news_from_twilio("") is None
