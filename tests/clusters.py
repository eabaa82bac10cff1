"""Databases for the tests: one temporary PostgreSQL server per run, and migrated templates.

A run has one folder. The controller opens it and clears it away; its workers find the server
and the templates in it and build what is missing under a lock. A missing server is an error:
tests on PostgreSQL never pass by not running.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from secure_store.database import make_engine
from secure_store.schema import upgrade

DEBIAN_SERVERS = Path("/usr/lib/postgresql")
ACCOUNTS = ("postgres", "nobody")  # who runs the server when the tests are run by root
SUPERUSER = "postgres"
TEMPLATE = "migrated_template"
PLACE = Path("/tmp")  # short: the path of a Unix socket may have 107 bytes
PREFIX = "dialer-tests-"

SERVER_SETTINGS = {
    "listen_addresses": "",  # the socket folder is the only way in
    "fsync": "off",  # a test database need not survive the machine
    "autovacuum": "off",  # an autovacuum in the template would refuse copies of it
    "max_connections": "200",
    # security.md 5.9: no value may reach the server's log.
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}


class ServerMissingError(RuntimeError):
    """No PostgreSQL server is installed; `make system` installs it."""


def newest_server(servers: Path = DEBIAN_SERVERS) -> Path:
    """The programs of the newest installed server. Raises ServerMissingError."""
    found = [initdb.parent for initdb in servers.glob("*/bin/initdb")]
    if not found:
        raise ServerMissingError(f"no PostgreSQL server in {servers}; run `make system`")
    return max(found, key=lambda programs: float(programs.parent.name))


def server_account() -> pwd.struct_passwd | None:
    """Who must run the server instead of us: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissingError(
        f"root needs one of the accounts {', '.join(ACCOUNTS)} to run PostgreSQL"
    )


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server in a folder of its own, reached through a socket in that folder."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=lambda: SERVER_SETTINGS, repr=False)

    @property
    def sockets(self) -> Path:
        return self.folder / "socket"

    def _run(self, program: str, *arguments: str) -> None:
        account = server_account()
        done = subprocess.run(
            [newest_server() / program, *arguments],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            log = self.folder / "socket" / "server.log"
            said = log.read_text(errors="replace") if log.exists() else str(done.stdout)
            raise RuntimeError(f"{program} failed:\n{said}")

    def start(self) -> None:
        """Makes and starts the server; takes about half a second."""
        account = server_account()
        self.folder.mkdir(mode=0o755)
        self.sockets.mkdir(mode=0o700)
        (self.folder / "data").mkdir(mode=0o700)
        if account:
            for owned in (self.sockets, self.folder / "data"):
                os.chown(owned, account.pw_uid, account.pw_gid)
        data = str(self.folder / "data")
        self._run(
            "initdb",
            *("-D", data, "-U", SUPERUSER, "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        settings = {**self.settings, "unix_socket_directories": str(self.sockets)}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(lines)
        log = str(self.sockets / "server.log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "start")

    def stop(self) -> None:
        """Stops the server if it runs."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def say(self, statement: str) -> None:
        """Runs one statement as the server's administrator."""
        with psycopg.connect(
            host=str(self.sockets), port=5432, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.sockets}&port=5432"

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """A database that only this caller knows, as a copy of a template; dropped at the end."""
        name = f"t_{uuid.uuid4().hex}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.say(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """What all workers of one test run share."""

    path: Path
    alive: int | None = field(default=None, repr=False)  # the controller's lock while it lives

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def cluster(self) -> Cluster:
        """The run's server; whoever asks first starts it."""
        cluster, ready = Cluster(self.path / "postgresql"), self.path / "postgresql.ready"
        with self._locked():
            if not ready.exists():
                cluster.stop()  # an earlier try may have stopped half way
                shutil.rmtree(cluster.folder, ignore_errors=True)
                cluster.start()
                ready.touch()
        return cluster

    def postgresql_template(self) -> str:
        """The name of a migrated database without rows, to be copied."""
        cluster, ready = self.cluster(), self.path / "template.ready"
        with self._locked():
            if not ready.exists():
                cluster.say(f"DROP DATABASE IF EXISTS {TEMPLATE}")
                cluster.say(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
                _migrate(cluster.url(TEMPLATE))
                ready.touch()
        return TEMPLATE

    def sqlite_template(self) -> Path:
        """A migrated SQLite file without rows, to be copied."""
        template = self.path / "template.db"
        with self._locked():
            if not template.exists():
                partial = self.path / "partial.db"
                partial.unlink(missing_ok=True)
                _migrate(f"sqlite:///{partial}")
                partial.rename(template)
        return template

    @contextmanager
    def fresh_database(self, kind: str, folder: Path, *, migrated: bool) -> Iterator[str]:
        """The URL of a database for one test: ``sqlite`` in ``folder``, or ``postgresql``."""
        if kind == "postgresql":
            template = self.postgresql_template() if migrated else "template0"
            with self.cluster().fresh(template) as url:
                yield url
            return
        if migrated:
            shutil.copyfile(self.sqlite_template(), folder / "dialer.db")
        yield f"sqlite:///{folder / 'dialer.db'}"

    def close(self) -> None:
        """Stops the server and removes the folder (the controller only)."""
        with suppress(RuntimeError):  # a server that is gone, or goes when its folder does
            Cluster(self.path / "postgresql").stop()
        shutil.rmtree(self.path, ignore_errors=True)
        if self.alive is not None:
            os.close(self.alive)


def _migrate(url: str) -> None:
    engine = make_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()  # PostgreSQL copies no template that has visitors


def open_run_folder() -> RunFolder:
    """A new folder; first clears away what a killed run of the same user left behind."""
    _sweep()
    path = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=PLACE))
    path.chmod(0o711)  # the server's account passes through, and sees nothing
    alive = os.open(path / "alive", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(alive, fcntl.LOCK_EX)
    # Only now does it get the name by which a sweeping run would look at it.
    return RunFolder(path.rename(PLACE / path.name[1:]), alive)


def _sweep() -> None:
    for path in PLACE.glob(f"{PREFIX}*"):
        try:
            if path.is_symlink() or path.stat().st_uid != os.geteuid():
                continue
            handle = os.open(path / "alive", os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # its run is still going on
        else:
            RunFolder(path).close()
        finally:
            os.close(handle)
