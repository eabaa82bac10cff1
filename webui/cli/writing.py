"""Files that a command writes: never over one that is there, and none of an act that failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from webui.cli.arguments import UsageRefused


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner reads; taken away again when the act within fails."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError:
        raise UsageRefused("--out のファイルは、まだない名前にしてください") from None
    try:
        with path.open("wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
