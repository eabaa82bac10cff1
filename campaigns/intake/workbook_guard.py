"""Looks an Excel workbook over before any reader sees it (security.md 8.1). Pure.

A workbook that calculates, loads from elsewhere or carries programs is no list of data. Nothing in
it is believed: members are counted while they are inflated, and what is refused is found in the
text of its parts, not in what their names promise.
"""

from __future__ import annotations

import re

from campaigns.intake.codes import FaultCode
from secure_store.archives import ArchiveFault, ArchiveRefused, Member, inflated, members_of

OVERLAP = 4 * 1024  # longer than any mark, and any tag that leads to its cell


class WorkbookFault(Exception):
    """Why a workbook is refused. ``row`` and ``column`` count those of the sheet from 1."""

    def __init__(self, code: FaultCode, row: int | None = None, column: int | None = None) -> None:
        super().__init__(code.value)
        self.code, self.row, self.column = code, row, column


_ARCHIVE_FAULTS = {
    ArchiveFault.NOT_AN_ARCHIVE: FaultCode.FILE_FORM,
    ArchiveFault.TOO_MANY_MEMBERS: FaultCode.WORKBOOK_TOO_LARGE,
    ArchiveFault.TOO_LARGE: FaultCode.WORKBOOK_TOO_LARGE,
    ArchiveFault.ENCRYPTED: FaultCode.WORKBOOK_LOCKED,
    ArchiveFault.UNSAFE_MEMBER: FaultCode.WORKBOOK_UNREADABLE,
    ArchiveFault.CONTRADICTORY: FaultCode.WORKBOOK_UNREADABLE,
}
_ACTIVE = re.compile(
    r"vbaproject|vbadata|macrosheets|/activex|/embeddings|/ctrlprops|dialogsheets", re.IGNORECASE
)
_OUTSIDE = re.compile(r"externallinks|xl/connections|querytables|webextensions", re.IGNORECASE)
_XML = re.compile(r"\.(?:xml|rels|vml)", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_TARGET = re.compile(rb"""TargetMode\s*=\s*["']\s*External""", re.IGNORECASE)
_PREFIX = rb"(?:[^\s<>/:]{1,100}:)?"  # XML allows letters of any script in it
_ROWS = re.compile(rb"<" + _PREFIX + rb"sheetData[\s/>]")
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f[\s/>]")
_ERROR = re.compile(rb"<" + _PREFIX + rb"""c\s[^<>]{0,400}\bt\s*=\s*["']e["']""")
_CELL = re.compile(
    rb"<" + _PREFIX + rb"""c\s[^<>]{0,400}?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']"""
)


def look_over(data: bytes) -> None:
    """Raises WorkbookFault unless this is a plain workbook of bounded size."""
    try:
        members = members_of(data)
        for member in members:
            _look_at_name(member)
        _look_at_parts(data, members)
    except ArchiveRefused as refused:
        raise WorkbookFault(_ARCHIVE_FAULTS[refused.reason]) from None


def _look_at_name(member: Member) -> None:
    if _ACTIVE.search(member.name):
        raise WorkbookFault(FaultCode.WORKBOOK_ACTIVE)
    if _OUTSIDE.search(member.name):
        raise WorkbookFault(FaultCode.WORKBOOK_OUTSIDE)


def _look_at_parts(data: bytes, members: tuple[Member, ...]) -> None:
    before, current = b"", ""
    for member, piece in inflated(data, members):
        if member.name != current:
            before, current = b"", member.name
            _look_at_beginning(member, piece)
        text = before + piece
        _look_at_text(member, text)
        before = text[-OVERLAP:]


def _look_at_beginning(member: Member, piece: bytes) -> None:
    """Parts of a workbook are UTF-8: in another encoding the marks would look different."""
    if _XML.search(member.name) is None:
        return
    begins = piece.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(begins[:200])
    if begins[:1] != b"<" or (declared is not None and declared[1].lower() != b"utf-8"):
        raise WorkbookFault(FaultCode.WORKBOOK_UNREADABLE)


def _look_at_text(member: Member, text: bytes) -> None:
    is_sheet = _SHEET.fullmatch(member.name) is not None
    if not is_sheet and _ROWS.search(text):
        # The reader follows the workbook to wherever it says that its sheets lie.
        raise WorkbookFault(FaultCode.WORKBOOK_UNREADABLE)
    if _XML.search(member.name) is None:
        return
    if _DTD.search(text):
        raise WorkbookFault(FaultCode.WORKBOOK_ACTIVE)
    if _TARGET.search(text):
        raise WorkbookFault(FaultCode.WORKBOOK_OUTSIDE)
    if not is_sheet:
        return
    for mark, code in ((_FORMULA, FaultCode.FORMULA_CELL), (_ERROR, FaultCode.ERROR_CELL)):
        found = mark.search(text)
        if found is not None:
            raise WorkbookFault(code, *_place(text[: text.find(b">", found.start()) + 1]))


def _place(text: bytes) -> tuple[int | None, int | None]:
    """Row and column of the last cell that begins in this text."""
    cells = list(_CELL.finditer(text, max(0, len(text) - OVERLAP)))
    if not cells:
        return None, None
    last, column = cells[-1], 0
    for letter in last[1]:
        column = column * 26 + letter - 64
    return int(last[2]), column
