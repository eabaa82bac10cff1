"""Which work instruction counts: the newest approved one whose day has come (S4-11.2-1, S4-8.6b).

Without any, the contract profile's own values count. What a call was begun under it keeps:
``rules_of_version`` reads the same rules again until its outcome is recorded.
"""

from __future__ import annotations

from sqlalchemy import select

from campaigns.profile.contract import ContractProfile, current_profile, profile_version
from campaigns.profile.instruction_models import WorkInstruction
from campaigns.profile.models import ProfileVersion
from campaigns.profile.rules import CallingRules, cached_sheet, rule_label, rules_from
from dialer.calendar.holidays import business_day
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

_SOURCES = (ProfileVersion, WorkInstruction)

__all__ = ["CallingRules", "calling_rules", "rule_label", "rules_of_version"]


def calling_rules(work: UnitOfWork, receivable: str | None) -> CallingRules:
    """The rules a call begun now follows; for no receivable those of the contract alone.

    Found once for a unit of work.
    """

    def find() -> CallingRules:
        row = _in_force(work, receivable) if receivable else None
        return _rules(current_profile(work), receivable, row)

    return work.known.once(("rules", receivable), _SOURCES, find)


def _in_force(work: UnitOfWork, receivable: str) -> WorkInstruction | None:
    return work.session.scalar(
        select(WorkInstruction)
        .where(
            WorkInstruction.receivable == receivable,
            WorkInstruction.approved_at.is_not(None),
            WorkInstruction.effective_from <= business_day(work.now),
        )
        .order_by(WorkInstruction.version.desc())
        .limit(1)
    )


def rules_of_version(
    work: UnitOfWork, receivable: str | None, profile: int, instruction: int
) -> CallingRules:
    """The rules of these two versions, as stored with a handling. Raises NotFound."""

    def find() -> CallingRules:
        row = None
        if instruction and receivable:
            row = work.session.get(WorkInstruction, (receivable, instruction))
            if row is None:
                raise NotFound(kind="work_instruction")
        return _rules(profile_version(work, profile), receivable, row)

    key = ("rules of version", receivable, profile, instruction)
    return work.known.once(key, _SOURCES, find)


def _rules(
    profile: ContractProfile, receivable: str | None, row: WorkInstruction | None
) -> CallingRules:
    sheet = cached_sheet(row.document) if row else None
    return rules_from(profile, receivable, sheet, row.version if row else 0)
