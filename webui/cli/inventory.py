"""``dialer inventory``: where personal data is kept, made from the models (S4-8.6e)."""

from __future__ import annotations

from collections.abc import Iterator

from secure_store.access import Permission
from secure_store.inventory_counts import CountedInventory, counted_inventory
from webui.cli.arguments import Commands, command
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.words import inventory as words


def add_to(commands: Commands) -> None:
    command(commands, "inventory", show, "個人情報の保管場所一覧")


def show(context: Context) -> Answer:
    """Every place with its group, its key and how much lies there now."""
    with context.work(Permission.SEE_INVENTORY) as work:
        counted = counted_inventory(work)
    settings = context.services.settings
    document = {
        "home": settings.home,
        "key_store": settings.keystore,
        "columns": _columns(counted),
        "files": _files(counted),
        "passages": [
            {"folder": one.folder, "key": one.protection.value} for one in counted.places.passages
        ],
    }
    return Answer(document, tuple(_lines(counted)))


def _columns(counted: CountedInventory) -> list[dict[str, object]]:
    return [
        {
            "place": one.place,
            "group": one.group.name.lower(),
            "key": one.protection.value,
            "count": counted.values[one.place],
        }
        for one in counted.places.columns
    ]


def _files(counted: CountedInventory) -> list[dict[str, object]]:
    return [
        {
            "kind": one.kind.value,
            "folder": one.folder,
            "key": one.protection.value,
            "count": counted.files.get(one.kind, 0),
        }
        for one in counted.places.file_classes
    ]


def _lines(counted: CountedInventory) -> Iterator[str]:
    for column in counted.places.columns:
        key, count = words.PROTECTION_WORDS[column.protection], counted.values[column.place]
        yield f"{column.place}  {words.GROUP_WORDS[column.group]}  {key}  {count:,}"
    for file in counted.places.file_classes:
        key, count = words.PROTECTION_WORDS[file.protection], counted.files.get(file.kind, 0)
        yield f"{file.folder}  {words.FILE_WORDS[file.kind]}  {key}  {count:,}"
    for one in counted.places.passages:
        name = words.PASSAGE_WORDS[one.protection]
        yield f"{one.folder}  {name}  {words.PROTECTION_WORDS[one.protection]}"
