"""The command line in a rehearsal home: a day from the lent file to the receipt."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

import pytest
from cli_homes import (
    ARRIVAL,
    CAMPAIGN,
    CLOSING,
    OPENING,
    PERIOD,
    Shell,
    lent_files,
)
from sqlalchemy import select

from campaigns.api import CityPaper, NewOrder, change_hours
from secure_store.access import Actor, Role, system_actor
from secure_store.models import AuditEvent
from webui.runtime.wiring import open_home

SUPERVISOR = Actor("SV01", Role.SUPERVISOR, rehearsal=True)
OPEN = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)


def published(shell: Shell, tmp_path: Path) -> None:
    """A01 is lent, published and dealt to two agents."""
    shell.done(*OPEN, "--as", "SV01")
    files = lent_files(tmp_path / "lent")
    shell.done("intake", *files, "--campaign", CAMPAIGN, "--publish", "--as", "SV01")
    shell.done("assign", "--campaign", CAMPAIGN, "--agents", "OP01,OP02", "--as", "SV01")


def test_init_prints_the_ready_persons_and_the_public_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(tmp_path / "new", capsys, monkeypatch)
    document = shell.done("init", "--rehearsal", "--now", ARRIVAL)
    roles = {person["role"] for person in document["persons"]}
    assert {"agent", "supervisor", "department_officer", "system_admin"} <= roles
    assert document["password"]
    assert Path(document["public_key"]).read_text(encoding="ascii").startswith("-----BEGIN PUBLIC")
    assert shell.refused("init", "--rehearsal") == "home_exists"
    assert shell.done("upgrade")["upgraded"] is True
    assert shell.done("clock", "show")["now"].startswith("2022-09-13T10:")


@pytest.mark.clause("S4-7.2b-1", "S4-7.2b-2")
@pytest.mark.parametrize(
    ("instant", "is_open", "reason", "window", "next_opening"),
    [
        ("2022-09-15T11:30:00", True, "open", ["11:30", "13:30"], "2022-09-15T16:30"),
        ("2022-09-15T13:30:00", False, "between_windows", None, "2022-09-15T16:30"),
        ("2022-09-15T20:29:59", True, "open", ["16:30", "20:30"], "2022-09-16T11:30"),
        ("2022-09-15T20:30:00", False, "after_closing", None, "2022-09-16T11:30"),
        ("2022-09-15T11:29:59", False, "before_opening", None, "2022-09-15T11:30"),
        ("2022-09-17T10:00:00", True, "open", ["10:00", "16:00"], "2022-09-18T10:00"),
        ("2022-09-19T10:00:00", True, "open", ["10:00", "16:00"], "2022-09-20T11:30"),
        ("2022-09-19T16:30:00", False, "after_closing", None, "2022-09-20T11:30"),
    ],
)
def test_hours_tells_whether_a_call_may_begin(
    shell: Shell,
    instant: str,
    is_open: bool,
    reason: str,
    window: list[str] | None,
    next_opening: str,
) -> None:
    document = shell.done("hours", f"{instant}+09:00")
    assert (document["open"], document["reason"]) == (is_open, reason)
    found = [edge[11:16] for edge in document["window"]] if document["window"] else None
    assert found == window
    assert document["next_opening"] == f"{next_opening}:00+09:00"


def test_hours_are_those_of_tokyo_whatever_the_difference_written(shell: Shell) -> None:
    there = shell.done("hours", "2022-09-15T02:30:00+00:00")
    assert there["at"] == OPENING
    assert there["open"] is True


def test_hours_of_a_month_name_every_day_with_its_minutes_and_its_rule(shell: Shell) -> None:
    month = shell.done("hours", "--month", "2022-09")
    days = month["days"]
    assert len(days) == 30
    kinds = {day["day"]: (day["rule"], len(day["windows"]), day["minutes"]) for day in days}
    assert kinds["2022-09-15"] == ("weekday", 2, 360)
    assert kinds["2022-09-19"] == ("weekend_or_holiday", 1, 360)
    assert (month["minutes"], month["open_days"]) == (30 * 360, 30)
    assert (month["receivables"], month["years_missing"]) == ({}, [])
    assert shell.run("hours", OPENING, "--month", "2022-09").code == 2


@pytest.mark.clause("S4-7.2b-3")
def test_hours_of_a_month_tell_orders_and_receivables_that_differ(shell: Shell) -> None:
    day = date(2022, 10, 12)
    paper = CityPaper("札子企第1号", "管財課長", date(2022, 9, 12))
    noon = datetime.fromisoformat("2022-10-12T12:00:00+09:00")
    services = open_home(shell.home)
    with services.store.work(SUPERVISOR) as work:
        change_hours(work, NewOrder(day, (), paper, effective_at=noon))
        change_hours(work, NewOrder(day, (), paper, "A05"))
    services.store.engine.dispose()
    month = shell.done("hours", "--month", "2022-10")
    told = next(one for one in month["days"] if one["day"] == "2022-10-12")
    assert [one["rule"] for one in told["rules"]] == ["weekday", "order:札子企第1号"]
    assert (told["minutes"], month["minutes"]) == (30, 30 * 360 + 30)
    assert list(month["receivables"]) == ["A05"]
    assert month["receivables"]["A05"]["minutes"] == 30 * 360
    alone = shell.done("hours", "--month", "2022-10", "--receivable", "A05")
    assert alone["minutes"] == 30 * 360
    assert shell.refused("hours", "--month", "2022-10", "--receivable", "A99") == "not_found"


def test_a_month_without_a_calendar_is_closed(shell: Shell) -> None:
    month = shell.done("hours", "--month", "2199-05")
    assert (month["minutes"], month["open_days"]) == (0, 0)
    assert month["years_missing"] == [2199]
    assert {day["rule"] for day in month["days"]} == {"year_missing"}


def test_a_business_command_needs_a_person(shell: Shell) -> None:
    assert shell.refused(*OPEN) == "person_missing"
    assert shell.refused("campaign", "list") == "person_missing"
    assert shell.refused("campaign", "list", "--as", "XX99") == "login_refused"


@pytest.mark.clause("S4-8.6g")
@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("OP01", OPEN),
        ("AD01", OPEN),
        ("AU01", ("campaign", "list")),
        ("OP01", ("list", "show", "--campaign", CAMPAIGN)),
        ("CF01", ("daily", "close", "2022-09-15")),
        ("OP01", ("daily", "files", "2022-09-15")),
        ("CF01", ("daily", "confirm", "2022-09-15", "--receipt", "1")),
        ("OP01", ("assign", "--campaign", CAMPAIGN, "--agents", "OP01")),
        ("SV01", ("audit", "verify")),
        ("SV01", ("staff", "add", "ZZ01", "--name", "見本", "--role", "agent")),
        ("OP01", ("staff", "list")),
        ("OP01", ("erasure", "plan", "--scope", "contract")),
        ("SV01", ("erasure", "verify", "--scope", "contract")),
    ],
)
def test_the_roles_of_the_screens_hold_on_the_command_line(
    shell: Shell, person: str, words: tuple[str, ...]
) -> None:
    assert shell.refused(*words, "--as", person) == "not_allowed"


def test_a_refusal_is_in_the_audit_trail(shell: Shell) -> None:
    shell.refused(*OPEN, "--as", "OP01")
    services = open_home(shell.home)
    with services.store.work(system_actor("test"), readonly=True) as work:
        query = select(AuditEvent.tag, AuditEvent.actor).order_by(AuditEvent.seq.desc()).limit(1)
        newest = work.session.execute(query).one()
    services.store.engine.dispose()
    assert tuple(newest) == ("auth:refused", "OP01")


@pytest.mark.clause("S4-11.1b")
def test_received_is_accepted_and_excluded(shell: Shell, tmp_path: Path) -> None:
    shell.done(*OPEN, "--as", "SV01")
    files = lent_files(tmp_path / "lent", rows=20)
    document = shell.done("intake", *files, "--campaign", CAMPAIGN, "--as", "SV01")
    assert document["received"] == 20
    assert document["excluded"]
    assert document["received"] == document["accepted"] + sum(document["excluded"].values())
    assert document["faults"] == []
    digests = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    assert document["digest"] == hashlib.sha256("\n".join(digests).encode()).hexdigest()
    assert (document["state"], document["receipt"]) == ("staged", None)
    numbers = shell.done("list", "show", "--campaign", CAMPAIGN, "--as", "SV01")["numbers"]
    assert numbers["received"] == 0
    again = shell.refused("intake", *files, "--campaign", CAMPAIGN, "--as", "SV01")
    assert again == "already_imported"


@pytest.mark.clause("S4-11.1b")
def test_a_wrong_file_is_refused_with_its_faults_and_changes_nothing(
    shell: Shell, tmp_path: Path
) -> None:
    shell.done(*OPEN, "--as", "SV01")
    files = lent_files(tmp_path / "spoilt", change=lambda data: data[:-3] + b"\x81")
    said = shell.run("intake", *files, "--campaign", CAMPAIGN, "--publish", "--as", "SV01")
    assert (said.code, said.error) == (1, "rows_rejected")
    codes = {fault["code"] for fault in said.document["faults"]}
    assert {"digest", "bad_encoding"} <= codes
    taisho = next(path.name for path in files if "TAISHO" in path.name)
    assert {fault["file"] for fault in said.document["faults"]} == {taisho}
    assert all(
        {"row", "column", "code", "file"} <= fault.keys() for fault in said.document["faults"]
    )
    assert said.document["accepted"] == 0
    sound = lent_files(tmp_path / "sound")
    document = shell.done("intake", *sound, "--campaign", CAMPAIGN, "--publish", "--as", "SV01")
    assert document["state"] == "published"
    assert document["receipt"]


@pytest.mark.clause("S4-12.1c")
def test_published_cases_are_shared_out(shell: Shell, tmp_path: Path) -> None:
    published(shell, tmp_path)
    shown = shell.done("list", "show", "--campaign", CAMPAIGN, "--as", "SV01")
    assert shown["numbers"]["received"] == 8
    assert shown["numbers"]["unassigned"] == 0
    assignees = [case["assignee"] for case in shown["cases"] if case["exclusion"] is None]
    assert set(assignees) == {"OP01", "OP02"}
    only = shell.done("list", "show", "--campaign", CAMPAIGN, "--assignee", "OP02", "--as", "SV01")
    assert {case["assignee"] for case in only["cases"]} == {"OP02"}


@pytest.mark.clause("S4-12.1c")
def test_a_group_is_given_cases_and_the_funnel_adds_up(shell: Shell, tmp_path: Path) -> None:
    published(shell, tmp_path)
    given = ("--code", "G01", "--as", "SV01")
    shell.done("group", "make", *given, "--name", "夜間の班", "--receivable", "A01")
    assert shell.done("group", "join", *given, "--agent", "OP01")["changed"]
    wanted = ("--agents", "OP01,OP02,G01", "--rebalance")
    evened = shell.done("assign", "--campaign", CAMPAIGN, *wanted, "--as", "SV01")
    assert max(evened["open_cases"].values()) - min(evened["open_cases"].values()) <= 1
    shown = shell.done("funnel", "--campaign", CAMPAIGN, "--as", "SV01")
    assert (shown["received"], shown["difference"]) == (8, 0)
    assert sum(shown["buckets"].values()) == shown["received"]
    cases = shell.done("list", "show", "--campaign", CAMPAIGN, "--assignee", "G01", "--as", "SV01")
    said = shell.done("why", "--case", cases["cases"][0]["id"], "--as", "SV01")
    assert said["bucket"] in shown["buckets"]
    freed = shell.done("group", "retire", *given)
    assert freed["unassigned"] == evened["open_cases"]["G01"]


def test_a_campaign_is_opened_once_and_listed(shell: Shell) -> None:
    opened = shell.done(*OPEN, "--as", "SV01")
    assert (opened["campaign"], opened["callbacks_until"]) == (CAMPAIGN, "2022-10-05")
    assert shell.refused(*OPEN, "--as", "SV01") == "campaign_exists"
    (listed,) = shell.done("campaign", "list", "--as", "SV01")["campaigns"]
    assert listed == opened
    late = ("--calls", "2022-09-28..2022-09-15", "--callbacks-until", "2022-10-05")
    words = ("campaign", "open", "--receivable", "A02", "--month", "2022-09", *late)
    assert shell.refused(*words, "--as", "SV01") == "campaign_dates_invalid"


@pytest.mark.clause("S4-13.1", "S4-12.1e")
def test_a_day_is_closed_signed_placed_and_confirmed(shell: Shell, tmp_path: Path) -> None:
    published(shell, tmp_path)
    day = "2022-09-15"
    early = shell.refused("daily", "close", day, "--as", "SV01", "--now", OPENING)
    assert early == "day_not_over"
    assert shell.refused("daily", "files", day, "--as", "SV01") == "day_not_closed"
    closed = shell.done("daily", "close", day, "--as", "SV01", "--now", CLOSING)
    assert (closed["state"], closed["due_at"]) == ("closed", "2022-09-16T09:30:00+09:00")
    assert shell.done("daily", "close", day, "--as", "SV01")["state"] == "closed"
    assert shell.refused("daily", "confirm", day, "--receipt", "7", "--as", "SV01") == (
        "pack_not_signed"
    )
    made = shell.done("daily", "files", day, "--out", tmp_path / "out", "--as", "SV01")
    assert (made["state"], made["signed_by"]) == ("placed", "SV01")
    assert made["folder"] == str(tmp_path / "out")
    for file in made["files"]:
        content = (tmp_path / "out" / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    outbound = shell.home / "exchange" / "outbound" / "20220915"
    assert all((outbound / f"{file['name']}.sealed").is_file() for file in made["files"])
    confirmed = shell.done("daily", "confirm", day, "--receipt", "受領7", "--as", "SV01")
    assert (confirmed["state"], confirmed["is_late"]) == ("confirmed", False)
    assert confirmed["receipt"] == "受領7"


def test_an_officer_reads_signed_files_and_signs_none(shell: Shell, tmp_path: Path) -> None:
    published(shell, tmp_path)
    shell.done("daily", "close", "2022-09-15", "--as", "SV01", "--now", CLOSING)
    said = shell.done("daily", "files", "2022-09-15", "--as", "CF01")
    assert (said["state"], said["files"]) == ("closed", [])
    shell.done("daily", "files", "2022-09-15", "--as", "SV01")
    said = shell.done("daily", "files", "2022-09-15", "--as", "CF01")
    assert said["state"] == "placed"
    assert said["files"]


@pytest.mark.clause("S4-8.6h")
def test_audit_verify_tells_anchored_from_unanchored_from_altered(
    shell: Shell, tmp_path: Path
) -> None:
    assert shell.refused("audit", "verify") == "person_missing"
    plain = shell.run("audit", "verify", "--as", "AU01")
    assert (plain.code, plain.document["status"]) == (3, "unanchored_tail")
    assert plain.document["unanchored"] == plain.document["size"]
    published(shell, tmp_path)
    shell.done("daily", "close", "2022-09-15", "--as", "SV01", "--now", CLOSING)
    shell.done("daily", "files", "2022-09-15", "--as", "SV01")
    outbound = shell.home / "exchange" / "outbound"
    held = shell.run("audit", "verify", "--anchors", outbound, "--as", "AU01")
    assert (held.code, held.document["anchors"]) == (3, 1)
    assert 0 < held.document["unanchored"] < held.document["size"]
    (outbound / "20220915" / "checkpoint.txt").write_text("no head", encoding="ascii")
    broken = shell.run("audit", "verify", "--anchors", outbound, "--as", "AU01")
    assert (broken.code, broken.error) == (1, "audit_broken")


def test_the_clock_of_a_rehearsal_home_is_moved(shell: Shell) -> None:
    assert shell.done("clock", "set", OPENING)["now"].startswith("2022-09-15T11:30:")
    assert shell.done("clock", "advance", "2h30m")["now"].startswith("2022-09-15T14:00:")
    assert shell.done("hours", "--now", "2022-09-17T10:00:00+09:00")["open"] is True
    assert shell.done("clock", "show")["now"].startswith("2022-09-17T10:00:")


def test_accounts_are_added_by_an_administrator(shell: Shell) -> None:
    words = ("staff", "add", "op09", "--name", "見本 担当九", "--role", "agent")
    granted = ("--receivables", "A01", "--pledge", "2022-06-01", "--as", "AD01")
    assert shell.refused(*words, *granted) == "second_person_needed"
    assert shell.refused(*words, *granted, "--with", "OP01") == "not_allowed"
    added = shell.done(*words, *granted, "--with", "SV01")
    assert (added["code"], added["bar"]) == ("OP09", "no_training")
    assert len(added["first_password"]) >= 12
    assert shell.refused(*words, "--as", "AD01", "--with", "SV01") == "staff_exists"
    listed = shell.done("staff", "list", "--as", "AD01")["staff"]
    assert "OP09" in {person["code"] for person in listed}
    assert shell.refused("campaign", "list", "--as", "OP09") == "login_refused"


def test_what_is_due_is_run_once_on_demand(shell: Shell, tmp_path: Path) -> None:
    published(shell, tmp_path)
    ran = shell.done("scheduler", "--once", "--now", CLOSING)["ran"]
    assert {item["error_code"] for item in ran} == {None}
    closes = [item["due_at"] for item in ran if item["job"] == "close_of_day"]
    assert closes == ["2022-09-15T20:45:00+09:00"]
    again = shell.done("scheduler", "--once")["ran"]
    assert "close_of_day" not in {item["job"] for item in again}


def test_an_unexpected_fault_tells_its_place_and_not_its_text(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_arguments: object) -> None:
        raise ValueError("見本 09012345678")

    monkeypatch.setattr("webui.cli.campaign.list_campaigns", fall)
    said = shell.run("campaign", "list", "--as", "SV01")
    assert (said.code, said.error) == (1, "unexpected")
    assert said.document["error"]["details"]["kind"] == "ValueError"
    assert "見本" not in str(said.document)
