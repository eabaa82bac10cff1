"""How a command is written: options before or after, values, wrong usage."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from webui.cli import arguments
from webui.cli.arguments import UsageRefused
from webui.cli.main import build_parser, main

COMMANDS = [
    "init",
    "upgrade",
    "staff add",
    "staff list",
    "staff unlock",
    "demo",
    "campaign open",
    "campaign list",
    "intake",
    "assign",
    "group make",
    "group join",
    "group leave",
    "group retire",
    "group list",
    "why",
    "funnel",
    "list show",
    "hours",
    "daily close",
    "daily files",
    "daily confirm",
    "erasure plan",
    "erasure run",
    "erasure verify",
    "erasure certify",
    "certificate verify",
    "audit verify",
    "clock show",
    "clock set",
    "clock advance",
    "serve",
    "scheduler",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_explains_itself(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command.split(), "--help"])
    assert end.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_common_options_stand_before_or_after_the_command() -> None:
    before = build_parser().parse_args(["--home", "h", "--json", "--as", "SV01", "clock", "show"])
    after = build_parser().parse_args(["clock", "show", "--home", "h", "--json", "--as", "SV01"])
    between = build_parser().parse_args(["--home", "h", "clock", "--json", "show", "--as", "SV01"])
    assert vars(before) == vars(after) == vars(between)


def test_an_option_after_the_command_wins() -> None:
    given = build_parser().parse_args(["--home", "one", "clock", "show", "--home", "two"])
    assert given.home == "two"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing"],
        ["campaign"],
        ["campaign", "open", "--receivable", "A01"],
        ["hours", "tomorrow"],
        ["hours", "2022-09-19T10:00:00"],
        ["daily", "close"],
        ["daily", "close", "2022-09-31"],
        ["daily", "confirm", "2022-09-15"],
        ["intake", "--campaign", "A01-202209"],
        ["intake", "/nowhere/lent.csv", "--campaign", "A01-202209"],
        ["clock", "advance", "soon"],
        ["erasure", "plan"],
        ["certificate", "verify", "pyproject.toml"],
        ["clock", "show", "--hom", "h"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_usage_ends_with_2_and_one_object(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["code"] == "wrong_usage"
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "dialer" in said.err


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (arguments.span, "90m", timedelta(minutes=90)),
        (arguments.span, "1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        (arguments.span, "+2h", timedelta(hours=2)),
        (arguments.month, "2022-09", date(2022, 9, 1)),
        (arguments.days, "2022-09-15..2022-09-28", (date(2022, 9, 15), date(2022, 9, 28))),
        (arguments.codes, "op01, OP02", ("OP01", "OP02")),
    ],
)
def test_values_are_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (arguments.span, ""),
        (arguments.span, "0m"),
        (arguments.span, "2h later"),
        (arguments.month, "2022-9"),
        (arguments.month, "2022-13"),
        (arguments.days, "2022-09-15"),
        (arguments.days, "2022-09-15..x"),
        (arguments.codes, ","),
        (arguments.codes, "OP01,OP01"),
        (arguments.instant, "2022-09-15 11:30"),
        (arguments.day, "15.9.2022"),
    ],
)
def test_values_of_another_form_are_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        read(text)


def test_the_parser_raises_instead_of_ending_the_process() -> None:
    with pytest.raises(UsageRefused) as refused:
        build_parser().parse_args(["clock", "set"])
    assert "dialer clock set" in refused.value.usage


def test_a_home_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DIALER_HOME", raising=False)
    for words in (["hours"], ["hours", "--home", str(tmp_path)]):
        assert main([*words, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "home_missing"


def test_the_home_may_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home.toml").write_text("is_rehearsal = true\n", encoding="utf-8")
    monkeypatch.setenv("DIALER_HOME", str(tmp_path))
    assert main(["hours", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "settings_invalid"
