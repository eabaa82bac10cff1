"""Front door of the calling engine: references in, attempts out."""

from __future__ import annotations

from dialer.agents import leave_all_seats, leave_seat, seats, set_activity, step_away
from dialer.duty import (
    OnDuty,
    begin_duty,
    end_all_duties,
    end_duty,
    on_duty,
    require_supervisor_on_duty,
)
from dialer.models import AgentActivity, QueueState
from dialer.outbound.attempts import (
    AttemptView,
    called_days,
    close_attempt,
    get_attempt,
    is_talking,
    note_line_event,
    open_attempt,
    running,
    without_outcome,
)
from dialer.outbound.leasing import (
    Lease,
    expired,
    lease_case,
    lease_next,
    lease_on,
    live_leases,
    renew,
)
from dialer.outbound.places import Place, places
from dialer.outbound.queue import (
    Entry,
    counts,
    enqueue,
    missing_from,
    promote_due,
    ready_for,
    requeue,
    set_assignee,
    take_out,
)
from dialer.outbound.ranks import NewRank, place_of, ready_ranks, write_ranks

__all__ = [
    "AgentActivity",
    "AttemptView",
    "Entry",
    "Lease",
    "NewRank",
    "OnDuty",
    "Place",
    "QueueState",
    "begin_duty",
    "called_days",
    "close_attempt",
    "counts",
    "end_all_duties",
    "end_duty",
    "enqueue",
    "expired",
    "get_attempt",
    "is_talking",
    "lease_case",
    "lease_next",
    "lease_on",
    "leave_all_seats",
    "leave_seat",
    "live_leases",
    "missing_from",
    "note_line_event",
    "on_duty",
    "open_attempt",
    "place_of",
    "places",
    "promote_due",
    "ready_for",
    "ready_ranks",
    "renew",
    "requeue",
    "require_supervisor_on_duty",
    "running",
    "seats",
    "set_activity",
    "set_assignee",
    "step_away",
    "take_out",
    "without_outcome",
    "write_ranks",
]
