"""The settings of one home: a folder with a settings file, found by --home or $DIALER_HOME."""

from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from pathlib import Path

from secure_store.errors import Conflict, Invalid, NotFound
from webui.home_settings import HomeSettings

SETTINGS_FILE = "home.toml"
NEXT_FILE = "home.next.toml"


class HomeMissing(NotFound):
    """There is no home here; `dialer init` makes one."""

    code = "home_missing"


class HomeExists(Conflict):
    """There is a home here already; nothing was changed."""

    code = "home_exists"


class SettingsInvalid(Invalid):
    """The settings of the home are incomplete."""

    code = "settings_invalid"


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def write_settings(settings: HomeSettings) -> None:
    """Writes the settings file; refuses to overwrite one."""
    target = settings.home / SETTINGS_FILE
    if target.exists():
        raise HomeExists
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(target, settings)


def write_next_settings(settings: HomeSettings) -> None:
    """Writes the settings that hold once the root key is the new one."""
    target = settings.home / NEXT_FILE
    target.unlink(missing_ok=True)
    _write(target, settings)


def take_next_settings(home: Path) -> None:
    """The next settings take the place of the present ones."""
    os.replace(home / NEXT_FILE, home / SETTINGS_FILE)


def drop_next_settings(home: Path) -> None:
    """Nothing was changed: the next settings are forgotten."""
    (home / NEXT_FILE).unlink(missing_ok=True)


def _write(target: Path, settings: HomeSettings) -> None:
    lines = [
        f"{field.name} = {_toml_value(getattr(settings, field.name))}"
        for field in fields(settings)
        if field.name != "home" and getattr(settings, field.name) is not None
    ]
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")


def read_settings(home: Path, name: str = SETTINGS_FILE) -> HomeSettings:
    """The settings of a home. Reports every missing value at once."""
    source = home / name
    if not source.is_file():
        raise HomeMissing
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    required = ("is_rehearsal", "database_url", "keystore", "passphrase_file", "installation")
    missing = [name for name in required if name not in raw]
    if missing:
        raise SettingsInvalid(missing=",".join(missing))
    return HomeSettings(
        home=home,
        is_rehearsal=bool(raw["is_rehearsal"]),
        database_url=str(raw["database_url"]),
        keystore=Path(raw["keystore"]),
        passphrase_file=Path(raw["passphrase_file"]),
        installation=str(raw["installation"]),
        accepts_level_c=bool(raw.get("accepts_level_c", False)),
        line=str(raw.get("line", "manual")),
        key_file=_path(raw.get("key_file")),
        token_module=_path(raw.get("token_module")),
        token_label=str(raw.get("token_label", "")),
    )


def _path(value: object) -> Path | None:
    return Path(str(value)) if value else None


def find_home(given: str | None) -> Path:
    """The home named on the command line or in $DIALER_HOME. Raises HomeMissing."""
    name = given or os.environ.get("DIALER_HOME")
    if not name:
        raise HomeMissing
    return Path(name).expanduser().resolve()
