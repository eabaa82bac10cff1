"""All screens of the application; a new file in views/ is named here."""

from __future__ import annotations

from webui.views import (
    agent_desk,
    assignments,
    audit,
    callbacks,
    campaigns,
    desk_call,
    desk_outcome,
    desk_qa,
    erasure,
    escalations,
    health,
    hours,
    imports,
    login,
    outcomes,
    reports,
    scripts,
    staff,
    styleguide,
    supervisor,
)

ALL_VIEWS = (
    agent_desk,
    assignments,
    audit,
    callbacks,
    campaigns,
    desk_call,
    desk_outcome,
    desk_qa,
    erasure,
    escalations,
    health,
    hours,
    imports,
    login,
    outcomes,
    reports,
    scripts,
    staff,
    styleguide,
    supervisor,
)
