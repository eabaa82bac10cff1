"""S1, the scan before an erasure: everything opens, and nothing lies in the clear."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from campaigns.cases.encodings import Encoding
from campaigns.cases.groups import Group
from campaigns.cases.models import Campaign
from campaigns.closing import gates
from campaigns.closing.common import digest_of, due, present, refusals_noted
from campaigns.closing.sealed_cells import sealed_values
from campaigns.closing.tables import batches, files_in
from campaigns.intake.layouts import SAMPLE_LAYOUTS
from secure_store.access import Actor, Permission, require
from secure_store.erasure import scan
from secure_store.erasure.execution import (
    Document,
    ErasureView,
    document_of,
    is_due,
    locked,
    move,
    write,
)
from secure_store.erasure.scopes import ErasureScope
from secure_store.erasure.states import ErasureState, Gate
from secure_store.erasure.views import view_of
from secure_store.work import SecureStore

SAMPLE_CASES = 20  # per batch: whose values are sought in the clear
KEPT_VALUES = 30  # per batch: sealed values kept aside, to be tried after the keys are gone
_LENT_BOXES = 3  # of a case
# Columns whose values are nobody else's: found in the clear, they would be a leak.
_PERSONAL = {
    "整理番号", "債務者氏名", "債務者氏名カナ", "住所", "方書",
    "電話番号1", "電話番号2", "電話番号3", "架電配慮メモ",
}  # fmt: skip


def personal_places() -> dict[str, tuple[int, ...]]:
    """Where in the boxes of a lent row the personal values stand."""
    taisho = SAMPLE_LAYOUTS.taisho
    return {
        group.value: tuple(
            at
            for at, place in enumerate(taisho.positions_of(group))
            if taisho.names[place] in _PERSONAL
        )
        for group in (Group.G1, Group.G2)
    }


def scan_before(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """S1: every sealed value of the scope opens, and real values lie nowhere in the clear.

    Raises ErasureGateClosed when something does not open or was found, ScanBlind when the
    search read nothing.
    """
    require(actor, Permission.REQUEST_ERASURE)
    with refusals_noted(store, actor, erasure_id):
        is_next, scope, policy = due(store, actor, erasure_id, ErasureState.SCANNED_BEFORE)
        if not is_next:
            return present(store, actor, erasure_id)
        report, kept = _scanned(store, actor, erasure_id, scope)
        files, files_opened = _tried_files(store, actor, scope)
        report["control_sealed"] += len(files)
        report["control_opened"] += files_opened
        with store.work(actor) as work:
            row = locked(work, erasure_id)
            if is_due(row, ErasureState.SCANNED_BEFORE, policy):
                passed = gates.still_gates(work, scope)
                if (
                    report["control_opened"] == report["control_sealed"]
                    and not report["plain_hits"]
                ):
                    passed.add(Gate.SCAN_BEFORE_CLEAN)
                document = document_of(row)
                document |= {"before": {**report, "sha256": digest_of(report)}, "kept": kept}
                document["kept_files"] = files
                write(row, document)
                sealed = report["control_sealed"]
                move(work, row, ErasureState.SCANNED_BEFORE, passed, policy, count=sealed)
            return view_of(work, row)


def _tried_files(store: SecureStore, actor: Actor, scope: ErasureScope) -> tuple[list[str], int]:
    """The whole files of the scope whose keys stand, and how many give what was sealed."""
    with store.work(actor, readonly=True) as work:
        files = [file for file in files_in(work, scope) if file.key_destroyed_at is None]
        return [str(file.id) for file in files], scan.files_opened(work, files)


def _scanned(
    store: SecureStore, actor: Actor, erasure_id: UUID, scope: ErasureScope
) -> tuple[Document, list[Any]]:
    sealed = opened = sought = 0
    kept: list[scan.SealedCell] = []
    patterns: set[bytes] = set()
    with store.work(actor, readonly=True) as work:
        row = locked(work, erasure_id)
        canaries = [scan.SealedCell.from_document(raw) for raw in document_of(row)["canaries"]]
        for batch in batches(work, scope):
            sample: list[scan.SealedCell] = []
            for part in sealed_values(work, scope, batch):
                sealed += len(part)
                opened += scan.opens(store, part)
                kept += part[: max(0, KEPT_VALUES - sum(c.batch == batch[1] for c in kept))]
                sample += part[: max(0, 3 * SAMPLE_CASES - len(sample))]
            encoding = work.session.get_one(Campaign, batch[1]).encoding or Encoding.UTF_8_BOM
            values, found = scan.patterns_of_values(
                store, sample, personal_places(), encoding.codec
            )
            sought += values
            patterns |= found
    result = scan.search(store, actor, patterns, row.number)
    return {
        "control_sealed": sealed + len(canaries),
        "control_opened": opened + scan.opens(store, canaries),
        "values_sought": sought,
        "plain_hits": result.hits,
        "bytes_scanned": result.bytes_scanned,
        "paths": list(result.paths),
        "encodings": list(scan.ENCODINGS),
    }, [cell.to_document() for cell in kept]
