"""The second person at the first person's screen: who may confirm."""

from __future__ import annotations

import pytest

from secure_store.access import Actor, Role
from secure_store.people.login import change_password
from secure_store.people.second_person import SecondPersonRefused, second_person
from secure_store.people.staff import NewStaff, add_staff
from secure_store.work import SecureStore

FOUNDER = Actor(code="init", role=Role.SYSTEM_ADMIN)
FIRST = Actor(code="SV01", role=Role.SUPERVISOR)
HANDED_OUT = "mihon-no-hajime-2022"
OWN = "mihon-tsuki-kumo-2022"


def test_who_must_change_the_first_password_confirms_nothing(store: SecureStore) -> None:
    store.is_rehearsal = False
    with store.work(FOUNDER) as work:
        add_staff(work, NewStaff("CF31", "見本 所管", Role.DEPARTMENT_OFFICER), HANDED_OUT)
    with pytest.raises(SecondPersonRefused):
        second_person(store, FIRST, "CF31", HANDED_OUT)
    change_password(store, Actor(code="CF31", role=Role.DEPARTMENT_OFFICER), HANDED_OUT, OWN)
    assert second_person(store, FIRST, "CF31", OWN).code == "CF31"


@pytest.mark.clause("S4-9.4-1")
def test_where_keys_are_used_the_password_alone_confirms_nothing(store: SecureStore) -> None:
    store.is_rehearsal = False
    with store.work(FOUNDER) as work:
        add_staff(work, NewStaff("AU01", "見本 監査", Role.AUDITOR), HANDED_OUT)
    change_password(store, Actor(code="AU01", role=Role.AUDITOR), HANDED_OUT, OWN)
    with pytest.raises(SecondPersonRefused):
        second_person(store, FIRST, "AU01", OWN)
