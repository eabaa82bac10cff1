"""書き出し of a day's files: under an approval of the city, locked, audited (S4-8.6-1, S4-16.2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from campaigns.errors import PackNotSigned
from campaigns.profile.contract import current_profile
from campaigns.reports.day_views import UNSIGNED, day_row
from campaigns.reports.delivery import write_folder
from campaigns.reports.pack_store import PackFileView, clear_contents, pack_files
from secure_store.access import Actor
from secure_store.exchange.exchange_errors import ExportRefused
from secure_store.exchange.exports import (
    ExportRequest,
    note_denied,
    note_run,
    require_approval,
)
from secure_store.exchange.gateway import MANIFEST, sums_of
from secure_store.exchange.locking import Outgoing, lock_files
from secure_store.sealing_access import exchange_folder
from secure_store.work import SecureStore, UnitOfWork


@dataclass(frozen=True, slots=True)
class DayExport:
    """What is wanted: which day, under which approval, for what, to where.

    ``folder`` None puts the files into the outbound folder.
    """

    day: date
    approval_id: UUID
    purpose: str
    place: str
    folder: Path | None = None


def export_day(
    store: SecureStore, actor: Actor, wanted: DayExport, password: str | None = None
) -> Path:
    """Writes the locked files of a signed day that the approval covers; returns the folder.

    Raises ExportRefused, PackNotSigned, and what ``lock_files`` raises; then nothing was written.
    """
    try:
        with store.work(actor) as work:
            contents, request = _locked(work, wanted, password)
            digest = hashlib.sha256(sums_of(contents)).hexdigest()
            note_run(work, request, f"{wanted.day:%Y%m%d}", len(contents), digest)
            name = f"export_{wanted.day:%Y%m%d}_{digest[:8]}"
            target = wanted.folder or exchange_folder(store) / "outbound" / name
            # Inside the transaction: what cannot be written is not on record as having left, and
            # what cannot be put on record stays locked for the city alone.
            write_folder(target, {**contents, MANIFEST: sums_of(contents)})
    except ExportRefused as refusal:
        note_denied(store, actor, refusal)
        raise
    return target


def _locked(
    work: UnitOfWork, wanted: DayExport, password: str | None
) -> tuple[dict[str, bytes], ExportRequest]:
    rules = current_profile(work).exchange
    request = ExportRequest(wanted.approval_id, wanted.purpose, wanted.place, frozenset())
    approval = require_approval(work, request, rules.purposes, rules.take_out_places)
    if day_row(work, wanted.day).state in UNSIGNED:
        raise PackNotSigned(day=wanted.day.isoformat())
    covered = [
        view
        for view in pack_files(work, wanted.day)
        if approval.receivable is None or view.receivable == approval.receivable
    ]
    if not covered:
        raise ExportRefused(reason="other_receivable")
    request = ExportRequest(
        wanted.approval_id,
        wanted.purpose,
        wanted.place,
        frozenset(view.receivable for view in covered),
    )
    require_approval(work, request, rules.purposes, rules.take_out_places)
    return lock_files(work, _outgoing(work, wanted.day, covered), password), request


def _outgoing(work: UnitOfWork, day: date, covered: list[PackFileView]) -> list[Outgoing]:
    clear = clear_contents(work, day)
    return [Outgoing(view.name, clear[view.name], view.receivable) for view in covered]
