"""What every test may ask for: databases, a standing clock, a wired home.

`database_url`, `engine`, `home` and `store` are given on SQLite. A test that is marked
`both_databases`, or uses `engine`, runs once on SQLite and once on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from secure_store.clock import FixedClock
from secure_store.database import make_engine
from tests.clusters import RunFolder, open_run_folder

if TYPE_CHECKING:
    from secure_store.work import SecureStore
    from webui.services import Services

RUN = pytest.StashKey[RunFolder]()
DATABASES = ("sqlite", "postgresql")
OPENING = datetime.fromisoformat("2022-09-15T11:30:00+09:00")  # first instant of the first band

# How long an example takes says nothing about the code on a busy machine.
_UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", **_UNHURRIED)
settings.register_profile("soak", max_examples=2000, **_UNHURRIED)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """The controller opens the folder of this run; its workers are told where it is."""
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = RunFolder(Path(told["run_folder"])) if told else open_run_folder()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run_folder"] = str(node.config.stash[RUN].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run is not None and not hasattr(config, "workerinput"):
        run.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On which databases a test runs."""
    if "database_kind" not in metafunc.fixturenames:
        return
    marked = any(metafunc.definition.iter_markers("both_databases"))
    kinds = DATABASES if marked or "engine" in metafunc.fixturenames else DATABASES[:1]
    if any(metafunc.definition.iter_markers("side_by_side")):
        kinds = DATABASES[1:]
    metafunc.parametrize(
        "database_kind",
        [
            pytest.param(kind, marks=[pytest.mark.postgresql] if kind == "postgresql" else [])
            for kind in kinds
        ],
        ids=kinds,
        indirect=True,
    )


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A log-in costs the tests little; what a guess costs in earnest is a fact of its own."""
    from argon2 import PasswordHasher

    from secure_store.people import passwords

    earnest, cheap = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._hasher = cheap
    yield
    passwords._hasher = earnest


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture
def run_folder(pytestconfig: pytest.Config) -> RunFolder:
    return pytestconfig.stash[RUN]


@pytest.fixture
def database_url(run_folder: RunFolder, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test alone, without rows."""
    with run_folder.fresh_database(database_kind, tmp_path, migrated=True) as url:
        yield url


@pytest.fixture
def bare_database_url(run_folder: RunFolder, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database of this test alone, without tables."""
    with run_folder.fresh_database(database_kind, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    """Thursday 15 September 2022, 11:30 in Tokyo, until a test moves it."""
    return FixedClock(OPENING)


@pytest.fixture
def home(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Services]:
    """A wired rehearsal home on the fake line."""
    from tests.homes import make_home

    services = make_home(tmp_path / "home", database_url, clock)
    yield services
    services.store.engine.dispose()


@pytest.fixture
def store(home: Services) -> SecureStore:
    return home.store
