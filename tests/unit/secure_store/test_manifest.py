"""Facts about manifest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.canonical import NotCanonical
from secure_store.errors import Invalid
from secure_store.exchange.manifest import (
    AuditHead,
    DailyFileKind,
    DailyFileName,
    Difference,
    FileDifference,
    FileEntry,
    Manifest,
    ManifestRefused,
    daily_file_name,
    daily_report_name,
    differences,
    manifest_from_json,
    parse_daily_file_name,
)

DAY = date(2022, 9, 20)
MONTH = date(2022, 9, 1)


def _entry(name: str, content: bytes = b"x", rows: int = 0) -> FileEntry:
    return FileEntry(name, hashlib.sha256(content).hexdigest(), rows, len(content))


SAMPLE = Manifest(
    contract="C-2022",
    business_day=DAY,
    receivables=("A01", "A02"),
    files=(
        _entry("A01_202209_KEKKA_20220920_01.csv", b"kekka", 12),
        _entry("A01_202209_ESC_20220920_01.csv", b"esc"),
        _entry("NIPPO_20220920_01.csv", b"nippo", 2),
    ),
    built_at=datetime(2022, 9, 20, 11, 45, tzinfo=UTC),
    audit_head=AuditHead(48_211, "1" * 64, "2" * 64),
    revision=0,
    rehearsal=False,
)


def test_a_manifest_comes_back_as_it_was_and_its_bytes_are_a_function_of_it() -> None:
    data = SAMPLE.to_json()
    again = manifest_from_json(data)
    assert (again, again.to_json()) == (SAMPLE, data)
    assert b'"built_at":"2022-09-20T20:45:00+09:00"' in data


@pytest.mark.clause("S4-13.1")
def test_a_day_without_calls_has_a_manifest_with_its_empty_files() -> None:
    empty = replace(SAMPLE, files=(_entry("NIPPO_20220920_01.csv", b"", 0),))
    assert manifest_from_json(empty.to_json()).files[0].rows == 0


@given(st.integers(0, len(SAMPLE.to_json()) - 1), st.integers(0, 7))
def test_a_changed_byte_never_reads_as_the_same_manifest(place: int, bit: int) -> None:
    data = bytearray(SAMPLE.to_json())
    data[place] ^= 1 << bit
    try:
        assert manifest_from_json(bytes(data)) != SAMPLE
    except Invalid:
        return


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"}", b"} ", NotCanonical),
        (b'"revision":0', b'"revision":0,"revision":0', NotCanonical),
        (b'"revision":0', b'"revision": 0', NotCanonical),
        (b'"revision":0', b'"revision":0.0', NotCanonical),
        (b'"revision":0', b'"revision":null', NotCanonical),
        (b'"revision":0', b'"revision":"0"', ManifestRefused),
        (b'"revision":0', b'"revision":true', ManifestRefused),
        (b'"revision":0', b'"revision":-1', ManifestRefused),
        (b'"revision":0', b'"revisions":0', ManifestRefused),
        (b'"rehearsal":false', b'"rehearsal":0', ManifestRefused),
        (b'"receivables":["A01","A02"]', b'"receivables":"A01"', NotCanonical),
        (b'"receivables":["A01","A02"]', b'"receivables":7', ManifestRefused),
        (b"dialer/manifest/v1", b"dialer/manifest/v2", ManifestRefused),
        (b"20:45:00+09:00", b"11:45:00+00:00", NotCanonical),
        (b"20:45:00+09:00", b"20:45:00", ManifestRefused),
        (b'"rows":12,', b'"rows":12,"rowz":1,', ManifestRefused),
        (b'"rows":12', b'"rows":"12"', ManifestRefused),
        (b'"rows":12', b'"rows":-1', ManifestRefused),
        (b"A01_202209_KEKKA_20220920_01.csv", b"../KEKKA.csv", ManifestRefused),
        (b"A01_202209_KEKKA_20220920_01.csv", b"NIPPO_20220920_01.csv", ManifestRefused),
        (b"1" * 64, b"1" * 63, ManifestRefused),
    ],
)
def test_a_manifest_of_another_form_is_refused(old: bytes, new: bytes, error: type) -> None:
    data = SAMPLE.to_json()
    assert old in data
    with pytest.raises(error):
        manifest_from_json(data.replace(old, new, 1))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        manifest_from_json(data)


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\n", "架電.csv", "-rf", "x" * 101]
)
def test_a_file_name_cannot_lead_elsewhere(name: str) -> None:
    with pytest.raises(ManifestRefused):
        _entry(name)


def test_every_way_a_pack_can_differ_is_named() -> None:
    kekka, esc, nippo = SAMPLE.files
    assert differences(SAMPLE, SAMPLE.files) == ()
    stranger = _entry("X.csv")
    found = [replace(kekka, sha256="0" * 64), replace(esc, rows=1), stranger]
    assert differences(SAMPLE, found) == (
        FileDifference(esc.name, Difference.ROWS),
        FileDifference(kekka.name, Difference.DIGEST),
        FileDifference(nippo.name, Difference.MISSING),
        FileDifference(stranger.name, Difference.UNEXPECTED),
    )
    shorter = replace(kekka, bytes=1)
    assert differences(SAMPLE, [shorter, esc, nippo])[0].what is Difference.BYTES


def test_daily_files_are_named_by_receivable_month_kind_day_and_number() -> None:
    results = daily_file_name("A01", MONTH, DailyFileKind.CALLEE_RESULTS, DAY)
    assert results == "A01_202209_KEKKA_20220920_01.csv"
    calls = daily_file_name("A01", MONTH, DailyFileKind.CALL_DETAILS, DAY, 2)
    assert calls == "A01_202209_MEISAI_CALL_20220920_02.csv"
    marks = daily_file_name("A08", MONTH, DailyFileKind.ESCALATIONS, date(2022, 10, 1), 99)
    assert marks == "A08_202209_ESC_20221001_99.csv"
    assert daily_report_name(DAY) == "NIPPO_20220920_01.csv"


@given(
    st.from_regex(r"[0-9A-Z]{1,8}", fullmatch=True),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2199, 12, 31)),
    st.sampled_from(DailyFileKind),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2199, 12, 31)),
    st.integers(1, 99),
)
def test_a_daily_name_keeps_to_its_characters_and_can_be_taken_apart(
    receivable: str, month: date, kind: DailyFileKind, day: date, number: int
) -> None:
    name = daily_file_name(receivable, month, kind, day, number)
    assert re.fullmatch(r"[0-9A-Z_]+\.csv", name)
    first = month.replace(day=1)
    assert parse_daily_file_name(name) == DailyFileName(receivable, first, kind, day, number)


@pytest.mark.parametrize(
    "name",
    [
        "NIPPO_20220920_01.csv",
        "A01_202209_KEKKA_20220931_01.csv",
        "A01_202213_KEKKA_20220920_01.csv",
        "A01_202209_KEKKA_20220920_00.csv",
        "A01_202209_KEKKA_20220920_1.csv",
        "A01_202209_TAISHO_20220920_01.csv",
        "A01_202209_KEKKA_20220920_01.csv\n",
        "A01_202209_KEKKA_２０２２0920_01.csv",
        "a01_202209_KEKKA_20220920_01.csv",
    ],
)
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(ManifestRefused):
        parse_daily_file_name(name)


@pytest.mark.parametrize(
    ("receivable", "number"), [("a01", 1), ("", 1), ("A_1", 1), ("A01", 0), ("A01", 100)]
)
def test_a_name_that_could_not_be_read_back_is_not_made(receivable: str, number: int) -> None:
    with pytest.raises(ManifestRefused):
        daily_file_name(receivable, MONTH, DailyFileKind.ESCALATIONS, DAY, number)
