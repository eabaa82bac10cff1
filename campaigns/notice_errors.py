"""What the business refuses about the city's notices, and because of one."""

from __future__ import annotations

from secure_store.errors import Conflict, Invalid


class NoticeRejected(Invalid):
    """The city's notice was refused; nothing of it was kept."""

    code = "notice_rejected"


class NoticeKnown(Conflict):
    """This very notice was received before; it has its effect once."""

    code = "notice_known"


class NoticeApplied(Conflict):
    """This notice was applied before."""

    code = "notice_applied"


class CaseTakenBack(Conflict):
    """The city took this case back, or it is paid, while it is on the line: no more guidance."""

    code = "case_taken_back"
