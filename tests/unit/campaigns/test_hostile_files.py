"""Twenty-four hostile files are refused, and the process that refuses them hardly grows (T43)."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from campaigns.intake.findings import DeliveryReport
from campaigns.intake.workbooks import check_files
from tests.bombs import MIB, TEXTS, WORKBOOKS, plain
from tests.fixtures_lent import EXPECTED, draft, name_of, with_file
from tests.workbooks import as_workbooks

MAY_GROW = 64 * MIB


def resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@contextmanager
def watched() -> Iterator[list[int]]:
    """The growth of this process at its largest, looked at every few milliseconds."""
    before, grown, ended = resident(), [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.005):
            grown[0] = max(grown[0], resident() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        ended.set()
        watcher.join()
        grown[0] = max(grown[0], resident() - before)


def as_text(make: Callable[[], bytes]) -> dict[str, bytes]:
    """The data rows of TAISHO are the bomb; its header is sound."""
    files = draft(6).files()
    header = files[name_of(files, "TAISHO")].split(b"\r\n")[0]
    return with_file(files, "TAISHO", header + b"\r\n" + make())


def as_workbook(make: Callable[[], bytes]) -> dict[str, bytes]:
    return as_workbooks(draft(6), {"TAISHO": make()}, ["TAISHO"])


def test_there_are_twenty_four() -> None:
    assert len(WORKBOOKS) + len(TEXTS) == 24
    made = {hashlib.sha256(make()).digest() for make in (*WORKBOOKS.values(), *TEXTS.values())}
    assert len(made) == 24


@pytest.mark.clause("T43")
@pytest.mark.parametrize("name", [*WORKBOOKS, *TEXTS])
def test_a_hostile_file_is_refused_by_place_or_reason(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = as_text(TEXTS[name]) if name in TEXTS else as_workbook(WORKBOOKS[name])
    size = max(map(len, files.values()))
    assert size <= 64 * MIB
    began = monotonic()
    with watched() as grown:
        report = check_files(files, EXPECTED)
    with capsys.disabled():
        sys.stdout.write(
            f"  {name}: {size:,} bytes, {_why(report)}, {monotonic() - began:.2f} s, "
            f"grew by {grown[0] // MIB} MiB\n"
        )
    assert report.is_refused
    assert {fault.file for fault in report.faults} <= set(files)
    assert grown[0] <= MAY_GROW


def _why(report: DeliveryReport) -> str:
    first = report.faults[0]
    return f"{first.code.value} row {first.row}"


def test_the_file_the_bombs_are_made_of_is_read() -> None:
    """The positive control: refused for its header alone, which is not that of the layout."""
    report = check_files(as_workbooks(draft(6), {"TAISHO": plain()}, ["TAISHO"]), EXPECTED)
    assert {fault.code.value for fault in report.faults} >= {"header"}
    assert not any(fault.code.value.startswith("workbook") for fault in report.faults)
