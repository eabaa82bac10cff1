"""Reads the command line: options for every command, and the values that several share."""

from __future__ import annotations

import re
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from webui.cli.output import Answer

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from webui.cli.context import Context

Commands: TypeAlias = "_SubParsersAction[Parser]"
Command = Callable[["Context"], Answer]

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class UsageRefused(Exception):
    """The command line is not written as it must be."""

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


class Parser(ArgumentParser):
    """Raises instead of printing and ending the process: only output.py prints."""

    def error(self, message: str) -> NoReturn:
        raise UsageRefused(message, self.format_usage())


def common() -> Parser:
    """Options that every command takes, before or after its name."""
    parser = Parser(add_help=False, argument_default=SUPPRESS)
    group = parser.add_argument_group("共通")
    group.add_argument("--home", metavar="DIR", help="ホームのフォルダ（既定は $DIALER_HOME）")
    group.add_argument("--json", action="store_true", help="結果をJSON1件で出力する")
    group.add_argument("--as", dest="person", metavar="CODE", help="誰として行うか（利用者番号）")
    group.add_argument(
        "--now", type=instant, metavar="ISO", help="訓練のホームの時計をこの時刻にする"
    )
    return parser


def noun(commands: Commands, name: str, help_text: str) -> Commands:
    """A noun whose verbs follow, such as ``campaign``."""
    parser = commands.add_parser(name, help=help_text, parents=[common()], allow_abbrev=False)
    return parser.add_subparsers(
        dest="verb", required=True, metavar="VERB", title="verbs", parser_class=Parser
    )


def command(commands: Commands, name: str, run: Command, help_text: str) -> Parser:
    """A command that runs ``run``."""
    parser = commands.add_parser(name, help=help_text, parents=[common()], allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def instant(text: str) -> datetime:
    """``2022-09-15T11:30:00+09:00``; the difference to UTC must be written."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("日時は 2022-09-15T11:30:00+09:00 の形で") from None
    if value.tzinfo is None:
        raise ArgumentTypeError("日時に時差（+09:00）を付けてください")
    return value


def day(text: str) -> date:
    """``2022-09-15``"""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("日付は 2022-09-15 の形で") from None


def month(text: str) -> date:
    """``2022-09`` as the first day of the month."""
    if not re.fullmatch(r"\d{4}-\d\d", text):
        raise ArgumentTypeError("月は 2022-09 の形で")
    return day(f"{text}-01")


def days(text: str) -> tuple[date, date]:
    """``2022-09-15..2022-09-28``"""
    first, dots, last = text.partition("..")
    if not dots:
        raise ArgumentTypeError("期間は 2022-09-15..2022-09-28 の形で")
    return day(first), day(last)


def span(text: str) -> timedelta:
    """``2h30m``, ``90m``, ``1d``"""
    found = _SPAN.fullmatch(text.removeprefix("+"))
    parts = [int(part or 0) for part in found.groups()] if found else []
    if not any(parts):
        raise ArgumentTypeError("長さは 2h30m、90m、1d の形で")
    return timedelta(days=parts[0], hours=parts[1], minutes=parts[2], seconds=parts[3])


def file(text: str) -> Path:
    """A file that is there and can be read."""
    path = Path(text).expanduser()
    try:
        with path.open("rb"):
            return path
    except OSError:
        raise ArgumentTypeError("ファイルを読めません") from None


def codes(text: str) -> tuple[str, ...]:
    """``OP01,OP02``"""
    found = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    if not found or len(set(found)) != len(found):
        raise ArgumentTypeError("利用者番号は OP01,OP02 の形で")
    return found
