"""``dialer audit verify``: the whole log against its chain and the heads the city holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from secure_store.access import Permission
from secure_store.audit.verification import note_verified, verify_log
from secure_store.verifier.audit_check import EXIT_CODES, SENTENCES, Status
from secure_store.verifier.notes import notes_in
from webui.cli.arguments import Commands, UsageRefused, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer

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
