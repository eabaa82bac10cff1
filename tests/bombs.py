"""Twenty-four hostile files, made when they are needed (T43). None is larger than an upload may be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.workbooks import with_member, workbook

MIB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def plain() -> bytes:
    return workbook([["見出し"], ["値"]])


def _grown(part: str, size: int) -> bytes:
    """A part that inflates to this size and is almost nothing while it is packed."""
    return with_member(plain(), part, lambda xml: xml[:-12] + b" " * size + xml[-12:])


def ratio_bomb() -> bytes:
    return _grown(SHEET, 99 * MIB)


def one_large_member() -> bytes:
    return _grown(STRINGS, 101 * MIB)


def large_in_all() -> bytes:
    """Three members, each within its limit and dense enough not to look strange."""
    noise = zlib.compress(bytes(range(256)) * 400, 0)
    filling = (noise * (90 * MIB // len(noise) + 1))[: 90 * MIB]
    data = plain()
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for number in range(3):
            book.writestr(f"xl/media/image{number}.png", filling)
    return buffer.getvalue()


def many_members() -> bytes:
    """A million entries in the directory, all of the same few bytes."""
    name = b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + name
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    count = 1_000_000
    directory = (entry + name) * count
    end = struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        0,
        0,
        count & 0xFFFF,
        count & 0xFFFF,
        len(directory),
        len(local),
        0,
    )
    return local + directory + end


def nested() -> bytes:
    """A workbook that carries archives, which carry archives."""
    inner = plain()
    for _depth in range(5):
        inner = with_member(plain(), "xl/embeddings/inner.xlsx", lambda _old, held=inner: held)
    return inner


def overlapping() -> bytes:
    """Two entries that inflate the same bytes."""
    data = plain()
    end = data.rfind(b"PK\x05\x06")
    fields = list(struct.unpack_from("<4s4H2LH", data, end))
    at, length = fields[6], fields[5]
    name_length = struct.unpack_from("<H", data, at + 28)[0]
    more = struct.unpack_from("<HH", data, at + 30)
    first = bytearray(data[at : at + 46 + name_length + sum(more)])
    first[46] ^= 0x20  # another name for the same bytes
    fields[3], fields[4], fields[5] = fields[3] + 1, fields[4] + 1, length + len(first)
    return data[: at + length] + bytes(first) + struct.pack("<4s4H2LH", *fields)


def lying_size() -> bytes:
    """The directory and the header say ten bytes; there are fifty million."""
    packed = _grown(SHEET, 50 * MIB)
    return _with_size(packed, SHEET, 10)


def _with_size(data: bytes, name: str, size: int) -> bytes:
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        member = book.getinfo(name)
    struct.pack_into("<L", changed, member.header_offset + 22, size)
    at = changed.rfind(name.encode(), changed.rfind(b"PK\x01\x02", 0, changed.rfind(name.encode())))
    struct.pack_into("<L", changed, at - 46 + 24, size)
    return bytes(changed)


def entities() -> bytes:
    """A billion laughs."""
    lines = [b'<!ENTITY a0 "lol">']
    for number in range(1, 10):
        lines.append(b'<!ENTITY a%d "' % number + b"&a%d;" % (number - 1) * 10 + b'">')
    dtd = b"<!DOCTYPE sst [" + b"".join(lines) + b"]>"
    return with_member(
        plain(),
        STRINGS,
        lambda xml: xml.replace(b"<sst", dtd + b"<sst", 1).replace("値".encode(), b"&a9;"),
    )


def external_entity() -> bytes:
    dtd = b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return with_member(
        plain(),
        STRINGS,
        lambda xml: xml.replace(b"<sst", dtd + b"<sst", 1).replace("値".encode(), b"&x;"),
    )


def entities_in_utf_16() -> bytes:
    """The same in an encoding in which the marks look different."""

    def change(xml: bytes) -> bytes:
        text = xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        return text.replace("<sst", '<!DOCTYPE sst [<!ENTITY x "y">]><sst', 1).encode("utf-16")

    return with_member(plain(), STRINGS, change)


def _sheet_with(cells: bytes) -> bytes:
    start, end = b"<sheetData>", b"</sheetData>"

    def change(xml: bytes) -> bytes:
        return xml[: xml.index(start) + len(start)] + cells + xml[xml.index(end) :]

    return with_member(plain(), SHEET, change)


def far_cell() -> bytes:
    """Two cells at the two ends of a sheet: read densely, seventeen thousand million cells."""
    first = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return _sheet_with(first + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def wide_sheet() -> bytes:
    """A million columns, more than any sheet has."""

    def name(at: int) -> bytes:
        letters = b""
        while at:
            at, rest = divmod(at - 1, 26)
            letters = bytes([65 + rest]) + letters
        return letters

    step = 97
    cells = b"".join(
        b'<c r="%s1"><v>%d</v></c>' % (name(at), at * 7919 % 99991)
        for at in range(1, 1_000_001, step)
    )
    return _sheet_with(b'<row r="1">' + cells + b"</row>")


def tall_sheet() -> bytes:
    cells = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (at, at, at * 7919 % 99991)
        for at in range(1, 300_200)
    )
    return _sheet_with(cells)


def huge_cell() -> bytes:
    """One cell of a thousand million letters, as far as the upload limit lets them in."""
    return with_member(
        plain(), STRINGS, lambda xml: xml.replace("値".encode(), b"A" * (100 * MIB - 10_000))
    )


def many_strings() -> bytes:
    """Two million cells that all say something else."""
    letters = b"0123456789abcdef"
    row = b"".join(b"<c t='str'><v>%c%c</v></c>" % (one, two) for one in letters for two in letters)
    return _sheet_with(b"".join(b"<row>" + row[: len(row) // 4] + b"</row>" for _ in range(8_000)))


def encrypted() -> bytes:
    data = bytearray(plain())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def link_member() -> bytes:
    buffer = io.BytesIO(plain())
    link = zipfile.ZipInfo("xl/link.xml")
    link.create_system, link.external_attr = 3, 0xA1FF << 16
    with zipfile.ZipFile(buffer, "a") as book:
        book.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def climbing_name() -> bytes:
    return with_member(plain(), "../../etc/cron.d/x", lambda _old: b"x")


def macros() -> bytes:
    return with_member(plain(), "xl/vbaProject.bin", lambda _old: b"\xd0\xcf\x11\xe0")


def linked_book() -> bytes:
    return with_member(plain(), "xl/externalLinks/externalLink1.xml", lambda _old: b"<x/>")


def cut_off() -> bytes:
    return plain()[:-40]


def not_a_workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        book.writestr("a.txt", "no workbook at all")
    return buffer.getvalue()


WORKBOOKS: Mapping[str, Callable[[], bytes]] = {
    one.__name__: one
    for one in (
        ratio_bomb, one_large_member, large_in_all, many_members, nested, overlapping, lying_size,
        entities, external_entity, entities_in_utf_16, far_cell, wide_sheet, tall_sheet, huge_cell,
        many_strings, encrypted, link_member, climbing_name, macros, linked_book, cut_off,
        not_a_workbook,
    )
}  # fmt: skip


def one_long_field() -> bytes:
    return b'"' + "見本".encode("cp932") * (5 * MIB) + b'"\r\n'


def quotes() -> bytes:
    """Every line opens a quote that the next one seems to close."""
    return b'"a""\r\n' * (20 * MIB // 6)


TEXTS: Mapping[str, Callable[[], bytes]] = {"one_long_field": one_long_field, "quotes": quotes}
