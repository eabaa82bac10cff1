"""A pack that does not agree with itself is never signed: each fault is found, none is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from reports_sample import (
    BEFORE,
    HARD,
    at,
    call,
    case,
    days_of_cases,
    files_of,
    promised,
    report_of,
)

from campaigns.calling.outcomes import Direction
from campaigns.cases.encodings import Encoding
from campaigns.cases.states import IdentityResult
from campaigns.reports.consistency import CampaignFiles, PackFault, PackFaultKind, check_pack
from campaigns.reports.rows import CaseRow

CP932, UTF8 = Encoding.CP932, Encoding.UTF_8_BOM
Kind = PackFaultKind

CASES = [
    case(1, call(1, "61", at(12, 0), serial=1, identity=IdentityResult.PASSED)),
    case(2),
    case(3, call(3, "34", at(18, 0), serial=2), call(3, "12", at(19, 0), serial=3)),
    case(
        5, promised(5, 48_000, serial=4), earlier=[call(5, "11", at(12, 0, day=BEFORE), serial=6)]
    ),
    case(6, earlier=[call(6, "61", at(12, 0, day=BEFORE), serial=5)]),
]


def checked(
    files: CampaignFiles, report: bytes | None = None, encoding: Encoding = CP932
) -> tuple[PackFault, ...]:
    return check_pack([files], report_of(CASES) if report is None else report, encoding)


def kinds(faults: tuple[PackFault, ...]) -> set[tuple[PackFaultKind, str, str]]:
    return {(fault.kind, fault.file, fault.column) for fault in faults}


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("rehearsal", [False, True])
def test_a_pack_as_built_agrees(encoding: Encoding, rehearsal: bool) -> None:
    cases = [replace(one, lent=case(one.row_number, encoding=encoding).lent) for one in CASES]
    files = files_of(cases, encoding, rehearsal=rehearsal)
    assert checked(files, report_of(cases, UTF8), UTF8) == ()


@pytest.mark.clause("S4-13.1a", "S4-13.1b", "S4-13.1c")
@settings(max_examples=60, deadline=None)
@given(days_of_cases())
def test_the_files_of_any_day_agree_with_each_other(cases: list[CaseRow]) -> None:
    assert checked(files_of(cases), report_of(cases)) == ()


def test_a_day_with_no_rows_and_no_calls_agrees() -> None:
    assert checked(files_of([]), report_of([])) == ()


Spoil = Callable[[CampaignFiles], CampaignFiles]


def _in(name: str, old: str, new: str) -> Spoil:
    def spoil(files: CampaignFiles) -> CampaignFiles:
        data: bytes = getattr(files, name)
        assert old.encode("cp932") in data
        changed = data.replace(old.encode("cp932"), new.encode("cp932"), 1)
        return replace(files, **{name: changed})

    return spoil


def _without_line(name: str, number: int) -> Spoil:
    def spoil(files: CampaignFiles) -> CampaignFiles:
        lines = getattr(files, name).split(b"\r\n")
        del lines[number]
        return replace(files, **{name: b"\r\n".join(lines)})

    return spoil


def _swapped(name: str) -> Spoil:
    def spoil(files: CampaignFiles) -> CampaignFiles:
        lines = getattr(files, name).split(b"\r\n")
        lines[1], lines[2] = lines[2], lines[1]
        return replace(files, **{name: b"\r\n".join(lines)})

    return spoil


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_in("kekka", HARD, HARD[:-1]), (Kind.LENT_CELLS, "KEKKA", "")),
        (_in("kekka", "ソ1", '"ソ1"'), (Kind.LENT_CELLS, "KEKKA", "")),  # only the quotes differ
        (_swapped("kekka"), (Kind.LENT_CELLS, "KEKKA", "")),
        (_without_line("kekka", 2), (Kind.ROW_COUNT, "KEKKA", "")),
        (_without_line("esc", 1), (Kind.ROW_MISSING, "ESC", "")),
        (_without_line("kekka", 1), (Kind.ROW_UNEXPECTED, "ESC", "")),
        (_in("esc", '"61"', '"62"'), (Kind.ROW_DIFFERS, "ESC", "code")),
        (_in("esc", '-001","★"', '-001","☆"'), (Kind.ROW_DIFFERS, "ESC", "mark")),
        (_in("esc", HARD, HARD[:-1]), (Kind.LENT_CELLS, "ESC", "")),
        (_without_line("meisai_call", 1), (Kind.ROW_COUNT, "MEISAI_CALL", "")),
        (_in("meisai_call", '"61"', '"62"'), (Kind.SUM_DIFFERS, "NIPPO", "code")),
        (_in("kekka", '"業務日"', '"業務の日"'), (Kind.UNREADABLE, "KEKKA", "")),
        (_in("esc", '"要旨"', '"要点"'), (Kind.UNREADABLE, "ESC", "")),
        (_in("meisai_call", '"通番"', '"番号"'), (Kind.UNREADABLE, "MEISAI_CALL", "")),
        (_in("meisai_call", '"00000001"', '00"000001"'), (Kind.UNREADABLE, "MEISAI_CALL", "")),
    ],
)
def test_a_file_that_was_spoilt_is_found(
    spoil: Spoil, fault: tuple[PackFaultKind, str, str]
) -> None:
    assert fault in kinds(checked(spoil(files_of(CASES))))


def test_totals_of_dials_and_attempts_are_those_of_the_calls() -> None:
    other = [*CASES[:1], case(2, call(2, serial=9)), *CASES[2:]]
    mixed = replace(files_of(CASES), kekka=files_of(other).kekka)
    found = kinds(checked(mixed))
    assert (Kind.SUM_DIFFERS, "KEKKA", "day_dials") in found
    assert (Kind.SUM_DIFFERS, "KEKKA", "day_attempts") in found
    assert (Kind.SUM_DIFFERS, "NIPPO", "dials") in found


def test_a_report_of_other_calls_is_found() -> None:
    other = [case(1, promised(1, 1, serial=1)), case(2, call(2, "35", serial=2))]
    found = kinds(checked(files_of(CASES), report_of(other)))
    wanted = ("stars", "white_stars", "urgent", "dials", "attempts", "promised_yen", "code")
    expected = {(Kind.SUM_DIFFERS, "NIPPO", column) for column in wanted} - {
        (Kind.SUM_DIFFERS, "NIPPO", "stars")  # one ★ either way
    }
    assert expected <= found


def test_a_report_that_cannot_be_read_or_lacks_the_receivable_is_found() -> None:
    files = files_of(CASES)
    assert kinds(checked(files, b"")) == {(Kind.UNREADABLE, "NIPPO", "")}
    spoilt = report_of(CASES).replace('"A01","見本債権"'.encode("cp932"), b'"A02",""')
    assert (Kind.ROW_MISSING, "NIPPO", "receivable") in kinds(checked(files, spoilt))
    old = '"見本債権","5","3","'.encode("cp932")
    assert old in report_of(CASES)
    with_letter = report_of(CASES).replace(old, old + b"x")
    assert (Kind.UNREADABLE, "NIPPO", "") in kinds(checked(files, with_letter))


def test_a_call_outside_the_window_without_an_order_is_found() -> None:
    for clock, inside in (((13, 29, 59), True), ((13, 30), False), ((20, 30), False)):
        cases = [case(1, call(1, "11", at(*clock)))]
        found = kinds(checked(files_of(cases), report_of(cases)))
        assert found == (set() if inside else {(Kind.OUTSIDE_HOURS, "MEISAI_CALL", "started_at")})


def test_a_call_under_an_order_and_a_callback_may_lie_outside() -> None:
    cases = [
        case(1, call(1, "11", at(14, 0), serial=1, order_no="見本第1号")),
        case(2, call(2, "83", at(14, 0), serial=2, direction=Direction.INBOUND)),
    ]
    assert checked(files_of(cases), report_of(cases)) == ()


def test_faults_name_places_and_never_values() -> None:
    spoilt = _in("kekka", HARD, HARD[:-1])(files_of(CASES))
    shown = repr(checked(spoilt)) + repr(spoilt)
    assert HARD[:-1] not in shown
