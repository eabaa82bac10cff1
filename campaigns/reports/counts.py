"""Pure: the counts of a campaign that measures are made of, and the rate of two counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction

NOT_DEFINED = "－"


@dataclass(frozen=True, slots=True)
class Rate:
    """Two counts, kept apart so that what is shown can be recomputed by hand."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The exact quotient; None over nothing."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def as_percent_text(self) -> str:
        """``70.0%``, halves rounded up at one decimal; ``－`` over nothing."""
        text = self._scaled(100)
        return text if text == NOT_DEFINED else text + "%"

    def as_per_mille_text(self) -> str:
        """``2.5‰``, rounded likewise."""
        text = self._scaled(1000)
        return text if text == NOT_DEFINED else text + "‰"

    def as_number_text(self) -> str:
        """``3.2``, rounded likewise."""
        return self._scaled(1)

    def _scaled(self, by: int) -> str:
        # Whole numbers only: a binary fraction would round 0.05 now up, now down.
        if self.value is None:
            return NOT_DEFINED
        tenths = (self.value * by * 10 + Fraction(1, 2)).__floor__()
        sign = "-" if tenths < 0 else ""
        return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"

    def __add__(self, other: Rate) -> Rate:
        """Both together: counts add up, quotients do not."""
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCounts:
    """What was counted of one receivable in one campaign, or of several added up.

    Persons: ``lent`` N, ``withdrawn`` X (taken back after lending), ``not_callable`` (no usable
    number lent), ``numbers_unusable`` (every number turned out bad), ``attempted`` T,
    ``reached`` Cp (right party, not withdrawn), ``reached_wide`` Cw (household included, not
    withdrawn), ``tried_enough`` (reached, or attempted as often and in as many bands as
    prescribed), ``promised`` P, ``escalated_star`` and ``escalated`` (★; ★ or ☆),
    ``with_bad_number``. Calls: ``dials`` D, ``counted_attempts`` A, ``answered`` H (a human
    answered). Money is yen.
    """

    planned: int = 0
    lent: int = 0
    withdrawn: int = 0
    not_callable: int = 0
    numbers_unusable: int = 0
    attempted: int = 0
    reached: int = 0
    reached_wide: int = 0
    tried_enough: int = 0
    promised: int = 0
    escalated_star: int = 0
    escalated: int = 0
    with_bad_number: int = 0
    dials: int = 0
    counted_attempts: int = 0
    answered: int = 0
    identity_started: int = 0
    identity_mismatched: int = 0
    wrong_number_calls: int = 0
    complaints: int = 0
    agent_minutes: int = 0
    promised_yen: int = 0
    arrears_of_reached_yen: int = 0
    promises_due: int = 0  # date and grace are past, and payment data are there
    promises_kept: int = 0
    promises_due_yen: int = 0
    promises_kept_yen: int = 0
    paid_of_reached: int = 0  # within 30 days of the first contact
    never_reached: int = 0
    paid_of_never_reached: int = 0  # within 30 days of the first day of calls
    transfer_targets_promised: int = 0
    transfer_offered: int = 0
    transfer_wanted: int = 0
    callbacks_offered: int = 0
    callbacks_answered: int = 0
    callbacks_out_of_hours: int = 0
    callbacks_abandoned: int = 0
    callbacks_lost: int = 0
    callbacks_of_listed: int = 0
    callbacks_asked_for: int = 0
    result_rows: int = 0
    corrected_rows: int = 0
    report_days: int = 0
    reports_in_time: int = 0

    def __post_init__(self) -> None:
        if any(getattr(self, one.name) < 0 for one in fields(self)):
            raise ValueError("a count is never negative")

    @property
    def standing(self) -> int:
        """N − X: lent and not withdrawn."""
        return self.lent - self.withdrawn

    @property
    def diallable(self) -> int:
        """Nd = N − X − those without a usable number."""
        return self.standing - self.not_callable

    @property
    def callable_persons(self) -> int:
        """Nv = Nd − those whose every number turned out bad."""
        return self.diallable - self.numbers_unusable


def total(counts: Iterable[CampaignCounts]) -> CampaignCounts:
    """Several campaigns added up, count by count."""
    listed = list(counts)
    return CampaignCounts(
        **{
            one.name: sum(getattr(count, one.name) for count in listed)
            for one in fields(CampaignCounts)
        }
    )
