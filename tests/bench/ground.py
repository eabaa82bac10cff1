"""Databases and homes for the figures: durable commits, the settings a server would run with."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.people.caps import Caps
from secure_store.people.watching import set_caps
from tests.clusters import SERVER_SETTINGS, Cluster
from tests.homes import make_home
from webui.services import Services

# As in docs/scaling.md; a commit is on the medium before it is answered.
DURABLE = {
    **SERVER_SETTINGS,
    "fsync": "on",
    "autovacuum": "on",
    "synchronous_commit": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "jit": "off",
}
NOON = datetime.fromisoformat("2022-09-15T11:30:00+09:00")
NO_END = 10**9
DATABASES = ("sqlite", "postgresql")


def agent(code: str) -> Actor:
    return Actor(code, Role.AGENT, frozenset({"A01"}), rehearsal=True)


@dataclass(slots=True)
class Ground:
    """One folder, one server, started when it is first asked for."""

    folder: Path
    _cluster: Cluster | None = None

    def cluster(self) -> Cluster:
        if self._cluster is None:
            self._cluster = Cluster(self.folder / "postgresql", DURABLE)
            self._cluster.start()
        return self._cluster

    @contextmanager
    def home(self, kind: str, at: datetime = NOON) -> Iterator[tuple[Services, FixedClock]]:
        """A new rehearsal home on a new database of this kind, with a standing clock."""
        name = f"b_{uuid.uuid4().hex[:12]}"
        place, clock = self.folder / name, FixedClock(at)
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / name}.db"
        else:
            self.cluster().say(f"CREATE DATABASE {name} TEMPLATE template0")
            url = self.cluster().url(name)
        services = make_home(place, url, clock)
        # The clock stands: a thousand looks in one hour are what is measured, not what is refused.
        set_caps(services.store, Caps(NO_END, NO_END, NO_END, NO_END))
        try:
            yield services, clock
        finally:
            services.store.engine.dispose()
            shutil.rmtree(place, ignore_errors=True)
            if kind == "sqlite":
                for left in self.folder.glob(f"{name}.db*"):
                    left.unlink()
            else:
                self.cluster().say(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened() -> Iterator[Ground]:
    """A ground for one run; nothing of it stays."""
    folder = Path(tempfile.mkdtemp(prefix="dialer-bench-", dir="/tmp"))
    folder.chmod(0o711)  # the server's account passes through, and sees nothing
    ground = Ground(folder)
    try:
        yield ground
    finally:
        ground.close()


def tidy(engine: Engine, tables: Sequence[str] = ()) -> None:
    """What maintenance does after a bulk load: statistics, and on PostgreSQL a vacuum."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
            return
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")
