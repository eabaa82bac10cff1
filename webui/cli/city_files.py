"""Files of the city on the command line: read together, refused by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from webui.cli.arguments import UsageRefused
from webui.cli.output import Answer, refused

FAULTS_SHOWN = 20


def read_files(paths: Sequence[Path]) -> dict[str, bytes]:
    """The content by file name. Raises UsageRefused for two files of one name."""
    files = {path.name: path.read_bytes() for path in paths}
    if len(files) != len(paths):
        raise UsageRefused("同じ名前のファイルが2つあります")
    return files


def read_file_password(path: Path | None) -> str | None:
    """The first line of a file with the password that opens the city's files, or None.

    It is never an argument: other users of the machine could read it in the list of processes.
    """
    if path is None:
        return None
    return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r") or None


def refused_files(code: str, report: Mapping[str, Any], **fields: object) -> Answer:
    """The refusal with the places of the first faults, never a value, and how many there are.

    ``report``: ``faults`` and ``faults_beyond``; ``fields``: what the document tells besides.
    """
    faults = report["faults"]
    counted = len(faults) + report["faults_beyond"]
    told = {**fields, "faults": faults, "faults_beyond": report["faults_beyond"]}
    answer = refused(code, {"faults": counted}, with_fields=told)
    lines = [*answer.lines, *(_fault_line(fault) for fault in faults[:FAULTS_SHOWN])]
    if counted > FAULTS_SHOWN:
        lines.append(f"  ほか {counted - FAULTS_SHOWN:,} 件")
    return Answer(answer.document, tuple(lines), answer.exit_code)


def _fault_line(fault: Mapping[str, Any]) -> str:
    row = "" if fault["row"] is None else f" {fault['row']:,}行目"
    column = "" if fault["column"] is None else f" 「{fault['column']}」"
    byte = "" if fault.get("byte") is None else f" {fault['byte']:,}バイト目"
    return f"  {fault['file']}{row}{column}{byte}: {fault['code']}"
