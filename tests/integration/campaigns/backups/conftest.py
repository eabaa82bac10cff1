"""A home with a registered medium for its backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from secure_store.clock import FixedClock
from tests.integration.campaigns.backup_world import with_medium
from tests.integration.campaigns.erasure_world import World
from webui.services import Services


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    return tmp_path / "medium"


@pytest.fixture
def world(home: Services, clock: FixedClock, medium: Path) -> World:
    return with_medium(home, clock, medium)
