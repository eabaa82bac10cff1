"""The receipt of a delivery that comes through the browser: read, noted, finished with intake."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from campaigns.api import current_profile, get_campaign
from secure_store.access import Actor
from secure_store.exchange.hand_over_views import digest_over, facts_of, waiting_with
from secure_store.exchange.hand_overs import NewHandOver, note_hand_over
from secure_store.exchange.taking import finish_import
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import hand_overs as forms
from webui.import_jobs import After
from webui.views.exchange_pages import usable_media


def read_given(
    work: UnitOfWork, values: Mapping[str, str], campaign_code: str
) -> NewHandOver | None:
    """The hand-over as typed beside the files, None when it is left for later (未確認).

    Raises FormRefused.
    """
    if not forms.is_given(values):
        return None
    rules = current_profile(work).exchange
    entry = forms.read_hand_over(values, rules, usable_media(work), work.now)
    return entry.about(get_campaign(work, campaign_code).receivable, campaign_code)


def note_given(
    store: SecureStore, actor: Actor, new: NewHandOver | None, files: Mapping[str, bytes]
) -> After | None:
    """Puts the hand-over on record before intake begins; what to do once the rows are in.

    The same files again, after intake refused them, keep the receipt they have.
    """
    if new is None:
        return None
    facts = facts_of(files)
    with store.work(actor) as work:
        waiting = waiting_with(work, digest_over(facts))
        if waiting is None:
            designated = forms.designated_by(current_profile(work).exchange)
            waiting = note_hand_over(work, new, facts, designated)
    return partial(finish_import, store, actor, waiting.id)
