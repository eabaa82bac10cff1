"""Where a home's keys come from: passphrase, key file, module; and how they are changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.database import make_engine, sqlite_path
from secure_store.errors import DomainError
from secure_store.key_custody import require_two
from secure_store.sealing.assurance import Level, Placing, level_of
from secure_store.sealing.installed import installed_of
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import (
    PRODUCTION_PARAMETERS,
    REHEARSAL_PARAMETERS,
    device_differs,
    read_passphrase,
)
from secure_store.sealing.root import RootSource
from secure_store.sealing.root_files import read_key_file
from secure_store.sealing.root_kinds import RootKind
from secure_store.sealing.rotation import rotate_root
from secure_store.sealing.sealing_errors import KeyFileUnusable, WrongPassphrase
from secure_store.sealing.token_root import ModuleToken
from webui.home_settings import HomeSettings
from webui.runtime.settings import (
    NEXT_FILE,
    SETTINGS_FILE,
    drop_next_settings,
    read_settings,
    take_next_settings,
    write_next_settings,
)
from webui.services import Services


def root_source(settings: HomeSettings) -> RootSource:
    """What the settings name, read now. Raises PassphraseUnusable, KeyFileUnusable."""
    words = read_passphrase(settings.passphrase_file)
    if settings.token_module is not None:
        pin = words.decode("utf-8", errors="replace")
        return RootSource(
            words, token=ModuleToken(settings.token_module, settings.token_label, pin)
        )
    return RootSource(words, read_key_file(settings.key_file) if settings.key_file else None)


def open_key_store(settings: HomeSettings) -> KeyStore:
    """The key store; a process that runs while the root is rotated reads the settings anew.

    A rotation that was cut short between key store and settings is ended here.
    """
    home = settings.home

    def source() -> RootSource:
        # Asked when the root has just become another: the next settings, if they still wait.
        for name in (NEXT_FILE, SETTINGS_FILE):
            if (home / name).exists():
                return root_source(read_settings(home, name))
        return root_source(settings)

    if (home / NEXT_FILE).exists():
        try:
            opened = KeyStore.open(settings.keystore, source())
        except (WrongPassphrase, KeyFileUnusable):
            opened = KeyStore.open(settings.keystore, root_source(settings))
        else:
            take_next_settings(home)
    else:
        opened = KeyStore.open(settings.keystore, root_source(settings))
    opened.follow(source)
    return opened


def assurance(settings: HomeSettings) -> Level:
    """The level this home may claim, from where its keys lie."""
    return level_of(placing(settings))


def placing(settings: HomeSettings) -> Placing:
    """Where the keys lie, relative to the database and to each other."""
    database = sqlite_path(make_engine(settings.database_url))
    places = [settings.keystore, *([Path(database)] if database else [])]
    medium = settings.key_file
    root = RootKind.PASSPHRASE if medium is None else RootKind.KEY_FILE
    return Placing(
        root=RootKind.TOKEN if settings.token_module else root,
        store_apart=database is None or device_differs(settings.keystore, Path(database)),
        medium_apart=medium is not None and all(device_differs(medium, one) for one in places),
        is_rehearsal=settings.is_rehearsal,
    )


def rotate_root_key(
    services: Services,
    first: Actor,
    second: Actor,
    *,
    passphrase_file: Path | None = None,
    key_file: Path | None = None,
) -> int:
    """A new root key, from new places if they are named; how many keys were read back.

    Raises KeyPersonsWrong unless one supervisor and one administrator act.
    """
    require_two(first, second)
    settings = services.settings
    after = replace(
        settings,
        passphrase_file=passphrase_file or settings.passphrase_file,
        key_file=key_file or settings.key_file,
    )
    source = root_source(after)
    numbers = REHEARSAL_PARAMETERS if settings.is_rehearsal else PRODUCTION_PARAMETERS
    store = services.store
    # Noted first: a rotation nobody can see in the log must not happen.
    with store.work(first) as work:
        work.audit(Tag.KEY_REWRAPPED, reason="root", ref=second.code)
    write_next_settings(after)
    try:
        count = rotate_root(installed_of(store).keyring, source, numbers, store.clock.now())
    except BaseException:
        # The medium may fail after the change was made: the next settings are forgotten only
        # while the present ones still open. Otherwise the next opening takes them.
        with suppress(DomainError):
            KeyStore.open(settings.keystore, root_source(settings))
            drop_next_settings(settings.home)
        raise
    take_next_settings(settings.home)
    return count
