"""Q&A beside the call: looked up in the collection approved for the receivable in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, render_template, request

from campaigns.api import (
    DebtView,
    DeskView,
    Draft,
    Stage,
    current_profile,
    desk_view,
    in_hand,
    keep_draft,
    window_today,
)
from campaigns.errors import NotYourCase
from scripts_talk import api as talk
from secure_store.access import Permission
from secure_store.errors import Invalid
from secure_store.people.staff import display_name
from secure_store.work import UnitOfWork
from webui.forms.agent_desk import QA_TEXT_MAX, handling_of
from webui.security import permit
from webui.views.outcome_pages import draft_of

blueprint = Blueprint("desk_qa", __name__)

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One entry as the page shows it; ``waits``: it may be said after the identity check only."""

    id: str
    question: str
    spans: tuple[talk.Span, ...] = field(repr=False)
    source: str | None
    codes: str
    waits: bool
    is_guidance: bool


def answers_of(
    work: UnitOfWork, hits: Sequence[talk.QaHit], debt: DebtView | None = None
) -> list[ShownAnswer]:
    """The entries with their values; details only with the debt in hand (S4-11.3a-1)."""
    facts = _facts(work, debt)
    stage = talk.Stage.GUIDANCE if debt else talk.Stage.GREETING
    return [
        ShownAnswer(
            hit.id,
            hit.question,
            ()
            if (waits := hit.needs_identity and debt is None)
            else talk.render_text(hit.answer, facts, stage),
            hit.source,
            "・".join(hit.outcome_codes),
            waits,
            hit.is_guidance,
        )
        for hit in hits
    ]


def _facts(work: UnitOfWork, debt: DebtView | None) -> talk.ScriptFacts:
    profile = current_profile(work)
    details = None
    if debt is not None:
        as_of = debt.data_as_of
        details = talk.DetailFacts(
            receivable_name=profile.receivable(debt.receivable).name,
            levy_year=f"令和{debt.levy_year - 2018}年度",
            periods="、".join(period.name for period in debt.periods),
            data_as_of=f"{as_of.month}月{as_of.day}日",
            total=f"{debt.total_yen:,}円",
        )
    return talk.ScriptFacts(
        self_name=profile.self_name,
        agent_surname=display_name(work, work.actor.code).split()[0],
        dedicated_number=profile.dedicated_number,
        calling_hours=window_today(work).text,
        details=details,
    )


@blueprint.post("/desk/qa/found")
@permit(Permission.SEARCH_QA)
def found(work: UnitOfWork) -> str:
    """The best entries for the words typed beside the call; the words are kept nowhere."""
    held = in_hand(work)
    if held is None or not held.receivable:
        raise NotYourCase
    text = request.form.get("text", "").strip()[:QA_TEXT_MAX]
    hits = talk.search(work, held.receivable, text)[:MOST_SHOWN] if text else []
    debt = None
    if held.stage is Stage.GUIDANCE and any(hit.needs_identity for hit in hits):
        view = desk_view(work)
        debt = view.debt if isinstance(view, DeskView) else None
    return render_template(
        "agent_desk/_qa_found.html",
        hits=answers_of(work, hits, debt),
        asked=bool(text),
        handling=held.handling_id,
    )


@blueprint.post("/desk/qa/used")
@permit(Permission.SEARCH_QA)
def used(work: UnitOfWork) -> tuple[str, int]:
    """Notes with the call which entry was opened; never what was typed."""
    held = in_hand(work)
    if held is None or not held.receivable:
        raise NotYourCase
    handling = handling_of(request.form.get("handling", ""))
    typed = draft_of(work, handling)
    shown = request.form.get("entry", "")
    if shown not in {hit.id for hit in talk.search(work, held.receivable, "")}:
        raise Invalid(field="entry")
    if shown not in typed.many("qa_used"):
        noted = typed.with_values("qa_used", *typed.many("qa_used"), shown)
        keep_draft(work, handling, Draft(noted.entries))
    return "", 204
