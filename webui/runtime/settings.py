"""The settings of one home: a folder with a settings file, found by --home or $DIALER_HOME."""

from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from pathlib import Path

from secure_store.errors import Conflict, Invalid, NotFound
from webui.home_settings import HomeSettings

SETTINGS_FILE = "home.toml"


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
    lines = [
        f"{field.name} = {_toml_value(getattr(settings, field.name))}"
        for field in fields(settings)
        if field.name != "home"
    ]
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")


def read_settings(home: Path) -> HomeSettings:
    """The settings of a home. Reports every missing value at once."""
    source = home / SETTINGS_FILE
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
    )


def find_home(given: str | None) -> Path:
    """The home named on the command line or in $DIALER_HOME. Raises HomeMissing."""
    name = given or os.environ.get("DIALER_HOME")
    if not name:
        raise HomeMissing
    return Path(name).expanduser().resolve()
