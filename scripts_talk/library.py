"""Versions of scripts and of the Q&A collection: drafting, reading, and which one is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from scripts_talk.errors import NotApproved, TextFixed
from scripts_talk.models import ApprovalState, ApprovalStep, DocumentKind, TalkDocument
from scripts_talk.records import enter_state, found, locked, put_draft, require_scope
from scripts_talk.script import Script
from scripts_talk.texts import (
    COMMON,
    DocumentView,
    LiveQa,
    LiveScript,
    check_text,
    collection_in,
    digest_of,
    intact_body,
    script_in,
    tidy,
    view_of,
)
from secure_store.access import Actor, Permission, require, require_receivable
from secure_store.work import UnitOfWork

# Agents may read what is or was approved: a call begun under the old version ends under it.
_ONCE_APPROVED = frozenset({ApprovalState.APPROVED, ApprovalState.RETIRED})
_LIFE = tuple(ApprovalState)  # a document only moves forward in this order


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A version with its text, for those who edit or approve it."""

    view: DocumentView
    body: str


@dataclass(frozen=True, slots=True)
class ApprovalStepView:
    """Who brought a document to a state, when, and on which paper of the city."""

    state: ApprovalState
    at: datetime
    by: str
    document_no: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class ApprovedTexts:
    """What must be there before anybody is called for a receivable (S4-10.1)."""

    script: LiveScript
    qa: LiveQa


class LineChange(StrEnum):
    """What a new version did to a line."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison; the numbers count from 1 and are None where there is no such line."""

    change: LineChange
    old_number: int | None
    new_number: int | None
    text: str


def draft(
    work: UnitOfWork, kind: DocumentKind, receivable: str, body_text: str, version: str
) -> DocumentView:
    """A new version as a draft; ``receivable`` is ``ALL`` for the Q&A collection (S4-10.2b).

    Raises VersionTaken, VersionUnusable, TextMismatch, ScriptInvalid, QaInvalid and what
    ``load_qa`` raises. Faults that the check finds may still be in a draft.
    """
    require(work.actor, Permission.EDIT_SCRIPTS)
    row = put_draft(work, kind, receivable, body_text, version)
    require_scope(work, row)
    return view_of(row)


def rewrite_draft(work: UnitOfWork, document_id: UUID, body_text: str) -> DocumentView:
    """Changes the text of a draft that was never handed in.

    Raises TextFixed once it was (S4-10.2b: then a new version is drafted), and as ``draft``.
    """
    require(work.actor, Permission.EDIT_SCRIPTS)
    row = locked(work, document_id)
    require_scope(work, row)
    if row.state is not ApprovalState.DRAFT:
        raise TextFixed(state=row.state.value)
    body = tidy(body_text)
    check_text(row.kind, row.receivable, row.version, body)
    row.body, row.sha256 = body, digest_of(body)
    require_scope(work, row)  # a collection may now serve more receivables than before
    enter_state(work, row, ApprovalState.DRAFT)
    return view_of(row)


def documents(work: UnitOfWork, receivable: str | None = None) -> list[DocumentView]:
    """Versions, newest first: of one receivable, or all this person may see with the Q&A."""
    _require_reader(work.actor)
    query = select(TalkDocument).order_by(
        TalkDocument.receivable, TalkDocument.created_at.desc(), TalkDocument.version.desc()
    )
    if receivable is not None:
        _require_sees(work.actor, receivable)
        query = query.where(TalkDocument.receivable == receivable)
    rows = work.session.scalars(query)
    return [view_of(row) for row in rows if _sees(work.actor, row.receivable)]


def document(work: UnitOfWork, document_id: UUID) -> DocumentText:
    """One version with its text. Raises NotFound."""
    row = _read_by_editor(work, document_id)
    return DocumentText(view_of(row), row.body)


def history(work: UnitOfWork, document_id: UUID) -> list[ApprovalStepView]:
    """Every step of a version from its first draft on. Raises NotFound."""
    row = _read_by_editor(work, document_id)
    steps = work.session.scalars(
        select(ApprovalStep).where(ApprovalStep.document_id == row.id).order_by(ApprovalStep.at)
    )
    views = [ApprovalStepView(s.state, s.at, s.by, s.document_no, s.remark) for s in steps]
    return sorted(views, key=lambda step: _LIFE.index(step.state))  # two steps may share an instant


