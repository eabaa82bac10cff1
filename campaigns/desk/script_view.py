"""The script pane: only steps of a stage that was reached are rendered and sent (decision 5)."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.calling.models import CaseHandling
from campaigns.calling.outcomes import Direction
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, Stage
from campaigns.desk.handlings import rules_of
from campaigns.desk.outcome_entry import recommends_transfer
from campaigns.errors import NotYourCase
from campaigns.intake.facts import ContactView, DebtView
from campaigns.profile.contract import current_profile
from campaigns.profile.window_view import window_today
from scripts_talk import api as talk
from secure_store.people.staff import display_name
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ScriptPane:
    """The step the agent is at, where its answers may lead now, and what is never said."""

    step: talk.RenderedStep
    open_steps: frozenset[str]
    forbidden: tuple[str, ...]
    is_sample: bool


def script_pane(
    work: UnitOfWork,
    row: CaseHandling,
    case: CallCase,
    contact: ContactView,
    debt: DebtView | None,
) -> ScriptPane:
    """The present step of the version that this call began with (S4-11.2c)."""
    if row.script_id is None:
        raise NotYourCase
    script = talk.script_of(work, row.script_id)
    reached = talk.Stage(row.stage.value)
    direction = talk.Direction(row.direction.value)
    visible = talk.steps_visible(
        script,
        reached,
        direction=direction,
        conditions=talk.conditions_met(
            is_account_transfer_target=case.is_transfer_target
            and recommends_transfer(rules_of(work, row, case)),
            has_promise=case.status is CaseStatus.PROMISED or row.stage is Stage.GUIDANCE,
        ),
    )
    by_id = {step.id: step for step in visible}
    start = script.start if row.direction is Direction.OUTBOUND else script.inbound_start
    step = by_id.get(row.script_step or start) or by_id[start]
    facts = _facts(work, case, contact, debt)
    return ScriptPane(
        step=talk.render_step(step, facts, reached),
        open_steps=frozenset(by_id),
        forbidden=script.forbidden,
        is_sample=script.is_sample,
    )


def _facts(
    work: UnitOfWork, case: CallCase, contact: ContactView, debt: DebtView | None
) -> talk.ScriptFacts:
    profile = current_profile(work)
    return talk.ScriptFacts(
        self_name=profile.self_name,
        agent_surname=display_name(work, work.actor.code).split()[0],
        dedicated_number=profile.dedicated_number,
        calling_hours=window_today(work).text,
        kana_name=contact.kana,
        details=_details(work, case, debt) if debt else None,
    )


def _details(work: UnitOfWork, case: CallCase, debt: DebtView) -> talk.DetailFacts:
    receivable = current_profile(work).receivable(case.receivable)
    names = "、".join(period.name for period in debt.periods)
    as_of = debt.data_as_of
    return talk.DetailFacts(
        receivable_name=receivable.name,
        levy_year=f"令和{debt.levy_year - 2018}年度",
        periods=names,
        data_as_of=f"{as_of.month}月{as_of.day}日",
        total=f"{debt.total_yen:,}円",
    )
