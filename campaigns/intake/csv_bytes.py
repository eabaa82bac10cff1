"""A strict splitter of lent CSV files that works on bytes. Pure.

Lent columns go back to the owning department byte for byte (S4-13.1b), so a row is never
decoded and encoded again: it is cut into the bytes of its cells, quotes included, and the text
is only looked at.

Cutting bytes is safe in both encodings. In UTF-8 every byte of a longer sequence is 0x80 or
above. In CP932 the second byte of a pair is 0x40-0x7E or 0x80-0xFC: it may be 0x5C, the
backslash, but never 0x22 (quote), 0x2C (comma), 0x0A or 0x0D.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from campaigns.cases.encodings import Encoding
from campaigns.intake.codes import FaultCode
from secure_store import limits
from secure_store.errors import Invalid

MAX_ROW_BYTES = limits.LINE.most


class CellUnreadable(Invalid):
    """A cell does not decode in the declared encoding."""

    code = "cell_unreadable"


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault in the text of a row. ``column`` counts from 1, ``byte`` is the file's offset."""

    column: int | None
    code: FaultCode
    byte: int


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line as it stands: ``b",".join(segments) + line_end`` is the line again.

    ``number`` is 0 for the header. A row with a structural fault may lack its segments.
    ``private_use`` names the columns (from 1) that hold characters of the private use area,
    ``vendor`` those with characters that only NEC and IBM added to the table, ``doubled`` those
    with one of the codes that such a character has besides its usual one.
    ``start`` is the offset in the file at which the line begins.
    """

    number: int
    segments: tuple[bytes, ...] = field(repr=False)
    line_end: bytes
    faults: tuple[TextFault, ...] = ()
    start: int = 0
    private_use: tuple[int, ...] = ()
    vendor: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()


# A cell is quoted with doubled quotes inside, or bare without any quote.
_CELLS = re.compile(rb'(?:\A|,)("[^"]*(?:""[^"]*)*"|[^",]*)')
_ONE_CELL = re.compile(rb'("[^"]*(?:""[^"]*)*"|[^",]*)(?:,|\Z)')
_CELL_WITH_BREAK = re.compile(rb'"[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_UNSEEN = "\xad\u180e\u200b-\u200d\u2060-\u2064\ufeff\ufff9-\ufffb"
_STOPPED = f"\x00-\x1f\x7f-\x9f\u2028\u2029{_UNSEEN}{_BIDI}{_PRIVATE}"
_SUSPECT = re.compile(f"[{_STOPPED}]")
_BIDI_ONLY = re.compile(f"[{_BIDI}]")
_PRIVATE_ONLY = re.compile(f"[{_PRIVATE}]")
_UNSEEN_ONLY = re.compile(f"[{_UNSEEN}]")


def _vendor_characters() -> str:
    """What stands in the rows that NEC and IBM added, and nowhere else in the table."""
    added = {0x87, 0xED, 0xEE, 0xFA, 0xFB, 0xFC}
    pairs = (bytes((one, two)) for one in added for two in range(0x40, 0xFD) if two != 0x7F)
    found = {pair.decode("cp932", "ignore") for pair in pairs}
    return "".join(c for c in sorted(found) if c and c.encode("cp932")[0] in added)


_VENDOR = re.compile(f"[{_vendor_characters()}]")
# Only these, beside the vendors' own, have more than one code in CP932.
_DOUBLED = "\u2252\u2261\u222b\u221a\u22a5\u2220\u2235\u2229\u222a\uffe2"
_WORTH_A_LOOK = re.compile(f"[{_STOPPED}{_vendor_characters()}{_DOUBLED}]")
# Python's cp932 lets five single bytes through that no CP932 file may hold:
# 0x80 becomes U+0080, 0xA0 and 0xFD-0xFF become U+F8F0-U+F8F3.
_STRAY_CP932 = frozenset("\x80\uf8f0\uf8f1\uf8f2\uf8f3")


def value_of(segment: bytes, encoding: Encoding) -> str:
    """The text of a cell: without its quotes, decoded strictly.

    Raises ``CellUnreadable`` with the offset in the cell, never with its bytes.
    """
    quoted = segment[:1] == b'"'
    body = segment[1:-1].replace(b'""', b'"') if quoted else segment
    try:
        return body.decode(encoding.codec)
    except UnicodeDecodeError as error:
        offset = error.start
    # Raised outside the handler: a decoding error carries the whole cell with it.
    raise CellUnreadable(byte=offset)


def segment_of(value: str, encoding: Encoding) -> bytes:
    """A cell in quotes, as our own columns are written beside lent ones.

    Raises UnicodeEncodeError for text the encoding lacks; entry checks refuse it earlier.
    """
    return b'"' + value.replace('"', '""').encode(encoding.codec) + b'"'


def split_rows(data: bytes, encoding: Encoding) -> Iterator[RawRow]:
    """Cuts a file into rows, the header first as row 0, without decoding what is handed on.

    The byte order mark belongs to no cell. Quotes follow RFC 4180, except that a line break
    inside a cell is a fault, for the layouts forbid it. Faults stand in the row they concern
    and reading goes on with the next line.
    """
    position = len(encoding.mark) if encoding.mark and data.startswith(encoding.mark) else 0
    number = 0
    first_end = b""
    while position < len(data):
        start = position
        row, position = _row_at(data, start, number, encoding)
        if number == 0:
            first_end = row.line_end
        elif row.line_end not in (first_end, b"") and not row.faults:
            fault = TextFault(None, FaultCode.LINE_END, start)
            row = replace(row, faults=(fault,))
        yield row
        number += 1


def segments_at(data: bytes, start: int) -> tuple[bytes, ...]:
    """The cells of a line that was found sound, cut once more from where it begins."""
    found = data.find(b"\n", start)
    stop = len(data) if found < 0 else found + 1
    return tuple(_CELLS.findall(data[start : stop - len(_line_end(data, start, stop))]))


def _row_at(data: bytes, start: int, number: int, encoding: Encoding) -> tuple[RawRow, int]:
    """The row that begins at ``start``, and where the next one begins."""
    found = data.find(b"\n", start)
    stop = len(data) if found < 0 else found + 1
    if stop - start > MAX_ROW_BYTES:
        fault = TextFault(None, FaultCode.ROW_TOO_LONG, start)
        return RawRow(number, (), _line_end(data, start, stop), (fault,), start), stop
    line_end = _line_end(data, start, stop)
    line = data[start : stop - len(line_end)]
    segments = tuple(_CELLS.findall(line))
    # Every byte the pattern skipped is missing from this sum.
    if sum(map(len, segments)) + len(segments) - 1 != len(line):
        fault, stop = _broken_at(data, line, start, stop, encoding)
        return RawRow(number, (), line_end, (fault,), start), stop
    return RawRow(number, segments, line_end, *_look_at_text(line, segments, start, encoding)), stop


def _line_end(data: bytes, start: int, stop: int) -> bytes:
    if data[stop - 1 : stop] != b"\n":
        return b""
    return b"\r\n" if stop - start > 1 and data[stop - 2 : stop - 1] == b"\r" else b"\n"


def _broken_at(
    data: bytes, line: bytes, start: int, stop: int, encoding: Encoding
) -> tuple[TextFault, int]:
    """Why a line cannot be cut, and where to read on."""
    bad = _bad_byte(line, encoding)
    column, at = _cells_before_break(line)
    if bad is not None:
        return TextFault(None, FaultCode.BAD_ENCODING, start + bad), stop
    # The look ahead is bounded, or a file of open quotes would be read once per line.
    ahead = data[start + at : start + at + MAX_ROW_BYTES]
    cell = _CELL_WITH_BREAK.match(ahead)
    if cell is not None and start + at + cell.end() >= stop:
        after = data.find(b"\n", start + at + cell.end())
        resume = len(data) if after < 0 else after + 1
        return TextFault(column, FaultCode.LINE_BREAK_IN_CELL, start + at), resume
    return TextFault(column, FaultCode.UNBALANCED_QUOTE, start + at), stop


def _cells_before_break(line: bytes) -> tuple[int, int]:
    """Number (from 1) and offset of the first cell that is not well formed."""
    column, at = 1, 0
    while (cell := _ONE_CELL.match(line, at)) is not None and cell.end() < len(line):
        column, at = column + 1, cell.end()
    return column, at


def _bad_byte(line: bytes, encoding: Encoding) -> int | None:
    try:
        line.decode(encoding.codec)
    except UnicodeDecodeError as error:
        return error.start
    return None


_Looked = tuple[tuple[TextFault, ...], int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def _look_at_text(
    line: bytes, segments: tuple[bytes, ...], start: int, encoding: Encoding
) -> _Looked:
    """Decodes the line once, and looks at single cells only when something is unusual."""
    try:
        text = line.decode(encoding.codec)
    except UnicodeDecodeError as error:
        column = _column_at(segments, error.start)
        fault = TextFault(column, FaultCode.BAD_ENCODING, start + error.start)
        return (fault,), start, (), (), ()
    if _WORTH_A_LOOK.search(text) is None:
        return (), start, (), (), ()
    faults: tuple[TextFault, ...] = ()
    private_use: tuple[int, ...] = ()
    if _SUSPECT.search(text) is not None:
        faults, private_use = _look_at_cells(segments, start, encoding)
    return faults, start, private_use, *_unusual_columns(segments, encoding.codec)


def _unusual_columns(
    segments: tuple[bytes, ...], codec: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Columns with vendor characters, and columns with a second code of a character."""
    vendor, doubled = [], []
    for column, segment in enumerate(segments, start=1):
        if segment.isascii():
            continue
        text = segment.decode(codec)
        if _VENDOR.search(text) is not None:
            vendor.append(column)
        if text.encode(codec) != segment:
            doubled.append(column)
    return tuple(vendor), tuple(doubled)


