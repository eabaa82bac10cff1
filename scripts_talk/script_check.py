"""The check of a talk script before it may be submitted for approval (S4-10.1b, S4-10.2a).

Pure. Every branch leads somewhere, every way ends with an outcome to choose (S4-11.2e), nothing
of a debt comes before the identity check (S4-11.3a-1), the opening names the centre (S4-11.2b),
and no word belongs to the exercise of public authority (S4-12.1j).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scripts_talk.script import (
    Condition,
    Direction,
    Script,
    Stage,
    Step,
    opening_steps,
    walkable_steps,
)
from scripts_talk.wording import (
    UNCONFIRMED_MARK,
    check_before_identity,
    check_wording,
    has_details,
    names_itself,
    split_pieces,
    unknown_placeholders,
)

ANSWER_KEYS = "1234567890"
_CODE = re.compile(r"[0-9]{2}")


class ScriptFaultKind(StrEnum):
    """What the check may find."""

    START_MISSING = "start_missing"
    STEP_TWICE = "step_twice"
    STEP_EMPTY = "step_empty"
    TARGET_UNKNOWN = "target_unknown"
    BRANCH_OPEN = "branch_open"
    UNREACHABLE = "unreachable"
    NO_WAY_TO_END = "no_way_to_end"
    END_WITHOUT_OUTCOME = "end_without_outcome"
    ANSWER_KEY_UNKNOWN = "answer_key_unknown"
    ANSWER_KEY_TWICE = "answer_key_twice"
    OUTCOME_CODE_MALFORMED = "outcome_code_malformed"
    IDENTITY_BYPASSED = "identity_bypassed"
    DETAIL_BEFORE_IDENTITY = "detail_before_identity"
    SELF_NAME_MISSING = "self_name_missing"
    SELF_NAME_DIFFERS = "self_name_differs"
    FORBIDDEN_WORDING = "forbidden_wording"
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"
    PLACEHOLDER_NOT_SPOKEN = "placeholder_not_spoken"
    TEXT_UNCONFIRMED = "text_unconfirmed"


@dataclass(frozen=True, slots=True)
class ScriptFault:
    """One fault: the step it is in (None: the whole script) and the key, term or id meant."""

    kind: ScriptFaultKind
    step: str | None = None
    detail: str | None = None


def check_script(script: Script, contract_self_name: str | None = None) -> tuple[ScriptFault, ...]:
    """Every fault of a script; none means it may be submitted for approval.

    ``contract_self_name`` is the self-name the contract fixes (S4-11.2b); None skips that comparison.
    """
    faults = [*_of_whole(script, contract_self_name)]
    for step in script.steps:
        faults += [*_of_step(script, step), *_of_answers(script, step), *_of_text(script, step)]
    known = {step.id for step in script.steps}
    for direction, start in _starts(script):
        if start in known:
            faults += _of_ways(script, direction, start)
    return tuple(dict.fromkeys(faults))


def _starts(script: Script) -> tuple[tuple[Direction, str], ...]:
    return (Direction.OUTBOUND, script.start), (Direction.INBOUND, script.inbound_start)


def _of_whole(script: Script, contract_self_name: str | None) -> Iterator[ScriptFault]:
    ids = [step.id for step in script.steps]
    for step_id in sorted({step_id for step_id in ids if ids.count(step_id) > 1}):
        yield ScriptFault(ScriptFaultKind.STEP_TWICE, step_id)
    for direction, start in _starts(script):
        yield from _of_start(script, direction, start)
    if contract_self_name not in (None, script.self_name):
        yield ScriptFault(ScriptFaultKind.SELF_NAME_DIFFERS)


def _of_start(script: Script, direction: Direction, start: str) -> Iterator[ScriptFault]:
    first = next((step for step in script.steps if step.id == start), None)
    if first is None:
        yield ScriptFault(ScriptFaultKind.START_MISSING, None, start)
        return
    if first.direction not in (direction, Direction.BOTH):
        yield ScriptFault(ScriptFaultKind.START_MISSING, start, direction.value)
    if first.stage is not Stage.GREETING:
        yield ScriptFault(ScriptFaultKind.IDENTITY_BYPASSED, start)
    for step in opening_steps(script, start):
        if not names_itself("".join(step.spoken), script.self_name):
            yield ScriptFault(ScriptFaultKind.SELF_NAME_MISSING, step.id)


def _of_step(script: Script, step: Step) -> Iterator[ScriptFault]:
    known = {other.id: other for other in script.steps}
    if not step.spoken and step.operation is None:
        yield ScriptFault(ScriptFaultKind.STEP_EMPTY, step.id)
    for answer in step.answers:
        if answer.to is None:
            continue
        target = known.get(answer.to)
        if target is None:
            yield ScriptFault(ScriptFaultKind.TARGET_UNKNOWN, step.id, answer.to)
        elif _enters_guidance(step, target) and not (
            step.stage is Stage.IDENTITY and answer.confirms_identity
        ):
            yield ScriptFault(ScriptFaultKind.IDENTITY_BYPASSED, step.id, answer.key)


def _enters_guidance(step: Step, target: Step) -> bool:
    return target.stage is Stage.GUIDANCE and step.stage is not Stage.GUIDANCE


def _of_answers(_script: Script, step: Step) -> Iterator[ScriptFault]:
    keys = [answer.key for answer in step.answers]
    for answer in step.answers:
        if len(answer.key) != 1 or answer.key not in ANSWER_KEYS:
            yield ScriptFault(ScriptFaultKind.ANSWER_KEY_UNKNOWN, step.id, answer.key)
        elif keys.count(answer.key) > 1:
            yield ScriptFault(ScriptFaultKind.ANSWER_KEY_TWICE, step.id, answer.key)
        if answer.to is None and not answer.outcome_codes:
            yield ScriptFault(ScriptFaultKind.BRANCH_OPEN, step.id, answer.key)
        if not all(_CODE.fullmatch(code) for code in answer.outcome_codes):
            yield ScriptFault(ScriptFaultKind.OUTCOME_CODE_MALFORMED, step.id, answer.key)


def _of_text(script: Script, step: Step) -> Iterator[ScriptFault]:
    spoken = "\n".join(step.spoken)
    for fault in check_wording(spoken, script.forbidden):
        yield ScriptFault(ScriptFaultKind.FORBIDDEN_WORDING, step.id, fault.term)
    for name in unknown_placeholders(spoken):
        yield ScriptFault(ScriptFaultKind.PLACEHOLDER_UNKNOWN, step.id, name)
    for text in (step.operation or "", *(answer.label for answer in step.answers)):
        if any(piece.is_placeholder for piece in split_pieces(text)):
            yield ScriptFault(ScriptFaultKind.PLACEHOLDER_NOT_SPOKEN, step.id)
    if UNCONFIRMED_MARK in spoken and not script.is_sample:
        yield ScriptFault(ScriptFaultKind.TEXT_UNCONFIRMED, step.id)
    if step.stage is not Stage.GUIDANCE:
        yield from _of_early_text(step, spoken)


def _of_early_text(step: Step, spoken: str) -> Iterator[ScriptFault]:
    if has_details(spoken):
        yield ScriptFault(ScriptFaultKind.DETAIL_BEFORE_IDENTITY, step.id)
    for fault in check_before_identity(spoken):
        yield ScriptFault(ScriptFaultKind.DETAIL_BEFORE_IDENTITY, step.id, fault.term)


def _of_ways(script: Script, direction: Direction, start: str) -> Iterator[ScriptFault]:
    everything = walkable_steps(script, direction, frozenset(Condition))
    reached = _walk(everything, start, only_unrecorded=False)
    for step in everything:
        if step.id not in reached:
            yield ScriptFault(ScriptFaultKind.UNREACHABLE, step.id, direction.value)
    closings = {step.id for step in script.steps if not step.answers}
    for step_id in _walk(everything, start, only_unrecorded=True):
        if step_id in closings:
            yield ScriptFault(ScriptFaultKind.END_WITHOUT_OUTCOME, step_id, direction.value)
    # A conditional step may be hidden: then, too, every step needs a way to an end.
    for conditions in (frozenset(Condition), frozenset[Condition]()):
        steps = walkable_steps(script, direction, conditions)
        for step_id in _without_end(steps, closings):
            yield ScriptFault(ScriptFaultKind.NO_WAY_TO_END, step_id, direction.value)


def _walk(steps: tuple[Step, ...], start: str, *, only_unrecorded: bool) -> list[str]:
    """The ids on all ways from ``start``; if asked, only along answers that offer no outcome."""
    known = {step.id: step for step in steps}
    seen: list[str] = []
    waiting = [start]
    while waiting:
        step = known.get(waiting.pop())
        if step is None or step.id in seen:
            continue
        seen.append(step.id)
        for answer in step.answers:
            if answer.to is not None and not (only_unrecorded and answer.outcome_codes):
                waiting.append(answer.to)
    return seen


def _without_end(steps: tuple[Step, ...], closings: set[str]) -> list[str]:
    ending = {step.id for step in steps if step.id in closings}
    grown = True
    while grown:
        more = {step.id for step in steps if _ends_or_leads(step, ending)} - ending
        ending |= more
        grown = bool(more)
    return [step.id for step in steps if step.id not in ending]


def _ends_or_leads(step: Step, ending: set[str]) -> bool:
    return any(answer.to is None or answer.to in ending for answer in step.answers)
