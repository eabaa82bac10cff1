"""What the command line says. The only file that prints: one JSON object, or lines for a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from dialer.calendar.holidays import in_tokyo
from secure_store.errors import DomainError
from webui.sentences import SENTENCES

DONE, REFUSED, WRONG_USAGE = 0, 1, 2

# Refusals that only the command line knows.


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: the JSON object, and the same for a person to read."""

    document: Mapping[str, object]
    lines: tuple[str, ...] = ()
    exit_code: int = DONE


@dataclass(frozen=True, slots=True)
class Output:
    """Standard output and standard error of one command."""

    as_json: bool
    shown: list[str] = field(default_factory=list)

    def show(self, answer: Answer) -> int:
        """Prints an answer and gives its exit code."""
        if self.as_json:
            print(json.dumps(answer.document, ensure_ascii=False, default=_plain))
            return answer.exit_code
        stream = sys.stdout if answer.exit_code == DONE else sys.stderr
        for line in answer.lines:
            print(line, file=stream)
        return answer.exit_code

    def note(self, line: str) -> None:
        """A word on the way; it must not disturb the one JSON object."""
        print(line, file=sys.stderr if self.as_json else sys.stdout, flush=True)

    def progress(self, done: int, total: int) -> None:
        """A bar on a terminal, for imports that take a while."""
        if not sys.stderr.isatty() or total <= 0:
            return
        filled = done * 30 // total
        bar = "█" * filled + "░" * (30 - filled)
        end = "\n" if done >= total else ""
        print(f"\r取込 {bar} {done:,}/{total:,}", end=end, file=sys.stderr, flush=True)


def sentence_of(code: str) -> str:
    """The Japanese sentence of an error code."""
    return SENTENCES.get(code) or SENTENCES["refused"]


def refusal(error: DomainError) -> Answer:
    """A refusal as every command reports it: a stable code, the sentence, the short details."""
    return refused(error.code, error.details)


def refused(
    code: str,
    details: Mapping[str, object],
    *,
    text: str = "",
    with_fields: Mapping[str, object] | None = None,
) -> Answer:
    """A refusal by its code; ``with_fields`` stand beside ``error`` in the object."""
    sentence = text or sentence_of(code)
    short = [f"{key}={value}" for key, value in sorted(details.items()) if _is_short(value)]
    lines = (f"{sentence}（{code}）", *(f"  {item}" for item in short))
    error = {"code": code, "text": sentence, "details": dict(details)}
    return Answer({**(with_fields or {}), "error": error}, lines, REFUSED)


def wrong_usage(message: str, usage: str) -> Answer:
    """The command was not written as it must be."""
    text = sentence_of("wrong_usage")
    error = {"code": "wrong_usage", "text": text, "details": {"message": message}}
    return Answer({"error": error}, (usage.rstrip(), f"{text} {message}"), WRONG_USAGE)


def _is_short(value: object) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= 200


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return in_tokyo(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if isinstance(value, UUID | Path):
        return str(value)
    # Anything else could be an opened value: it is named, not shown.
    return type(value).__name__
