"""S2, the scan after an erasure, by a third person: nothing opens, nothing is left."""

from __future__ import annotations

from uuid import UUID

from campaigns.closing import gates
from campaigns.closing.common import digest_of, due, present, refusals_noted
from campaigns.closing.destroying import copies_to_remove
from campaigns.closing.plan import all_counts, carried_counts
from campaigns.closing.tables import files_in, row_counts
from campaigns.errors import ErasurePersonsWrong
from secure_store.access import Actor, Permission, require
from secure_store.erasure import destruction, scan
from secure_store.erasure.execution import (
    Document,
    ErasureView,
    document_of,
    is_due,
    locked,
    move,
    write,
)
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.states import ErasureState, Gate
from secure_store.erasure.views import raw_counts, view_of
from secure_store.sealing.scopes import KeyKind
from secure_store.work import SecureStore, UnitOfWork

# What begins every sealed value, before the id of its key.
_SEALED_HEAD = b"\xd1\x01\x01"


def verify_erasure(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """Tries the values kept aside and the canaries, and searches for remnants (S4-14.10).

    Raises ErasurePersonsWrong for one of the two who destroyed the keys, ErasureGateClosed when
    anything opens, is found or is left.
    """
    require(actor, Permission.VERIFY_ERASURE)
    target = ErasureState.VERIFIED
    with refusals_noted(store, actor, erasure_id):
        is_next, scope, policy = due(store, actor, erasure_id, target)
        if not is_next:
            return present(store, actor, erasure_id)
        with store.work(actor, readonly=True) as work:
            row = locked(work, erasure_id)
            document = document_of(row)
        _require_third(actor, document)
        report = _scanned(store, actor, row.number, scope, document)
        with store.work(actor) as work:
            row = locked(work, erasure_id)
            if not is_due(row, target, policy):
                return view_of(work, row)
            left = _left(work, scope)
            report |= left
            passed = {Gate.THIRD_PERSON}
            if not copies_to_remove(work, scope):
                passed.add(Gate.COPIES_REGISTERED_GONE)
            if not any(report[name] for name in (*_MUST_BE_ZERO, *left)):
                passed.add(Gate.NOTHING_OPENS)
            document = document_of(row)
            document["after"] = {**report, "sha256": digest_of(report)}
            document["counts_after"] = raw_counts(
                [*all_counts(work, scope), *carried_counts(work, scope)]
            )
            document["unconfirmed"] = gates.unconfirmed_packs(work, scope)
            document["verifier"] = actor.code
            document["boot_id"] = destruction.boot_id()
            document["verified_at"] = work.now.isoformat()
            write(row, document)
            move(work, row, target, passed, policy, count=report["values_tried"])
            return view_of(work, row)


_MUST_BE_ZERO = ("values_opened", "canaries_opened", "remnant_hits", "key_hits")


def _require_third(actor: Actor, document: Document) -> None:
    begun = document["destroying"]
    if actor.code in (begun["supervisor"], begun["administrator"], document["operator"]):
        raise ErasurePersonsWrong


def _scanned(
    store: SecureStore, actor: Actor, number: str, scope: ErasureScope, document: Document
) -> Document:
    kept = [scan.SealedCell.from_document(raw) for raw in document["kept"]]
    files = [UUID(raw) for raw in document["kept_files"]]
    canaries = [scan.SealedCell.from_document(raw) for raw in document["canaries"]]
    remnants = {cell.fingerprint() for cell in (*kept, *canaries)}
    remnants |= _heads(scope, document)
    result = scan.search(store, actor, remnants, number)
    checks = {bytes.fromhex(stone["kcv"]) for stone in document["keys"]}
    keys = scan.search(store, actor, checks, number)
    return {
        "values_tried": len(kept) + len(canaries) + len(files),
        "values_opened": scan.opens(store, kept)
        + sum(destruction.file_opens(store, file_id) for file_id in files),
        "canaries_sought": len(canaries),
        "canaries_opened": scan.opens(store, canaries),
        "remnants_sought": result.sought,
        "remnant_hits": result.hits,
        "key_hits": keys.hits,
        "bytes_scanned": result.bytes_scanned + keys.bytes_scanned,
        "paths": list(result.paths),
    }


def _heads(scope: ErasureScope, document: Document) -> set[bytes]:
    """How any value sealed under one of the destroyed keys begins. A case shares its batch's."""
    sealing = {KeyKind.DATA.value, KeyKind.FILE.value}
    if scope.kind is ScopeKind.CASE:
        sealing = {KeyKind.FILE.value}
    stones = (stone for stone in document["keys"] if stone["kind"] in sealing)
    return {_SEALED_HEAD + bytes.fromhex(stone["key_id"]) for stone in stones}


def _left(work: UnitOfWork, scope: ErasureScope) -> dict[str, int]:
    """What is still there and must not be: rows, bytes of files, keys."""
    files = files_in(work, scope)
    keys = destruction.census(work.store, scope, [file.id for file in files])
    return {
        "rows_left": sum(line.count for line in row_counts(work, scope)),
        "files_left": destruction.bytes_left(work.store, files),
        "keys_left": keys.alive + destruction.still_opens(work.store, scope),
    }
