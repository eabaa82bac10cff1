"""An intake remembers every row of its files, but not in memory."""

from __future__ import annotations

import tracemalloc
from datetime import date

import pytest

from campaigns.intake.columns import IN_MEMORY, Columns
from campaigns.intake.findings import Expected
from campaigns.intake.validation import check_delivery
from secure_store import scratch as scratches
from secure_store.scratch import sealed_scratch
from webui.rehearsal.sample_delivery import make_delivery

FEW, MANY = 200, 700
MONTH = date(2022, 9, 1)


def peak_of(rows: int, columns: Columns) -> int:
    """By how many bytes memory grows at most while a delivery is checked and read through."""
    files = make_delivery("A01", MONTH, rows, 7).files
    tracemalloc.start()
    try:
        report = check_delivery(files, Expected("A01", MONTH, 2022), columns=columns)
        assert sum(1 for _entry in report.in_file_order()) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.clause("S4-6.1")
def test_memory_does_not_grow_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratches, "PAGES_IN_MEMORY", 2)
    grown = {}
    first = peak_of(FEW, IN_MEMORY)  # with what is read once and kept: it comes first
    for rows in (FEW, MANY):
        with sealed_scratch() as columns:
            grown[rows] = peak_of(rows, columns)
    per_row = (grown[MANY] - grown[FEW]) / (MANY - FEW)
    kept = (peak_of(MANY, IN_MEMORY) - first) / (MANY - FEW)
    assert per_row < 150 < kept
