"""Front door of scripts_talk: what agents may say, and nothing else of how it is kept."""

from __future__ import annotations

from scripts_talk.approvals import (
    DOCUMENT_NO_LIMIT,
    REMARK_LIMIT,
    approve,
    faults_of,
    retire,
    send_back,
    submit,
)
from scripts_talk.library import (
    ApprovalStepView,
    ApprovedTexts,
    DiffLine,
    LineChange,
    approved_texts,
    diff,
    document,
    documents,
    draft,
    history,
    live_qa,
    live_script,
    rewrite_draft,
    script_of,
)
from scripts_talk.models import ApprovalState, DocumentKind
from scripts_talk.qa import QaHit, search
from scripts_talk.reading import collection_of
from scripts_talk.render import (
    DetailFacts,
    RenderedStep,
    ScriptFacts,
    Span,
    render_step,
    render_text,
)
from scripts_talk.script import (
    Answer,
    Direction,
    Script,
    Stage,
    Step,
    conditions_met,
    opening_steps,
    steps_visible,
    walkable_steps,
)
from scripts_talk.script_check import ScriptFault, ScriptFaultKind
from scripts_talk.seeding import approve_samples, install_samples
from scripts_talk.seeds import QaCollection
from scripts_talk.texts import COMMON, DocumentView

__all__ = [
    "COMMON",
    "DOCUMENT_NO_LIMIT",
    "REMARK_LIMIT",
    "Answer",
    "ApprovalState",
    "ApprovalStepView",
    "ApprovedTexts",
    "DetailFacts",
    "DiffLine",
    "Direction",
    "DocumentKind",
    "DocumentView",
    "LineChange",
    "QaCollection",
    "QaHit",
    "RenderedStep",
    "Script",
    "ScriptFacts",
    "ScriptFault",
    "ScriptFaultKind",
    "Span",
    "Stage",
    "Step",
    "approve",
    "approve_samples",
    "approved_texts",
    "collection_of",
    "conditions_met",
    "diff",
    "document",
    "documents",
    "draft",
    "faults_of",
    "history",
    "install_samples",
    "live_qa",
    "live_script",
    "opening_steps",
    "render_step",
    "render_text",
    "retire",
    "rewrite_draft",
    "script_of",
    "search",
    "send_back",
    "steps_visible",
    "submit",
    "walkable_steps",
]
