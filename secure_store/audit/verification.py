"""The running log checked by the stand-alone verifier: the same judgement the city can make."""

from __future__ import annotations

from collections.abc import Iterable

from secure_store.access import Permission, require
from secure_store.audit.boundary import kept_from
from secure_store.audit.chain import signer_name
from secure_store.audit.columns import ColumnWatch
from secure_store.audit.log import checkpoints, written_end
from secure_store.audit.tags import Result, Tag
from secure_store.sealing.installed import installed_of
from secure_store.verifier import audit_log
from secure_store.verifier.audit_check import AuditVerdict, Status, check_chain
from secure_store.work import UnitOfWork

_WHOLE = frozenset({Status.SOUND, Status.UNANCHORED_TAIL})


def verify_log(work: UnitOfWork, anchors: Iterable[str] = ()) -> AuditVerdict:
    """Reads the whole log back and judges it (S4-8.6h). ``work`` may be a reading one.

    ``anchors`` are signed heads kept outside of this installation, as text. Without them the
    best possible answer is that the newest events are not anchored. Memory does not grow.
    """
    require(work.actor, Permission.VERIFY_AUDIT)
    installed = installed_of(work.store)
    # Before the events: a head signed while they are read would seem to name events cut off.
    kept, end, watch = checkpoints(work), written_end(work), ColumnWatch()
    verdict = check_chain(
        audit_log.read_lines(watch.lines(work)),
        kept,
        tuple(anchors),
        installed.signer.public_key,
        origin=f"{signer_name(installed.installation)}/{installed.contract}",
        end=end,
        start=kept_from(work),
    )
    return watch.judged(verdict)


def note_verified(work: UnitOfWork, verdict: AuditVerdict) -> None:
    """Notes that the log was verified, how many events were read and what came of it."""
    require(work.actor, Permission.VERIFY_AUDIT)
    work.audit(
        Tag.AUDIT_VERIFIED,
        count=verdict.size,
        result=Result.OK if verdict.status in _WHOLE else Result.FAILED,
        reason=verdict.status.value,
    )
