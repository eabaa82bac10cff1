"""What forms understand: days typed in full, versions, and texts with another version."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.api import ScriptFaultKind
from webui.forms.escalations import one_line
from webui.forms.plain_days import DayFault, read_day, typed_as
from webui.forms.scripts import next_version, read_text, with_version
from webui.words import talk as words


@pytest.mark.parametrize(
    "text",
    [
        "2022-09-20",
        "2022/9/20",
        "2022.9.20",
        "2022年9月20日",
        "２０２２－０９－２０",
        " 2022-9-20 ",
    ],
)
def test_a_day_is_understood_in_the_ways_papers_write_it(text: str) -> None:
    assert read_day(text).day == date(2022, 9, 20)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", DayFault.EMPTY),
        ("9/20", DayFault.UNREADABLE),
        ("来週", DayFault.UNREADABLE),
        ("2022-02-29", DayFault.NO_SUCH_DAY),
        ("2022-13-01", DayFault.NO_SUCH_DAY),
        ("0000-01-01", DayFault.NO_SUCH_DAY),
    ],
)
def test_a_day_that_cannot_be_taken_says_why(text: str, fault: DayFault) -> None:
    typed = read_day(text)
    assert (typed.day, typed.fault) == (None, fault)
    assert typed.sentence


@given(st.dates())
def test_a_stored_day_is_read_back_as_it_is_shown(day: date) -> None:
    assert read_day(typed_as(day).text).day == day


@given(st.text())
def test_no_text_breaks_the_reading_of_a_day(text: str) -> None:
    typed = read_day(text)
    assert (typed.day is None) is (typed.fault is not None)


@pytest.mark.parametrize(
    ("versions", "following"),
    [
        ([], "1.0"),
        (["1.0"], "1.1"),
        (["1.9", "1.10", "1.2"], "1.11"),
        (["1.999"], "2.0"),
        (["2.0", "1.7"], "2.1"),
        (["draft"], "1.0"),
    ],
)
def test_the_next_version_follows_the_highest(versions: list[str], following: str) -> None:
    assert next_version(versions) == following


def test_only_the_first_version_line_of_a_text_changes() -> None:
    body = 'receivable: A01\nversion: "1.0"\nsteps:\n  - id: N0\n    version: x\n'
    assert with_version(body, "1.1") == body.replace('"1.0"', '"1.1"')


def test_a_chosen_file_goes_before_the_typed_text() -> None:
    assert read_text("1.1", "typed", "見本".encode("utf-8-sig")).body == "見本"
    assert not read_text("1.1", "typed", "見本".encode("cp932")).is_good
    assert not read_text("1.1", "  ", b"").is_good


@given(st.text())
def test_what_goes_on_the_list_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_every_fault_of_a_script_is_said_in_japanese() -> None:
    assert set(words.FAULT_WORDS) == set(ScriptFaultKind)