def diff(work: UnitOfWork, old_id: UUID, new_id: UUID) -> tuple[DiffLine, ...]:
    """Every line of two versions, in reading order, for the one who approves. Raises NotFound."""
    old = intact_body(_read_by_editor(work, old_id)).splitlines()
    new = intact_body(_read_by_editor(work, new_id)).splitlines()
    lines: list[DiffLine] = []
    for word, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word == "equal":
            lines += [
                DiffLine(LineChange.SAME, a + 1, b + 1, old[a])
                for a, b in zip(range(a1, a2), range(b1, b2), strict=True)
            ]
            continue
        lines += [DiffLine(LineChange.REMOVED, a + 1, None, old[a]) for a in range(a1, a2)]
        lines += [DiffLine(LineChange.ADDED, None, b + 1, new[b]) for b in range(b1, b2)]
    return tuple(lines)


def live_script(work: UnitOfWork, receivable: str) -> LiveScript | None:
    """The approved script in force, or None. Raises NotAllowed, TextAltered."""
    require_receivable(work.actor, receivable)
    key = ("live script", receivable)
    return work.known.once(key, (TalkDocument,), lambda: _live_script(work, receivable))


def _live_script(work: UnitOfWork, receivable: str) -> LiveScript | None:
    row = _in_force(work, DocumentKind.SCRIPT, receivable)
    if row is None or row.approved_at is None:
        return None
    return LiveScript(
        row.id, row.receivable, row.version, row.sha256, row.approved_at, script_in(row)
    )


def live_qa(work: UnitOfWork) -> LiveQa | None:
    """The approved Q&A collection in force, or None. Raises TextAltered."""
    return work.known.once("live Q&A", (TalkDocument,), lambda: _live_qa(work))


def _live_qa(work: UnitOfWork) -> LiveQa | None:
    row = _in_force(work, DocumentKind.QA, COMMON)
    if row is None or row.approved_at is None:
        return None
    return LiveQa(row.id, row.version, row.sha256, row.approved_at, collection_in(row))


def approved_texts(work: UnitOfWork, receivable: str) -> ApprovedTexts:
    """Script and Q&A in force. Raises NotApproved with the ``kind`` that is missing (S4-10.1)."""
    script, qa = live_script(work, receivable), live_qa(work)
    if script is None:
        raise NotApproved(kind=DocumentKind.SCRIPT.value, receivable=receivable)
    if qa is None:
        raise NotApproved(kind=DocumentKind.QA.value, receivable=receivable)
    return ApprovedTexts(script, qa)


def script_of(work: UnitOfWork, document_id: UUID) -> Script:
    """The script of a version, also of one retired since the call began.

    Raises NotFound, TextAltered, and NotApproved where the version was never approved and the
    reader neither edits nor approves (S4-11.2c).
    """
    row = found(work, document_id)
    _require_sees(work.actor, row.receivable)
    if row.state not in _ONCE_APPROVED and not _is_reader(work.actor):
        raise NotApproved(kind=row.kind.value, receivable=row.receivable)
    return script_in(row)


def _in_force(work: UnitOfWork, kind: DocumentKind, receivable: str) -> TalkDocument | None:
    return work.session.scalars(
        select(TalkDocument)
        .where(
            TalkDocument.kind == kind,
            TalkDocument.receivable == receivable,
            TalkDocument.state == ApprovalState.APPROVED,
        )
        .order_by(TalkDocument.approved_at.desc())
        .limit(1)
    ).first()


def _read_by_editor(work: UnitOfWork, document_id: UUID) -> TalkDocument:
    _require_reader(work.actor)
    row = found(work, document_id)
    _require_sees(work.actor, row.receivable)
    return row


def _is_reader(actor: Actor) -> bool:
    return actor.may(Permission.EDIT_SCRIPTS) or actor.may(Permission.APPROVE_SCRIPTS)


def _require_reader(actor: Actor) -> None:
    if not actor.may(Permission.EDIT_SCRIPTS):
        require(actor, Permission.APPROVE_SCRIPTS)


def _sees(actor: Actor, receivable: str) -> bool:
    return receivable == COMMON or actor.sees(receivable)


def _require_sees(actor: Actor, receivable: str) -> None:
    if receivable != COMMON:
        require_receivable(actor, receivable)
