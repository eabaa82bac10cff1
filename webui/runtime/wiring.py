"""Builds the services of a home, by hand, in one place."""

from __future__ import annotations

import os
import secrets
from functools import partial
from pathlib import Path

from campaigns.api import enter_profile, shipped_profile
from dialer.line_status import LineEnd
from dialer.lines.base import PhoneLine
from dialer.lines.fake_line import FakeLine
from dialer.lines.manual_line import ManualLine
from secure_store import schema
from secure_store.access import Actor, Role
from secure_store.audit.log import begin_log, make_writer
from secure_store.audit.tags import Tag
from secure_store.backups.quarantine import guard, refuse_quarantined
from secure_store.database import make_engine, sqlite_path
from secure_store.people.login_secret import install_login_secret
from secure_store.people.watching import watched
from secure_store.sealing.installed import Installed, install, installed_of
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import (
    PRODUCTION_PARAMETERS,
    REHEARSAL_PARAMETERS,
    require_own_device,
)
from secure_store.sealing.scopes import ReceivableScope
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.work import SecureStore, Subject
from webui.home_settings import HomeSettings
from webui.runtime.core_dumps import leave_no_core
from webui.runtime.key_places import assurance, open_key_store, root_source
from webui.runtime.rehearsal_clock import clock_of, set_clock
from webui.runtime.settings import HomeExists, read_settings, write_settings
from webui.services import Services

CONTRACT = "004"
WEB_SECRET = "web-secret"  # noqa: S105 - the name of a file

FOUNDER = Actor(code="init", role=Role.SYSTEM_ADMIN)


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, encoding="ascii")


def new_settings(
    home: Path,
    *,
    is_rehearsal: bool,
    database_url: str | None = None,
    keystore: Path | None = None,
    passphrase_file: Path | None = None,
    accepts_level_c: bool = False,
) -> HomeSettings:
    """The settings of a home to be made; a rehearsal home keeps all things in its folder."""
    return HomeSettings(
        home=home,
        is_rehearsal=is_rehearsal,
        database_url=database_url or f"sqlite:///{home / 'dialer.db'}",
        keystore=keystore or home / "keystore",
        passphrase_file=passphrase_file or home / "passphrase",
        installation=f"home-{secrets.token_hex(4)}",
        accepts_level_c=accepts_level_c or is_rehearsal,
        line="fake" if is_rehearsal else "manual",
    )


def create_home(settings: HomeSettings) -> Services:
    """Makes folders, key store, tables, audit log and profile of a new home. Raises HomeExists."""
    if (settings.home / "home.toml").exists():
        raise HomeExists
    _make_own_folder(settings.home)
    for folder in (settings.spool, settings.logs, settings.anchor_file.parent):
        folder.mkdir(exist_ok=True, mode=0o700)
    for side in ("inbound", "outbound"):
        (settings.exchange / side).mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.is_rehearsal and not settings.passphrase_file.exists():
        _write_secret(settings.passphrase_file, secrets.token_urlsafe(24))
    _check_device(settings)
    parameters = REHEARSAL_PARAMETERS if settings.is_rehearsal else PRODUCTION_PARAMETERS
    KeyStore.create(
        settings.keystore,
        root_source(settings),
        parameters,
        CONTRACT,
        clock_of(settings).now(),
    )
    engine = make_engine(settings.database_url)
    schema.upgrade(engine)
    engine.dispose()
    _write_secret(settings.home / WEB_SECRET, secrets.token_urlsafe(32))
    services = _assemble(settings)
    with services.store.work(FOUNDER) as work:
        begin_log(work)
        work.audit(Tag.SYSTEM_STARTED, reason="home_created")
        enter_profile(work, shipped_profile(CONTRACT))
    write_settings(settings)
    return services


def _make_own_folder(home: Path) -> None:
    """A folder that was there before may be open to everybody; as a home it is not."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if home.stat().st_uid == os.geteuid():
        home.chmod(0o700)


def open_home(home: Path) -> Services:
    """The services of an existing home.

    Raises HomeMissing, WrongPassphrase and the like, HomeQuarantined while something that was
    brought back from the past is not put right.
    """
    services = open_quarantined(home)
    store = services.store
    keyring, database = installed_of(store).keyring, sqlite_path(store.engine)
    refuse_quarantined(store.engine, keyring)
    store.guard = guard(keyring, Path(database) if database else None)
    return services


def open_quarantined(home: Path) -> Services:
    """The same also while the home is shut: for bringing back and putting right only."""
    settings = read_settings(home)
    _check_device(settings)
    return _assemble(settings)


def _check_device(settings: HomeSettings) -> None:
    database = sqlite_path(make_engine(settings.database_url))
    if database is not None and not settings.accepts_level_c:
        require_own_device(settings.keystore, Path(database))


def _assemble(settings: HomeSettings) -> Services:
    leave_no_core()
    keyring = KeyRing(open_key_store(settings))

    def pseudonym(subject: Subject) -> str | None:
        try:
            scope = ReceivableScope(CONTRACT, subject.receivable)
            return keyring.pseudonym(scope, subject.row_id)
        except KeyDestroyed:
            return None  # the log points to nobody any more, by design

    store = SecureStore(
        make_engine(settings.database_url),
        clock_of(settings),
        watched(make_writer(pseudonym)),
        is_rehearsal=settings.is_rehearsal,
    )
    install_login_secret(store, keyring.sign)
    install(
        store,
        Installed(
            keyring=keyring,
            contract=CONTRACT,
            installation=settings.installation,
            vault_folder=settings.spool,
            exchange_folder=settings.exchange,
            anchor_file=settings.anchor_file,
            is_rehearsal=settings.is_rehearsal,
            assurance_level=assurance(settings).value,
            accepts_level_c=settings.accepts_level_c,
        ),
    )
    return Services(
        settings=settings,
        store=store,
        line=_line(settings),
        web_secret=(settings.home / WEB_SECRET).read_text(encoding="ascii"),
        move_clock=partial(set_clock, settings) if settings.is_rehearsal else None,
    )


def _line(settings: HomeSettings) -> PhoneLine:
    # The browser's desk is worked by hand in every home; the fake line answers simulated days.
    return ManualLine()


def fake_line(dedicated_number: str) -> FakeLine:
    """A line for simulated days: every call is answered; who answers is the simulation's matter."""
    return FakeLine(lambda _number: LineEnd.ANSWERED, dedicated_number)
