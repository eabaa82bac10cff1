"""A log with a known history, written through units of work, and the model it must agree with."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from secure_store.access import Actor, Role
from secure_store.audit.tags import FieldGroup, Tag
from secure_store.canonical import JST
from secure_store.clock import FixedClock
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import BatchScope
from secure_store.work import SecureStore, Subject

AGENTS = tuple(Actor(f"OP{n:02d}", Role.AGENT) for n in range(1, 5))
RECEIVABLES = ("A01", "A02")
LOOKS = {
    Tag.CASE_OPENED: FieldGroup.CONTACT,
    Tag.CASE_IDENTITY_OPENED: FieldGroup.IDENTITY,
    Tag.CASE_DETAILS_OPENED: FieldGroup.DEBT,
    Tag.CASE_COLLECTED_OPENED: FieldGroup.COLLECTED,
}


@dataclass
class Model:
    """What happened, counted a second time while it happens."""

    looks: list[tuple[date, str, str, Tag, UUID]] = field(default_factory=list)
    others: Counter[tuple[date, str | None, Tag]] = field(default_factory=Counter)

    def within(
        self, receivable: str | None, first: date, last: date
    ) -> list[tuple[date, str, str, Tag, UUID]]:
        return [
            look
            for look in self.looks
            if first <= look[0] <= last and receivable in (None, look[2])
        ]


def live_through(store: SecureStore, clock: FixedClock, days: int, a_day: int, seed: int) -> Model:
    """Days of looks at cases; each day a list comes in and a pack goes out for all receivables."""
    draw, model = random.Random(seed), Model()
    for receivable in RECEIVABLES:
        scope = BatchScope(installed_of(store).contract, receivable, f"{receivable}-202209")
        installed_of(store).keyring.ensure_data_key(scope, clock.now())
    for _day in range(days):
        day = clock.now().astimezone(JST).date()
        for _act in range(a_day):
            actor, receivable = draw.choice(AGENTS), draw.choice(RECEIVABLES)
            tag, case = draw.choice(tuple(LOOKS)), UUID(int=draw.randrange(1, 20))
            clock.advance(timedelta(seconds=draw.randrange(1, 90)))
            with store.work(actor) as work:
                work.audit(
                    tag,
                    receivable=receivable,
                    object_kind="case",
                    object_id=case,
                    subject=Subject(receivable, case),
                    groups=(LOOKS[tag],),
                )
            model.looks.append((day, actor.code, receivable, tag, case))
        with store.work(Actor("SV01", Role.SUPERVISOR)) as work:
            work.audit(Tag.LIST_PUBLISHED, receivable="A01", count=50)
            work.audit(Tag.DAILY_PLACED, ref=f"{day:%Y%m%d}")
            work.audit(Tag.STAFF_LISTED)
        model.others.update([(day, "A01", Tag.LIST_PUBLISHED), (day, None, Tag.DAILY_PLACED)])
        clock.advance(timedelta(days=1))
    return model
