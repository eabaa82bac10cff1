"""Signs the head of the log every quarter of an hour while something happens (decision 10)."""

from __future__ import annotations

from sqlalchemy import func, select

from secure_store.audit.log import sign_head, size
from secure_store.models import AuditCheckpoint
from secure_store.sealing.installed import installed_of
from secure_store.work import UnitOfWork

WHY = "interval"


def sign_if_new(work: UnitOfWork) -> bool:
    """Signs the head when events came after the newest signed one; True when it did.

    The event that a signature itself leaves behind does not count, or a quiet night would fill
    the log with signatures of signatures.
    """
    newest = work.session.scalar(select(func.max(AuditCheckpoint.size)))
    if size(work) <= (0 if newest is None else newest + 1):
        return False
    sign_head(work, installed_of(work.store).signer, WHY)
    return True
