"""People, texts and short units of work for the tests of scripts and Q&A. All texts are 見本."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from scripts_talk import api as talk
from scripts_talk.models import TalkDocument
from scripts_talk.seeds import seed_qa_text, seed_script
from secure_store.access import Actor, Role
from secure_store.audit.log import read_lines
from secure_store.work import SecureStore

SELF_NAME = "札幌市電話納付案内センター"
PAPER = "札財管第1234号"
EDITOR = Actor(code="SV01", role=Role.SUPERVISOR)
OFFICER = Actor(code="CF01", role=Role.DEPARTMENT_OFFICER, receivables=frozenset({"A01", "A02"}))
OFFICER_OF_A02 = Actor(code="CF02", role=Role.DEPARTMENT_OFFICER, receivables=frozenset({"A02"}))
AGENT = Actor(code="OP01", role=Role.AGENT, receivables=frozenset({"A01"}))
ADMINISTRATOR = Actor(code="AD01", role=Role.SYSTEM_ADMIN)
SCRIPT, QA = talk.DocumentKind.SCRIPT, talk.DocumentKind.QA
GREETING = "お忙しいところ恐れ入ります。"
FAULTY = GREETING + "差押えの前にお知らせします。"


@dataclass(frozen=True, slots=True)
class NotedEvent:
    """What an audit event says of a document."""

    tag: str
    reason: str
    object_id: str
    ref: str
    receivable: str | None


def script_text(version: str = "1.0", receivable: str = "A01", greeting: str = GREETING) -> str:
    """The sample script of the receivable under another version, with another greeting."""
    text = seed_script(receivable).replace('version: "1.0"', f'version: "{version}"', 1)
    return text.replace(GREETING, greeting, 1)


def qa_text(version: str = "1.0", extra: str = "") -> str:
    """The sample collection under another version, with one more entry for the word given."""
    text = seed_qa_text().replace('version: "1.0"', f'version: "{version}"', 1)
    if not extra:
        return text
    entry = f'entries:\n  - {{id: Q99, question: "{extra}", answer: "確認いたします。"}}'
    return text.replace("entries:", entry, 1)


def drafted(store: SecureStore, version: str = "1.0", **changes: Any) -> UUID:
    with store.work(EDITOR) as work:
        text = script_text(version, **changes)
        receivable = changes.get("receivable", "A01")
        return talk.draft(work, SCRIPT, receivable, text, version).id


def submitted(store: SecureStore, version: str = "1.0", **changes: Any) -> UUID:
    document_id = drafted(store, version, **changes)
    with store.work(EDITOR) as work:
        talk.submit(work, document_id, SELF_NAME)
    return document_id


def approved(store: SecureStore, version: str = "1.0", **changes: Any) -> UUID:
    document_id = submitted(store, version, **changes)
    with store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
    return document_id


def submitted_qa(store: SecureStore, version: str = "1.0", extra: str = "") -> UUID:
    with store.work(EDITOR) as work:
        view = talk.draft(work, QA, talk.COMMON, qa_text(version, extra), version)
        talk.submit(work, view.id, SELF_NAME)
    return view.id


def approved_qa(store: SecureStore, version: str = "1.0", extra: str = "") -> UUID:
    document_id = submitted_qa(store, version, extra)
    everything = Actor(code="CF09", role=Role.DEPARTMENT_OFFICER)
    with store.work(everything) as work:
        talk.approve(work, document_id, PAPER)
    return document_id


def state_of(store: SecureStore, document_id: UUID) -> talk.ApprovalState:
    with store.work(EDITOR, readonly=True) as work:
        return talk.document(work, document_id).view.state


def version_shown(store: SecureStore, receivable: str = "A01") -> str | None:
    """What an agent would be shown now."""
    with store.work(AGENT, readonly=True) as work:
        live = talk.live_script(work, receivable)
        return live.script.version if live else None


def spoil(store: SecureStore, document_id: UUID) -> None:
    """Changes a stored text behind the system's back."""
    with store.work(EDITOR) as work:
        row = work.session.get_one(TalkDocument, document_id)
        body = row.body.replace(GREETING, "いつもお世話になっております。")
        assert body != row.body
        work.session.execute(
            update(TalkDocument).where(TalkDocument.id == document_id).values(body=body)
        )


def noted(store: SecureStore) -> list[NotedEvent]:
    """The events about documents, oldest first."""
    with store.work(EDITOR, readonly=True) as work:
        bodies = [json.loads(line)["event"] for line in read_lines(work)]
    return [
        NotedEvent(b["tag"], b["reason"], b["object_id"], b["ref"], b.get("receivable"))
        for b in bodies
        if b.get("object") == "talk_document"
    ]
