"""What the script screens show of a version: steps with their placeholders, versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.api import current_profile
from scripts_talk.api import (
    COMMON,
    ApprovalState,
    ApprovalStepView,
    DetailFacts,
    DiffLine,
    DocumentKind,
    DocumentView,
    LineChange,
    QaCollection,
    Script,
    ScriptFacts,
    ScriptFault,
    Span,
    Stage,
    Step,
    collection_of,
    documents,
    faults_of,
    history,
    render_text,
    script_of,
)
from scripts_talk.errors import PlaceholderUnknown
from secure_store.access import Permission
from secure_store.work import UnitOfWork

# Every value is the name of its own placeholder: a reader sees where a value will stand.
_NAMES = ScriptFacts(
    self_name="センター名",
    agent_surname="担当者の姓",
    dedicated_number="専用番号",
    calling_hours="受付時間",
    kana_name="氏名カナ",
    supervisor_surname="責任者の姓",
    details=DetailFacts(
        receivable_name="債権名",
        levy_year="賦課年度",
        periods="対象期別",
        data_as_of="基準日",
        total="合計額",
        promise_date="約束日",
        promise_periods="約束期別",
        promise_amount="約束額",
    ),
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its spoken paragraphs cut at the placeholders, and what the check says of it."""

    step: Step
    paragraphs: tuple[tuple[Span, ...], ...]
    faults: tuple[ScriptFault, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A Q&A entry or a piece of general guidance."""

    id: str
    question: str
    answer: tuple[Span, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version with everything that stands around it. Altered texts are not shown at all."""

    view: DocumentView
    siblings: tuple[DocumentView, ...]
    live: DocumentView | None
    script: Script | None
    steps: tuple[ShownStep, ...]
    answers: tuple[ShownAnswer, ...]
    guidance: tuple[ShownAnswer, ...]
    faults: tuple[ScriptFault, ...]
    history: tuple[ApprovalStepView, ...]


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """One receivable (or the Q&A collection) in the list of all texts."""

    code: str
    name: str
    live: DocumentView | None
    drafts: tuple[DocumentView, ...]
    submitted: tuple[DocumentView, ...]
    versions: int


def spans_of(text: str) -> tuple[Span, ...]:
    """The text cut at its placeholders; one nobody knows is shown as it stands."""
    try:
        return render_text(text, _NAMES, Stage.GUIDANCE)
    except PlaceholderUnknown:
        return (Span(text, False),)


def shelf(work: UnitOfWork) -> tuple[ShelfLine, ...]:
    """All receivables this person sees, then the Q&A collection."""
    found = documents(work)
    lines = [
        _line(receivable.code, receivable.name, found)
        for receivable in current_profile(work).receivables
        if work.actor.sees(receivable.code)
    ]
    return (*lines, _line(COMMON, "Q&A集・市政一般案内", found))


def _line(code: str, name: str, found: Sequence[DocumentView]) -> ShelfLine:
    own = [view for view in found if view.receivable == code]
    return ShelfLine(
        code,
        name,
        next((view for view in own if view.state is ApprovalState.APPROVED), None),
        tuple(view for view in own if view.state is ApprovalState.DRAFT),
        tuple(view for view in own if view.state is ApprovalState.SUBMITTED),
        len(own),
    )


def version_page(work: UnitOfWork, view: DocumentView) -> VersionPage:
    """Reads a version for the page. Raises what the library raises."""
    siblings = tuple(documents(work, view.receivable))
    readable = view.is_intact
    is_script = view.kind is DocumentKind.SCRIPT
    script = script_of(work, view.id) if readable and is_script else None
    collection = collection_of(work, view.id) if readable and not is_script else None
    faults = _faults(work, view)
    return VersionPage(
        view=view,
        siblings=siblings,
        live=next((one for one in siblings if one.state is ApprovalState.APPROVED), None),
        script=script,
        steps=tuple(_steps(script, faults)),
        answers=_answers(collection),
        guidance=_guidance(collection),
        faults=faults,
        history=tuple(history(work, view.id)),
    )


def _faults(work: UnitOfWork, view: DocumentView) -> tuple[ScriptFault, ...]:
    is_draft = view.state is ApprovalState.DRAFT and view.is_intact
    if not is_draft or not work.actor.may(Permission.EDIT_SCRIPTS):
        return ()
    return faults_of(work, view.id, current_profile(work).self_name)


def _steps(script: Script | None, faults: tuple[ScriptFault, ...]) -> list[ShownStep]:
    return [
        ShownStep(
            step,
            tuple(spans_of(text) for text in step.spoken),
            tuple(fault for fault in faults if fault.step == step.id),
        )
        for step in (script.steps if script else ())
    ]


def _answers(collection: QaCollection | None) -> tuple[ShownAnswer, ...]:
    return tuple(
        ShownAnswer(
            entry.id,
            entry.question,
            spans_of(entry.answer),
            "・".join([*entry.receivables, *(f"結果 {code}" for code in entry.outcome_codes)]),
        )
        for entry in (collection.entries if collection else ())
    )


def _guidance(collection: QaCollection | None) -> tuple[ShownAnswer, ...]:
    return tuple(
        ShownAnswer(entry.id, entry.topic, spans_of(entry.answer), entry.source)
        for entry in (collection.guidance if collection else ())
    )


def near_changes(lines: Sequence[DiffLine], around: int = 3) -> tuple[DiffLine | None, ...]:
    """The changed lines with ``around`` lines before and after; None stands for what is left out."""
    changed = [at for at, line in enumerate(lines) if line.change is not LineChange.SAME]
    near = {at + step for at in changed for step in range(-around, around + 1)}
    shown: list[DiffLine | None] = []
    for at, line in enumerate(lines):
        if at in near:
            shown.append(line)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return tuple(shown)
