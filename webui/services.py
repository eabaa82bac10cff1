"""What the screens and the command line are given: built by wiring, known to nobody below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dialer.lines.base import PhoneLine
from secure_store.work import SecureStore
from webui.home_settings import HomeSettings


@dataclass(frozen=True, slots=True)
class Services:
    """One open home."""

    settings: HomeSettings
    store: SecureStore
    line: PhoneLine
    web_secret: str = field(repr=False)
    login_in_rehearsal_needs_password: bool = True
    # Rehearsal homes only; screens must not know how the clock is kept.
    move_clock: Callable[[datetime], object] | None = None
