"""The ready persons of a rehearsal home; their names say 見本, their password is printed."""

from __future__ import annotations

from datetime import date

from secure_store.access import Role
from secure_store.people.staff import NewStaff

REHEARSAL_PASSWORD = "kunren-2022-mihon"  # noqa: S105 - printed on the log-in page of rehearsal homes
ALL_RECEIVABLES = tuple(f"A{number:02d}" for number in range(1, 9))
_DAY = date(2022, 6, 1)


def _person(code: str, name: str, role: Role, receivables: tuple[str, ...]) -> NewStaff:
    return NewStaff(
        code=code,
        display_name=name,
        role=role,
        receivables=receivables,
        pledge_on=_DAY,
        training_on=_DAY,
        reported_on=_DAY,
        is_on_chart=role is Role.SUPERVISOR,
    )


READY_PERSONS = (
    _person("SV01", "見本 管理一", Role.SUPERVISOR, ()),
    _person("SV02", "見本 管理二", Role.SUPERVISOR, ()),
    *(
        _person(f"OP{number:02d}", f"見本 担当{name}", Role.AGENT, ALL_RECEIVABLES)
        for number, name in enumerate("一二三四五六七八", start=1)
    ),
    _person("CF01", "見本 所管一", Role.DEPARTMENT_OFFICER, ALL_RECEIVABLES),
    _person("AD01", "見本 システム一", Role.SYSTEM_ADMIN, ()),
    _person("AU01", "見本 監査一", Role.AUDITOR, ()),
    _person("VF01", "見本 検証一", Role.VERIFIER, ()),
)


def agent_person(number: int) -> NewStaff:
    """A further agent, for rehearsals with more than the ready ones; ``number`` from 9 on."""
    return _person(f"OP{number:02d}", f"見本 担当{number}", Role.AGENT, ALL_RECEIVABLES)
