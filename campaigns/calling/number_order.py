"""Pure but for its input rows: which of a person's numbers is dialled now (domain 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.cases.models import CasePhone
from campaigns.errors import CaseNotCallable
from dialer.calendar.bands import Band, nearest_band
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours

MOBILE, LANDLINE = 2, 1
# At noon and late in the evening people carry their telephone, at the weekend they are at home.
MOBILE_FIRST = frozenset({Band.H1, Band.H3})
WEEKEND = frozenset({Band.H4, Band.H5})


def choose_number(phones: Sequence[CasePhone], hours: CallingHours, now: datetime) -> CasePhone:
    """The number to dial in the present band. Raises CaseNotCallable when none is left."""
    if not phones:
        raise CaseNotCallable(reason="no_usable_number")
    band = nearest_band(now, day_kind(business_day(now), hours.holidays))
    preferred = MOBILE if band in MOBILE_FIRST else LANDLINE if band in WEEKEND else None
    return min(phones, key=lambda phone: (phone.kind != preferred, phone.rank))
