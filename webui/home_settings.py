"""The settings of one home, as every part of the edge sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HomeSettings:
    """What a process must know before it opens anything. Secrets come by file path only."""

    home: Path
    is_rehearsal: bool
    database_url: str
    keystore: Path
    passphrase_file: Path
    installation: str
    accepts_level_c: bool = False
    line: str = "manual"
    key_file: Path | None = None
    token_module: Path | None = None
    token_label: str = ""

    @property
    def spool(self) -> Path:
        """Sealed whole files."""
        return self.home / "sealed"

    @property
    def exchange(self) -> Path:
        """Inbound and outbound exchange folders."""
        return self.home / "exchange"

    @property
    def anchor_file(self) -> Path:
        """Every signed head of the audit log; only ever added to, best on another file system."""
        return self.home / "anchors" / "checkpoints.txt"

    @property
    def clock_file(self) -> Path:
        """Seconds by which the clock of a rehearsal home is moved."""
        return self.home / "clock-offset"

    @property
    def logs(self) -> Path:
        return self.home / "logs"
