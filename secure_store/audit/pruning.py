"""Takes whole old months out of the log, a year after the contract's end at the earliest.

Access logs are kept a year or more after the end (S3-B1-5.6-2). What is left begins at a signed
boundary, so that the rest is checked as before; every signed head stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import text

from secure_store.access import Permission, require
from secure_store.audit.boundary import kept_from
from secure_store.audit.chain import (
    MerkleAccumulator,
    checkpoint_text,
    note_key_id,
    signed_note,
    signer_name,
)
from secure_store.audit.log import Signer, read_rows
from secure_store.audit.tags import Tag
from secure_store.audit.verification import verify_log
from secure_store.canonical import JST
from secure_store.errors import Conflict, Invalid
from secure_store.orders.models import AuditBoundary
from secure_store.sealing.installed import installed_of
from secure_store.verifier.audit_check import Status
from secure_store.verifier.audit_log import BOUNDARY
from secure_store.work import UnitOfWork


class AuditRetained(Conflict):
    """The log is kept for a year after the contract's end."""

    code = "audit_retained"


class AuditNotWhole(Conflict):
    """Nothing is taken out of a log that does not check."""

    code = "audit_not_whole"


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many events were taken out, and with which number the kept part begins."""

    events: int
    first_kept: int


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February is followed by 1 March."""
    if day.month == 2 and day.day == 29:
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)


def require_prunable(before: date, today: date, contract_end: date) -> None:
    """Raises Invalid unless whole months that are over are named, AuditRetained before the year."""
    if before.day != 1 or before > today:
        raise Invalid(field="before")
    if today <= a_year_after(contract_end):
        raise AuditRetained(until=a_year_after(contract_end).isoformat())


def prune(work: UnitOfWork, before: date, contract_end: date) -> Pruned:
    """Takes out the events of all months before ``before``. Raises AuditRetained, AuditNotWhole.

    The log is verified first; the triggers that refuse removal stand again at the commit.
    """
    require(work.actor, Permission.PRUNE_AUDIT)
    require_prunable(before, work.now.astimezone(JST).date(), contract_end)
    if verify_log(work).status not in (Status.SOUND, Status.UNANCHORED_TAIL):
        raise AuditNotWhole
    standing = kept_from(work)
    tree, last_hash, size = _read_until(work, datetime.combine(before, time.min, tzinfo=JST))
    already = standing.size if standing else 0
    if size > already:
        note = _signed(installed_of(work.store).signer, size, tree.root())
        work.session.add(
            AuditBoundary(
                size=size,
                last_hash=last_hash,
                peaks=tree.to_bytes(),
                note=note,
                until=before,
                at=work.now,
                by=work.actor.code,
            )
        )
        work.session.flush()
        _delete_until(work, size)
    work.audit(Tag.AUDIT_PRUNED, count=size - already, ref=before.isoformat())
    return Pruned(size - already, size + 1)


def _read_until(work: UnitOfWork, until: datetime) -> tuple[MerkleAccumulator, bytes, int]:
    standing = kept_from(work)
    tree, last_hash = MerkleAccumulator(), bytes(32)
    if standing is not None:
        packed = standing.size.to_bytes(8, "big") + b"".join(standing.peaks)
        tree, last_hash = MerkleAccumulator.from_bytes(packed), standing.last_hash
    for row in read_rows(work, tree.size + 1):
        if row.at >= until:
            break
        assert isinstance(row.hash, bytes)  # noqa: S101 - verified above; narrows the type
        tree.add(row.hash)
        last_hash = row.hash
    return tree, last_hash, tree.size


def _signed(signer: Signer, size: int, root: bytes) -> str:
    head = checkpoint_text(signer.installation, signer.contract + BOUNDARY, size, root)
    name = signer_name(signer.installation)
    key_id = note_key_id(name, signer.public_key)
    return signed_note(head, name, key_id, signer.sign(head.encode()))


def _delete_until(work: UnitOfWork, size: int) -> None:
    connection = work.session.connection()
    # The trigger is taken away and put back in the same transaction: nobody else sees it gone.
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER audit_event_no_delete"))
        connection.execute(text("DELETE FROM audit_event WHERE seq <= :size"), {"size": size})
        connection.execute(
            text(
                "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'append only'); END"
            )
        )
        return
    connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only"))
    connection.execute(text("DELETE FROM audit_event WHERE seq <= :size"), {"size": size})
    connection.execute(text("ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only"))
