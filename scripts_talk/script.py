"""A talk script: steps, numbered answers, and what of it may be shown at which stage.

Pure. The server sends a step only when its stage is reached (S4-11.3a-1), the step that recommends
account transfer only when its condition holds (S4-12.1h).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from scripts_talk.errors import ScriptInvalid, StepUnknown
from scripts_talk.fields import Fields, read_fields


class Stage(StrEnum):
    """How far a call has come, in this order."""

    GREETING = "greeting"
    IDENTITY = "identity"
    GUIDANCE = "guidance"


class Direction(StrEnum):
    """Who rang whom; a step may serve both."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    BOTH = "both"


class Condition(StrEnum):
    """What must hold for a step to be shown at all."""

    ACCOUNT_TRANSFER_AFTER_PROMISE = "account_transfer_after_promise"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the speaker says. ``to`` None ends the call; the codes are outcomes to choose from."""

    key: str
    label: str
    to: str | None
    outcome_codes: tuple[str, ...] = ()
    confirms_identity: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Words to speak, what to do meanwhile, and where the answers lead. No answers: a closing."""

    id: str
    name: str
    stage: Stage
    spoken: tuple[str, ...]
    operation: str | None
    answers: tuple[Answer, ...]
    only_if: Condition | None = None
    direction: Direction = Direction.OUTBOUND


@dataclass(frozen=True, slots=True)
class Script:
    """The script of one receivable; ``forbidden`` are the phrases shown at all times."""

    receivable: str
    version: str
    self_name: str
    steps: tuple[Step, ...]
    start: str
    inbound_start: str
    forbidden: tuple[str, ...]
    is_sample: bool

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises StepUnknown."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise StepUnknown


@lru_cache(maxsize=128)  # reading a script of 30 KB takes longer than a page may
def load_script(yaml_text: str) -> Script:
    """Read a script. Raises ScriptInvalid with ``reason`` (a FieldFault) and ``path``."""
    fields = read_fields(yaml_text, ScriptInvalid)
    script = Script(
        receivable=fields.text("receivable"),
        version=fields.text("version"),
        self_name=fields.text("self_name"),
        steps=fields.items("steps", _read_step),
        start=fields.text("start"),
        inbound_start=fields.text("inbound_start"),
        forbidden=fields.texts("forbidden"),
        is_sample=fields.flag("is_sample"),
    )
    fields.optional_text("note")  # for people who read the file
    fields.close()
    return script


def _read_step(fields: Fields) -> Step:
    return Step(
        id=fields.text("id"),
        name=fields.text("name"),
        stage=fields.word("stage", Stage),
        spoken=fields.texts("spoken"),
        operation=fields.optional_text("operation"),
        answers=fields.items("answers", _read_answer),
        only_if=fields.optional_word("only_if", Condition),
        direction=fields.word("direction", Direction),
    )


def _read_answer(fields: Fields) -> Answer:
    return Answer(
        key=fields.text("key"),
        label=fields.text("label"),
        to=fields.optional_text("to"),
        outcome_codes=fields.texts("outcome_codes"),
        confirms_identity=fields.flag("confirms_identity"),
    )


def conditions_met(*, is_account_transfer_target: bool, has_promise: bool) -> frozenset[Condition]:
    """Which conditional steps this call may show (S4-12.1h: designated, and promised)."""
    if is_account_transfer_target and has_promise:
        return frozenset({Condition.ACCOUNT_TRANSFER_AFTER_PROMISE})
    return frozenset()


def is_reached(stage: Stage, reached: Stage) -> bool:
    """Has a call that stands at ``reached`` come to ``stage``?"""
    order = list(Stage)
    return order.index(stage) <= order.index(reached)


def steps_visible(
    script: Script,
    reached: Stage,
    *,
    direction: Direction = Direction.OUTBOUND,
    conditions: frozenset[Condition] = frozenset(),
) -> tuple[Step, ...]:
    """The steps the server may send now; answers that lead to a hidden branch are left out."""
    shown = walkable_steps(script, direction, conditions)
    return tuple(step for step in shown if is_reached(step.stage, reached))


def opening_steps(script: Script, start: str) -> tuple[Step, ...]:
    """The first steps with spoken words on every way from ``start``."""
    found: dict[str, Step] = {}
    seen: set[str] = set()
    waiting = [start]
    known = {step.id: step for step in script.steps}
    while waiting:
        step = known.get(waiting.pop(0))
        if step is None or step.id in seen:
            continue
        seen.add(step.id)
        if step.spoken:
            found[step.id] = step
        else:
            waiting += [answer.to for answer in step.answers if answer.to is not None]
    return tuple(found.values())


def walkable_steps(
    script: Script, direction: Direction, conditions: frozenset[Condition]
) -> tuple[Step, ...]:
    """The steps of one kind of call, each with only those answers that lead to such a step."""
    shown = [step for step in script.steps if _is_walkable(step, direction, conditions)]
    ids = {step.id for step in shown}
    return tuple(
        replace(step, answers=tuple(a for a in step.answers if a.to is None or a.to in ids))
        for step in shown
    )


def _is_walkable(step: Step, direction: Direction, conditions: frozenset[Condition]) -> bool:
    serves = step.direction in (direction, Direction.BOTH)
    return serves and (step.only_if is None or step.only_if in conditions)
