"""What the calling engine refuses, and why.

The class says whose turn it is: ``Conflict`` for a state that does not permit the act now,
``NotAllowed`` for an act nobody may do without a paper or permit, ``Invalid`` for input,
``Unavailable`` for a line or a table that is not there.
"""

from __future__ import annotations

from secure_store.errors import Conflict, Invalid, NotAllowed, Unavailable


class OutsideCallingHours(Conflict):
    """Calls are not permitted at this hour or on this day."""

    code = "outside_calling_hours"


class LeaseLost(Conflict):
    """The case is no longer held by this person."""

    code = "lease_lost"


class NumberUnusable(Invalid):
    """This is not a telephone number that may be dialled."""

    code = "number_unusable"


class CallingHoursInvalid(Invalid):
    """The calling hours, orders or bands are not usable as written."""

    code = "calling_hours_invalid"


class LineUnavailable(Unavailable):
    """The telephone line cannot be used at the moment."""

    code = "line_unavailable"


class NotApproved(NotAllowed):
    """The commissioner's approval for this line or message is not recorded."""

    code = "call_not_approved"


class NoSupervisorOnDuty(Conflict):
    """No supervisor has declared being on duty."""

    code = "no_supervisor_on_duty"


class PermitMissing(NotAllowed):
    """There is no dial permit for this call."""

    code = "permit_missing"


class PermitExpired(Conflict):
    """The dial permit has run out; it must be renewed before dialling."""

    code = "permit_expired"


class Suspended(Conflict):
    """A suspension order stops calls here."""

    code = "calling_suspended"


class CalendarYearMissing(Unavailable):
    """The holiday table does not reach this year, so no hour of it is open."""

    code = "calendar_year_missing"


class LineStatusBackward(Conflict):
    """A call cannot go back to an earlier line status."""

    code = "line_status_backward"
