"""The splitter: rows come apart on bytes and go together again without a change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.cases.encodings import BOM, Encoding
from campaigns.intake.codes import FaultCode
from campaigns.intake.csv_bytes import (
    MAX_ROW_BYTES,
    CellUnreadable,
    RawRow,
    segment_of,
    split_rows,
    value_of,
)

CP932, UTF8 = Encoding.CP932, Encoding.UTF_8_BOM


def rows_of(data: bytes, encoding: Encoding = CP932) -> list[RawRow]:
    return list(split_rows(data, encoding))


def joined(rows: list[RawRow]) -> bytes:
    return b"".join(b",".join(row.segments) + row.line_end for row in rows)


def faults_of(data: bytes, encoding: Encoding = CP932) -> list[tuple[int, int | None, str, int]]:
    return [
        (row.number, fault.column, fault.code.value, fault.byte)
        for row in rows_of(data, encoding)
        for fault in row.faults
    ]


def test_no_cp932_pair_ends_in_a_byte_the_splitter_cuts_at() -> None:
    """What the splitter rests on, asked of the codec itself for every pair of bytes."""
    cut_at = b'",\r\n'
    pairs = [bytes((lead, trail)) for lead in range(0x81, 0x100) for trail in cut_at]
    joined_by_codec = []
    for pair in pairs:
        try:
            text = pair.decode("cp932")
        except UnicodeDecodeError:
            continue
        if len(text) == 1:
            joined_by_codec.append(pair)
    assert joined_by_codec == []


@pytest.mark.parametrize("name", ["表ソ能十噂", "髙﨑", "〓", "ｶﾀｶﾅﾞ", "～－∥￠￡￢", "①㈱Ⅲ㎝"])
def test_hard_names_come_apart_and_together_byte_for_byte(name: str) -> None:
    line = f'"{name}",{name},"",,"a""{name}"",b"'.encode("cp932")
    [row] = rows_of(line)
    assert not row.faults
    assert b",".join(row.segments) == line
    values = [value_of(segment, CP932) for segment in row.segments]
    assert values == [name, name, "", "", f'a"{name}",b']


CELL = st.text(st.sampled_from("aA0 ,\"'=表ソ能十髙﨑〓ｱﾞ～－「　"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(CELL, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=6
    ),
    st.sampled_from(list(Encoding)),
    st.sampled_from([b"\r\n", b"\n"]),
    st.booleans(),
)
def test_any_well_formed_file_is_restored_from_its_segments(
    table: list[list[tuple[str, bool]]], encoding: Encoding, end: bytes, last_line_ends: bool
) -> None:
    def segment(cell: str, quoted: bool) -> bytes:
        bare = not quoted and '"' not in cell and "," not in cell
        return cell.encode(encoding.codec) if bare else segment_of(cell, encoding)

    lines = [b",".join(segment(*cell) for cell in row) for row in table]
    body = end.join(lines) + (end if last_line_ends else b"")
    rows = rows_of(encoding.mark + body, encoding)
    assert [fault for row in rows for fault in row.faults] == []
    assert joined(rows) == body
    expected = [[cell for cell, _ in row] for row in table]
    if lines[-1] == b"" and not last_line_ends:
        expected = expected[:-1]  # an empty last line without its end is no line
    assert [[value_of(cell, encoding) for cell in row.segments] for row in rows] == expected


def test_the_byte_order_mark_belongs_to_no_cell() -> None:
    rows = rows_of(BOM + '"見",1\r\n"本",2\r\n'.encode(), UTF8)
    assert [row.segments for row in rows] == [
        ('"見"'.encode(), b"1"),
        ('"本"'.encode(), b"2"),
    ]


def test_rows_are_numbered_from_the_header_as_zero() -> None:
    assert [row.number for row in rows_of(b"a\r\nb\r\nc")] == [0, 1, 2]


def test_an_empty_file_has_no_rows() -> None:
    assert rows_of(b"") == []
    assert rows_of(BOM, UTF8) == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'h,h\r\na,"b\r\n', (1, 2, "unbalanced_quote", 7)),
        (b'h,h\r\na,b"c\r\n', (1, 2, "unbalanced_quote", 7)),
        (b'h,h\r\n"a"b,c\r\n', (1, 1, "unbalanced_quote", 5)),
        (b'h,h\r\na,"b\r\nc"\r\n', (1, 2, "line_break_in_cell", 7)),
        (b'h,h\r\na,"b\nc"\r\n', (1, 2, "line_break_in_cell", 7)),
        (b"h,h\r\na,b\rc\r\n", (1, 2, "line_break_in_cell", 8)),
        (b"h,h\r\na,b\n", (1, None, "line_end", 5)),
        (b"h,h\na,b\r\n", (1, None, "line_end", 4)),
        (b"h,h\r\na,b\x00c\r\n", (1, 2, "control_character", 8)),
        (b"h,h\r\na,\x1b\r\n", (1, 2, "control_character", 7)),
        (b"h,h\r\na,b\tc\r\n", (1, 2, "control_character", 8)),
        (b"h,h\r\na,b\x1a\r\n", (1, 2, "control_character", 8)),
        (b"h,h\r\na,\x81\r\n", (1, 2, "bad_encoding", 7)),
        (b"h,h,h,h\r\na,b,\x81\xfd,d\r\n", (1, 3, "bad_encoding", 13)),
        (b"h,h\r\na,b\x80\r\n", (1, 2, "bad_encoding", 8)),
        (b"h,h\r\n\xa0,b\r\n", (1, 1, "bad_encoding", 5)),
        (b"h,h\r\na,\x95\x5c\xfd\r\n", (1, 2, "bad_encoding", 9)),
        (b"h,h\r\na,\xff\r\n", (1, 2, "bad_encoding", 7)),
        (b'h,h\r\n"a\x81",b\r\n', (1, 1, "bad_encoding", 7)),
    ],
)
def test_a_fault_is_found_with_its_row_column_and_byte(
    data: bytes, fault: tuple[int, int | None, str, int]
) -> None:
    assert faults_of(data) == [fault]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\u202e", "bidi_control"),
        ("\u2066", "bidi_control"),
        ("\u200f", "bidi_control"),
        ("\u061c", "bidi_control"),
        ("\u2028", "line_separator"),
        ("\u2029", "line_separator"),
        ("\u0085", "control_character"),
        ("\u009f", "control_character"),
        ("\u200b", "invisible_character"),
        ("\ufeff", "invisible_character"),
    ],
)
def test_characters_that_deceive_the_eye_are_faults_in_utf_8(text: str, code: str) -> None:
    data = BOM + f"h,h\r\n表,見本{text}".encode()
    at = data.index(text.encode(), len(BOM))
    assert faults_of(data, UTF8) == [(1, 2, code, at)]


@pytest.mark.parametrize("bad", [b"\x95\x5c", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"])
def test_bytes_that_are_not_strict_utf_8_are_faults(bad: bytes) -> None:
    assert faults_of(BOM + b"h\r\n" + bad, UTF8) == [(1, 1, "bad_encoding", 6)]


def test_gaiji_are_reported_by_column_and_are_no_fault() -> None:
    [_, row] = rows_of(b'h,h,h\r\n"\xf0\x40\xf0\x41",b,"\xf9\xfc"\r\n')
    assert row.faults == ()
    assert row.private_use == (1, 3)
    [_, row] = rows_of(BOM + "h,h\r\na,\U000f0001".encode(), UTF8)
    assert (row.faults, row.private_use) == ((), (2,))


def test_reading_goes_on_after_a_broken_row() -> None:
    data = b'h,h\r\na,"b\r\nc,d\r\n"e\r\nf",g\r\ni,j\r\n'
    rows = rows_of(data)
    assert [(row.number, [fault.code for fault in row.faults]) for row in rows] == [
        (0, []),
        (1, [FaultCode.UNBALANCED_QUOTE]),
        (2, []),
        (3, [FaultCode.LINE_BREAK_IN_CELL]),
        (4, []),
    ]
    assert rows[4].segments == (b"i", b"j")


def test_an_open_quote_in_a_quoted_file_breaks_its_own_row_only() -> None:
    data = b'"h","h"\r\n"a","b\r\n"c","d"\r\n'
    assert faults_of(data) == [(1, 2, "unbalanced_quote", 13)]


def test_a_line_beyond_every_limit_is_not_looked_into() -> None:
    bomb = b'"' * (MAX_ROW_BYTES + 1)
    assert faults_of(b"h\r\n" + bomb + b"\r\nb") == [(1, None, "row_too_long", 3)]


def test_many_open_quotes_end_as_faults() -> None:
    rows = rows_of(b"h\n" + b'"\n' * 2001)
    assert len(rows) > 2
    assert all(row.faults for row in rows[1:])


def test_an_unreadable_cell_never_travels_with_its_error() -> None:
    with pytest.raises(CellUnreadable) as caught:
        value_of(b'"\x8d\x82\x81"', CP932)
    error: BaseException | None = caught.value
    assert caught.value.details == {"byte": 2}
    while error is not None:
        assert not isinstance(error, UnicodeDecodeError)
        error = error.__cause__ or error.__context__


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(list(Encoding)))
def test_any_bytes_end_in_rows_or_coded_faults(data: bytes, encoding: Encoding) -> None:
    body = data.removeprefix(encoding.mark)
    rows = rows_of(data, encoding)
    assert [row.number for row in rows] == list(range(len(rows)))
    if all(not row.faults for row in rows):
        assert joined(rows) == body
    for row in rows:
        assert all(0 <= fault.byte < len(data) for fault in row.faults)
        if not row.faults:
            for segment in row.segments:
                value_of(segment, encoding)


@pytest.mark.clause("T45")
def test_every_cp932_pair_is_returned_unchanged_or_refused_with_its_row() -> None:
    """All lead and trail bytes, one cell each: identical bytes out, or a fault in that row."""
    codes = [bytes((one,)) for one in range(0x20, 0x100) if one not in b'",']
    codes += [
        bytes((lead, trail))
        for lead in [*range(0x81, 0xA0), *range(0xE0, 0xFD)]
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]
    ]
    data = b"h\r\n" + b"".join(b'"' + code + b'"\r\n' for code in codes)
    rows = rows_of(data)[1:]
    assert len(rows) == len(codes)
    readable = 0
    for code, row in zip(codes, rows, strict=True):
        if row.faults:
            assert not row.private_use
            assert {fault.code for fault in row.faults} <= {
                FaultCode.BAD_ENCODING,
                FaultCode.CONTROL_CHARACTER,
            }
        else:
            assert row.segments == (b'"' + code + b'"',)
            assert len(value_of(row.segments[0], CP932)) in (1, 2)
            readable += 1
    assert readable > 9_000
