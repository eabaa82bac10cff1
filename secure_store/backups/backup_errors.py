"""What can be refused when something is backed up or brought back."""

from __future__ import annotations

from typing import ClassVar

from secure_store.errors import Conflict, Invalid, NotAllowed, Unavailable


class MediumUnregistered(NotAllowed):
    """Backups are written to registered media only (S4-16.1-1)."""

    code: ClassVar[str] = "backup_medium_unregistered"


class MediumExists(Conflict):
    """There is a medium of this code."""

    code: ClassVar[str] = "backup_medium_exists"


class MediumInvalid(Invalid):
    """The medium's code, serial number or folder cannot be used."""

    code: ClassVar[str] = "backup_medium_invalid"


class MediumInUse(Conflict):
    """Backups on this medium are not destroyed yet."""

    code: ClassVar[str] = "backup_medium_in_use"


class MediumMissing(Unavailable):
    """The medium is not mounted, or another one lies in its place."""

    code: ClassVar[str] = "backup_medium_missing"


class MediumHoldsKeys(NotAllowed):
    """The key store, or the database, lies on the device of the backups."""

    code: ClassVar[str] = "backup_medium_not_apart"


class BackupUnsound(Conflict):
    """The backup is not what was written, or cannot be read whole; nothing was changed."""

    code: ClassVar[str] = "backup_unsound"


class BackupFailed(Unavailable):
    """The backup could not be written, or not be brought back."""

    code: ClassVar[str] = "backup_failed"


class HomeQuarantined(Unavailable):
    """Data or keys were brought back; nothing opens until the tombstones are applied."""

    code: ClassVar[str] = "home_quarantined"
