"""Fill the placeholders of spoken text. Details only after a passed identity check (S4-11.3a-1).

Pure. The result is spans, never markup; the page decides how filled-in words are emphasised.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts_talk.errors import DetailsBeforeIdentity, PlaceholderUnknown, StageNotReached
from scripts_talk.script import Answer, Stage, Step, is_reached
from scripts_talk.wording import (
    DETAIL_PLACEHOLDERS,
    PLACEHOLDER_NAMES,
    Placeholder,
    split_pieces,
)


@dataclass(frozen=True, slots=True)
class DetailFacts:
    """What may be said after the check only; every value is text as it is to be spoken.

    The promise fields are None until the speaker has named them.
    """

    receivable_name: str
    levy_year: str
    periods: str
    data_as_of: str
    total: str
    promise_date: str | None = None
    promise_periods: str | None = None
    promise_amount: str | None = None


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What a script may fill in. ``details`` stays None until the identity check is passed.

    ``kana_name`` is None on an inbound call whose case is not known yet.
    """

    self_name: str
    agent_surname: str
    dedicated_number: str
    calling_hours: str
    kana_name: str | None = None
    supervisor_surname: str | None = None
    details: DetailFacts | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; ``filled`` says that it was put in for this call."""

    text: str
    filled: bool


@dataclass(frozen=True, slots=True)
class RenderedStep:
    """A step as the page shows it; ``paragraphs`` are to be spoken, ``operation`` is not."""

    id: str
    name: str
    stage: Stage
    paragraphs: tuple[tuple[Span, ...], ...]
    operation: str | None
    answers: tuple[Answer, ...]


def render_step(step: Step, facts: ScriptFacts, reached: Stage) -> RenderedStep:
    """The step with its values, for a call that stands at ``reached``.

    Raises DetailsBeforeIdentity for a step of the guidance stage or a detail before the check is
    passed, StageNotReached for an identity step too early, PlaceholderUnknown.
    """
    if not is_reached(step.stage, reached):
        if step.stage is Stage.GUIDANCE:
            raise DetailsBeforeIdentity(step=step.id)
        raise StageNotReached(step=step.id, reached=reached.value)
    return RenderedStep(
        id=step.id,
        name=step.name,
        stage=step.stage,
        paragraphs=tuple(render_text(text, facts, reached) for text in step.spoken),
        operation=step.operation,
        answers=step.answers,
    )


def render_text(text: str, facts: ScriptFacts, reached: Stage) -> tuple[Span, ...]:
    """One text (a paragraph or a Q&A answer) as spans whose joined texts are what is spoken.

    A value not known yet stands as its name in brackets, not filled. Raises
    DetailsBeforeIdentity, PlaceholderUnknown.
    """
    spans: list[Span] = []
    for piece in split_pieces(text):
        if not piece.is_placeholder:
            spans.append(Span(piece.text, False))
            continue
        value = _value(piece.text, facts, reached)
        spans.append(Span(f"（{piece.text}）", False) if value is None else Span(value, True))
    return tuple(spans)


def _value(name: str, facts: ScriptFacts, reached: Stage) -> str | None:
    placeholder = PLACEHOLDER_NAMES.get(name)
    if placeholder is None:
        raise PlaceholderUnknown
    if placeholder in DETAIL_PLACEHOLDERS:
        if reached is not Stage.GUIDANCE or facts.details is None:
            raise DetailsBeforeIdentity(placeholder=placeholder.value)
        return _detail(placeholder, facts.details)
    return {
        Placeholder.SELF_NAME: facts.self_name,
        Placeholder.AGENT_SURNAME: facts.agent_surname,
        Placeholder.DEDICATED_NUMBER: facts.dedicated_number,
        Placeholder.CALLING_HOURS: facts.calling_hours,
        Placeholder.KANA_NAME: facts.kana_name,
        Placeholder.SUPERVISOR_SURNAME: facts.supervisor_surname,
    }[placeholder]


def _detail(placeholder: Placeholder, details: DetailFacts) -> str | None:
    return {
        Placeholder.RECEIVABLE_NAME: details.receivable_name,
        Placeholder.LEVY_YEAR: details.levy_year,
        Placeholder.PERIODS: details.periods,
        Placeholder.DATA_AS_OF: details.data_as_of,
        Placeholder.TOTAL: details.total,
        Placeholder.PROMISE_DATE: details.promise_date,
        Placeholder.PROMISE_PERIODS: details.promise_periods,
        Placeholder.PROMISE_AMOUNT: details.promise_amount,
    }[placeholder]
