"""FIDO2 keys with Chromium's virtual authenticator: registered, asked for, refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.people.login import change_password
from secure_store.people.models import SecurityKey
from secure_store.people.second_person import SecondPersonRefused, second_person
from tests.browsers import DESK, served
from tests.web.pages import enrol
from webui.rehearsal.persons import REHEARSAL_PASSWORD

if TYPE_CHECKING:
    from webui.services import Services

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OWN = "mihon-tsuki-kumo-2022"
ADMIN = Actor("AD01", Role.SYSTEM_ADMIN)


class Person:
    """A supervisor at a browser with a key in its socket."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.page: Page = browser.new_context(viewport=DESK, locale="ja-JP").new_page()
        self.base = base
        self.devices = self.page.context.new_cdp_session(self.page)
        self.devices.send("WebAuthn.enable")
        self.key = self.plug_in()

    def plug_in(self) -> str:
        sent = self.devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        return str(sent["authenticatorId"])

    def pull_out(self, key: str) -> None:
        self.devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    def log_in(self) -> None:
        self.page.goto(self.base + "/login")
        self.page.get_by_label("利用者番号").fill("SV01")
        self.page.get_by_label("パスワード").fill(OWN)
        self.page.get_by_role("button", name="ログインする").click()
        self.page.wait_for_url(re.compile(r"/keys"))

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()


@pytest.fixture
def person(home: Services, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """The rules of a production home on a home that a browser reaches without TLS."""
    enrol(home, "SV01", "AD01")
    change_password(home.store, Actor("SV01", Role.SUPERVISOR), REHEARSAL_PASSWORD, OWN)
    home.store.is_rehearsal = False
    monkeypatch.setattr("webui.views.login.rehearsal_staff", lambda _work: [])
    with served(home) as base:
        one = Person(browser, base.replace("127.0.0.1", "localhost"))
        yield one
        one.page.context.close()


def use_key(person: Person, button: str) -> None:
    person.page.get_by_role("button", name=button).click()


@pytest.mark.clause("S3-B1-5.8", "S4-9.3")
def test_a_supervisor_registers_a_key_and_a_spare_one_and_logs_in_with_them(
    person: Person, home: Services
) -> None:
    person.log_in()
    assert person.heading() == "自分の鍵"
    person.page.goto(person.base + "/board")
    expect(person.page).to_have_url(person.base + "/keys")  # nothing opens before the key

    use_key(person, "鍵を登録する")
    expect(person.page.get_by_text("予備の鍵も登録してください")).to_be_visible()
    person.page.goto(person.base + "/board")
    assert person.heading() == "センターの状況"

    person.pull_out(person.key)
    spare = person.plug_in()
    person.page.goto(person.base + "/keys")
    use_key(person, "予備の鍵を登録する")
    expect(person.page.get_by_role("cell", name="予備")).to_be_visible()
    with home.store.work(ADMIN, readonly=True) as work:
        rows = work.session.scalars(select(SecurityKey)).all()
    assert sorted(row.is_spare for row in rows) == [False, True]

    person.page.context.clear_cookies()
    person.log_in()
    assert person.heading() == "鍵で確かめます"
    use_key(person, "鍵で確かめる")
    person.page.wait_for_url("**/board")
    person.pull_out(spare)


@pytest.mark.clause("S3-B1-5.8")
def test_a_key_of_somebody_else_and_a_key_put_in_by_the_database_open_nothing(
    person: Person, home: Services
) -> None:
    person.log_in()
    use_key(person, "鍵を登録する")
    expect(person.page.get_by_text("予備の鍵も登録してください")).to_be_visible()
    with home.store.work(ADMIN) as work:
        row = work.session.scalars(select(SecurityKey)).one()
        row.public_key = row.public_key[::-1]  # what a database administrator could write
    person.page.context.clear_cookies()
    person.log_in()
    assert person.heading() == "鍵で確かめます"
    use_key(person, "鍵で確かめる")
    person.page.goto(person.base + "/keys")
    assert person.page.get_by_role("button", name="登録する").count() == 0
    with home.store.work(ADMIN) as work:
        work.session.delete(work.session.scalars(select(SecurityKey)).one())
    person.page.goto(person.base + "/board")
    expect(person.page).to_have_url(person.base + "/login")  # the account is not as it was sealed


@pytest.mark.clause("S4-9.4-1")
def test_step_up_and_the_second_person_need_the_key_as_well(
    person: Person, home: Services, clock: FixedClock
) -> None:
    person.log_in()
    use_key(person, "鍵を登録する")
    expect(person.page.get_by_text("予備の鍵も登録してください")).to_be_visible()
    assert second_person(home.store, ADMIN, "SV01", OWN).code == "SV01"
    for _ in range(2):
        clock.advance(timedelta(minutes=3))
        person.page.goto(person.base + "/board")
    with pytest.raises(SecondPersonRefused):
        second_person(home.store, ADMIN, "SV01", OWN)  # the key was shown too long ago

    person.page.goto(person.base + "/reauthenticate?back=/imports")
    person.page.get_by_label("パスワード").fill(OWN)
    person.page.get_by_role("button", name="確かめて進む").click()
    assert person.heading() == "鍵で確かめます"
    with pytest.raises(SecondPersonRefused):
        second_person(home.store, ADMIN, "SV01", OWN)  # the password alone proves nothing
    use_key(person, "鍵で確かめる")
    person.page.wait_for_url("**/imports")
    assert second_person(home.store, ADMIN, "SV01", OWN).code == "SV01"
