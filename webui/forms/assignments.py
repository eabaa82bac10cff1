"""Entries of the assignment page: what the list is narrowed to, which cases were picked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from campaigns.api import PAGE, Bucket, CaseQuery, CaseStatus
from webui.forms.entry import Entries, EntryFault, FormRefused
from webui.words.cases import REOPEN_REASONS


@dataclass(frozen=True, slots=True)
class WithdrawalEntry:
    """Which cases the city takes back, by which document."""

    case_ids: tuple[UUID, ...]
    document_no: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list is narrowed to: by status, or by where cases stand now, and by holder."""

    status: CaseStatus | None = None
    assignee: str = ""
    after: str = ""
    bucket: Bucket | None = None

    @property
    def cases(self) -> CaseQuery:
        """The same as the list of cases knows it."""
        return CaseQuery(self.status, self.assignee, self.after)


def read_query(values: Mapping[str, str]) -> ListQuery:
    """The filter of the list. What is not understood narrows nothing."""
    status, bucket = values.get("status", ""), values.get("bucket", "")
    return ListQuery(
        status=CaseStatus(status) if status in list(CaseStatus) else None,
        assignee=values.get("assignee", "")[:16],
        after=values.get("after", "")[:60],
        bucket=Bucket(bucket) if bucket in list(Bucket) else None,
    )


def read_picks(picked: Sequence[str]) -> tuple[UUID, ...]:
    """The picked cases, one page at most. Raises FormRefused."""
    try:
        case_ids = tuple(dict.fromkeys(UUID(text) for text in picked[:PAGE]))
    except ValueError:
        raise FormRefused({"case": EntryFault.UNKNOWN_CHOICE}) from None
    if not case_ids:
        raise FormRefused({"case": EntryFault.NOTHING_PICKED})
    return case_ids


def read_agent(values: Mapping[str, str], eligible: Collection[str]) -> str:
    """The agent or group who shall have the picked cases. Raises FormRefused."""
    entries = Entries(values)
    agent = entries.choice("agent", set(eligible))
    entries.finish()
    return agent


def read_agents(chosen: Sequence[str], eligible: Collection[str]) -> tuple[str, ...]:
    """The agents and groups between whom cases are shared. Raises FormRefused."""
    agents = tuple(dict.fromkeys(chosen))
    if not agents:
        raise FormRefused({"agents": EntryFault.NOTHING_PICKED})
    if not set(agents) <= set(eligible):
        raise FormRefused({"agents": EntryFault.UNKNOWN_CHOICE})
    return agents


def read_withdrawal(values: Mapping[str, str], picked: Sequence[str]) -> WithdrawalEntry:
    """Raises FormRefused."""
    case_ids = read_picks(picked)
    entries = Entries(values)
    document_no = entries.document_no("document_no")
    entries.finish()
    return WithdrawalEntry(case_ids, document_no)


def read_reopening(values: Mapping[str, str]) -> str:
    """Why a closed case is taken up again: one of the listed reasons. Raises FormRefused."""
    entries = Entries(values)
    # A closed vocabulary, because free words about a case might name a person.
    reason = entries.choice("reason", {code for code, _words in REOPEN_REASONS})
    entries.finish()
    return reason
