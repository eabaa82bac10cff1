"""Puts the shipped samples into a home: as drafts everywhere, approved in rehearsal homes only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from scripts_talk.approvals import put_in_force, put_in_hand
from scripts_talk.errors import NotApproved
from scripts_talk.models import ApprovalState, DocumentKind, TalkDocument
from scripts_talk.records import locked, put_draft
from scripts_talk.script import load_script
from scripts_talk.seeds import load_qa, seed_qa_text, seed_script
from scripts_talk.texts import COMMON
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

_Sample = tuple[DocumentKind, str, str, str]


def install_samples(work: UnitOfWork, receivables: Iterable[str]) -> tuple[UUID, ...]:
    """Drafts of the sample scripts and of the sample Q&A, each marked 見本; returns the new ids.

    A version that is there already is left as it is. Raises SeedUnknown.
    """
    require(work.actor, Permission.CHANGE_SETTINGS)
    return tuple(
        put_draft(work, kind, receivable, body, version).id
        for kind, receivable, version, body in _samples(receivables)
        if _stored(work, kind, receivable, version) is None
    )


def approve_samples(
    work: UnitOfWork, receivables: Iterable[str], document_no: str, contract_self_name: str
) -> int:
    """Submits and approves those samples that are still drafts; returns how many.

    For training only: raises NotApproved outside of a rehearsal home, where no text is used
    without the city's own act (S4-10.2a). Raises as ``submit`` and ``approve``.
    """
    require(work.actor, Permission.CHANGE_SETTINGS)
    if not work.store.is_rehearsal:
        raise NotApproved(use="samples")
    count = 0
    for kind, receivable, version, _body in _samples(receivables):
        stored = _stored(work, kind, receivable, version)
        if stored is None:
            continue
        row = locked(work, stored.id)
        if row.state is ApprovalState.DRAFT:
            put_in_hand(work, row, contract_self_name)
            put_in_force(work, row, document_no)
            count += 1
    return count


def _samples(receivables: Iterable[str]) -> list[_Sample]:
    scripts = [(receivable, seed_script(receivable)) for receivable in receivables]
    qa = seed_qa_text()
    found: list[_Sample] = [
        (DocumentKind.SCRIPT, receivable, load_script(body).version, body)
        for receivable, body in scripts
    ]
    return [*found, (DocumentKind.QA, COMMON, load_qa(qa).version, qa)]


def _stored(
    work: UnitOfWork, kind: DocumentKind, receivable: str, version: str
) -> TalkDocument | None:
    return work.session.scalar(
        select(TalkDocument).where(
            TalkDocument.kind == kind,
            TalkDocument.receivable == receivable,
            TalkDocument.version == version,
        )
    )
