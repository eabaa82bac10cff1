"""The command line in a production home: passwords, the first account, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_homes import OPENING, PERIOD, Shell

from secure_store.access import Actor, Role
from secure_store.people.login import change_password
from secure_store.sealing.passphrase import REHEARSAL_PARAMETERS
from webui.cli.main import main
from webui.runtime.wiring import open_home

DATES = ("--pledge", "2022-06-01", "--training", "2022-06-01", "--reported", "2022-06-01")
ADMIN = ("staff", "add", "AD01", "--name", "見本 一", "--role", "system_admin", *DATES)
OWN_PASSWORD = "mihon-tsuki-kumo-2022"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new production home; key store and database lie on one device, which is accepted."""
    folder = tmp_path_factory.mktemp("production")
    passphrase = folder / "home" / "passphrase"
    passphrase.parent.mkdir(mode=0o700)
    passphrase.write_text("mihon-no-ai-kotoba-2022-nagai\n", encoding="ascii")
    passphrase.chmod(0o600)
    words = ["init", "--home", str(folder / "home"), "--level-c", "--json"]
    with pytest.MonkeyPatch.context() as patch:
        # Stretching the passphrase takes seconds in production; it is no matter of these tests.
        patch.setattr("webui.runtime.wiring.PRODUCTION_PARAMETERS", REHEARSAL_PARAMETERS)
        assert main([*words, "--passphrase-file", str(passphrase)]) == 0
    return folder / "home"


def administrator(shell: Shell) -> str:
    """The first account, its own password chosen; the line that gives it."""
    first = shell.done(*ADMIN)["first_password"]
    services = open_home(shell.home)
    change_password(services.store, Actor("AD01", Role.SYSTEM_ADMIN), first, OWN_PASSWORD)
    services.store.engine.dispose()
    return f"{OWN_PASSWORD}\n"


def test_a_new_production_home_has_no_persons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(tmp_path / "new", capsys, monkeypatch)
    assert shell.refused("init", "--now", OPENING) == "rehearsal_only"
    assert shell.refused("init", "--level-c") == "passphrase_unusable"
    assert not (tmp_path / "new" / "home.toml").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("hours", OPENING, "--now", OPENING), "clock_not_movable"),
        (("clock", "set", OPENING), "clock_not_movable"),
        (("clock", "advance", "1d"), "clock_not_movable"),
        (("demo",), "rehearsal_only"),
        (("demo", "--day"), "rehearsal_only"),
        (("erasure", "run", "--all"), "rehearsal_only"),
    ],
)
def test_rehearsal_tools_are_refused(shell: Shell, words: tuple[str, ...], code: str) -> None:
    assert shell.refused(*words) == code


def test_the_hours_need_no_person(shell: Shell) -> None:
    assert shell.done("hours", OPENING)["open"] is True
    assert shell.done("clock", "show")["is_rehearsal"] is False


@pytest.mark.clause("S4-8.6g")
def test_the_first_account_is_an_administrator_and_only_the_first_needs_nobody(
    shell: Shell,
) -> None:
    agent = ("staff", "add", "OP01", "--name", "見本 二", "--role", "agent", *DATES)
    assert shell.refused(*agent) == "person_missing"
    added = shell.done(*ADMIN)
    assert (added["role"], added["bar"]) == ("system_admin", None)
    second = ("staff", "add", "AD02", "--name", "見本 三", "--role", "system_admin", *DATES)
    assert shell.refused(*second) == "person_missing"
    assert shell.refused("staff", "list") == "person_missing"


@pytest.mark.clause("S4-8.6g")
def test_a_business_command_needs_the_persons_password(shell: Shell) -> None:
    line = administrator(shell)
    assert shell.refused("staff", "list", "--as", "AD01") == "login_refused"
    assert shell.refused("staff", "list", "--as", "AD01", stdin="no\n") == "login_refused"
    assert shell.refused("staff", "list", "--as", "NN01", stdin=line) == "login_refused"
    assert shell.done("staff", "list", "--as", "ad01", stdin=line)["staff"]
    opening = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)
    assert shell.refused(*opening, "--as", "AD01", stdin=line) == "not_allowed"


def test_the_first_password_opens_nothing_but_its_own_change(shell: Shell) -> None:
    first = shell.done(*ADMIN)["first_password"]
    said = shell.refused("staff", "list", "--as", "AD01", stdin=f"{first}\n")
    assert said == "password_change_needed"


@pytest.mark.clause("S4-9.3")
def test_guessing_a_password_must_wait_also_on_the_command_line(shell: Shell) -> None:
    line = administrator(shell)
    for _guess in range(5):
        shell.refused("staff", "list", "--as", "AD01", stdin="a guess\n")
    said = shell.run("staff", "list", "--as", "AD01", stdin=line)
    assert (said.code, said.error) == (1, "login_refused")
    assert said.document["error"]["details"] == {"answer": "must_wait"}


def test_no_password_is_printed_back(shell: Shell) -> None:
    administrator(shell)
    said = shell.run("staff", "list", "--as", "AD01", stdin="typed-by-mistake-2022\n")
    assert "typed-by-mistake" not in str(said.document)


@pytest.mark.clause("S4-9.4-1")
def test_the_administrator_alone_adds_the_first_supervisor_and_nobody_else(shell: Shell) -> None:
    line = administrator(shell)
    new = ("staff", "add", "--name", "見本 二", *DATES, "--as", "AD01")
    said = shell.refused(*new, "OP01", "--role", "agent", stdin=line)
    assert said == "second_person_needed"
    shell.done(*new, "SV01", "--role", "supervisor", "--on-chart", stdin=line)
    for code, role in (("SV02", "supervisor"), ("VF01", "verifier")):
        assert shell.refused(*new, code, "--role", role, stdin=line) == "second_person_needed"
