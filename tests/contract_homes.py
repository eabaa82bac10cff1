"""Ready rehearsal homes for simulated contracts: one is made, the others are copies of it.

Making the ready persons costs seconds (their passwords are hashed); copying a folder costs none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webui.services import Services

FOUNDED = datetime.fromisoformat("2022-06-01T09:00:00+09:00")


def make_template(folder: Path) -> Path:
    """A home with its persons, outcome table and scripts, closed and ready to be copied."""
    from webui.rehearsal.simulation import require_persons
    from webui.runtime.rehearsal_clock import set_clock
    from webui.runtime.wiring import create_home, new_settings

    folder.mkdir(parents=True, mode=0o700)
    settings = new_settings(folder, is_rehearsal=True)
    set_clock(settings, FOUNDED)
    services = create_home(settings)
    require_persons(services)
    services.store.engine.dispose()  # the last connection folds the write-ahead log in
    return folder


@contextmanager
def copied_home(template: Path, folder: Path) -> Iterator[Services]:
    """A copy of the home in ``folder``, open; it is removed afterwards."""
    from webui.runtime.wiring import open_home

    shutil.copytree(template, folder)
    settings = folder / "home.toml"
    text = settings.read_text(encoding="utf-8").replace(str(template), str(folder))
    settings.write_text(text, encoding="utf-8")
    services = open_home(folder)
    try:
        yield services
    finally:
        services.store.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)
