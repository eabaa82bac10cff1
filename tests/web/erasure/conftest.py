"""The end of a contract at the screen: a home whose data were called and whose contract is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from secure_store.clock import FixedClock
from tests.integration.campaigns.desk_world import ARRIVAL, DeskWorld
from tests.web.erasing import over_world
from tests.web.pages import Browser, make_app
from webui.services import Services


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return over_world(home, clock)


@pytest.fixture
def app(home: Services) -> Flask:
    return make_app(home)


@pytest.fixture
def supervisor(app: Flask, world: DeskWorld) -> Browser:
    return Browser(app, world.services, "SV01")
