"""One unit of work per request: views receive it, the edge commits before the page leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app

from secure_store.access import Actor
from secure_store.audit.tags import Result, Tag
from secure_store.errors import NotAllowed, OutOfReach
from secure_store.orders.suspension import WorkSuspended
from secure_store.work import UnitOfWork
from webui.services import Services

EXTENSION = "dialer_services"


def services() -> Services:
    """The services of the running application."""
    return cast(Services, current_app.extensions[EXTENSION])


@contextmanager
def request_work(actor: Actor, *, readonly: bool = False) -> Iterator[UnitOfWork]:
    """The request's unit of work. A refusal is written to the audit trail before it is shown."""
    store = services().store
    try:
        with store.work(actor, readonly=readonly) as work:
            yield work
    except (NotAllowed, OutOfReach) as refusal:
        with store.work(actor) as work:
            work.audit(Tag.AUTH_REFUSED, result=Result.DENIED, reason=refusal.code)
        raise
    except WorkSuspended as refusal:
        with store.work(actor) as work:
            work.audit(
                Tag.SUSPENSION_REFUSED_ACT,
                receivable=refusal.details["receivable"],
                result=Result.DENIED,
            )
        raise