def _column_at(segments: tuple[bytes, ...], offset: int) -> int:
    end = -1
    for column, segment in enumerate(segments, start=1):
        end += len(segment) + 1
        if offset < end:
            return column
    return len(segments)


def _look_at_cells(
    segments: tuple[bytes, ...], start: int, encoding: Encoding
) -> tuple[tuple[TextFault, ...], tuple[int, ...]]:
    faults: list[TextFault] = []
    private_use: list[int] = []
    at = start
    for column, segment in enumerate(segments, start=1):
        text = segment.decode(encoding.codec)
        for found in _SUSPECT.finditer(text):
            code = _fault_of(found[0], encoding)
            if code is not None:
                before = len(text[: found.start()].encode(encoding.codec))
                faults.append(TextFault(column, code, at + before))
            elif column not in private_use[-1:]:
                private_use.append(column)
        at += len(segment) + 1
    return tuple(faults), tuple(private_use)


_CODES = {
    "\r": FaultCode.LINE_BREAK_IN_CELL,
    "\u2028": FaultCode.LINE_SEPARATOR,
    "\u2029": FaultCode.LINE_SEPARATOR,
}


def _fault_of(character: str, encoding: Encoding) -> FaultCode | None:
    """Which fault a suspect character is; None for gaiji, which are asked about only."""
    if encoding is Encoding.CP932 and character in _STRAY_CP932:
        return FaultCode.BAD_ENCODING
    if _PRIVATE_ONLY.match(character):
        return None
    if _BIDI_ONLY.match(character):
        return FaultCode.BIDI_CONTROL
    if _UNSEEN_ONLY.match(character):
        return FaultCode.INVISIBLE_CHARACTER
    return _CODES.get(character, FaultCode.CONTROL_CHARACTER)
