"""Pure: what must be done before a month's first call, by when, and what is overdue (S4-11.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialer.calendar.due_dates import days_before


class Step(StrEnum):
    """The three steps before the first call, in their order."""

    VOLUME = "volume"  # the department's number is confirmed (S4-11.1a)
    DATA = "data"  # the lent data is received (S4-11.1b)
    LIST = "list"  # the call list is built (S4-11.1c)


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: ``due`` is its last day in time; ``done_on`` the day it was done, if known."""

    step: Step
    due: date
    done_on: date | None
    state: StepState


def due_days(calls_from: date, volume_lead: int, data_lead: int) -> dict[Step, date]:
    """The last day in time of each step; leads in calendar days. The list needs the day before."""
    return {
        Step.VOLUME: days_before(calls_from, volume_lead),
        Step.DATA: days_before(calls_from, data_lead),
        Step.LIST: days_before(calls_from, 1),
    }


def step_lines(
    due: Mapping[Step, date], done: Mapping[Step, date | None], today: date
) -> tuple[StepLine, ...]:
    """Where each step stands on a day: overdue from the day after its last one.

    ``done`` names the steps that are done, each with its day, None where nobody kept the day.
    """
    return tuple(
        StepLine(step, due[step], done.get(step), _state(step, due, done, today)) for step in Step
    )


def _state(
    step: Step, due: Mapping[Step, date], done: Mapping[Step, date | None], today: date
) -> StepState:
    if step not in done:
        return StepState.OVERDUE if today > due[step] else StepState.OPEN
    done_on = done[step]
    is_late = done_on is not None and done_on > due[step]
    return StepState.DONE_LATE if is_late else StepState.DONE


@dataclass(frozen=True, slots=True)
class Comparison:
    """An actual number beside the expected one."""

    expected: int
    actual: int

    @property
    def difference(self) -> int:
        """Actual less expected: 520 against 500 is +20."""
        return self.actual - self.expected

    @property
    def ratio(self) -> float | None:
        """Actual by expected, 0.9 for 450 of 500; None when nothing was expected."""
        return self.actual / self.expected if self.expected else None
