"""``dialer inventory``: where personal data is kept, made from the models (S4-8.6e)."""

from __future__ import annotations

from secure_store.access import Permission
from secure_store.inventory_counts import counted_inventory
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
    columns = [
        {
            "place": one.place,
            "group": one.group.name.lower(),
            "key": one.protection.value,
            "count": counted.values[one.place],
        }
        for one in counted.places.columns
    ]
    files = [
        {
            "kind": one.kind.value,
            "folder": one.folder,
            "key": one.protection.value,
            "count": counted.files.get(one.kind, 0),
        }
        for one in counted.places.file_classes
    ]
    passages = [
        {"folder": one.folder, "key": one.protection.value} for one in counted.places.passages
    ]
    document = {
        "home": settings.home,
        "key_store": settings.keystore,
        "columns": columns,
        "files": files,
        "passages": passages,
    }
    lines = [
        f"{one.place}  {words.GROUP_WORDS[one.group]}  {words.PROTECTION_WORDS[one.protection]}"
        f"  {counted.values[one.place]:,}"
        for one in counted.places.columns
    ]
    lines += [
        f"{one.folder}  {words.FILE_WORDS[one.kind]}  {words.PROTECTION_WORDS[one.protection]}"
        f"  {counted.files.get(one.kind, 0):,}"
        for one in counted.places.file_classes
    ]
    lines += [
        f"{one.folder}  {words.PASSAGE_WORDS[one.protection]}"
        f"  {words.PROTECTION_WORDS[one.protection]}"
        for one in counted.places.passages
    ]
    return Answer(document, tuple(lines))
