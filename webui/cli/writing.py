"""Files that a command writes: never over one that is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from webui.cli.arguments import UsageRefused


def write_new(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Writes a new file that only its owner reads. Raises UsageRefused when it exists."""
    parts = [content] if isinstance(content, bytes) else content
    try:
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            file.writelines(parts)
    except OSError:
        raise UsageRefused("--out のファイルは、まだない名前にしてください") from None
