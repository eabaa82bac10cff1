"""Files, names and log lines made up at random break nothing (T35; `make soak` with many more)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from campaigns.intake.layouts import NameUnusable, parse_name
from campaigns.intake.notice_files import check_notice_files
from campaigns.intake.validation import check_delivery
from campaigns.intake.workbook_guard import WorkbookFault, look_over
from secure_store.archives import ArchiveRefused, inflated, members_of
from tests.fixtures_lent import AS_OF, EXPECTED, MONTH, draft, name_of, with_file
from tests.workbooks import workbook
from webui.forms.entry import FormRefused
from webui.forms.imports import read_delivery
from webui.runtime.log_setup import JsonLines

GOOD = draft(4).files()
BOOK = workbook([["見出し"], ["値"]])
NASTY = ["\r\n", "\x1b[2J", "\u2028", "\u202e", "\0", "../", "..\\", "\u200b", "%2e%2e/", "A" * 300]
names = st.lists(st.text() | st.sampled_from([*NASTY, *GOOD])).map("".join)


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Some bytes changed, left out, put in or moved."""
    data = bytearray(good)
    for _change in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        end = at + draw(st.integers(0, 40))
        data[at:end] = draw(st.binary(max_size=40))
    return bytes(data)


@pytest.mark.clause("T35")
@given(st.sampled_from(["TAISHO", "MEISAI", "KOYU", "CTL"]), st.data())
def test_a_damaged_delivery_is_read_or_refused_and_always_adds_up(
    kind: str, data: st.DataObject
) -> None:
    spoilt = data.draw(damaged(GOOD[name_of(GOOD, kind)]))
    report = check_delivery(with_file(GOOD, kind, spoilt), EXPECTED)
    assert report.is_refused or report.received == len(report.accepted) + len(report.excluded)


@pytest.mark.clause("T35")
@given(st.dictionaries(names, st.binary(), max_size=6))
def test_files_of_any_name_and_content_are_refused(files: Mapping[str, bytes]) -> None:
    report = check_delivery(files, EXPECTED)
    assert report.is_refused
    assert {one.file for one in report.faults} <= {*GOOD, "TAISHO", "MEISAI", "KOYU", "CONTROL"} | {
        f"#{number}" for number in range(1, 7)
    }
    assert check_notice_files(files, "A01", MONTH, AS_OF).is_refused


@pytest.mark.clause("T35")
@given(damaged(BOOK))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + bytes(18))
def test_a_damaged_workbook_is_looked_over_or_refused(data: bytes) -> None:
    with suppress(WorkbookFault):
        look_over(data)
    with suppress(ArchiveRefused):
        assert sum(len(piece) for _member, piece in inflated(data, members_of(data))) < 10_000_000


@pytest.mark.clause("T35")
@given(names)
def test_a_file_name_never_leads_anywhere(name: str) -> None:
    upload = FileStorage(io.BytesIO(b"x"), filename=name)
    try:
        sent = read_delivery({"campaign": "A01-202209"}, [upload], {"A01-202209"})
    except FormRefused:
        return
    (kept,) = sent.files
    assert "/" not in kept
    assert "\\" not in kept
    try:
        usable = parse_name(kept)
    except NameUnusable:
        return
    assert usable.file_name == kept
    assert kept.isascii()
    assert len(kept) < 50


@pytest.mark.clause("T35")
@given(names, st.lists(names))
def test_whatever_is_logged_stays_one_line(event: str, arguments: list[str]) -> None:
    record = logging.LogRecord("webui", logging.INFO, "", 1, event, tuple(arguments), None)
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["logger"] == "webui"
