"""Where the kept part of the log begins, after old months were taken out of it."""

from __future__ import annotations

from sqlalchemy import select

from secure_store.audit.chain import HASH_BYTES
from secure_store.orders.models import AuditBoundary
from secure_store.verifier.audit_log import Start
from secure_store.work import UnitOfWork


def kept_from(work: UnitOfWork) -> Start | None:
    """The newest boundary, or None while the log is whole."""
    row = work.session.scalar(select(AuditBoundary).order_by(AuditBoundary.size.desc()).limit(1))
    if row is None:
        return None
    peaks = row.peaks[8:]
    roots = tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES))
    return Start(row.size, row.last_hash, roots, row.note)
