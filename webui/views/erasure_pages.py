"""What the pages of an erasure are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask import render_template, request

from campaigns.api import (
    ErasurePage,
    current_profile,
    erasure_calendar,
    erasure_page,
    list_campaigns,
    list_erasures,
    overdue_erasure,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.erasure.scopes import CountLine
from secure_store.erasure.states import STEPS, ErasureGateClosed, ErasureState
from secure_store.errors import DomainError
from secure_store.work import UnitOfWork
from webui.errors import sentence_of
from webui.formatters import jst
from webui.forms.erasure import (
    ConditionForm,
    ConsentForm,
    DestroyForm,
    PlanForm,
    SentForm,
    WitnessForm,
)
from webui.words import erasure as words

WHOLE = "全体"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step was not taken: a sentence, what is behind it, the conditions that are not met."""

    sentence: str
    text: str = ""
    gates: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step; ``state`` as the stepper takes it: done, current, todo, fault."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountRow:
    """One place; ``cells`` are (before, after) by column, ``after`` None while nothing is erased."""

    label: str
    cells: tuple[tuple[int, int | None], ...]
    before: int
    after: int | None


@dataclass(frozen=True, slots=True)
class CountTable:
    """Receivables across, tables and files down."""

    columns: tuple[str, ...]
    rows: tuple[CountRow, ...]

    def total_of(self, label: str) -> int:
        """How much lay in one place before."""
        return sum(row.before for row in self.rows if row.label == label)


@dataclass(frozen=True, slots=True)
class Forms:
    """What was typed and refused; empty when the page is opened."""

    consent: ConsentForm = ConsentForm()
    condition: ConditionForm = ConditionForm()
    destroy: DestroyForm = DestroyForm()
    sent: SentForm = SentForm()
    witness: WitnessForm = WitnessForm()


def count_table(before: Iterable[CountLine], after: Sequence[CountLine]) -> CountTable:
    """Batches of one receivable are added up; places in which nothing lies are left out."""
    old, new = _sums(before), _sums(after)
    columns = tuple(sorted({column for _place, column in old}, key=lambda one: (one == WHOLE, one)))
    rows = []
    for place, label in words.PLACE_WORDS.items():
        cells = tuple(
            (old[place, column], new[place, column] if after else None) for column in columns
        )
        total = sum(cell[0] for cell in cells)
        if total:
            left = sum(cell[1] or 0 for cell in cells) if after else None
            rows.append(CountRow(label, cells, total, left))
    return CountTable(columns, tuple(rows))


def _sums(lines: Iterable[CountLine]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        sums[line.place, line.receivable or WHOLE] += line.count
    return sums


def index_page(work: UnitOfWork, form: PlanForm, refusal: Refusal | None = None) -> str:
    """The erasures of this person's receivables, and the form for a new one."""
    profile = current_profile(work)
    plans = work.actor.may(Permission.REQUEST_ERASURE)
    return render_template(
        "erasure/index.html",
        erasures=list_erasures(work),
        overdue=overdue_erasure(work) if plans else None,
        calendar=erasure_calendar(work) if work.actor.may(Permission.SEE_BOARD) else (),
        now=work.now,
        contract_until=profile.contract_until,
        deadline_days=profile.parameters.erasure_deadline_days,
        receivables=[(one.code, f"{one.code} {one.name}") for one in profile.receivables],
        campaigns=[
            (one.code, f"{one.code}　{profile.receivable(one.receivable).name}")
            for one in list_campaigns(work)
            if not one.is_erased
        ],
        plans=plans,
        form=form,
        refusal=refusal,
        words=words,
    )


def show_page(
    work: UnitOfWork, erasure_id: UUID, forms: Forms | None = None, refusal: Refusal | None = None
) -> str:
    """The procedure of one erasure."""
    page = erasure_page(work, erasure_id)
    counts = count_table(page.before, page.after)
    return render_template(
        "erasure/show.html",
        page=page,
        view=page.view,
        steps=_steps(page),
        counts=counts,
        cases=counts.total_of(words.PLACE_WORDS["call_case"]),
        calls=counts.total_of(words.PLACE_WORDS["call_record"]),
        forms=forms or Forms(),
        refusal=refusal,
        now=work.now,
        today=business_day(work.now).isoformat(),
        may=_may(work, page),
        done=words.DONE.get(request.args.get("done", "")) if refusal is None else None,
        recordable=[(gate.value, word) for gate, word in words.RECORDABLE.items()],
        words=words,
    )


def _steps(page: ErasurePage) -> list[StepLine]:
    """All steps with when and by whom; a consent that never came is passed over."""
    reached = {step.state: step for step in page.view.steps}
    furthest = max((STEPS.index(state) for state in reached if state in STEPS), default=0)
    lines = []
    for place, state in enumerate(STEPS):
        step = reached.get(state)
        if step is not None:
            at = jst(step.at)
            note = f"{at.month}月{at.day}日 {at:%H:%M}　{step.by}"
            lines.append(StepLine(words.STEP_WORDS[state], "done", note))
        elif place > furthest:
            lines.append(StepLine(words.STEP_WORDS[state], _waiting(page, state)))
    return lines


def _waiting(page: ErasurePage, state: ErasureState) -> str:
    if state is page.target:
        return "current"
    is_held = page.view.held_from is not None
    return "fault" if is_held and state is _after(page.view.held_from) else "todo"


def _after(state: ErasureState | None) -> ErasureState | None:
    return STEPS[STEPS.index(state) + 1] if state else None


def _may(work: UnitOfWork, page: ErasurePage) -> dict[str, bool]:
    actor = work.actor
    return {
        "request": actor.may(Permission.REQUEST_ERASURE),
        "destroy": actor.may(Permission.DESTROY_KEYS),
        "sign": actor.may(Permission.DESTROY_KEYS) and actor.may(Permission.REQUEST_ERASURE),
        "verify": actor.may(Permission.VERIFY_ERASURE) and actor.code not in page.hands,
    }


def refusal_of(refused: DomainError) -> Refusal:
    """The sentence of a refusal, with the conditions or the number behind it."""
    sentence = sentence_of(refused)
    if isinstance(refused, ErasureGateClosed):
        gates = [
            f"{words.GATE_WORDS[gate]}：{words.gate_note(gate, is_met=False, paper='')}"
            for gate in refused.gates
        ]
        return Refusal(sentence, "何も変えていません。", gates)
    if "document_no" in refused.details:
        return Refusal(sentence, f"保全の番号 {refused.details['document_no']}")
    if "number" in refused.details:
        return Refusal(sentence, f"抹消番号 {refused.details['number']}")
    return Refusal(sentence)
