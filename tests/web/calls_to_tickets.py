"""A campaign in which calls ended with ★ or ☆: the ground for tests of escalation screens."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.cases.models import CallCase
from dialer import api as dialer
from scripts_talk.api import approve_samples, install_samples
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from tests.web.pages import FOUNDER
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR, rehearsal=True)
AGENT = Actor(code="OP01", role=Role.AGENT, receivables=frozenset({"A01"}), rehearsal=True)
MONTH = date(2022, 9, 1)
CAMPAIGN = "A01-202209"


WHO = ("債務者氏名", "債務者氏名カナ", "住所", "電話番号1", "電話番号2", "電話番号3")


def lent_values(rows: int = 12) -> set[str]:
    """Every name, address and telephone number in the list that was lent."""
    files = make_delivery("A01", MONTH, rows, 7).files
    text = next(body for name, body in files.items() if "TAISHO" in name).decode("cp932")
    found = {row[column] for row in csv.DictReader(text.splitlines()) for column in WHO}
    return {value for value in found if len(value) > 3}


def open_a01(services: Services, rows: int = 12) -> None:
    """Scripts approved, the sample table in force, a published list shared out to OP01."""
    store = services.store
    with store.work(FOUNDER) as work:
        profile = campaigns.current_profile(work)
        install_samples(work, ["A01"])
        approve_samples(work, ["A01"], "訓練第1号", profile.self_name)
    with store.work(SUPERVISOR) as work:
        table = campaigns.write_outcome_table(campaigns.sample_table())
        campaigns.import_table(work, table, date(2022, 4, 1))
        campaigns.open_campaign(
            work,
            campaigns.CampaignPlan(
                "A01", MONTH, date(2022, 9, 15), date(2022, 9, 28), date(2022, 10, 5)
            ),
        )
    delivery = make_delivery("A01", MONTH, rows, 7)
    lent_list = campaigns.stage_delivery(store, SUPERVISOR, CAMPAIGN, delivery.files)
    with store.work(SUPERVISOR) as work:
        campaigns.publish(work, lent_list)
    campaigns.build_call_list(store, SUPERVISOR, CAMPAIGN)
    with store.work(SUPERVISOR) as work:
        campaigns.share_out(work, CAMPAIGN, ["OP01"])
        dialer.begin_duty(work)


def open_a01_to_every_hour(services: Services, rows: int = 12) -> None:
    """As ``open_a01``, and nobody's wishes forbid the hour."""
    open_a01(services, rows)
    with services.store.work(SUPERVISOR) as work:
        for case in work.session.scalars(select(CallCase)):
            case.care_code = None


def call_with(services: Services, clock: FixedClock, code: str, note: str) -> UUID:
    """OP01 rings the next person, checks the identity and records an outcome; the ticket's id."""
    store = services.store
    with store.work(AGENT) as work:
        handling = campaigns.take_next_case(work).handling_id
    with store.work(AGENT) as work:
        campaigns.ask_permit(work, handling)
        campaigns.number_compared(work, handling)
    clock.advance(timedelta(seconds=20))
    with store.work(AGENT) as work:
        campaigns.note_line(work, handling, campaigns.LineResult.CONNECTED)
        campaigns.begin_identity(work, handling)
    with store.work(AGENT) as work:
        lines = campaigns.desk_view(work).identity_lines
        matches = {line.item: campaigns.ItemResult.MATCH for line in lines}
        campaigns.confirm_identity(work, handling, matches)
    clock.advance(timedelta(seconds=60))
    with store.work(AGENT) as work:
        entry = campaigns.OutcomeEntry(code, (), campaigns.OutcomeReport(note=note))
        recorded = campaigns.record_outcome(work, handling, entry)
    with store.work(SUPERVISOR, readonly=True) as work:
        tickets = campaigns.list_tickets(work)
    return next(one.id for one in tickets if one.outcome_record == recorded.record_id)
