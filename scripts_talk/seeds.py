"""The samples that come with the system: one script per receivable, one Q&A collection.

They are ours, not the commissioner's (the annexes are not public): marked 見本, to be confirmed by
the owning department, and of use only after approval (S4-10.2a).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from scripts_talk.errors import (
    PlaceholderUnknown,
    QaInvalid,
    SeedUnknown,
    SourceNotPermitted,
    WordingRefused,
)
from scripts_talk.fields import Fields, read_fields
from scripts_talk.wording import (
    UNCONFIRMED_MARK,
    check_wording,
    has_details,
    is_permitted_source,
    unknown_placeholders,
)

SEED_RECEIVABLES = ("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08")
_CODE = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class QaSeed:
    """A question and the answer to give; no receivables means all of them."""

    id: str
    question: str
    answer: str
    outcome_codes: tuple[str, ...]
    receivables: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def needs_identity(self) -> bool:
        """Does the answer fill in a detail, so that it waits for the check? (S4-11.3a-1)"""
        return has_details(self.answer)

    @property
    def is_unconfirmed(self) -> bool:
        """Does the owning department still have to settle a fact of the answer?"""
        return UNCONFIRMED_MARK in self.answer

    def serves(self, receivable: str) -> bool:
        """Is the entry for this receivable?"""
        return not self.receivables or receivable in self.receivables


@dataclass(frozen=True, slots=True)
class GuidanceSeed:
    """Where to send somebody who asks about the city in general, debtor or not (S4-11.2-2)."""

    id: str
    topic: str
    answer: str
    source: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QaCollection:
    """A whole collection with its version."""

    version: str
    is_sample: bool
    entries: tuple[QaSeed, ...]
    guidance: tuple[GuidanceSeed, ...]


def seed_script(receivable: str) -> str:
    """The YAML text of the sample script. Raises SeedUnknown."""
    if receivable not in SEED_RECEIVABLES:
        raise SeedUnknown
    return _read(f"{receivable}.yaml")


def seed_qa_text() -> str:
    """The YAML text of the sample collection."""
    return _read("qa.yaml")


def seed_qa() -> QaCollection:
    """The sample collection, read and checked."""
    return load_qa(seed_qa_text())


@lru_cache(maxsize=16)
def load_qa(yaml_text: str) -> QaCollection:
    """Read a collection.

    Raises QaInvalid (with ``reason`` and ``path`` or ``entry``), WordingRefused,
    PlaceholderUnknown, SourceNotPermitted.
    """
    fields = read_fields(yaml_text, QaInvalid)
    collection = QaCollection(
        version=fields.text("version"),
        is_sample=fields.flag("is_sample"),
        entries=fields.items("entries", _read_entry),
        guidance=fields.items("guidance", _read_guidance),
    )
    fields.optional_text("note")  # for people who read the file
    fields.close()
    _check_ids([*(e.id for e in collection.entries), *(g.id for g in collection.guidance)])
    return collection


def _read_entry(fields: Fields) -> QaSeed:
    entry = QaSeed(
        id=fields.text("id"),
        question=fields.text("question"),
        answer=fields.text("answer"),
        outcome_codes=fields.texts("outcome_codes"),
        receivables=fields.texts("receivables"),
        keywords=fields.texts("keywords"),
    )
    _check_spoken(entry.id, entry.answer)
    if not all(_CODE.fullmatch(code) for code in entry.outcome_codes):
        raise QaInvalid(reason="outcome_code_malformed", entry=entry.id)
    return entry


def _read_guidance(fields: Fields) -> GuidanceSeed:
    entry = GuidanceSeed(
        id=fields.text("id"),
        topic=fields.text("topic"),
        answer=fields.text("answer"),
        source=fields.text("source"),
        keywords=fields.texts("keywords"),
    )
    _check_spoken(entry.id, entry.answer)
    if has_details(entry.answer):  # anybody may be given general guidance
        raise QaInvalid(reason="detail_in_guidance", entry=entry.id)
    if not is_permitted_source(entry.source):
        raise SourceNotPermitted(entry=entry.id)
    return entry


def _check_spoken(entry_id: str, answer: str) -> None:
    faults = check_wording(answer)
    if faults:
        raise WordingRefused(entry=entry_id, rule=faults[0].rule.value, position=faults[0].position)
    if unknown_placeholders(answer):
        raise PlaceholderUnknown(entry=entry_id)


def _check_ids(ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise QaInvalid(reason="id_twice")


def _read(name: str) -> str:
    return (resources.files("scripts_talk") / "seed" / name).read_text(encoding="utf-8")
