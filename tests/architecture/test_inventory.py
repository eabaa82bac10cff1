"""The inventory of personal data names every sealed column and file class (S4-8.6e)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from secure_store.audit.tags import FieldGroup
from secure_store.database import Base
from secure_store.inventory import Protection, inventory
from secure_store.models import FileKind
from secure_store.sealing.scopes import KeyKind
from tests.all_models import import_all_models
from webui.runtime.wiring import new_settings
from webui.words import inventory as words

# Bytes that are no box: column → what they are.
NOT_PERSONAL = {
    "audit_checkpoint.last_hash": "digest",
    "audit_event.body": "ids, codes and keyed pseudonyms",
    "audit_event.hash": "digest",
    "audit_boundary.last_hash": "digest",
    "audit_boundary.peaks": "digests",
    "audit_head.last_hash": "digest",
    "audit_head.peaks": "digests",
    "call_case.key_index": "keyed hash",
    "case_phone.lookup_index": "keyed hash",
    "erasure.certificate": "counts, digests and dates",
    "lent_list.header": "names of columns",
    "payment_notice.line_index": "keyed hash",
}


@pytest.fixture(scope="module")
def metadata() -> MetaData:
    import_all_models()
    return Base.metadata


@pytest.mark.clause("S4-8.6e")
def test_every_column_of_bytes_is_in_the_inventory_or_explained(metadata: MetaData) -> None:
    listed = {column.place for column in inventory(metadata).columns}
    stored = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert stored - listed == set(NOT_PERSONAL)
    assert listed - stored == set()


@pytest.mark.clause("S4-8.6e")
def test_every_sealed_column_is_told_with_its_group_and_key(metadata: MetaData) -> None:
    columns = {column.place: column for column in inventory(metadata).columns}
    by_name = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert set(columns) == by_name
    assert columns["call_case.contact_sealed"].group is FieldGroup.CONTACT
    assert columns["call_case.debt_sealed"].group is FieldGroup.DEBT
    assert {column.group for column in columns.values()} == {
        FieldGroup.CONTACT,
        FieldGroup.IDENTITY,
        FieldGroup.DEBT,
        FieldGroup.COLLECTED,
    }
    assert {column.protection for column in columns.values()} == {Protection.RECORD_KEY}


def test_every_class_of_sealed_files_is_in_the_inventory(metadata: MetaData) -> None:
    classes = inventory(metadata).file_classes
    assert {one.kind for one in classes} == set(FileKind)
    assert {one.register for one in classes} <= set(metadata.tables)
    assert {one.protection for one in classes} == {Protection.FILE_KEY}


def test_a_new_sealed_column_enters_the_inventory_by_itself() -> None:
    metadata = MetaData()
    Table(
        "visit",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("said_sealed", LargeBinary, info={"sealed_group": "g4"}),
        Column("digest", LargeBinary),
    )
    (found,) = inventory(metadata).columns
    assert (found.place, found.group) == ("visit.said_sealed", FieldGroup.COLLECTED)


@pytest.mark.clause("S4-8.6e", "S4-16.1-1")
def test_every_folder_of_a_home_that_holds_files_of_the_city_is_in_the_inventory(
    tmp_path: Path,
) -> None:
    settings = new_settings(tmp_path, is_rehearsal=True)
    exchange = settings.exchange.relative_to(tmp_path)
    folders = {str(settings.spool.relative_to(tmp_path))}
    folders |= {f"{exchange}/inbound", f"{exchange}/outbound"}
    places = inventory()
    listed = {one.folder for one in (*places.file_classes, *places.passages)}
    assert folders <= listed
    assert all(Protection(one.protection) for one in places.passages)


def test_every_place_of_the_inventory_has_words(metadata: MetaData) -> None:
    places = inventory(metadata)
    assert {one.table for one in places.columns} == set(words.TABLE_WORDS)
    assert {one.kind for one in places.file_classes} == set(words.FILE_WORDS)
    assert {one.protection for one in places.passages} == set(words.PASSAGE_WORDS)
    assert set(words.PROTECTION_WORDS) == set(Protection)
    assert set(words.KEY_WORDS) == set(KeyKind)
