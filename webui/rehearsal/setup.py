"""Fills a new rehearsal home: ready persons, the sample outcome table, approved sample scripts."""

from __future__ import annotations

from datetime import date

from campaigns.api import current_profile, import_table, sample_table, write_outcome_table
from scripts_talk.api import approve_samples, install_samples
from secure_store.access import Actor, Role
from secure_store.people.staff import add_staff
from webui.rehearsal.persons import READY_PERSONS, REHEARSAL_PASSWORD
from webui.services import Services

SAMPLE_APPROVAL = "訓練第1号"
TABLE_FROM = date(2022, 4, 1)


def populate(services: Services) -> None:
    """Everything a day needs, in one transaction; production homes enter these by themselves."""
    founder = Actor(code="init", role=Role.SYSTEM_ADMIN, rehearsal=True)
    supervisor = Actor(code="SV01", role=Role.SUPERVISOR, rehearsal=True)
    with services.store.work(founder) as work:
        for person in READY_PERSONS:
            add_staff(work, person, REHEARSAL_PASSWORD)
        profile = current_profile(work)
        codes = [receivable.code for receivable in profile.receivables]
        install_samples(work, codes)
        approve_samples(work, codes, SAMPLE_APPROVAL, profile.self_name)
    with services.store.work(supervisor) as work:
        import_table(work, write_outcome_table(sample_table()), TABLE_FROM)
