"""The columns of an event against its hashed bytes: a list must not show what the chain never said.

Pages and filters read the columns, the chain covers the bytes. Whoever rewrites a column alone
leaves the chain whole, so a verification compares both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from secure_store.audit.log import StoredRow, line_of, read_rows
from secure_store.canonical import instant_text
from secure_store.verifier.audit_check import AuditVerdict, Kind, Status
from secure_store.work import UnitOfWork


class ColumnWatch:
    """Hands the rows of a log on as lines and remembers the first whose columns say otherwise."""

    def __init__(self) -> None:
        self.first_bad: int | None = None

    def lines(self, work: UnitOfWork, from_seq: int = 1) -> Iterator[bytes]:
        """The log as ``audit.log.read_lines`` gives it."""
        for row in read_rows(work, from_seq):
            if self.first_bad is None and not columns_agree(row):
                self.first_bad = row.seq
            yield line_of(row)

    def judged(self, verdict: AuditVerdict) -> AuditVerdict:
        """The verdict on the chain, unless a column was altered before the chain breaks."""
        if self.first_bad is None:
            return verdict
        if verdict.first_bad_seq is not None and verdict.first_bad_seq <= self.first_bad:
            return verdict
        return replace(
            verdict,
            status=Status.BROKEN,
            first_bad_seq=self.first_bad,
            kind=Kind.COLUMN_ALTERED,
            anchor_size=None,
        )


def columns_agree(row: StoredRow) -> bool:
    """True when number, instant, tag, actor, receivable and object are those of the bytes.

    The bytes are canonical and hold codes only, so each part stands in them in one known form.
    """
    if not isinstance(row.body, bytes):
        return True  # no event at all: the chain itself breaks here
    body = row.body
    return (
        b'"seq":%d,' % row.seq in body
        and _said(body, "at", instant_text(row.at))
        and _said(body, "tag", row.tag)
        and _said(body, "actor", row.actor)
        and _said(body, "receivable", row.receivable)
        and _said(body, "object_id", str(row.object_id) if row.object_id else None)
    )


def _said(body: bytes, name: str, value: str | None) -> bool:
    if value is None:
        return f'"{name}":'.encode() not in body
    return f'"{name}":"{value}"'.encode() in body
