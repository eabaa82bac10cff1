"""The whole CP932 table comes back byte for byte; forty trap files are refused by place (T45)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from campaigns.cases.encodings import BOM, Encoding
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.csv_bytes import RawRow, segment_of, segments_at, split_rows, value_of
from campaigns.intake.validation import check_delivery
from tests.fixtures_lent import EXPECTED, draft, name_of, with_bytes

CP932 = Encoding.CP932
ROW = 60  # characters of the table in one line


def table() -> Iterator[bytes]:
    """Every code of CP932 that means a character one can see: one byte, then two."""
    for one in (*range(0x20, 0x7F), *range(0xA1, 0xE0)):
        yield bytes([one])
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            try:
                bytes((lead, trail)).decode("cp932")
            except UnicodeDecodeError:
                continue
            yield bytes((lead, trail))


def quoted(code: bytes) -> bytes:
    return b'"' + code.replace(b'"', b'""') + b'"'


def lines() -> list[bytes]:
    codes = list(table())
    return [
        b",".join(map(quoted, codes[at : at + ROW])) + b"\r\n" for at in range(0, len(codes), ROW)
    ]


@pytest.mark.clause("T45", "S4-13.1b")
def test_every_code_of_the_table_comes_back_as_it_was() -> None:
    codes = list(table())
    assert len(codes) > 9_400
    data = b"".join(lines())
    rows = list(split_rows(data, CP932))
    assert [row.faults for row in rows if row.faults] == []
    assert b"".join(b",".join(row.segments) + row.line_end for row in rows) == data
    assert [cell for row in rows for cell in row.segments] == list(map(quoted, codes))
    read = [value_of(cell, CP932) for row in rows for cell in row.segments]
    assert read == [code.decode("cp932") for code in codes]
    assert [segments_at(data, row.start) for row in rows] == [row.segments for row in rows]


@pytest.mark.clause("T45")
def test_codes_that_name_one_character_twice_are_told_apart_and_told_of() -> None:
    twice, once = [], []
    for code in table():
        text = code.decode("cp932")
        (twice if text.encode("cp932") != code else once).append(code)
    (row,) = split_rows(b",".join(map(quoted, twice)), CP932)
    assert row.doubled == tuple(range(1, len(twice) + 1))
    assert len(twice) == 398
    rows = list(split_rows(b"\r\n".join(map(quoted, once)), CP932))
    assert [one.number for one in rows if one.doubled] == []
    unusual = {value_of(one.segments[0], CP932) for one in rows if one.vendor}
    assert {"髙", "﨑", "①", "㈱", "№", "ⅰ"} <= unusual
    assert not unusual & set("表ソ能十高崎－～∥￠￡￢")


@pytest.mark.clause("T45")
def test_the_private_use_area_is_told_of_and_comes_back() -> None:
    codes = [
        bytes((lead, trail)) for lead in range(0xF0, 0xFA) for trail in (0x40, 0x7E, 0x80, 0xFC)
    ]
    (row,) = split_rows(b",".join(map(quoted, codes)), CP932)
    assert row.private_use == tuple(range(1, len(codes) + 1))
    assert row.segments == tuple(map(quoted, codes))


IN_BOTH = ("表", "ソ", "能", "十", "髙", "﨑", "～", "－", "∥", "￠", "￡", "￢", "ﾊﾞ", "ﾟ", "ｶﾞ")


@pytest.mark.clause("T45")
@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("text", IN_BOTH)
def test_a_trap_that_is_a_letter_stays_the_letter_it_was(text: str, encoding: Encoding) -> None:
    data = encoding.mark + segment_of(f"{text}見本{text}", encoding) + b"\r\n"
    (row,) = split_rows(data, encoding)
    assert (row.faults, value_of(row.segments[0], encoding)) == ((), f"{text}見本{text}")


# Forty files that must be refused: bytes in the encoding, the fault, how far into the cell.
UTF_8 = Encoding.UTF_8_BOM
_ANY = {
    "a zero byte": ("\0", FaultCode.CONTROL_CHARACTER),
    "a bell": ("\a", FaultCode.CONTROL_CHARACTER),
    "an escape": ("\x1b[31m", FaultCode.CONTROL_CHARACTER),
    "a tabulator": ("\t", FaultCode.CONTROL_CHARACTER),
    "a deletion": ("\x7f", FaultCode.CONTROL_CHARACTER),
    "a carriage return": ("\r", FaultCode.LINE_BREAK_IN_CELL),
}
_UNICODE = {
    "a line separator": ("\u2028", FaultCode.LINE_SEPARATOR),
    "a paragraph separator": ("\u2029", FaultCode.LINE_SEPARATOR),
    "a next line": ("\x85", FaultCode.CONTROL_CHARACTER),
    "the first C1": ("\x80", FaultCode.CONTROL_CHARACTER),
    "the last C1": ("\x9f", FaultCode.CONTROL_CHARACTER),
    "a zero-width space": ("\u200b", FaultCode.INVISIBLE_CHARACTER),
    "a zero-width joiner": ("\u200d", FaultCode.INVISIBLE_CHARACTER),
    "a word joiner": ("\u2060", FaultCode.INVISIBLE_CHARACTER),
    "a soft hyphen": ("\xad", FaultCode.INVISIBLE_CHARACTER),
    "a mark in the middle": ("\ufeff", FaultCode.INVISIBLE_CHARACTER),
    "an annotation": ("\ufff9", FaultCode.INVISIBLE_CHARACTER),
    **{
        f"bidi {ord(one):04x}": (one, FaultCode.BIDI_CONTROL)
        for one in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    },
}
_BROKEN = {
    "half a pair": (CP932, b"\x95", FaultCode.BAD_ENCODING),
    "a wrong trail byte": (CP932, b"\x95\x20", FaultCode.BAD_ENCODING),
    "a pair that is none": (CP932, b"\x85\x40", FaultCode.BAD_ENCODING),
    "a stray 80": (CP932, b"\x80", FaultCode.BAD_ENCODING),
    "a stray FD": (CP932, b"\xfd", FaultCode.BAD_ENCODING),
    "UTF-8 in CP932": (CP932, "髙".encode(), FaultCode.BAD_ENCODING),
    "CP932 in UTF-8": (UTF_8, "髙".encode("cp932"), FaultCode.BAD_ENCODING),
    "an overlong form": (UTF_8, b"\xc0\xaf", FaultCode.BAD_ENCODING),
    "a surrogate": (UTF_8, b"\xed\xa0\x80", FaultCode.BAD_ENCODING),
    "beyond the last character": (UTF_8, b"\xf4\x90\x80\x80", FaultCode.BAD_ENCODING),
    "a lone trail byte": (UTF_8, b"\x80", FaultCode.BAD_ENCODING),
}
TRAPS: dict[str, tuple[Encoding, bytes, FaultCode]] = {
    **{name: (CP932, text.encode("cp932"), code) for name, (text, code) in _ANY.items()},
    **{name: (UTF_8, text.encode(), code) for name, (text, code) in _UNICODE.items()},
    **_BROKEN,
}


def test_there_are_forty_traps() -> None:
    assert len(TRAPS) == 40


@pytest.mark.clause("T45")
@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_refuses_its_file_with_row_column_and_offset(trap: str) -> None:
    encoding, bad, code = TRAPS[trap]
    good = "見本".encode(encoding.codec)
    first = encoding.mark + quoted(good) + b"," + quoted(good) + b"\r\n"
    data = first + quoted(good) + b"," + quoted(good + bad) + b"\r\n"
    sound, row = split_rows(data, encoding)
    assert sound.faults == ()
    fault = row.faults[0]
    assert (fault.code, row.number) == (code, 1)
    before = len(first) + len(quoted(good)) + 2 + len(good)
    assert fault.column in (2, None)
    assert fault.byte in range(len(first), before + len(bad) + 1)
    if fault.column == 2:
        assert fault.byte >= before


@pytest.mark.clause("T45")
@pytest.mark.parametrize("encoding", ["cp932", "utf_8_bom"])
def test_a_delivery_with_a_trap_is_refused_by_line_and_place(encoding: str) -> None:
    made = draft(6, encoding=encoding)
    made.set("TAISHO", 2, "方書", "見本\x1b")
    fault = made.check().faults[0]
    data = made.files()[name_of(made.files(), "TAISHO")]
    assert (fault.row, fault.column, fault.byte) == (3, "方書", data.index(b"\x1b"))


def test_a_text_in_utf_16_is_refused_with_its_first_bad_byte() -> None:
    files = with_bytes(
        draft(6).files(), "TAISHO", lambda data: data.decode("cp932").encode("utf-16")
    )
    report = check_delivery(files, EXPECTED)
    assert report.is_refused
    assert FaultCode.BAD_ENCODING in {one.code for one in report.faults}


def test_vendor_characters_are_told_once_for_a_column_with_their_count() -> None:
    made = draft(6)
    for row in range(6):
        made.set("TAISHO", row, "債務者氏名", "見本髙" if row else "見本")
    told = [one for one in made.check().questions if one.code is QuestionCode.VENDOR_CHARACTER]
    (named,) = [one for one in told if one.column == "債務者氏名"]
    assert (named.row, named.rows_alike) == (2, 5)


def test_a_row_says_what_is_unusual_in_it() -> None:
    (row,) = split_rows('"見本髙","\ue000"'.encode("cp932") + b',"\xee\xf9"', CP932)
    assert isinstance(row, RawRow)
    assert (row.vendor, row.private_use, row.doubled) == ((1,), (2,), (3,))


def test_a_mark_belongs_to_no_cell() -> None:
    (row,) = split_rows(BOM + b'"a"', UTF_8)
    assert (row.segments, row.start) == ((b'"a"',), 3)
