"""Every name the audit trail knows is written by something, or waits for a part that is named."""

from __future__ import annotations

import re

import pytest

from secure_store.audit.tags import Tag
from secure_store.erasure.states import ErasureState
from tests.architecture.source_tree import PACKAGES, files_of, shown

TABLES = ("secure_store/audit/tags.py", "webui/words/")
STATES = {f"ERASURE_{state.name}" for state in ErasureState}  # written by the state's name
# Families and acts of security.md 6.2 whose part of the system does not exist yet.
WAITING = {
    "paper fallback": ("PAPER_",),
    "recordings": ("RECORDING_",),
    "complaints": ("COMPLAINT_",),
    "documents": ("DOCUMENT_",),
    "health of the machine": ("SYSTEM_DISK_LOW", "SYSTEM_STOPPED", "CLOCK_SYNCED"),
    "parameters changed one by one": ("PARAMETER_CHANGED",),
    "the line's own events": ("ATTEMPT_FAILED", "ATTEMPT_LEFT_OPEN", "CALLBACK_LOST"),
    "other names for acts that are noted": (
        *("LIST_RECEIVED", "CASE_ASSIGNED"),
        *("CASE_UNASSIGNED", "CASE_CORRECTED", "CASE_REOPENED", "LEASE_RENEWED"),
        *("LEASE_RELEASED", "ASSIGNMENT_CHANGED", "PERMIT_REFUSED", "OUTCOME_CORRECTED"),
        *("ESCALATION_OPENED", "SCRIPT_TAKEN_OUT", "DAILY_REBUILD_REFUSED", "REPORT_"),
        *("EXPORT_BUILT", "MEDIUM_WRITTEN", "MEDIUM_CARRIED", "KEY_STORE_UNLOCKED"),
        *("WINDOW_REFUSED", "AUDIT_EXPORTED"),
    ),
}


def written() -> set[str]:
    found: set[str] = set()
    for path in files_of(*PACKAGES):
        if not shown(path).startswith(TABLES):
            found |= set(re.findall(r"\bTag\.([A-Z_]+)", path.read_text(encoding="utf-8")))
    return found | STATES


def waits(name: str) -> bool:
    return any(name.startswith(parts) for parts in WAITING.values())


@pytest.mark.clause("T15")
def test_every_name_of_the_audit_trail_has_a_writer_or_waits_for_its_part() -> None:
    have = written()
    assert [tag.name for tag in Tag if tag.name not in have and not waits(tag.name)] == []


def test_a_name_that_nobody_writes_would_be_noticed() -> None:
    assert not waits("CASE_OPENED")
    assert "CASE_OPENED" in written()
    assert "CASE_NEVER" not in written()
