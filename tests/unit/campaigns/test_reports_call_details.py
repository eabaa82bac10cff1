"""架電明細: one line per call, callbacks among them."""

from __future__ import annotations

import pytest
from reports_sample import (
    HARD,
    OUTCOMES,
    at,
    call,
    case,
    dicts,
    files_of,
    frame,
    kekka,
    text_of,
)

from campaigns.calling.outcomes import Direction
from campaigns.cases.states import IdentityResult
from campaigns.errors import PackInconsistent
from campaigns.reports import layout
from campaigns.reports.csv_writer import (
    build_meisai_call,
)
from campaigns.reports.rows import CallSource


@pytest.mark.clause("S4-11.3b-2")
def test_a_callback_has_its_line_among_the_calls_of_the_day() -> None:
    rang_back = call(
        2, "54", at(17, 0), serial=12, direction=Direction.INBOUND, identity=IdentityResult.PASSED
    )
    rows = dicts(files_of([case(1, call(1, serial=13)), case(2, rang_back)]).meisai_call)
    assert [(row["通番"], row["方向"], row["結果コード"]) for row in rows] == [
        ("00000012", "2", "54"),
        ("00000013", "1", "11"),
    ]
    [result] = [row for row in dicts(kekka(case(2, rang_back))) if row["方向"] == "2"]
    assert (result["印"], result["当日発信数"]) == ("☆", "0")


def test_a_call_is_told_with_its_seconds_and_no_name() -> None:
    start = at(19, 3, 12)
    fact = call(
        1,
        "61",
        start,
        serial=4711,
        identity=IdentityResult.PASSED,
        answered_at=at(19, 3, 25),
        ended_at=at(19, 7, 40),
        wrap_up_seconds=48,
        source=CallSource.PAPER,
    )
    data = files_of([case(1, fact)]).meisai_call
    [row] = dicts(data)
    assert list(row.values()) == [
        "00004711", "2022-09-20", "A01", "A01-0000001", "1", "19:03:12", "19:03:25", "19:07:40",
        "13", "255", "48", "H3", "1", "0000", "OP012", "61", "1", "1", "1", "0", "1",
    ]  # fmt: skip
    assert list(row) == list(layout.MEISAI_CALL.names)
    assert HARD not in text_of(data)


def test_a_serial_stands_once() -> None:
    cases = [case(1, call(1, serial=5)), case(2, call(2, serial=5))]
    with pytest.raises(PackInconsistent, match="serial_repeated"):
        b"".join(build_meisai_call(frame(), cases, OUTCOMES))
