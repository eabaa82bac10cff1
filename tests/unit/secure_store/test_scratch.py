"""Columns beside the memory: what is put in comes out, and nothing of it lies in clear."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from secure_store import scratch as scratches
from secure_store.scratch import PAGE, SealedScratch, sealed_scratch

Changes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 8 * PAGE - 1), st.integers(-(2**63), 2**63 - 1)),
    max_size=60,
)


@given(Changes)
@settings(deadline=None, max_examples=40)
def test_columns_say_what_lists_would_say(changes: list[tuple[int, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch, sealed_scratch() as scratch:
        patch.setattr(scratches, "PAGES_IN_MEMORY", 2)
        columns = [scratch.numbers(8 * PAGE, filled_with=kind) for kind in range(3)]
        lists = [[kind] * (8 * PAGE) for kind in range(3)]
        for which, at, number in changes:
            columns[which][at] = lists[which][at] = number
        for column, expected in zip(columns, lists, strict=True):
            assert list(column) == expected
            assert column[PAGE - 2 : 2 * PAGE] == expected[PAGE - 2 : 2 * PAGE]


def test_a_column_grows_at_its_end_and_can_be_emptied() -> None:
    with sealed_scratch() as scratch:
        column = scratch.numbers()
        for number in range(3 * PAGE):
            column.append(number)
        assert (len(column), column[-1], column[0]) == (3 * PAGE, 3 * PAGE - 1, 0)
        with pytest.raises(IndexError):
            column[3 * PAGE] = 1
        column.clear()
        assert list(column) == []


@pytest.mark.clause("S4-14.10")
def test_nothing_lies_in_the_file_in_clear_and_no_page_passes_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scratches, "PAGES_IN_MEMORY", 0)
    known = int.from_bytes(b"09012345", "little")
    with tempfile.TemporaryFile() as file:
        scratch = SealedScratch(file.fileno())
        column = scratch.numbers(3 * PAGE, filled_with=known)
        assert sum(column) == 3 * PAGE * known
        first, second = 0, scratches._STORED
        written = os.pread(file.fileno(), 10 * scratches._STORED, 0)
        assert len(written) >= 2 * scratches._STORED
        assert b"09012345" not in written
        os.pwrite(file.fileno(), written[first:second], second)
        with pytest.raises(InvalidTag):
            list(column)


def test_the_file_has_no_name(tmp_path: Path) -> None:
    with sealed_scratch(tmp_path) as scratch:
        column = scratch.numbers(PAGE * (scratches.PAGES_IN_MEMORY + 5), filled_with=1)
        assert sum(column) == len(column)
        assert list(tmp_path.iterdir()) == []
