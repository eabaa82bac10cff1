"""Forms of scripts and of the Q&A collection: the text of a version, and why it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scripts_talk.errors import (
    ApprovalPaperInvalid,
    PlaceholderUnknown,
    QaInvalid,
    ScriptInvalid,
    SourceNotPermitted,
    TextMismatch,
    VersionTaken,
    VersionUnusable,
    WordingRefused,
)
from secure_store.errors import DomainError
from webui.sentences import SENTENCES
from webui.words.talk import MISMATCH_WORDS, PAPER_FAULTS, READ_FAULTS

MOST_BYTES = 1_200_000  # 400,000 characters of three bytes
FIRST_VERSION = "1.0"
_VERSION_LINE = re.compile(r"^version:.*$", re.MULTILINE)
_VERSION = re.compile(r"([0-9]{1,2})\.([0-9]{1,3})")

# What a text may be refused for where it can be put right: beside its field.
TEXT_REFUSALS = (
    ScriptInvalid,
    QaInvalid,
    WordingRefused,
    PlaceholderUnknown,
    SourceNotPermitted,
    TextMismatch,
    VersionTaken,
    VersionUnusable,
)


@dataclass(frozen=True, slots=True)
class TextForm:
    """A version as typed; the errors stand beside their fields."""

    version: str
    body: str
    version_error: str = ""
    body_error: str = ""

    @property
    def is_good(self) -> bool:
        """May it be handed to the library?"""
        return not (self.version_error or self.body_error)


def read_text(version: str, typed: str, file: bytes) -> TextForm:
    """The typed text, or the file when one was chosen."""
    if len(file) > MOST_BYTES:
        return TextForm(version, typed, body_error="ファイルが大きすぎます。")
    if not file:
        return TextForm(
            version.strip(), typed, body_error="" if typed.strip() else "文がまだです。"
        )
    try:
        return TextForm(version.strip(), file.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return TextForm(version.strip(), typed, body_error="ファイルを UTF-8 で保存してください。")


def refused(form: TextForm, error: DomainError) -> TextForm:
    """The same form with the refusal beside the field it belongs to."""
    sentence = refusal_sentence(error)
    if isinstance(error, VersionTaken | VersionUnusable):
        return TextForm(form.version, form.body, version_error=sentence)
    return TextForm(form.version, form.body, body_error=sentence)


def refusal_sentence(error: DomainError) -> str:
    """What is wrong and where. Paths, lines and ids only: the text itself stands in the field."""
    details = error.details
    if isinstance(error, TextMismatch):
        return MISMATCH_WORDS[details["field"]]
    reason = READ_FAULTS.get(str(details.get("reason", "")), SENTENCES[error.code])
    places = [
        f"{details['line']}行目" if "line" in details else "",
        str(details.get("path", "")),
        str(details.get("entry", "")),
    ]
    place = "　".join(one for one in places if one)
    return f"{place}：{reason}" if place else reason


def paper_sentence(error: ApprovalPaperInvalid) -> str:
    """What is wrong with a document number or a remark."""
    return PAPER_FAULTS[error.details["field"]][error.details["reason"]]


def with_version(body: str, version: str) -> str:
    """The text with another number in its first version line; nothing else changes."""
    return _VERSION_LINE.sub(f'version: "{version}"', body, count=1)


def next_version(versions: Iterable[str]) -> str:
    """One more than the highest: 1.0, 1.1, … 1.999, 2.0."""
    found = [match for version in versions if (match := _VERSION.fullmatch(version))]
    if not found:
        return FIRST_VERSION
    major, minor = max((int(match[1]), int(match[2])) for match in found)
    return f"{major}.{minor + 1}" if minor < 999 else f"{major + 1}.0"
