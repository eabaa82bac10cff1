"""``dialer audit``: verify the log against the city's heads, disclose a part, prune old months."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from campaigns.api import current_profile
from secure_store.access import Permission
from secure_store.audit.disclosure import (
    DisclosureScope,
    anchor_disclosure,
    digest_of,
    disclosed_lines,
    note_disclosed,
)
from secure_store.audit.pruning import prune
from secure_store.audit.verification import note_verified, verify_log
from secure_store.verifier.audit_check import EXIT_CODES, SENTENCES, Status
from secure_store.verifier.notes import notes_in
from webui.cli.arguments import Commands, UsageRefused, command, day, month, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.cli.writing import new_file

PACK_SUFFIXES = frozenset({".sealed", ".csv", ".json", ".sig"})


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "audit", "記録")
    parser = command(verbs, "verify", verify, "記録の連続性を確かめる")
    parser.add_argument(
        "--anchors",
        type=Path,
        metavar="DIR",
        help="外部で保管した先頭値（日次ファイルの checkpoint.txt）のフォルダ",
    )
    parser = command(verbs, "disclose", disclose, "債権と期間の記録を、市への開示用に書き出す")
    parser.add_argument("--receivable", metavar="CODE", help="債権（省くとすべて）")
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="DAY")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser = command(verbs, "prune", prune_months, "契約の終わりから1年を過ぎた月の記録を消す")
    parser.add_argument("--before", type=month, required=True, metavar="MONTH")


def disclose(context: Context) -> Answer:
    """The file for the city, checked by ``python -m secure_store.verifier.disclosure_check``."""
    given = context.given
    scope = DisclosureScope(given.receivable, given.first, given.last)
    actor = context.actor(Permission.DISCLOSE_AUDIT)
    with context.refusals_noted(actor), context.store.work(actor) as work:
        head = anchor_disclosure(work, scope)
    with context.store.work(actor, readonly=True) as work:
        lines = list(disclosed_lines(work, scope, head))
    content = b"".join(lines)
    sha256, events = digest_of(content), sum(line.startswith(b'{"event":') for line in lines)
    with new_file(given.out) as file:
        with context.store.work(actor) as work:  # the event first, the data second
            note_disclosed(work, scope, sha256, events)
        file.write(content)
    document = {"events": events, "tree_size": head.size, "sha256": sha256}
    return Answer(document, (f"記録 {events:,}件を書き出しました。", f"SHA-256 {sha256}"))


def prune_months(context: Context) -> Answer:
    """Whole months, a year after the contract's end at the earliest (S3-B1-5.6-2)."""
    with context.work(Permission.PRUNE_AUDIT) as work:
        done = prune(work, context.given.before, current_profile(work).contract_until)
    document = {"events": done.events, "first_kept": done.first_kept}
    return Answer(
        document, (f"記録 {done.events:,}件を消しました。残りは署名した境目から始まります。",)
    )


def verify(context: Context) -> Answer:
    """0 sound and anchored, 1 broken, 3 sound with an unanchored tail, 4 an anchor is not met.

    Only heads kept elsewhere anchor a log: without ``--anchors`` every event is unanchored.
    """
    anchors = _notes(context.given.anchors)
    actor = context.actor(Permission.VERIFY_AUDIT)
    # Read first, note after: a long log must not hold the writers' turn.
    with context.store.work(actor, readonly=True) as work:
        verdict = verify_log(work, anchors)
    with context.store.work(actor) as work:
        note_verified(work, verdict)
    text = SENTENCES[verdict.status]
    document: dict[str, object] = {**asdict(verdict), "anchors": len(anchors)}
    if verdict.status in (Status.BROKEN, Status.ANCHOR_NOT_REPRODUCED):
        code = f"audit_{verdict.status.value}"
        document["error"] = {"code": code, "text": text, "details": {}}
    counts = f"件数 {verdict.size:,}、うち未固定 {verdict.unanchored:,}"
    return Answer(document, (f"{text} {counts}",), EXIT_CODES[verdict.status])


def _notes(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise UsageRefused("--anchors のフォルダがありません")
    # Whole packs may lie there; whatever else is no head is reported, not passed over.
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    heads = [path for path in paths if path.suffix not in PACK_SUFFIXES]
    texts = [path.read_bytes().decode("utf-8", errors="replace") for path in heads]
    return [note for text in texts for note in notes_in(text)]
