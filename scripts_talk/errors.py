"""The refusals of what agents may say."""

from __future__ import annotations

from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable


class ScriptInvalid(Invalid):
    """The script file cannot be read as a script."""

    code = "script_invalid"


class QaInvalid(Invalid):
    """The file cannot be read as a Q&A collection."""

    code = "qa_invalid"


class ScriptFaulty(Invalid):
    """The script can be read, but the check found faults in it."""

    code = "script_faulty"


class WordingRefused(Invalid):
    """The text holds words that an agent of this centre may not say."""

    code = "wording_refused"


class SourceNotPermitted(Invalid):
    """General guidance may rest on the city's web site or the citizens' handbook only."""

    code = "guidance_source_not_permitted"


class NotApproved(Conflict):
    """The commissioner has not approved this use of the document."""

    code = "not_approved"


class DetailsBeforeIdentity(NotAllowed):
    """Details of the case are spoken only after the identity check is passed."""

    code = "details_before_identity"


class StageNotReached(NotAllowed):
    """This step of the script belongs to a later stage of the call."""

    code = "script_stage_not_reached"


class PlaceholderUnknown(Invalid):
    """The text asks for a value that the system does not know."""

    code = "placeholder_unknown"


class StepUnknown(NotFound):
    """The script has no such step."""

    code = "script_step_unknown"


class SeedUnknown(NotFound):
    """There is no sample for this receivable."""

    code = "script_seed_unknown"


class VersionUnusable(Invalid):
    """A version is written as two numbers with a point, such as 1.2 or 12.345."""

    code = "talk_version_unusable"


class VersionTaken(Conflict):
    """There is a document with this version."""

    code = "talk_version_taken"


class TextMismatch(Invalid):
    """The text is not the kind, receivable or version it is handed in as."""

    code = "talk_text_mismatch"


class TextFixed(Conflict):
    """A text that was handed in cannot be changed any more; a new version is drafted."""

    code = "talk_text_fixed"


class TextAltered(Unavailable):
    """The stored text is not the one whose digest was noted; it is not used."""

    code = "talk_text_altered"


class ApprovalMoveRefused(Conflict):
    """The state of the document does not permit this step."""

    code = "approval_move_refused"


class ApprovalPaperInvalid(Invalid):
    """The number of the city's paper, or the remark, is missing or not usable."""

    code = "approval_paper_invalid"
