"""draft → submitted → approved or returned; retired. Nothing is used without the city's paper.

The commissioner approves the first use of a text (S4-10.2a) and every revision of it (S4-10.2b).
The old version stays in force until the new one is approved; both change in one transaction.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from scripts_talk.errors import (
    ApprovalMoveRefused,
    ApprovalPaperInvalid,
    QaInvalid,
    ScriptFaulty,
)
from scripts_talk.models import ApprovalState, DocumentKind, TalkDocument
from scripts_talk.records import enter_state, found, locked, require_scope
from scripts_talk.script_check import ScriptFault, check_script
from scripts_talk.texts import DocumentView, collection_in, intact_body, script_in, view_of
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

DOCUMENT_NO_LIMIT = 60
REMARK_LIMIT = 400
MOVES: dict[ApprovalState, frozenset[ApprovalState]] = {
    ApprovalState.DRAFT: frozenset({ApprovalState.SUBMITTED}),
    ApprovalState.SUBMITTED: frozenset({ApprovalState.APPROVED, ApprovalState.RETURNED}),
    ApprovalState.APPROVED: frozenset({ApprovalState.RETIRED}),
    ApprovalState.RETURNED: frozenset(),
    ApprovalState.RETIRED: frozenset(),
}


class PaperFault(StrEnum):
    """What is wrong with a document number or a remark."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_PRINTABLE = "not_printable"


def faults_of(
    work: UnitOfWork, document_id: UUID, contract_self_name: str
) -> tuple[ScriptFault, ...]:
    """What would keep a script from being submitted here; none for a Q&A collection.

    Raises NotFound, TextAltered.
    """
    require(work.actor, Permission.EDIT_SCRIPTS)
    row = found(work, document_id)
    require_scope(work, row)
    if row.kind is DocumentKind.QA:
        return ()
    return _script_faults(work, row, contract_self_name)


def submit(work: UnitOfWork, document_id: UUID, contract_self_name: str) -> DocumentView:
    """Hands a draft in for approval; its text is fixed from now on.

    ``contract_self_name`` is the name the contract fixes (S4-11.2b). Raises ScriptFaulty with
    ``count`` and ``kinds``, QaInvalid, ApprovalMoveRefused, NotFound, TextAltered.
    """
    require(work.actor, Permission.EDIT_SCRIPTS)
    row = locked(work, document_id)
    require_scope(work, row)
    put_in_hand(work, row, contract_self_name)
    return view_of(row)


def approve(work: UnitOfWork, document_id: UUID, document_no: str) -> DocumentView:
    """Puts a submitted version in force and retires the one before it (S4-10.2a, S4-10.2b).

    ``document_no`` is the number of the city's paper. Raises ApprovalPaperInvalid,
    ApprovalMoveRefused, NotFound, TextAltered.
    """
    require(work.actor, Permission.APPROVE_SCRIPTS)
    row = locked(work, document_id)
    require_scope(work, row)
    put_in_force(work, row, document_no)
    return view_of(row)


def send_back(work: UnitOfWork, document_id: UUID, remark: str) -> DocumentView:
    """Returns a submitted version; the next one is a new draft. The remark is on the text only.

    Raises ApprovalPaperInvalid, ApprovalMoveRefused, NotFound.
    """
    require(work.actor, Permission.APPROVE_SCRIPTS)
    row = locked(work, document_id)
    require_scope(work, row)
    _check_move(row, ApprovalState.RETURNED)
    enter_state(work, row, ApprovalState.RETURNED, remark=_paper("remark", remark, REMARK_LIMIT))
    return view_of(row)


def retire(work: UnitOfWork, document_id: UUID, remark: str) -> DocumentView:
    """Takes the version in force out of use at once, with the reason. Nothing follows it.

    Either side may stop a text. It needs no intact text, so that an altered one can be stopped.
    Raises ApprovalPaperInvalid, ApprovalMoveRefused, NotFound.
    """
    if not work.actor.may(Permission.EDIT_SCRIPTS):
        require(work.actor, Permission.APPROVE_SCRIPTS)
    row = locked(work, document_id)
    require_scope(work, row)
    _check_move(row, ApprovalState.RETIRED)
    enter_state(work, row, ApprovalState.RETIRED, remark=_paper("remark", remark, REMARK_LIMIT))
    return view_of(row)


def put_in_hand(work: UnitOfWork, row: TalkDocument, contract_self_name: str) -> None:
    """Checks a locked draft and submits it; the caller has checked the permission."""
    _check_move(row, ApprovalState.SUBMITTED)
    if row.kind is DocumentKind.QA:
        _check_collection(work, row)
    else:
        faults = _script_faults(work, row, contract_self_name)
        if faults:
            kinds = sorted({fault.kind.value for fault in faults})
            raise ScriptFaulty(count=len(faults), kinds=",".join(kinds))
    enter_state(work, row, ApprovalState.SUBMITTED)


def put_in_force(work: UnitOfWork, row: TalkDocument, document_no: str) -> None:
    """Approves a locked, submitted row; the caller has checked the permission."""
    _check_move(row, ApprovalState.APPROVED)
    intact_body(row)
    number = _paper("document_no", document_no, DOCUMENT_NO_LIMIT)
    for before in _in_force_beside(work, row):
        enter_state(work, before, ApprovalState.RETIRED)
    row.approved_at = work.now
    enter_state(work, row, ApprovalState.APPROVED, document_no=number)


def _in_force_beside(work: UnitOfWork, row: TalkDocument) -> list[TalkDocument]:
    rows = work.session.scalars(
        select(TalkDocument).where(
            TalkDocument.kind == row.kind,
            TalkDocument.receivable == row.receivable,
            TalkDocument.state == ApprovalState.APPROVED,
        )
    )
    return list(rows)


def _check_move(row: TalkDocument, to: ApprovalState) -> None:
    if to not in MOVES[row.state]:
        raise ApprovalMoveRefused(state=row.state.value, wanted=to.value)


def _script_faults(
    work: UnitOfWork, row: TalkDocument, contract_self_name: str
) -> tuple[ScriptFault, ...]:
    script = script_in(row)
    if not work.store.is_rehearsal:
        # A sample may leave facts open for training; real people are told confirmed facts only.
        script = replace(script, is_sample=False)
    return check_script(script, contract_self_name)


def _check_collection(work: UnitOfWork, row: TalkDocument) -> None:
    entries = collection_in(row).entries
    if not entries:
        raise QaInvalid(reason="no_entries")
    for entry in entries:
        if entry.is_unconfirmed and not work.store.is_rehearsal:
            raise QaInvalid(reason="text_unconfirmed", entry=entry.id)


def _paper(field: str, text: str, limit: int) -> str:
    """The text as it is kept. Raises ApprovalPaperInvalid with ``field`` and a PaperFault."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise ApprovalPaperInvalid(field=field, reason=PaperFault.EMPTY.value)
    if len(kept) > limit:
        raise ApprovalPaperInvalid(field=field, reason=PaperFault.TOO_LONG.value, limit=limit)
    if any(unicodedata.category(letter)[0] == "C" and letter != "\n" for letter in kept):
        raise ApprovalPaperInvalid(field=field, reason=PaperFault.NOT_PRINTABLE.value)
    return kept
