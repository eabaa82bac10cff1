"""What the business refuses, and why.

``NotFound`` where even the existence must not be told, ``NotAllowed`` for a step that is never
open to this person now, ``Conflict`` for a state that does not permit it, ``Invalid`` for input.
"""

from __future__ import annotations

from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound


class CaseNotCallable(Conflict):
    """This case may not be called now."""

    code = "case_not_callable"


class IllegalMove(Conflict):
    """A case cannot go from its status to that one."""

    code = "illegal_move"


class HandlingOpen(Conflict):
    """The case in hand has no outcome yet; no other is served before it has one (S4-11.2e)."""

    code = "handling_open"


class NotYourCase(NotFound):
    """This case is not in the hands of this person."""

    code = "not_your_case"


class IdentityNotConfirmed(NotAllowed):
    """The identity check is not passed, so this stays closed (S4-11.3)."""

    code = "identity_not_confirmed"


class OutcomeIncomplete(Invalid):
    """The report of the call lacks something its outcome asks for."""

    code = "outcome_incomplete"


class OutcomeUnknown(Invalid):
    """The outcome classification table has no such code."""

    code = "outcome_unknown"


class OutcomeTableInvalid(Invalid):
    """The outcome classification table is not usable as it stands."""

    code = "outcome_table_invalid"


class ParameterInvalid(Invalid):
    """A parameter is unknown, of the wrong kind or outside its limits."""

    code = "parameter_invalid"


class InstructionInvalid(Invalid):
    """The work instruction is not usable as it stands."""

    code = "instruction_invalid"


class InstructionObsolete(Conflict):
    """A newer version of this work instruction was approved, or this one already is."""

    code = "instruction_obsolete"


class RowsRejected(Invalid):
    """The lent file was refused; nothing of it was kept."""

    code = "rows_rejected"


class AlreadyImported(Conflict):
    """This very delivery was received before."""

    code = "already_imported"


class CampaignNotReady(Conflict):
    """The campaign cannot start yet (S4-11.1c)."""

    code = "campaign_not_ready"


class ReasonMissing(Invalid):
    """This act needs a reason on record."""

    code = "reason_missing"


class AlreadySent(Conflict):
    """This was handed over before; it changes only by a correction."""

    code = "already_sent"


class PackInconsistent(Conflict):
    """The daily files do not agree with the records or with each other."""

    code = "pack_inconsistent"


class PackNotSigned(Conflict):
    """The daily files wait for the supervisor's signature (S4-12.1e)."""

    code = "pack_not_signed"


class ProfileInvalid(Invalid):
    """The contract profile is not usable as it stands."""

    code = "profile_invalid"


class CampaignExists(Conflict):
    """This receivable has a campaign in this month already."""

    code = "campaign_exists"


class CampaignDatesInvalid(Invalid):
    """The days of a campaign follow each other and lie inside the contract (S4-7.1)."""

    code = "campaign_dates_invalid"


class AgentNotEligible(Invalid):
    """This person may not be given cases of this receivable."""

    code = "agent_not_eligible"


class GroupCodeInvalid(Invalid):
    """A group needs a code like G01 and a short name."""

    code = "group_code_invalid"


class GroupExists(Conflict):
    """There is, or was, a group with this code."""

    code = "group_exists"


class GroupRetired(Conflict):
    """The group was retired; it takes neither members nor cases any more."""

    code = "group_retired"


class AssignmentMoved(Conflict):
    """Somebody assigned these cases in the meantime; nothing was changed."""

    code = "assignment_moved"


class KeysAlreadyLent(Conflict):
    """This delivery names keys that were lent in this campaign before."""

    code = "keys_already_lent"


class TicketStepRefused(Conflict):
    """A ticket goes step by step; this step is not the next one (S4-12.1i, 12.2c)."""

    code = "ticket_step_refused"


class CaseInOtherHands(Conflict):
    """Another agent has this case in hand at this moment."""

    code = "case_in_other_hands"


class CallbackPeriodOver(Conflict):
    """The days on which callbacks about this campaign are answered are over (S4-8.3e3)."""

    code = "callback_period_over"


class ErasureUnderWay(Conflict):
    """There is an erasure of this scope already."""

    code = "erasure_under_way"


class ErasurePersonsWrong(NotAllowed):
    """Keys are destroyed by a supervisor and an administrator, and verified by a third person."""

    code = "erasure_persons_wrong"


class DayNotOver(Conflict):
    """The calling hours of this day are not over, or calls are still running (decision 15)."""

    code = "day_not_over"


class DayNotClosed(Conflict):
    """This day was not closed yet."""

    code = "day_not_closed"


class NothingDue(Conflict):
    """No campaign owes a report for this day."""

    code = "nothing_due"


class OrderDayPast(Conflict):
    """The day of this order is over; the record of what held on it stays (S4-7.2b-3)."""

    code = "order_day_past"


class CityPaperInvalid(Invalid):
    """The city's document lacks its number, the post that signed it, or the day it was received."""

    code = "city_paper_invalid"


class LateInstruction(Conflict):
    """The city's instruction came late; it holds only when somebody confirms it (S4-7.2a-2)."""

    code = "late_instruction"


class PeriodChangeRefused(Conflict):
    """The dates of this campaign cannot be moved in this way (S4-7.2a-2)."""

    code = "period_change_refused"


class VolumeUnusable(Invalid):
    """A number of cases or calls is a whole number from nought to ten million."""

    code = "volume_unusable"


class DraftTooLong(Invalid):
    """The draft of a result is larger than any result may be."""

    code = "draft_too_long"


class ErasedMeanwhile(Conflict):
    """An entry of this campaign was erased; its older packs are not built again (decision 3)."""

    code = "erased_meanwhile"


class SlipNotNamed(Conflict):
    """The spare item is asked only once it is noted which item differed (S4-11.3a-1)."""

    code = "slip_not_named"


class ContractOver(Conflict):
    """The contract has ended; nothing more is taken in (S4-4)."""

    code = "contract_over"


class EncodingChanged(Conflict):
    """This campaign's first delivery came in another encoding; its result file can have one only."""

    code = "encoding_changed"


class StagingGivenUp(Conflict):
    """This delivery was given back while it was being read."""

    code = "staging_given_up"


class PackNotConfirmed(Conflict):
    """A day's files that hold this entry are not confirmed yet; erasing would take them too."""

    code = "pack_not_confirmed"


class StagingGoesOn(Conflict):
    """A delivery of this campaign is being read at this moment; wait until it is done."""

    code = "staging_goes_on"
