"""``dialer incident pack``: who looked, when, at how many persons, at which groups."""

from __future__ import annotations

from pathlib import Path

from secure_store.access import Permission
from secure_store.audit.disclosure import DisclosureScope, digest_of
from secure_store.audit.handling import handling_of
from secure_store.audit.incident_pack import note_packed, pack_document
from webui.cli.arguments import Commands, command, day, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.cli.writing import new_file
from webui.words.audit import GROUP_WORDS


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "incident", "事故・事案")
    parser = command(verbs, "pack", pack, "だれが・いつ・何人分を・どの項目を見たかをまとめる")
    parser.add_argument("--number", metavar="INC", help="事故・事案の番号")
    parser.add_argument("--receivable", metavar="CODE", help="債権（省くとすべて）")
    parser.add_argument("--actor", metavar="CODE", help="利用者番号（省くと全員）")
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="DAY")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")


def pack(context: Context) -> Answer:
    """Counts first, notes after: a long log must not hold the writers' turn."""
    given = context.given
    scope = DisclosureScope(given.receivable, given.first, given.last)
    actor = context.actor(Permission.HANDLE_INCIDENTS)
    with context.store.work(actor, readonly=True) as work:
        found = handling_of(work, scope, given.actor)
    content = pack_document(found, given.number)
    sha256 = digest_of(content)
    with new_file(given.out) as file:
        with context.store.work(actor) as work:  # the event first, the data second
            note_packed(work, found, given.number, sha256)
        file.write(content)
    document = {"persons": found.persons, "events": found.events, "sha256": sha256}
    groups = "・".join(GROUP_WORDS[group] for group in found.groups) or "なし"
    lines = (
        f"本人の数 {found.persons:,}人　見た項目 {groups}　見た人 {len(found.looks)}人",
        f"SHA-256 {sha256}",
    )
    return Answer(document, lines)
