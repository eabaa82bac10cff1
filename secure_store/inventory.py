"""Where personal data is kept: every sealed column and file class, read from the models (S4-8.6e).

Nothing is listed by hand: a column that is sealed tomorrow is in tomorrow's inventory.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import LargeBinary, MetaData

from secure_store.audit.tags import GROUP_CODES, FieldGroup
from secure_store.database import Base
from secure_store.models import FileKind, SealedFile


class Protection(StrEnum):
    """Which key opens a thing (decisions 2 and 3)."""

    CITY_KEY = "city_key"  # locked for the department's key or password, on its way out
    EXCHANGE_KEY = "exchange_key"  # locked by the city for our exchange key, on its way in
    BACKUP_KEY = "backup_key"  # a whole copy, sealed once more
    RECORD_KEY = "record_key"  # made from the row's salt and the data key of receivable and batch
    FILE_KEY = "file_key"  # a key of its own for every file


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column of boxes in the record store."""

    table: str
    column: str
    group: FieldGroup
    protection: Protection = Protection.RECORD_KEY

    @property
    def place(self) -> str:
        """``table.column``"""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class SealedFileClass:
    """One class of whole sealed files; ``register`` is the table that lists each of them."""

    kind: FileKind
    register: str
    folder: str
    protection: Protection = Protection.FILE_KEY


@dataclass(frozen=True, slots=True)
class Passage:
    """A place through which whole files pass, locked; it is empty when nothing is under way."""

    folder: str
    protection: Protection


@dataclass(frozen=True, slots=True)
class Inventory:
    """All places of personal data. What is not named here holds none in clear or sealed."""

    columns: tuple[SealedColumn, ...]
    file_classes: tuple[SealedFileClass, ...]
    passages: tuple[Passage, ...]


VAULT_FOLDER = "sealed"  # inside the home; see webui/home_settings.py
INBOUND_FOLDER, OUTBOUND_FOLDER = "exchange/inbound", "exchange/outbound"
BACKUP_PLACE = "backup media"

PASSAGES = (
    Passage(INBOUND_FOLDER, Protection.EXCHANGE_KEY),
    Passage(OUTBOUND_FOLDER, Protection.CITY_KEY),
    Passage(BACKUP_PLACE, Protection.BACKUP_KEY),
)


def inventory(metadata: MetaData = Base.metadata) -> Inventory:
    """The inventory of all loaded models, in the order of tables and columns."""
    columns = tuple(
        SealedColumn(table.name, column.name, GROUP_CODES[column.info["sealed_group"].upper()])
        for table in sorted(metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.info.get("sealed_group") is not None
    )
    register = SealedFile.__tablename__
    return Inventory(
        columns,
        tuple(SealedFileClass(kind, register, VAULT_FOLDER) for kind in FileKind),
        PASSAGES,
    )
