"""Front door of campaigns: what other packages may call, and nothing else."""

from __future__ import annotations

from campaigns.profile.contract import current_profile, enter_profile, shipped_profile
from campaigns.profile.window_view import window_at, window_today

__all__ = [
    "current_profile",
    "enter_profile",
    "shipped_profile",
    "window_at",
    "window_today",
]
