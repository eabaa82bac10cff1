"""What several pages of the exchange share: the fields of a hand-over, and whose media are out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.api import current_profile
from secure_store.exchange.media import media_views
from secure_store.work import UnitOfWork
from webui.formatters import jst

# Refusals that stand beside the password; all others stand beside the files.
FIELD_OF = {
    "file_password_missing": "password",
    "file_password_wrong": "password",
    "file_password_paused": "password",
}


def usable_media(work: UnitOfWork) -> tuple[str, ...]:
    """Serials of the encrypted media that this person has taken out."""
    return tuple(
        one.serial
        for one in media_views(work)
        if one.is_encrypted and one.retired_at is None and one.holder == work.actor.code
    )


def hand_over_fields(
    work: UnitOfWork, typed: Mapping[str, str], faults: Mapping[str, str]
) -> dict[str, Any]:
    """What the macro of the fields is given."""
    rules, now = current_profile(work).exchange, jst(work.now)
    return {
        "means": list(rules.means.items()),
        "places": list(rules.places.items()),
        "media": [(serial, serial) for serial in usable_media(work)],
        "by_medium": [rules.means[code] for code in rules.means if code in rules.by_medium],
        "today": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M}",
        "typed": typed,
        "faults": faults,
    }
