"""The rows of documents and their steps: how one is made, locked, and moved to a state."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scripts_talk.errors import VersionTaken
from scripts_talk.models import ApprovalState, ApprovalStep, DocumentKind, TalkDocument
from scripts_talk.texts import COMMON, check_text, collection_in, digest_of, is_intact, tidy
from secure_store.access import require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

OBJECT_KIND = "talk_document"
_SCRIPT_TAGS = {
    ApprovalState.DRAFT: Tag.SCRIPT_DRAFTED,
    ApprovalState.SUBMITTED: Tag.SCRIPT_SUBMITTED,
    ApprovalState.RETURNED: Tag.SCRIPT_SUBMITTED,
    ApprovalState.APPROVED: Tag.SCRIPT_APPROVED,
    ApprovalState.RETIRED: Tag.SCRIPT_APPROVED,
}


def put_draft(
    work: UnitOfWork, kind: DocumentKind, receivable: str, body_text: str, version: str
) -> TalkDocument:
    """The row of a new draft; the caller has checked the permission. Raises as ``draft``."""
    body = tidy(body_text)
    check_text(kind, receivable, version, body)
    row = TalkDocument(
        id=uuid4(),
        kind=kind,
        receivable=receivable,
        version=version,
        state=ApprovalState.DRAFT,
        body=body,
        sha256=digest_of(body),
        created_at=work.now,
        created_by=work.actor.code,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # the unique key also decides between two who draft at once
        raise VersionTaken(version=version) from None
    enter_state(work, row, ApprovalState.DRAFT)
    return row


def found(work: UnitOfWork, document_id: UUID) -> TalkDocument:
    """The row. Raises NotFound."""
    row = work.session.get(TalkDocument, document_id)
    if row is None:
        raise NotFound(kind=OBJECT_KIND)
    return row


def locked(work: UnitOfWork, document_id: UUID) -> TalkDocument:
    """The row as it stands now, with all its sister versions locked: one is in force at most."""
    row = found(work, document_id)
    work.session.scalars(
        select(TalkDocument)
        .where(TalkDocument.kind == row.kind, TalkDocument.receivable == row.receivable)
        .order_by(TalkDocument.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return row


def enter_state(
    work: UnitOfWork,
    row: TalkDocument,
    state: ApprovalState,
    *,
    document_no: str | None = None,
    remark: str | None = None,
) -> None:
    """Sets the state, writes the step and notes the event with the digest of the text."""
    row.state = state
    work.session.add(
        ApprovalStep(
            id=uuid4(),
            document_id=row.id,
            state=state,
            at=work.now,
            by=work.actor.code,
            document_no=document_no,
            remark=remark,
        )
    )
    work.session.flush()
    work.audit(
        _tag(row.kind, state),
        receivable=None if row.receivable == COMMON else row.receivable,
        object_kind=OBJECT_KIND,
        object_id=row.id,
        reason=state.value,
        ref=row.sha256,  # the chain vouches for the very text that was approved
    )


def require_scope(work: UnitOfWork, row: TalkDocument) -> None:
    """Raises NotAllowed unless all receivables that the text serves were granted (S4-14.4-1).

    The Q&A collection serves those its entries name and every receivable that has a script.
    """
    if row.receivable != COMMON:
        require_receivable(work.actor, row.receivable)
        return
    served = set(
        work.session.scalars(
            select(TalkDocument.receivable).where(TalkDocument.kind == DocumentKind.SCRIPT)
        )
    )
    if is_intact(row):  # an altered collection can still be retired
        for entry in collection_in(row).entries:
            served.update(entry.receivables)
    for receivable in sorted(served) or [COMMON]:
        require_receivable(work.actor, receivable)


def _tag(kind: DocumentKind, state: ApprovalState) -> Tag:
    if kind is DocumentKind.SCRIPT:
        return _SCRIPT_TAGS[state]
    return Tag.QA_APPROVED if state is ApprovalState.APPROVED else Tag.QA_CHANGED
