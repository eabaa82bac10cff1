"""Pure: opens an archive somebody sent without believing a word of it (security.md 8.1, 8.4).

The directory is read by hand, so that a million entries cost nothing; every member is inflated in
small pieces and counted on the way. Names are looked at and never used as paths. What a reader
behind this guard could understand differently is refused: members that overlap, names that come
twice, headers that disagree, sizes that are not true.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from secure_store import limits

MAGIC = b"PK\x03\x04"
PIECE = 64 * limits.KIB
RATIO_FROM = limits.MIB


class ArchiveFault(StrEnum):
    """Why an archive is not opened."""

    NOT_AN_ARCHIVE = "not_an_archive"
    TOO_MANY_MEMBERS = "too_many_members"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    UNSAFE_MEMBER = "unsafe_member"
    CONTRADICTORY = "contradictory"


class ArchiveRefused(Exception):
    """An archive that is not opened, and why."""

    def __init__(self, reason: ArchiveFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the directory tells of it. ``start``: where its local header stands."""

    name: str
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    start: int


_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MAGIC, _ENTRY_MAGIC = b"PK\x05\x06", b"PK\x01\x02"
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_STORED, _DEFLATED = 0, 8
_LINK, _KIND = 0xA000, 0xF000
_NAME = re.compile(rb"[A-Za-z0-9_\[][A-Za-z0-9_.\[\] /-]{0,199}")


def members_of(data: bytes) -> tuple[Member, ...]:
    """The members of an archive in the order in which they are stored. Raises ArchiveRefused."""
    count, at, length = _directory(data)
    end = at + length
    members: list[Member] = []
    for _number in range(count):
        member, at = _entry(data, at, end)
        members.append(member)
    if at != end or len({member.name.lower() for member in members}) != count:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    return tuple(sorted(members, key=lambda member: member.start))


def _directory(data: bytes) -> tuple[int, int, int]:
    """Number of entries, offset and length of the directory."""
    if data[:4] != MAGIC:
        raise ArchiveRefused(ArchiveFault.NOT_AN_ARCHIVE)
    found = data.rfind(_END_MAGIC, max(0, len(data) - _LONGEST_COMMENT - _END.size))
    if found < 0 or found + _END.size > len(data):
        raise ArchiveRefused(ArchiveFault.NOT_AN_ARCHIVE)
    _magic, disk, first, here, count, length, at, comment = _END.unpack_from(data, found)
    if count > limits.MEMBERS.most or length > limits.DIRECTORY.most:
        raise ArchiveRefused(ArchiveFault.TOO_MANY_MEMBERS)
    whole = found + _END.size + comment == len(data) and at + length == found
    if disk or first or here != count or not count or not whole:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    return count, at, length


def _entry(data: bytes, at: int, end: int) -> tuple[Member, int]:
    if at + _ENTRY.size > end:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    fields = _ENTRY.unpack_from(data, at)
    magic, _made, _need, flags, method, _time, _day, crc, stored, size = fields[:10]
    name_length, extra, comment, disk, _inside, outside, start = fields[10:]
    name = data[at + _ENTRY.size : at + _ENTRY.size + name_length]
    if magic != _ENTRY_MAGIC or disk:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    if flags & _ENCRYPTED or method == 99:
        raise ArchiveRefused(ArchiveFault.ENCRYPTED)
    if (outside >> 16) & _KIND == _LINK or not _is_safe(name) or method not in (_STORED, _DEFLATED):
        raise ArchiveRefused(ArchiveFault.UNSAFE_MEMBER)
    member = Member(name.decode("ascii"), flags, method, crc, stored, size, start)
    return member, at + _ENTRY.size + name_length + extra + comment


def _is_safe(name: bytes) -> bool:
    return _NAME.fullmatch(name) is not None and b".." not in name and b"//" not in name


def inflated(data: bytes, members: tuple[Member, ...]) -> Iterator[tuple[Member, bytes]]:
    """Every member in pieces of at most 64 KiB, counted while inflating.

    ``members``: as ``members_of`` gives them. Raises ArchiveRefused as soon as one member or all
    of them grow past their limits, and at its end when a member is not what its header said.
    """
    starts = [_data_start(data, member) for member in members]
    ends = [start + member.stored for start, member in zip(starts, members, strict=True)]
    begins = [member.start for member in members][1:] + [len(data)]
    if any(end > following for end, following in zip(ends, begins, strict=True)):
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    if any(one.start == other.start for one, other in pairwise(members)):
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    in_all = 0
    for member, start in zip(members, starts, strict=True):
        grown = crc = 0
        for piece in _pieces(data, member, start):
            grown, in_all, crc = grown + len(piece), in_all + len(piece), zlib.crc32(piece, crc)
            _require_within(member, grown, in_all)
            yield member, piece
        if (grown, crc) != (member.size, member.crc):
            raise ArchiveRefused(ArchiveFault.CONTRADICTORY)


def _require_within(member: Member, grown: int, in_all: int) -> None:
    too_large = grown > limits.MEMBER.most or in_all > limits.ALL_MEMBERS.most
    too_dense = grown > RATIO_FROM and grown > limits.RATIO.most * max(1, member.stored)
    if too_large or too_dense:
        raise ArchiveRefused(ArchiveFault.TOO_LARGE)


def _data_start(data: bytes, member: Member) -> int:
    """Where the bytes of a member begin; its local header says what the directory said."""
    if member.start + _LOCAL.size > len(data):
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    fields = _LOCAL.unpack_from(data, member.start)
    magic, _need, flags, method, _time, _day, crc, stored, size, name_length, extra = fields
    name_at = member.start + _LOCAL.size
    name = data[name_at : name_at + name_length]
    same = (magic, flags, method, name) == (
        MAGIC,
        member.flags,
        member.method,
        member.name.encode(),
    )
    # With bit 3 the sizes follow the data, and stand as zeros here.
    told = (crc, stored, size) == (member.crc, member.stored, member.size)
    if not same or not (told or (flags & 0x8 and (crc, stored, size) == (0, 0, 0))):
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
    return int(name_at + name_length + extra)


def _pieces(data: bytes, member: Member, start: int) -> Iterator[bytes]:
    stored = memoryview(data)[start : start + member.stored]
    if member.method == _STORED:
        for at in range(0, len(stored), PIECE):
            yield bytes(stored[at : at + PIECE])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(stored), PIECE):
            if inflater.eof:
                raise ArchiveRefused(ArchiveFault.CONTRADICTORY)
            yield from _drained(inflater, stored[at : at + PIECE])
    except zlib.error:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY) from None
    if not inflater.eof or inflater.unused_data:
        raise ArchiveRefused(ArchiveFault.CONTRADICTORY)


def _drained(inflater: zlib._Decompress, stored: memoryview) -> Iterator[bytes]:
    """All that comes out for these bytes, piece by piece."""
    rest: bytes | memoryview = stored
    while piece := inflater.decompress(rest, PIECE):
        yield piece
        rest = inflater.unconsumed_tail
