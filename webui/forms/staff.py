"""Forms of accounts: a new one, the receivables granted, the three dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from secure_store.access import Role
from secure_store.people.staff import SEES_ALL, NewStaff
from secure_store.people.staff_register import GateDates
from webui.forms.plain_days import TypedDay, read_day
from webui.words.staff import PERSON_ROLES

NAME_LONGEST = 60
_CODE = re.compile(r"[A-Z]{2}[0-9]{2,6}")
_NO_DAY = TypedDay("", None, None)


@dataclass(frozen=True, slots=True)
class DatesForm:
    """The three days as typed; an empty one is allowed and keeps the account closed."""

    pledge: TypedDay = _NO_DAY
    training: TypedDay = _NO_DAY
    reported: TypedDay = _NO_DAY
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def dates(self) -> GateDates:
        """The days themselves."""
        return GateDates(self.pledge.day, self.training.day, self.reported.day)


@dataclass(frozen=True, slots=True)
class NewStaffForm:
    """A new account as typed."""

    code: str = ""
    name: str = ""
    role: Role | None = None
    receivables: tuple[str, ...] = ()
    is_on_chart: bool = False
    dates: DatesForm = field(default_factory=DatesForm)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def new_staff(self) -> NewStaff | None:
        """What to make of it, None while something is wrong."""
        if self.errors or self.dates.errors or self.role is None:
            return None
        gates = self.dates.dates
        return NewStaff(
            code=self.code,
            display_name=self.name,
            role=self.role,
            receivables=() if self.role in SEES_ALL else self.receivables,
            pledge_on=gates.pledge_on,
            training_on=gates.training_on,
            reported_on=gates.reported_on,
            is_on_chart=self.is_on_chart and self.role is Role.SUPERVISOR,
        )


def read_dates(form: Mapping[str, str], today: date) -> DatesForm:
    """The three days; none of them may lie in the future."""
    typed = {name: _day(form.get(name, "")) for name in ("pledge", "training", "reported")}
    errors = {name: text for name, day in typed.items() if (text := _day_error(day, today))}
    return DatesForm(typed["pledge"], typed["training"], typed["reported"], errors)


def _day(text: str) -> TypedDay:
    return read_day(text) if text.strip() else _NO_DAY


def _day_error(day: TypedDay, today: date) -> str:
    if day.day is not None and day.day > today:
        return "まだ来ていない日です。済んだ日を入れてください。"
    return day.sentence


def read_new(
    form: Mapping[str, str], receivables: Sequence[str], known: Sequence[str], today: date
) -> NewStaffForm:
    """A new account; ``known`` are the receivables of the contract."""
    role = next((one for one in PERSON_ROLES if one.value == form.get("role")), None)
    typed = NewStaffForm(
        code=form.get("code", "").strip().upper()[:16],
        name=" ".join(form.get("name", "").split())[: NAME_LONGEST + 1],
        role=role,
        receivables=chosen(receivables, known),
        is_on_chart=form.get("on_chart") == "1",
        dates=read_dates(form, today),
    )
    return NewStaffForm(
        typed.code,
        typed.name,
        typed.role,
        typed.receivables,
        typed.is_on_chart,
        typed.dates,
        {name: text for name, text in _new_errors(typed) if text},
    )


def chosen(receivables: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The chosen receivables that the contract has, in the contract's order."""
    return tuple(code for code in known if code in set(receivables))


def _new_errors(form: NewStaffForm) -> list[tuple[str, str]]:
    code_error = "" if _CODE.fullmatch(form.code) else "英字2文字と数字で書きます。例：OP09"
    name_error = "" if form.name else "氏名がまだです。"
    if len(form.name) > NAME_LONGEST:
        name_error = f"{NAME_LONGEST}文字までです。"
    needs = form.role is not None and form.role not in SEES_ALL and not form.receivables
    return [
        ("code", code_error),
        ("name", name_error),
        ("role", "" if form.role else "役割を選んでください。"),
        ("receivables", "担当する債権を1つ以上選んでください。" if needs else ""),
    ]
