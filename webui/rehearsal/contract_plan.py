"""What a simulated contract is made of: campaigns, and what the city does meanwhile, by the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from dialer.calendar.holidays import TOKYO
from webui.rehearsal.persons import ALL_RECEIVABLES

FIRST_MONTH, MONTHS_OF_CONTRACT = date(2022, 7, 1), 10
"""July to April: the last callbacks must end inside the contract."""
Span = tuple[time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is simulated. ``cases``: lent rows of one month, over its receivables."""

    seed: int
    agents: int = 3
    cases: int = 100
    months: int = 1
    faults: bool = False


@dataclass(frozen=True, slots=True)
class CampaignSpan:
    """One receivable in one month, with its first and last days (all included)."""

    receivable: str
    month: date
    calls_from: date
    calls_until: date
    callbacks_until: date
    cases: int

    @property
    def code(self) -> str:
        return f"{self.receivable}-{self.month:%Y%m}"

    @property
    def delivered_on(self) -> date:
        """S4-11.1b: two days before."""
        return self.calls_from - timedelta(days=2)


@dataclass(frozen=True, slots=True)
class CityOrder:
    """Hours of one day by order of the city, told at ``told_at``; no span closes the day."""

    day: date
    receivable: str | None
    spans: tuple[Span, ...]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class CityStop:
    """All work on a receivable, or on everything, stands still from one instant to another."""

    receivable: str | None
    began_at: datetime
    ended_at: datetime


def month_after(month: date, steps: int) -> date:
    years, index = divmod(month.month - 1 + steps, 12)
    return date(month.year + years, index + 1, 1)


def plan_campaigns(scale: Scale) -> tuple[CampaignSpan, ...]:
    """Consecutive months from a seeded one on; callbacks of each run into the calls of the next."""
    chance = Random(f"{scale.seed}/plan")
    if not 1 <= scale.months <= MONTHS_OF_CONTRACT:
        raise ValueError(f"a contract has 1 to {MONTHS_OF_CONTRACT} months")
    start = chance.randint(0, MONTHS_OF_CONTRACT - scale.months)
    months = [month_after(FIRST_MONTH, start + step) for step in range(scale.months)]
    begins = [month.replace(day=chance.randint(8, 16)) for month in months]
    spans: list[CampaignSpan] = []
    for turn, (month, first) in enumerate(zip(months, begins, strict=True)):
        last = first + timedelta(days=chance.randint(10, 13))
        after = timedelta(days=chance.randint(2, 4))
        is_final = turn + 1 == scale.months
        over = last + after + timedelta(days=2) if is_final else begins[turn + 1] + after
        chosen = sorted(chance.sample(ALL_RECEIVABLES, _receivables(scale.cases, chance)))
        share, rest = divmod(scale.cases, len(chosen))
        sizes = [share + (place < rest) for place in range(len(chosen))]
        spans += [
            CampaignSpan(receivable, month, first, last, over, size)
            for receivable, size in zip(chosen, sizes, strict=True)
        ]
    return tuple(spans)


def _receivables(cases: int, chance: Random) -> int:
    if cases < 4:
        return 1
    return chance.choice((2, 3)) if cases >= 60 else 2


def plan_orders(spans: Sequence[CampaignSpan], seed: int) -> tuple[CityOrder, ...]:
    """Some days closed, shortened or moved; told the evening before, or on the day itself."""
    chance = Random(f"{seed}/orders")
    choices: tuple[tuple[Span, ...], ...] = (
        (),
        ((time(10), time(12)),),
        ((time(13), time(15)), (time(17), time(19, 30))),
    )
    orders = []
    for month in sorted({span.month for span in spans}):
        own = [span for span in spans if span.month == month]
        for _order in range(chance.randint(1, 2)):
            day = own[0].calls_from + timedelta(days=chance.randint(1, 9))
            told = chance.choice((day - timedelta(days=1), day))
            at = datetime.combine(told, time(12 if told == day else 18, 7), TOKYO)
            receivable = chance.choice((None, chance.choice(own).receivable))
            orders.append(CityOrder(day, receivable, chance.choice(choices), at))
    return tuple(sorted(orders, key=lambda one: one.told_at))


def plan_stops(spans: Sequence[CampaignSpan], seed: int) -> tuple[CityStop, ...]:
    """Now and then the city stops a receivable, or everything, for some hours or days."""
    chance = Random(f"{seed}/stops")
    stops = []
    for month in sorted({span.month for span in spans}):
        own = [span for span in spans if span.month == month]
        day = own[0].calls_from + timedelta(days=chance.randint(1, 8))
        hour = chance.choice((12, 13, 17, 18, 19))
        began = datetime.combine(day, time(hour, chance.randint(0, 59), 30), TOKYO)
        receivable = chance.choice((None, own[0].receivable, own[-1].receivable))
        length = timedelta(hours=chance.choice((1, 3, 26)))
        stops.append(CityStop(receivable, began, began + length))
    return tuple(stops)
