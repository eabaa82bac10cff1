"""Finds out which conditions of an erasure are met; ``erasure.states`` judges them."""

from __future__ import annotations

from sqlalchemy import select

from campaigns.cases.models import CallCase, LentList, LentListState
from campaigns.closing.tables import batches, files_in, table_of
from campaigns.errors import ProfileInvalid
from campaigns.profile.contract import ContractProfile, current_profile
from dialer.api import lease_on, live_leases, running, take_out
from secure_store.erasure.execution import Document
from secure_store.erasure.scopes import SINGLE, ErasureScope, ScopeKind
from secure_store.erasure.states import SETTABLE, WEEK_RULES, Gate, GateMode, GatePolicy
from secure_store.models import FileKind
from secure_store.orders.holds import require_no_hold
from secure_store.work import UnitOfWork

_SLICE = 500
# What a supervisor may enter with the number of a paper, because no system can find it out.
RECORDABLE = frozenset({Gate.RETURN_DONE, Gate.FINAL_RESULTS_ACCEPTED, Gate.INSTRUCTION_RECEIVED})


def policy_of(profile: ContractProfile) -> GatePolicy:
    """The week after the end rules (S4-14.10), but for what the profile sets (decision 19)."""
    modes = dict(WEEK_RULES.modes)
    for name, rule in profile.erasure_gates.items():
        try:
            gate = Gate(name)
        except ValueError:
            raise ProfileInvalid(field="erasure_gates") from None
        if gate not in SETTABLE:
            raise ProfileInvalid(field="erasure_gates")
        modes[gate] = GateMode(rule.value)
    return GatePolicy(tuple(modes.items()))


def current_policy(work: UnitOfWork) -> GatePolicy:
    return policy_of(current_profile(work))


def still_gates(work: UnitOfWork, scope: ErasureScope) -> set[Gate]:
    """No evidence is held, nobody works in the scope, no line is up, no import is running.

    Raises EvidenceHeld with the case number while a hold stands (S4-14.11a).
    """
    require_no_hold(work, scope.receivable)
    codes = tuple(code for _receivable, code in batches(work, scope))
    passed = {Gate.NO_OPEN_HOLD}
    if not _is_in_hand(work, scope, codes):
        passed.add(Gate.LEASES_CLOSED)
    if not _is_on_line(work, scope, codes):
        passed.add(Gate.LINE_OFF)
    staging = select(LentList.id).where(
        LentList.campaign_code.in_(codes), LentList.state == LentListState.STAGING
    )
    if work.session.scalar(staging.limit(1)) is None:
        passed.add(Gate.JOBS_DRAINED)
    return passed


def _is_in_hand(work: UnitOfWork, scope: ErasureScope, codes: tuple[str, ...]) -> bool:
    if scope.kind in SINGLE:
        return scope.case_id is not None and lease_on(work, scope.case_id) is not None
    return bool(live_leases(work, codes))


def _is_on_line(work: UnitOfWork, scope: ErasureScope, codes: tuple[str, ...]) -> bool:
    for attempt in running(work):
        case = work.session.get(CallCase, attempt.case_ref) if attempt.case_ref else None
        # A call of nobody known could be about anybody in the scope.
        if case is None or case.id == scope.case_id:
            return True
        if scope.kind not in SINGLE and case.campaign_code in codes:
            return True
    return False


def take_from_queue(work: UnitOfWork, scope: ErasureScope) -> int:
    """Nothing of the scope is served to anybody any more."""
    if scope.kind in SINGLE:
        single = [scope.case_id] if scope.case_id else []
        take_out(work, single)
        return len(single)
    taken = 0
    for _receivable, code in batches(work, scope):
        cases = list(
            work.session.scalars(select(CallCase.id).where(CallCase.campaign_code == code))
        )
        take_out(work, cases)
        taken += len(cases)
    return taken


def paper_gates(work: UnitOfWork, scope: ErasureScope, document: Document) -> set[Gate]:
    """What stands on paper: instruction, application, consent, return, results, witness."""
    passed = set()
    if scope.kind is ScopeKind.CONTRACT or "instruction" in document:
        passed.add(Gate.INSTRUCTION_RECEIVED)
    if "sent_on" in document.get("application", {}):
        passed.add(Gate.APPLICATION_SENT)
    if "consent" in document:
        passed.add(Gate.CONSENT_RECORDED)
        if document["consent"]["scope_match"]:
            passed.add(Gate.CONSENT_MATCHES)
    recorded = {Gate(name) for name in document.get("conditions", {})}
    if not unconfirmed_packs(work, scope):
        passed.add(Gate.FINAL_RESULTS_ACCEPTED)
    witness = document.get("witness", {})
    if "requested_by" not in witness or "present_from" in witness:
        passed.add(Gate.WITNESS_PRESENT)
    return passed | recorded


def unconfirmed_packs(work: UnitOfWork, scope: ErasureScope) -> list[str]:
    """Names of the daily files in the scope whose arrival the city has not confirmed."""
    return _pack_names(work, scope, confirmed=False)


def confirmed_packs(work: UnitOfWork, scope: ErasureScope) -> list[str]:
    return _pack_names(work, scope, confirmed=True)


def _pack_names(work: UnitOfWork, scope: ErasureScope, *, confirmed: bool) -> list[str]:
    pack, close = table_of("daily_pack_file"), table_of("daily_close")
    wanted = [f.id for f in files_in(work, scope) if f.kind is FileKind.DAILY_PACK]
    is_confirmed = close.c.state == "confirmed"
    names: list[str] = []
    for start in range(0, len(wanted), _SLICE):
        query = (
            select(pack.c.name)
            .join(close, close.c.business_day == pack.c.business_day)
            .where(
                pack.c.sealed_file_id.in_(wanted[start : start + _SLICE]),
                is_confirmed if confirmed else ~is_confirmed,
            )
        )
        names += list(work.session.scalars(query))
    return sorted(set(names))
