"""``dialer report personal-info-status``: 個人情報取扱状況報告書 of a month, from the log."""

from __future__ import annotations

from secure_store.access import Permission
from secure_store.audit.disclosure import DisclosureScope
from secure_store.audit.handling import handling_of, month_of
from secure_store.audit.tags import FieldGroup
from webui.cli.arguments import Commands, command, month, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.words.audit import GROUP_WORDS
from webui.words.handling import LINES


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "report", "報告")
    parser = command(verbs, "personal-info-status", status, "個人情報取扱状況報告書の件数")
    parser.add_argument("--month", type=month, required=True, metavar="MONTH")
    parser.add_argument("--receivable", metavar="CODE", help="債権（省くとすべて）")


def status(context: Context) -> Answer:
    """The figures of the printed page (S3-B1-10)."""
    given = context.given
    scope = DisclosureScope(given.receivable, *month_of(given.month))
    with context.work(Permission.READ_HANDLING_REPORT, readonly=True) as work:
        found = handling_of(work, scope)
    rows = [(line.label, line.number(found)) for line in LINES]
    persons = {group: len(found.by_group.get(group, ())) for group in FieldGroup}
    document = {
        "from": scope.first.isoformat(),
        "until": scope.last.isoformat(),
        "persons": {group.name.lower(): count for group, count in persons.items()},
        "figures": dict(rows),
    }
    shown = tuple(f"{GROUP_WORDS[group]}を見た本人の数 {n:,}人" for group, n in persons.items())
    return Answer(document, (*shown, *(f"{label} {n:,}件" for label, n in rows)))
