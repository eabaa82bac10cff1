"""A log line is one line and tells nobody's number, whatever somebody typed."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secure_store.redaction import (
    CUT,
    ID_FORMS,
    MASK,
    MOST_CHARACTERS,
    REFUSED,
    field_text,
    log_line,
    redacted,
)

NASTY = ["\r\n", "\x1b[2J", "\u2028", "\u202e", "\x00", "\u200b", "\ud800", '"}', "\\", "髙﨑"]
texts = st.lists(st.text() | st.sampled_from(NASTY)).map("".join)


@given(texts, texts)
@example("ok\r\n" + '{"event": "forged"}', "\u2028")
def test_whatever_is_logged_is_one_line_of_json_with_the_same_fields(event: str, code: str) -> None:
    line = log_line({"event": event, "code": code})
    assert len(line.splitlines()) == 1
    assert line.encode("utf-8").count(b"\n") == 0
    assert set(json.loads(line)) == {"event", "code"}


@given(texts)
def test_nothing_longer_than_the_limit_and_nothing_invisible_is_written(text: str) -> None:
    shown = redacted(text)
    assert len(shown) <= MOST_CHARACTERS
    assert shown.isprintable()


@given(texts, st.from_regex(r"[0-9]{7,15}", fullmatch=True), texts)
def test_no_run_of_seven_digits_is_left(before: str, number: str, after: str) -> None:
    assert not re.search(r"\d{7}", redacted(before + number + after))


@pytest.mark.parametrize(
    "number",
    [
        "09012345678",
        "090-1234-5678",
        "(011) 234-5678",
        "０９０１２３４５６７８",
        "０１１－２３４－５６７８",
        "1,234,567円",
        "2022-09-15",
        "A01-0000123",
        "1 2 3 4 5 6 7",
    ],
)
def test_a_number_is_masked_however_it_is_written(number: str) -> None:
    shown = redacted(f"見本 {number} です")
    assert MASK in shown
    assert len(re.findall(r"\d", shown)) <= 2


def test_a_number_at_the_cut_does_not_show_its_first_digits() -> None:
    shown = redacted("あ" * (MOST_CHARACTERS - len(CUT) - 4) + "09012345678" + "い" * 9)
    assert not re.search(r"\d", shown)
    assert shown.endswith(CUT)


@pytest.mark.parametrize(
    "value", [b"\xd1\x01", bytearray(b"x"), memoryview(b"x"), object(), {"a": 1}]
)
def test_bytes_and_objects_are_refused(value: object) -> None:
    assert redacted(value) == REFUSED
    assert json.loads(log_line({"event": value}))["event"] == REFUSED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("campaign", "A01-202209"),
        ("day", "2022-09-15"),
        ("due", "2022-09-15T11:30:00+09:00"),
        ("object", "3f2b8c1e-0a4d-4c57-9a51-1234567890ab"),
        ("request", "9f86d081884c7d65"),
        ("code", "day_not_over"),
        ("worker", "scheduler-0a1b2c3d"),
        ("where", "daily.py:1234567"[:12]),
        ("staff", "OP01"),
    ],
)
def test_an_id_stands_as_it_is_in_a_field_of_its_own(name: str, value: str) -> None:
    assert field_text(name, value) == value


@pytest.mark.parametrize("name", [*ID_FORMS, "event"])
def test_no_field_lets_a_telephone_number_through(name: str) -> None:
    for number in ("09012345678", "090-1234-5678", "tel09012345678", "0901234567812345"):
        assert not re.search(r"\d{5}", field_text(name, number)), name
