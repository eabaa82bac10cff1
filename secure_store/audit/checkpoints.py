"""Signs the head of the log every quarter of an hour while something happens (decision 10).

A busy centre does not wait for it: after a thousand events the head is signed at the next ring.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from secure_store.audit.log import HeadNote, sign_head, size
from secure_store.models import AuditCheckpoint
from secure_store.sealing.installed import installed_of
from secure_store.work import UnitOfWork

WHY = "interval"
EVERY = timedelta(minutes=15)
EVERY_EVENTS = 1000


def sign_if_new(work: UnitOfWork) -> bool:
    """Signs the head when it is due and events came after the newest signed one; True when it did.

    The event that a signature itself leaves behind does not count, or a quiet night would fill
    the log with signatures of signatures.
    """
    newest = work.session.execute(
        select(AuditCheckpoint.size, AuditCheckpoint.at)
        .order_by(AuditCheckpoint.size.desc())
        .limit(1)
    ).one_or_none()
    new = size(work) - (newest.size + 1 if newest else 0)
    is_due = newest is None or new >= EVERY_EVENTS or work.now - newest.at >= EVERY
    if new <= 0 or not is_due:
        return False
    sign_now(work, WHY)
    return True


def sign_now(work: UnitOfWork, why: str) -> HeadNote:
    """Signs the head before something that should be anchored: an export, a disclosure."""
    return sign_head(work, installed_of(work.store).signer, why)
